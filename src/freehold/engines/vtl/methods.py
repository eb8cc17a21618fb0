"""The methods a template may call on strings, lists, maps, numbers and booleans.

One idea: a table per type, Java's name on the left and what it does on the right; what is not in a table does not
exist, so no template reaches Python or a class loader. Each function takes the budget, the value, and the arguments.
"""

from collections.abc import Callable
from typing import Any

from freehold.engines.vtl import patterns
from freehold.engines.vtl.budget import Budget
from freehold.engines.vtl.errors import VtlError
from freehold.engines.vtl.values import Entry, Host, equal, is_number, map_key, text

Table = dict[str, Callable[..., Any]]


def call(value: Any, name: str, arguments: list[Any], budget: Budget) -> Any:
    """Call a method; null if the value's type has none of that name. A call that Java would answer with an exception
    (an index out of bounds, an argument of a wrong type) is a VtlError."""
    if isinstance(value, Host):
        method = value.methods.get(name)
        found = None if method is None else lambda paid, _value, *rest: method(paid, *rest)
    else:
        found = _table(value).get(name) or OBJECT.get(name)
    if found is None:
        return None
    budget.spend_text(len(value) if isinstance(value, str) else 0)
    try:
        return found(budget, value, *arguments)
    except (TypeError, ValueError, IndexError, KeyError, AttributeError, ArithmeticError) as error:
        raise VtlError(f"Invocation of method '{name}' threw {type(error).__name__}: {error}") from error


def read(value: Any, name: str) -> Any:
    """`value.name`: a map's key, an entry's or a host's property, or null."""
    match value:
        case dict():
            return value.get(name)
        case Entry():
            return {"key": value.key, "value": value.value}.get(name)
        case Host():
            return value.properties.get(name)
        case str() | list() if name == "empty":
            return not value
    return None


def read_index(value: Any, key: Any, budget: Budget) -> Any:
    """`value[key]`: a map's key or a list's item; out of bounds is a VtlError, as `get` is."""
    if isinstance(value, Host):
        return value.properties.get(str(key))
    return call(value, "get", [key], budget) if isinstance(value, dict | list) else None


def write(value: Any, key: Any, item: Any, budget: Budget) -> None:
    """`#set($value.key = item)` and `#set($value[key] = item)`. What cannot be written stays as it is."""
    if isinstance(value, dict):
        value[map_key(key, budget)] = item
    elif isinstance(value, list) and isinstance(key, int):
        value[_index(value, key)] = item


def _table(value: Any) -> Table:
    match value:
        case str():
            return STRING
        case list():
            return LIST
        case dict():
            return MAP
        case Entry():
            return ENTRY
    return NUMBER if is_number(value) else {}


def _index(value: Any, index: Any) -> int:
    if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < len(value):
        raise VtlError(f"Index: {index}, Size: {len(value)}")
    return index


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise VtlError(f"Not a string: {type(value).__name__}")
    return value


def _substring(budget: Budget, value: str, start: int, end: int | None = None) -> str:
    stop = len(value) if end is None else end
    if not 0 <= start <= stop <= len(value):
        raise VtlError(f"begin {start}, end {stop}, length {len(value)}")
    return value[start:stop]


def _replace(budget: Budget, value: str, old: str, new: str) -> str:
    found = value.count(_string(old))
    budget.spend_text(len(value) + found * len(_string(new)))
    return value.replace(old, new)


def _position(budget: Budget, value: Any, item: Any, start: int = 0) -> int:
    if isinstance(value, str):
        return value.find(_string(item), start)
    return next((at for at, each in enumerate(value) if equal(each, item, budget)), -1)


def _add(budget: Budget, value: list[Any], *arguments: Any) -> Any:
    if len(arguments) == 2:
        budget.spend_text(len(value))
        value.insert(arguments[0], arguments[1])
        return None
    value.append(*arguments)
    return True


def _add_all(budget: Budget, value: list[Any], items: list[Any]) -> bool:
    budget.spend(len(items))
    value.extend(items)
    return bool(items)


def _remove(budget: Budget, value: list[Any], item: Any) -> Any:
    budget.spend_text(len(value))
    if isinstance(item, int) and not isinstance(item, bool):
        return value.pop(_index(value, item))
    at = _position(budget, value, item)
    if at >= 0:
        value.pop(at)
    return at >= 0


def _put(budget: Budget, value: dict[Any, Any], key: Any, item: Any) -> Any:
    key = map_key(key, budget)
    before = value.get(key)
    value[key] = item
    return before


def _put_all(budget: Budget, value: dict[Any, Any], other: dict[Any, Any]) -> None:
    budget.spend(len(other))
    value.update(other)


def _copied(items: Callable[[dict[Any, Any]], list[Any]]) -> Callable[[Budget, dict[Any, Any]], list[Any]]:
    """A view of a map as a list of its own, paid for by the map's size."""

    def copy(budget: Budget, value: dict[Any, Any]) -> list[Any]:
        budget.spend(len(value))
        return items(value)

    return copy


OBJECT: Table = {
    "toString": lambda b, v: text(v, b),
    "equals": lambda b, v, other: type(v) is type(other) and equal(v, other, b),
}

STRING: Table = {
    "length": lambda b, v: len(v),
    "isEmpty": lambda b, v: not v,
    "isBlank": lambda b, v: not v.strip(),
    "charAt": lambda b, v, at: v[_index(v, at)],
    "substring": _substring,
    "trim": lambda b, v: v.strip("".join(map(chr, range(33)))),
    "strip": lambda b, v: v.strip(),
    "toUpperCase": lambda b, v: v.upper(),
    "toLowerCase": lambda b, v: v.lower(),
    "concat": lambda b, v, other: (b.spend_text(len(v) + len(other)), v + other)[1],
    "contains": lambda b, v, part: _string(part) in v,
    "startsWith": lambda b, v, part, at=0: v.startswith(_string(part), at),
    "endsWith": lambda b, v, part: v.endswith(_string(part)),
    "indexOf": _position,
    "lastIndexOf": lambda b, v, part: v.rfind(_string(part)),
    "equalsIgnoreCase": lambda b, v, other: isinstance(other, str) and v.lower() == other.lower(),
    "compareTo": lambda b, v, other: (v > _string(other)) - (v < other),
    "replace": _replace,
    "replaceAll": lambda b, v, pattern, new: patterns.replace(v, _string(pattern), _string(new), b),
    "replaceFirst": lambda b, v, pattern, new: patterns.replace(v, _string(pattern), _string(new), b, 1),
    "matches": lambda b, v, pattern: bool(patterns.compile_pattern(_string(pattern), len(v)).fullmatch(v)),
    "split": lambda b, v, pattern, limit=0: patterns.split(v, _string(pattern), limit, b),
}

LIST: Table = {
    "size": lambda b, v: len(v),
    "isEmpty": lambda b, v: not v,
    "get": lambda b, v, at: v[_index(v, at)],
    "set": lambda b, v, at, item: (v[_index(v, at)], v.__setitem__(at, item))[0],
    "add": _add,
    "addAll": _add_all,
    "remove": _remove,
    "clear": lambda b, v: v.clear(),
    "contains": lambda b, v, item: _position(b, v, item) >= 0,
    "containsAll": lambda b, v, items: all(_position(b, v, item) >= 0 for item in items),
    "indexOf": _position,
    "subList": lambda b, v, start, end: (b.spend(len(v)), v[_index([*v, None], start) : _index([*v, None], end)])[1],
}

MAP: Table = {
    "size": lambda b, v: len(v),
    "isEmpty": lambda b, v: not v,
    "get": lambda b, v, key: v.get(map_key(key, b)),
    "getOrDefault": lambda b, v, key, default: v.get(map_key(key, b), default),
    "put": _put,
    "putAll": _put_all,
    "putIfAbsent": lambda b, v, key, item: v.setdefault(map_key(key, b), item),
    "remove": lambda b, v, key: v.pop(map_key(key, b), None),
    "clear": lambda b, v: v.clear(),
    "containsKey": lambda b, v, key: map_key(key, b) in v,
    "containsValue": lambda b, v, item: _position(b, v.values(), item) >= 0,
    "keySet": _copied(lambda v: list(v)),
    "values": _copied(lambda v: list(v.values())),
    "entrySet": _copied(lambda v: [Entry(key, item) for key, item in v.items()]),
}

ENTRY: Table = {
    "getKey": lambda b, v: v.key,
    "getValue": lambda b, v: v.value,
}

NUMBER: Table = {
    "intValue": lambda b, v: int(v),
    "longValue": lambda b, v: int(v),
    "doubleValue": lambda b, v: float(v),
    "compareTo": lambda b, v, other: (v > other) - (v < other),
}
