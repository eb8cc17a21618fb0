"""JSONPath, as much of it as mapping templates use: `$.a.b[0]`, `$['a']`, `[*]`, `.*`, `$..a`, `[0,2]`, `[1:3]`.

One idea: a path is a list of steps, and a step turns each value it is given into those it leads to. `evaluate` is the
only door. Filters (`[?(…)]`) are not done.
"""

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

from freehold.engines.vtl.budget import Budget
from freehold.engines.vtl.errors import VtlError

MISSING = object()
"""What a definite path yields when it leads nowhere; JSON's null is None."""

_STEP = re.compile(
    r"(?P<deep>\.\.)?(?:(?P<dot>\.)?(?P<name>\*|[^\s.\[\]'\"()]+)|\[(?P<inside>(?:'[^']*'|\"[^\"]*\"|[^\]'\"])*)\])"
)
_SLICE = re.compile(r"\s*(-?\d*)\s*:\s*(-?\d*)\s*")
_INTEGER = re.compile(r"-?\d+")


def evaluate(path: str, value: Any, budget: Budget) -> Any:
    """The value `path` leads to within `value`, or MISSING. A path with wildcards, unions, slices or `..` yields a list
    of all it leads to. A path without the `$` starts at the root too. Each value visited costs a step. Raises VtlError
    for what is not a path."""
    found, definite = [value], True
    for deep, keys in _steps(path):
        definite = definite and not deep and len(keys) == 1 and isinstance(keys[0], str | int)
        sources = [each for item in found for each in (_descendants(item, budget) if deep else (item,))]
        found = []
        for source, key in product(sources, keys):
            budget.spend()
            found.extend(_children(source, key))
        budget.spend(len(found))
    if not definite:
        return found
    return found[0] if found else MISSING


def _steps(path: str) -> Iterator[tuple[bool, list[Any]]]:
    """Each step as (whether it searches all depths, its keys); a key is a name, an index, a slice, or None for all."""
    text = path.strip()
    position = 1 if text.startswith("$") else 0
    if position == 0:
        text = "." + text
    while position < len(text):
        step = _STEP.match(text, position)
        if step is None or (step["name"] and not (step["dot"] or step["deep"])):
            raise VtlError(f"Not a JSONPath: {path}")
        name = step["name"]
        keys = _keys(step["inside"], path) if name is None else [None if name == "*" else name]
        yield bool(step["deep"]), keys
        position = step.end()


def _keys(inside: str, path: str) -> list[Any]:
    return [_key(part.strip(), path) for part in re.findall(r"'[^']*'|\"[^\"]*\"|[^,'\"]+", inside) or [""]]


def _key(text: str, path: str) -> Any:
    if text == "*":
        return None
    if text[:1] in ("'", '"'):
        return text[1:-1]
    if _INTEGER.fullmatch(text):
        return int(text)
    if bounds := _SLICE.fullmatch(text):
        return slice(*(int(bound) if bound not in ("", "-") else None for bound in bounds.groups()))
    raise VtlError(f"Not a JSONPath: {path}")


def _children(value: Any, key: Any) -> list[Any]:
    """What one key leads to from one value."""
    match value, key:
        case dict(), None:
            return list(value.values())
        case dict(), str():
            return [value[key]] if key in value else []
        case list(), None:
            return value
        case list(), slice():
            return value[key]
        case list(), int():
            return [value[key]] if -len(value) <= key < len(value) else []
    return []


def _descendants(value: Any, budget: Budget) -> Iterator[Any]:
    """A value and all within it, in document order."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        budget.spend()
        yield item
        if isinstance(item, dict):
            waiting.extend(reversed(item.values()))
        elif isinstance(item, list):
            waiting.extend(reversed(item))
