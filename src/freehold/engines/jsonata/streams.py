"""Paths that bind names: `@$item`, `#$position`, and `%`, the parent.

One idea: between the steps of such a path flow bindings, a dict for each item with the item itself under `@` and every
name bound on the way; each step's expression sees them as variables. Compiled by the `compile` it is given.
"""

from collections.abc import Callable
from typing import Any

from freehold.engines.jsonata.callables import Evaluate
from freehold.engines.jsonata.ordering import sorter
from freehold.engines.jsonata.run import Run, Scope
from freehold.engines.jsonata.steps import compile_filter, compile_step, constructs, finished, opened
from freehold.engines.jsonata.syntax import Filter, Indexed, Node, Path, Sort, Variable, is_bare
from freehold.engines.jsonata.values import UNDEFINED, Json, Sequence, Tuples, items_of

Flow = Callable[[list, Scope], Tuples]
"""A compiled step on a stream of bindings."""


def compile_stream(node: Path, compile: Callable[..., Evaluate]) -> Evaluate:
    """A path some steps of which bind names, its grouping not included."""
    first_is_variable = isinstance(node.steps[0], Variable)
    opening = compile(node.steps[0]) if constructs(node.steps[0]) else None
    before = [step.streams for step in node.steps].index(True)  # steps before the first that binds
    start = 0 if opening is None else 1
    walks = [compile_step(step, False, compile) for step in node.steps[start:before]]
    flows = [compile_flow(step, compile) for step in node.steps[max(before, start) :]]
    stays_stream, keep, settled = node.streams, node.keep_step, is_bare(node)

    def path(here: Json, scope: Scope) -> Json:
        items = here if isinstance(here, list) and not first_is_variable else Sequence([here])
        if opening is not None:
            items = opened(opening(items, scope))
            if before and not items:
                return finished(items, keep, settled)
        for walk in walks:
            items = walk(items, scope)
            if not items:
                return finished(items, keep, settled)
        stream: Any = items
        for flow in flows:
            stream = flow(stream, scope)
        if stays_stream or node.group is not None:
            return stream
        return finished(Sequence([each["@"] for each in stream]), keep, settled)

    return path


def compile_flow(node: Node, compile: Callable[..., Evaluate]) -> Flow:
    """One step of a path that binds names, and the predicates after it."""
    step = _sorting(node, compile) if isinstance(node, Sort) else _binding(node, compile)
    stages: list[Callable[[Any, Scope], Any]] = [
        compile_filter(stage.condition, compile) if isinstance(stage, Filter) else _numbering(stage)
        for stage in node.stages
    ]

    def flow(stream: list, scope: Scope) -> Tuples:
        result: Any = step(stream, scope)
        for stage in stages:
            result = stage(result, scope)
        return result

    return flow


def _numbering(stage: Indexed) -> Callable[[Any, Scope], Any]:
    """`#$name` after a predicate."""

    def number(stream: Tuples, scope: Scope) -> Tuples:
        return Tuples([{**bindings, stage.name: position} for position, bindings in enumerate(stream)])

    return number


def _sorting(node: Sort, compile: Callable[..., Evaluate]) -> Flow:
    sort = sorter(node, compile)
    index = node.index

    def step(stream: list, scope: Scope) -> Tuples:
        result = sort(stream, scope)
        if isinstance(result, Tuples):
            return result
        named = [{"@": item} if index is None else {"@": item, index: number} for number, item in enumerate(result)]
        return Tuples(named)

    return step


def _binding(node: Node, compile: Callable[..., Evaluate]) -> Flow:
    evaluate = compile(node)
    weight = node.weight
    ancestor = node.ancestor

    def bind(bindings: dict[str, Json], result: Json, position: int) -> dict[str, Json]:
        bound = {**bindings}
        if node.focus is not None:
            bound[node.focus] = result
        else:
            bound["@"] = result
        if node.index is not None:
            bound[node.index] = position
        if ancestor is not None:
            bound[ancestor.label] = bindings["@"]
        return bound

    def step(stream: list, scope: Scope) -> Tuples:
        run = scope.run
        run.spend(len(stream) * weight)
        found = Tuples()
        for each in stream if isinstance(stream, Tuples) else [{"@": item} for item in stream]:
            result = evaluate(each["@"], Scope(dict(each), scope, run))
            if isinstance(result, Tuples):
                found.extend({**each, **inner} for inner in result)
            elif result is not UNDEFINED:
                items = items_of(result)
                _pay(items, each, run)
                found.extend([bind(each, item, position) for position, item in enumerate(items)])
        return found

    return step


def _pay(items: list, bindings: dict[str, Json], run: Run) -> None:
    run.spend_items(len(items))
    run.spend(len(items) * len(bindings))
