"""Paths: steps that take what the step before found.

One idea: a step is a function from a list to a list. Paths of plain field names, which most are, are walked without
making the lists. Knows how the parts of a path are compiled only by the `compile` it is given.
"""

import math
from collections.abc import Callable
from typing import Any

from freehold.engines.jsonata import lookups, streams
from freehold.engines.jsonata.callables import Evaluate
from freehold.engines.jsonata.operators import finite, truth
from freehold.engines.jsonata.ordering import sorter
from freehold.engines.jsonata.run import Run, Scope
from freehold.engines.jsonata.syntax import Array, Block, Filter, Literal, Name, Node, Path, Sort, Variable, is_bare
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


def compile_path(node: Path, compile: Compile) -> Evaluate:
    """A path, its grouping and a `[]` after all of it not included; without these the result is settled."""
    if any(step.streams for step in node.steps):
        return streams.compile_stream(node, compile)
    if not node.keep_step:
        first, rest = node.steps[0], node.steps[1:]
        if is_bare(node) and all(_plain_name(step) for step in rest):
            names = [step.value for step in rest]  # type: ignore[attr-defined]  # names
            if _plain_name(first):
                return _names([first.value, *names])  # type: ignore[attr-defined]  # a name
            if isinstance(first, Variable) and not (first.predicates or first.keep or first.group):
                return _names_of(compile(first), names)
    return _steps(node, compile)


def _plain_name(node: Node) -> bool:
    return isinstance(node, Name) and not (node.stages or node.predicates or node.keep or node.group)


def _names(names: list[str]) -> Evaluate:
    """`a.b.c`"""
    if len(names) > 1:
        return lambda here, scope: _follow(here, names, scope.run)
    only = names[0]

    def name(here: Json, scope: Scope) -> Json:
        if type(here) is dict:
            value = here.get(only, UNDEFINED)
            return settle(Sequence(value)) if isinstance(value, Sequence) else value
        return _follow(here, names, scope.run)

    return name


def _names_of(first: Evaluate, names: list[str]) -> Evaluate:
    """`$x.a.b`"""
    return lambda here, scope: _follow(first(here, scope), names, scope.run)


def _follow(value: Json, names: list[str], run: Run) -> Json:
    """What steps of plain names find in a value, one after another."""
    for number, name in enumerate(names):
        if type(value) is dict:
            value = value.get(name, UNDEFINED)
        elif isinstance(value, list):
            return _walk(value, names[number:], run)
        else:
            return UNDEFINED
    return settle(Sequence(value)) if isinstance(value, Sequence) else value  # a sequence that an object held


def _walk(items: list, names: list[str], run: Run) -> Json:
    """The same in the items of a list."""
    last = len(names) - 1
    for number, name in enumerate(names):
        run.spend(1 + len(items))
        if set(map(type, items)) == {dict}:
            found = [item.get(name, UNDEFINED) for item in items]
        else:
            found = [settle(lookups.field(item, name, run)) for item in items]
        results = [settle(value) if isinstance(value, Sequence) else value for value in found if value is not UNDEFINED]
        items = lookups.pour(results, number == last, run)
        if not items:
            break
    return settle(items)


def _steps(node: Path, compile: Compile) -> Evaluate:
    """Any path without bindings."""
    first_is_variable = isinstance(node.steps[0], Variable)
    whole = constructs(node.steps[0])
    opening = compile(node.steps[0]) if whole else None
    last = len(node.steps) - 1
    steps = [
        compile_step(step, number == last, compile) for number, step in enumerate(node.steps) if number or not whole
    ]
    keep, settled = node.keep_step, is_bare(node)

    def path(here: Json, scope: Scope) -> Json:
        items = here if isinstance(here, list) and not first_is_variable else Sequence([here])
        if opening is not None:
            items = opened(opening(items, scope))
        for step in steps:
            if not items:
                break
            items = step(items, scope)
        return finished(items, keep, settled)

    return path


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
            if result is True or (result is not False and _passes(result, index, len(items))):
                found.append(item)
        if not streaming and found and found[0] is UNDEFINED:
            return UNDEFINED
        return found

    return stage


def _passes(result: Json, index: int, length: int) -> bool:
    """Whether an item passes a predicate with this result, which may be a position or an array of positions."""
    positions = result if isinstance(result, list) else [result]
    if all([is_number(position) and finite(position) for position in positions]):
        return any(_position(position, length) == index for position in positions)
    return truth(result)


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
