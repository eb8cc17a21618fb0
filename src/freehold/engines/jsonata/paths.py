"""Paths: steps one after another.

One idea: a path hands each step the list of what the step before found. Paths of plain field names, which most are, are
walked without making the lists. Compiled by the `compile` it is given.
"""

from collections.abc import Callable

from freehold.engines.jsonata import lookups
from freehold.engines.jsonata.callables import Evaluate
from freehold.engines.jsonata.run import Run, Scope
from freehold.engines.jsonata.steps import compile_step, constructs, finished, opened
from freehold.engines.jsonata.streams import compile_stream
from freehold.engines.jsonata.syntax import Name, Node, Path, Variable, is_bare
from freehold.engines.jsonata.values import UNDEFINED, Json, Sequence, settle

Compile = Callable[..., Evaluate]


def compile_path(node: Path, compile: Compile) -> Evaluate:
    """A path, its grouping and a `[]` after all of it not included; without these the result is settled."""
    if any(step.streams for step in node.steps):
        return compile_stream(node, compile)
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
            if not items:
                return finished(items, keep, settled)
        for step in steps:
            items = step(items, scope)
            if not items:
                break
        return finished(items, keep, settled)

    return path
