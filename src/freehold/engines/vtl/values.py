"""Values as Java would see them: how they print, when they are true or equal, and how they add up.

One idea: Python's own values stand for Java's (dict for LinkedHashMap, list for ArrayList, int, float, bool, str, None
for null), and the few differences live here. It may not know templates.
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from freehold.engines.vtl.budget import Budget
from freehold.engines.vtl.errors import VtlError

INTEGER_BITS_MAX = 256


class JsonList(list):
    """A list that came out of a JSON document: it prints as JSON, where a list written in the template does not.

    So API Gateway prints `$input.path('$.x')`: an array as JSON, an object as `{a=b}` with its arrays as JSON.
    """


@dataclass(frozen=True, slots=True)
class Entry:
    """One pair of a map's entrySet()."""

    key: Any
    value: Any


@dataclass(frozen=True, slots=True)
class Host:
    """An object the surroundings lend to a template, like `$util`. Its methods take the budget, then the arguments."""

    name: str
    methods: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)


def is_number(value: Any) -> bool:
    """Whether Java would see a Number; a boolean is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def truth(value: Any) -> bool:
    """Velocity's test of a condition: null and false are false, all else is true, an empty string too."""
    return value is not None and value is not False


def java_double(value: float) -> str:
    """`Double.toString`: 1.0, 1.0E10, 1.0E-5, Infinity, NaN."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return format(value, "f") if "e" in repr(value) else repr(value)
    digits, _, exponent = format(value, "e").partition("e")
    shortest = repr(value).lower().replace("-", "").split("e")[0].replace(".", "").strip("0") or "0"
    sign = "-" if digits.startswith("-") else ""
    return f"{sign}{shortest[0]}.{shortest[1:] or '0'}E{int(exponent)}"


def text(value: Any, budget: Budget) -> str:
    """`value.toString()`; null prints as "null", the way it does inside a list or map."""
    budget.spend()
    match value:
        case str():
            budget.spend_text(len(value))
            return value
        case bool() | None:
            return {True: "true", False: "false", None: "null"}[value]
        case int():
            return str(value)
        case float():
            return java_double(value)
        case JsonList():
            return json_text(value, budget)
        case list():
            return "[" + ", ".join(text(item, budget) for item in value) + "]"
        case dict():
            return "{" + ", ".join(f"{text(k, budget)}={text(v, budget)}" for k, v in value.items()) + "}"
        case Entry(key, entry_value):
            return f"{text(key, budget)}={text(entry_value, budget)}"
        case Host(name):
            return name
    return str(value)


def json_text(value: Any, budget: Budget) -> str:
    """The JSON of a value: no blanks, keys in their order, no escapes but those JSON needs."""
    budget.spend()
    match value:
        case str():
            budget.spend_text(len(value))
            return json.dumps(value, ensure_ascii=False)
        case list():
            return "[" + ",".join(json_text(item, budget) for item in value) + "]"
        case dict():
            pairs = (f"{json_text(text(k, budget), budget)}:{json_text(v, budget)}" for k, v in value.items())
            return "{" + ",".join(pairs) + "}"
        case bool() | int() | float() | None:
            return json.dumps(value)
    return json_text(text(value, budget), budget)


def equal(left: Any, right: Any, budget: Budget) -> bool:
    """Velocity's `==`: numbers by value, like by content, unlike by how they print."""
    budget.spend()
    if left is right:
        return True
    if left is None or right is None:
        return False
    if is_number(left) and is_number(right):
        return bool(left == right)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(equal(a, b, budget) for a, b in zip(left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        budget.spend(len(left))
        return left.keys() == right.keys() and all(equal(item, right[key], budget) for key, item in left.items())
    return text(left, budget) == text(right, budget)


def map_key(value: Any, budget: Budget) -> Any:
    """A value as the key of a map: what cannot be hashed stands as its text."""
    return value if value is None or isinstance(value, str | int | float) else text(value, budget)


def add(left: Any, right: Any, budget: Budget) -> Any:
    """`+`: a sum, or strings joined when either side is a string; null with null or a missing operand."""
    if left is None or right is None:
        return None
    if isinstance(left, str) or isinstance(right, str):
        joined = text(left, budget) + text(right, budget)
        budget.spend_text(len(joined))
        return joined
    return _number(left, right, lambda a, b: a + b)


def divide(left: Any, right: Any) -> Any:
    """`/`: integers truncate towards zero; by zero it is null."""
    if not right or not (is_number(left) and is_number(right)):
        return None
    if isinstance(left, int) and isinstance(right, int):
        quotient = abs(left) // abs(right)
        return quotient if (left < 0) == (right < 0) else -quotient
    return left / right


def remainder(left: Any, right: Any) -> Any:
    """`%`: with the sign of the left operand, as in Java; by zero it is null."""
    if not right or not (is_number(left) and is_number(right)):
        return None
    if isinstance(left, int) and isinstance(right, int):
        return left - divide(left, right) * right
    return math.fmod(left, right) if math.isfinite(left) else math.nan


def _number(left: Any, right: Any, operation: Callable[[Any, Any], Any]) -> Any:
    if not (is_number(left) and is_number(right)):
        return None
    result = operation(left, right)
    if isinstance(result, int) and result.bit_length() > INTEGER_BITS_MAX:
        raise VtlError("The template makes a number that is too large")
    return result


def _ordered(left: Any, right: Any, test: Callable[[Any, Any], bool]) -> bool:
    return is_number(left) and is_number(right) and test(left, right)


OPERATORS: dict[str, Callable[[Any, Any, Budget], Any]] = {
    "<": lambda a, b, _: _ordered(a, b, lambda x, y: x < y),
    "<=": lambda a, b, _: _ordered(a, b, lambda x, y: x <= y),
    ">": lambda a, b, _: _ordered(a, b, lambda x, y: x > y),
    ">=": lambda a, b, _: _ordered(a, b, lambda x, y: x >= y),
    "+": add,
    "-": lambda a, b, _: _number(a, b, lambda x, y: x - y),
    "*": lambda a, b, _: _number(a, b, lambda x, y: x * y),
    "/": lambda a, b, _: divide(a, b),
    "%": lambda a, b, _: remainder(a, b),
}
"""Operators that need both operands and nothing else. `==`, `!=`, `&&` and `||` are the renderer's."""
