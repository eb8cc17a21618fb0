"""Objects, and values of any type. One idea: a question about a value that is missing has, mostly, no answer."""

from collections.abc import Mapping
from typing import Final

from freehold.engines.jsonata import lookups
from freehold.engines.jsonata.callables import Function, is_function
from freehold.engines.jsonata.errors import EvaluationFailed
from freehold.engines.jsonata.operators import truth
from freehold.engines.jsonata.run import Run
from freehold.engines.jsonata.texts import rounded
from freehold.engines.jsonata.values import UNDEFINED, Json, Sequence, Wrapped

_TYPES: Final = {type(None): "null", int: "number", float: "number", str: "string", bool: "boolean", dict: "object"}


def keys(run: Run, value: Json) -> Json:
    """The names of an object's fields, or those of all objects of an array."""
    found: dict[str, None] = {}
    _gather_keys(value, found, run)
    return Sequence(found)


def _gather_keys(value: Json, found: dict[str, None], run: Run) -> None:
    if isinstance(value, list):
        run.spend(1 + len(value))
        for item in value:
            _gather_keys(item, found, run)
    elif isinstance(value, dict):
        run.spend(1 + len(value))
        found.update(dict.fromkeys(value))


def lookup(run: Run, value: Json, name: Json) -> Json:
    if name is UNDEFINED:
        return UNDEFINED
    run.spend_reading(len(name))
    return lookups.field(value, name, run)


def spread(run: Run, value: Json) -> Json:
    """An object as objects of one field each."""
    if isinstance(value, dict):
        run.spend_items(len(value))
        return Sequence([{name: item} for name, item in value.items()])
    if not isinstance(value, list):
        return value
    result: list[Json] = []
    for item in value:
        parts = spread(run, item)
        result.extend(parts if isinstance(parts, list) else [parts])
    run.spend_items(len(result))
    return result or Sequence()


def merge(run: Run, values: Json) -> Json:
    """One object of the fields of all; a later one wins."""
    if values is UNDEFINED:
        return UNDEFINED
    merged: dict[str, Json] = {}
    for value in values:
        run.spend(1 + len(value))
        merged.update(value)
    return merged


def exists(run: Run, value: Json) -> Json:
    return value is not UNDEFINED


def boolean(run: Run, value: Json) -> Json:
    return UNDEFINED if value is UNDEFINED else truth(value, run)


def not_(run: Run, value: Json) -> Json:
    return UNDEFINED if value is UNDEFINED else not truth(value, run)


def type_(run: Run, value: Json) -> Json:
    if value is UNDEFINED:
        return UNDEFINED
    return _TYPES.get(type(value)) or ("array" if isinstance(value, list) else "function")


def error(run: Run, message: Json = UNDEFINED) -> Json:
    raise EvaluationFailed("D3137", message=message or "$error() function evaluated")


def assert_(run: Run, condition: Json, message: Json = UNDEFINED) -> Json:
    if condition is not True:
        raise EvaluationFailed("D3141", message=message or "$assert() statement failed")
    return UNDEFINED


def clone(run: Run, value: Json) -> Json:
    """A copy to any depth, as if written as JSON and read again: functions become empty strings."""
    if isinstance(value, Wrapped) and value:
        value = value[0]
    run.spend(1)
    if isinstance(value, list):
        return [clone(run, item) for item in value]
    if isinstance(value, dict):
        return {name: clone(run, item) for name, item in value.items()}
    if type(value) is float:
        return rounded(value)
    return "" if is_function(value) else value


FUNCTIONS: Final[Mapping[str, Function]] = {
    "keys": Function(keys, "<x-:a<s>>"),
    "lookup": Function(lookup, "<x-s:x>"),
    "spread": Function(spread, "<x-:a<o>>"),
    "merge": Function(merge, "<a<o>:o>"),
    "exists": Function(exists, "<x:b>"),
    "boolean": Function(boolean, "<x-:b>"),
    "not": Function(not_, "<x-:b>"),
    "type": Function(type_, "<x:s>"),
    "error": Function(error, "<s?:x>"),
    "assert": Function(assert_, "<bs?:x>"),
    "clone": Function(clone, "<(oa)-:o>"),
}
