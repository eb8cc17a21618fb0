"""Steps of a path, and the predicates after them.

One idea: a step is a function from a list to a list, and a predicate lets a part of what it found through. Compiled by
the `compile` it is given.
"""

import math
from collections.abc import Callable
from typing import Any

from freehold.engines.jsonata import lookups
from freehold.engines.jsonata.callables import Evaluate
from freehold.engines.jsonata.operators import finite, truth
from freehold.engines.jsonata.ordering import sorter
from freehold.engines.jsonata.run import Run, Scope
from freehold.engines.jsonata.syntax import Array, Block, Filter, Literal, Node, Path, Sort
from freehold.engines.jsonata.values import (
    UNDEFINED,
    Constructed,
    Json,
    Sequence,
    Tuples,
    is_number,
    settle,
)

Compile = Callable[..., Evaluate]

Step = Callable[[list, Scope], list]
"""A compiled step: what it finds in all the items of a list."""

Stage = Callable[[Json, Scope], Json]
"""A compiled predicate: what of a value passes it."""


def constructs(step: Node) -> bool:
    """Whether a first step builds an array, which is then taken whole."""
    if isinstance(step, Block):
        return any(constructs(item.steps[0] if isinstance(item, Path) else item) for item in step.items)
    return isinstance(step, Array) and step.constructed


def opened(value: Json) -> list:
    """What a first step built, as a list: a predicate after it may have left one item, or none."""
    return value if isinstance(value, list) else Sequence([] if value is UNDEFINED else [value])


def finished(items: list, keep: bool, settled: bool) -> Json:
    """The result of a path. `keep`: it says `[]`, so it is an array even with one item."""
    if keep and isinstance(items, Constructed):
        items = Sequence([items])
    if keep and isinstance(items, Sequence):
        items.keep = True
    return settle(items) if settled else items


def compile_step(node: Node, last: bool, compile: Compile) -> Step:
    """One step of a path."""
    stages = [compile_filter(stage.condition, compile) for stage in node.stages if isinstance(stage, Filter)]
    if isinstance(node, Sort):
        sort = sorter(node, compile)

        def ordered(items: list, scope: Scope) -> list:
            result: Any = sort(items, scope)
            for stage in stages:
                result = stage(result, scope)
            return result

        return ordered
    evaluate = compile(node)
    weight = node.weight

    def step(items: list, scope: Scope) -> list:
        run = scope.run
        run.spend(len(items) * weight)
        results = []
        for item in items:
            result = evaluate(item, scope)
            for stage in stages:
                result = stage(result, scope)
            if result is not UNDEFINED:
                results.append(result)
        return lookups.pour(results, last, run)

    return step


def compile_filter(condition: Node, compile: Compile) -> Stage:
    """A predicate: a condition, a position, or positions. Applied to one value it takes it as an array of one."""
    if isinstance(condition, Literal) and is_number(condition.value):
        return _at(math.floor(condition.value))
    evaluate = compile(condition)
    weight = condition.weight

    def stage(value: Json, scope: Scope) -> Json:
        items = value if isinstance(value, list) else [value]
        scope.run.spend(1 + len(items) * weight)
        streaming = isinstance(value, Tuples)
        found: Any = Tuples() if streaming else Sequence()
        for index, item in enumerate(items):
            if streaming:
                result = evaluate(item["@"], Scope(dict(item), scope, scope.run))
            else:
                result = evaluate(item, scope)
            if result is True or (result is not False and _passes(result, index, len(items), scope.run)):
                found.append(item)
        if not streaming and found and found[0] is UNDEFINED:
            return UNDEFINED
        return found

    return stage


def _passes(result: Json, index: int, length: int, run: Run) -> bool:
    """Whether an item passes a predicate with this result, which may be a position or an array of positions."""
    positions = result if isinstance(result, list) else [result]
    if all(is_number(position) and finite(position) for position in positions):
        return any(_position(position, length) == index for position in positions)
    return truth(result, run)


def _position(position: float, length: int) -> int:
    whole = math.floor(position)
    return whole + length if whole < 0 else whole


def _at(index: int) -> Stage:
    """A predicate that is a number: the item at a position, from the end if negative."""

    def stage(value: Json, scope: Scope) -> Json:
        items = value if isinstance(value, list) else [value]
        position = index + len(items) if index < 0 else index
        item = items[position] if 0 <= position < len(items) else UNDEFINED
        if isinstance(value, Tuples):
            return Tuples([] if item is UNDEFINED else [item])
        if isinstance(item, list):
            return item
        return Sequence([] if item is UNDEFINED else [item])

    return stage
