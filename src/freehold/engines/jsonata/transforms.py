"""Transforms: `| pattern | update, delete |`, a function that changes a copy.

One idea: the copy is made first, so what the pattern finds in it may be changed in place. Compiled by the `compile` it
is given.
"""

from collections.abc import Callable

from freehold.engines.jsonata.callables import Evaluate, Function, Invocable, apply
from freehold.engines.jsonata.errors import EvaluationFailed
from freehold.engines.jsonata.run import Run, Scope
from freehold.engines.jsonata.syntax import Transform
from freehold.engines.jsonata.values import UNDEFINED, Json, items_of


def compile_transform(node: Transform, tail: bool, compile: Callable[..., Evaluate]) -> Evaluate:
    pattern, update = compile(node.pattern), compile(node.update)
    delete = None if node.delete is None else compile(node.delete)
    weight = node.weight

    def transform(here: Json, scope: Scope) -> Json:
        def change(run: Run, value: Json) -> Json:
            if value is UNDEFINED:
                return UNDEFINED
            clone = scope.lookup("clone")
            if not isinstance(clone, Invocable):
                raise EvaluationFailed("T2013", node.position)
            result = apply(clone, [value], None, scope)
            found = pattern(result, scope)
            for match in [] if found is UNDEFINED else [*items_of(found)]:
                run.spend(weight)
                _change(match, update(match, scope), node)
                if delete is not None:
                    _delete(match, delete(match, scope), node)
            return result

        return Function(change, "<(oa):o>")

    return transform


def _change(match: Json, update: Json, node: Transform) -> None:
    if update is UNDEFINED:
        return
    if not isinstance(update, dict):
        raise EvaluationFailed("T2011", node.update.position, value=update)
    if isinstance(match, dict):
        match.update(update)


def _delete(match: Json, names: Json, node: Transform) -> None:
    if names is UNDEFINED:
        return
    if not all(isinstance(name, str) for name in items_of(names)):
        raise EvaluationFailed("T2012", node.delete.position, value=names)  # type: ignore[union-attr]  # it made names
    for name in items_of(names):
        if isinstance(match, dict):
            match.pop(name, None)
