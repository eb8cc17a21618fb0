"""Objects: `{key: value}`, alone or grouping what a path found.

One idea: an object constructor groups its context; a context that is one thing makes one group for each key. Compiled
by the `compile` it is given.
"""

from collections.abc import Callable
from typing import Any

from freehold.engines.jsonata.callables import Evaluate
from freehold.engines.jsonata.errors import EvaluationFailed
from freehold.engines.jsonata.run import Run, Scope
from freehold.engines.jsonata.syntax import Object
from freehold.engines.jsonata.values import UNDEFINED, Json, Tuples, items_of

Group = Callable[[Json, Scope], Json]


def compile_object(node: Object, compile: Callable[..., Evaluate]) -> Group:
    """The object, or an error T1003 or D1009."""
    pairs = [(compile(key), compile(value)) for key, value in node.pairs]
    weight, position = node.weight, node.position

    def build(here: Json, scope: Scope) -> Json:
        if isinstance(here, list):
            scope.run.spend(len(here) * weight)
            return _grouped(pairs, here if here or isinstance(here, Tuples) else [UNDEFINED], scope, position)
        made: dict[str, Evaluate] = {}
        for key_of, value_of in pairs:
            key = key_of(here, scope)
            if key in made if type(key) is str else _no_key(key, position):
                raise EvaluationFailed("D1009", position, value=key)
            if key is not UNDEFINED:
                made[key] = value_of
        result = {}
        for key, value_of in made.items():
            value = value_of(here, scope)
            if value is not UNDEFINED:
                result[key] = value
        return result

    return build


def _no_key(key: Json, position: int) -> bool:
    if key is not UNDEFINED:
        raise EvaluationFailed("T1003", position, value=key)
    return False


def _grouped(pairs: list[tuple[Evaluate, Evaluate]], here: list, scope: Scope, position: int) -> Json:
    """The object of many items: those with the same key share one value."""
    streaming = isinstance(here, Tuples)
    groups: dict[str, tuple[int, list]] = {}
    for item in here:
        inner = Scope(dict(item), scope, scope.run) if streaming else scope
        for number, (key_of, _) in enumerate(pairs):
            key = key_of(item["@"] if streaming else item, inner)
            if type(key) is not str:
                _no_key(key, position)
                continue
            first, members = groups.setdefault(key, (number, []))
            if first != number:
                raise EvaluationFailed("D1009", position, value=key)
            members.append(item)
    result = {}
    for key, (number, members) in groups.items():
        value = _value(pairs[number][1], members, streaming, scope)
        if value is not UNDEFINED:
            result[key] = value
    return result


def _value(value_of: Evaluate, members: list, streaming: bool, scope: Scope) -> Json:
    if streaming:
        bindings = _merged(members, scope.run)
        return value_of(bindings.pop("@"), Scope(bindings, scope, scope.run))
    if len(members) == 1:
        return value_of(members[0], scope)
    together: list[Any] = []
    for member in members:
        together.extend(items_of(member))
    scope.run.spend_items(len(together))
    return value_of(together, scope)


def _merged(members: list[dict[str, Json]], run: Run) -> dict[str, Json]:
    """The bindings of a group: each name stands for all it stood for in the members."""
    merged = dict(members[0])
    gathered: dict[str, list] = {}
    for member in members[1:]:
        for name, value in member.items():
            if name not in gathered:
                gathered[name] = [*items_of(merged[name])] if merged.get(name, UNDEFINED) is not UNDEFINED else []
            gathered[name].extend(items_of(value) if value is not UNDEFINED else [])
    run.spend_items(sum(len(values) for values in gathered.values()))
    return {**merged, **gathered}
