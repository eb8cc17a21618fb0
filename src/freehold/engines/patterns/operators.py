"""The operators of patterns: one table from name to a function that makes a test of one value.

One idea: a value that is not there is a value too, ABSENT, which only `exists: false` accepts. So presence needs no
second way through the matcher. It may not know where in a pattern or an event it is used.
"""

import operator
from collections import Counter
from collections.abc import Callable
from ipaddress import ip_address
from itertools import pairwise
from typing import Any

import orjson

from freehold.engines.patterns.dialects import Dialect
from freehold.engines.patterns.globs import Part, Wild, glob

Test = Callable[[Any], bool]

ABSENT = object()

# AWS refuses a pattern in which too many wildcards wait for the same character at once; `*:*:*:*:*:event-bus/*` is one.
ALIKE_MAX = 4
TOO_COMPLEX = (
    "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard "
    "character"
)

_COMPARISONS = {"=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_NAMES_OF_COMPARISONS = {"=": "equals"}
_OPENINGS = (">", ">=")
_CLOSINGS = ("<", "<=")


def one_of(literals: list[Any]) -> Test:
    """A test for strings, numbers, true, false and null. 1 and 1.0 are one number; 1 and true are not one value."""
    identities = frozenset(map(_identity, literals))
    return lambda value: _identity(value) in identities


def _identity(value: Any) -> Any:
    return (value,) if value is True or value is False else value


def _number(value: Any) -> bool:
    return type(value) in (int, float)


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _text(argument: Any, dialect: Dialect, name: str) -> str:
    if not isinstance(argument, str):
        raise dialect.error(reason=f"{name} match pattern must be a string")
    return argument


def _exactly(argument: Any, dialect: Dialect) -> Test:
    return _text(argument, dialect, "exact").__eq__


def _starts(text: str) -> Test:
    return lambda value: isinstance(value, str) and value.startswith(text)


def _ends(text: str) -> Test:
    return lambda value: isinstance(value, str) and value.endswith(text)


def _folded(text: str) -> Test:
    folded = text.lower()
    return lambda value: isinstance(value, str) and value.lower() == folded


def _wild(text: str, dialect: Dialect) -> Test:
    form = glob(_wildcard_parts(text, dialect))
    return lambda value: isinstance(value, str) and form(value)


def _wildcard_parts(text: str, dialect: Dialect) -> tuple[Part, ...]:
    """`*` is a run; a backslash makes a `*` or a backslash literal. Positions count the opening quote."""
    parts: list[Part] = []
    characters = iter(enumerate(text, 1))
    for position, character in characters:
        if character == "*":
            if parts and parts[-1] is Wild.RUN:
                raise dialect.error(reason=f"Consecutive wildcard characters at pos {position - 1}")
            parts.append(Wild.RUN)
            continue
        if character == "\\":
            _, character = next(characters, (0, ""))
            if character not in ("*", "\\"):
                raise dialect.error(reason=f"Invalid escape character at pos {position}")
        parts.append(character)
    followers = Counter(after for star, after in pairwise(parts) if star is Wild.RUN)
    if max(followers.values(), default=0) > ALIKE_MAX:
        raise dialect.error(reason=TOO_COMPLEX)
    return tuple(parts)


def _affix(name: str, make: Callable[[str], Test]) -> Callable[[Any, Dialect], Test]:
    """prefix and suffix: of a text, or {"equals-ignore-case": text}."""

    def affix(argument: Any, dialect: Dialect) -> Test:
        if not isinstance(argument, dict):
            return make(_text(argument, dialect, name))
        inner = next(iter(argument), None)
        if inner is None:
            raise dialect.error(reason=f"{name.capitalize()} expression name not found")
        if inner != "equals-ignore-case":
            raise dialect.error(reason=f"Unsupported {name} pattern: {inner}")
        test = make(_text(argument[inner], dialect, inner).lower())
        return lambda value: isinstance(value, str) and test(value.lower())

    return affix


def _equals_ignore_case(argument: Any, dialect: Dialect) -> Test:
    return _folded(_text(argument, dialect, "equals-ignore-case"))


def _wildcard(argument: Any, dialect: Dialect) -> Test:
    return _wild(_text(argument, dialect, "wildcard"), dialect)


def _exists(argument: Any, dialect: Dialect) -> Test:
    if argument is True:
        return lambda value: value is not ABSENT
    if argument is False:
        return lambda value: value is ABSENT
    raise dialect.error(reason="exists match pattern must be either true or false.")


def _cidr(argument: Any, dialect: Dialect) -> Test:
    """Addresses from the given one to the last that shares its first bits."""
    if not isinstance(argument, str):
        raise dialect.error(reason="prefix match pattern must be a string")
    address, slash, bits = argument.partition("/")
    if not slash or "/" in bits:
        raise dialect.error(reason="Malformed CIDR, one '/' required")
    if not bits.removeprefix("-").isdecimal():
        raise dialect.error(reason="Malformed CIDR, mask bits must be an integer")
    if bits.startswith("-"):
        raise dialect.error(reason="Malformed CIDR, mask bits must not be negative")
    try:
        first = ip_address(address)
    except ValueError:
        raise dialect.error(reason=f"Nonstandard IP address: {address}") from None
    if int(bits) >= first.max_prefixlen:
        raise dialect.error(reason=f"IPv{first.version} mask bits must be < {first.max_prefixlen}")
    low = int(first)
    high = low | ((1 << (first.max_prefixlen - int(bits))) - 1)
    return lambda value: _address_between(value, first.version, low, high)


def _address_between(value: Any, version: int, low: int, high: int) -> bool:
    if not isinstance(value, str):
        return False
    try:
        address = ip_address(value)
    except ValueError:
        return False
    return address.version == version and low <= int(address) <= high


def _numeric(argument: Any, dialect: Dialect) -> Test:
    """One comparison, or a range: a bottom (> or >=) and then a top (< or <=)."""
    if not isinstance(argument, list):
        raise dialect.error(reason="Value of numeric must be an array.")
    sign = argument[0] if argument else "]"
    if not argument or not isinstance(sign, str):
        raise dialect.error(reason=f"Invalid member in numeric match: {_shown(sign)}")
    if sign not in _COMPARISONS:
        raise dialect.error(reason=f"Unrecognized numeric range operator: {sign}")
    bound = _bound(sign, argument[1:2], dialect)
    compare = _COMPARISONS[sign]
    if len(argument) == 2:
        return lambda value: _number(value) and compare(value, bound)
    if sign not in _OPENINGS:
        raise dialect.error(reason="Too many elements in numeric expression")
    top_sign, top = _top(bound, argument[2:], dialect)
    below = _COMPARISONS[top_sign]
    return lambda value: _number(value) and compare(value, bound) and below(value, top)


def _bound(sign: str, values: list[Any], dialect: Dialect) -> float:
    if not values or not _number(values[0]):
        raise dialect.error(reason=f"Value of {_NAMES_OF_COMPARISONS.get(sign, sign)} must be numeric")
    return values[0]


def _top(bottom: float, rest: list[Any], dialect: Dialect) -> tuple[str, float]:
    sign = rest[0]
    if not isinstance(sign, str):
        raise dialect.error(reason=f"Bad value in numeric range: {_shown(sign)}")
    if sign not in _CLOSINGS:
        raise dialect.error(reason=f"Bad numeric range operator: {sign}")
    top = _bound(sign, rest[1:2], dialect)
    if len(rest) > 2:
        raise dialect.error(reason="Too many terms in numeric range expression")
    if not bottom < top:
        raise dialect.error(reason="Bottom must be less than top")
    return sign, top


def _anything_but(argument: Any, dialect: Dialect) -> Test:
    """Any value that is there and is none of these: a text or number, a list of either, or an operator on texts."""
    tests = _excluded(argument, dialect)
    return lambda value: value is not ABSENT and not any(test(value) for test in tests)


def _excluded(argument: Any, dialect: Dialect) -> list[Test]:
    if isinstance(argument, dict):
        return _excluded_by_operator(argument, dialect)
    values = argument if isinstance(argument, list) else [argument]
    if not isinstance(argument, str | list) and not _number(argument):
        raise dialect.error(reason="Value of anything-but must be an array or single string/number value.")
    if any(not isinstance(value, str) and not _number(value) for value in values):
        raise dialect.error(reason="Inside anything but list, start|null|boolean is not supported.")
    if len({isinstance(value, str) for value in values}) != 1:
        raise dialect.error(
            reason="Inside anything but list, either all values are number or string, mixed type is not supported"
        )
    return [one_of(values)]


def _excluded_by_operator(argument: dict[str, Any], dialect: Dialect) -> list[Test]:
    name = next(iter(argument), None)
    if name is None:
        raise dialect.error(reason="Anything-But expression name not found")
    if name not in dialect.under_anything_but:
        raise dialect.error(reason=f"Unsupported anything-but pattern: {name}")
    if isinstance(argument[name], dict):
        raise dialect.error(reason="Value of anything-but must be an array or single string/number value.")
    texts = argument[name] if isinstance(argument[name], list) else [argument[name]]
    if not all(isinstance(text, str) for text in texts):
        raise dialect.error(reason=dialect.under_anything_but[name])
    if name in ("prefix", "suffix") and "" in texts:
        raise dialect.error(reason="Null prefix/suffix not allowed")
    if len(argument) > 1:
        raise dialect.error(reason="Only one key allowed in match expression")
    return [OPERATORS[name](text, dialect) for text in texts]


OPERATORS: dict[str, Callable[[Any, Dialect], Test]] = {
    "exactly": _exactly,
    "prefix": _affix("prefix", _starts),
    "suffix": _affix("suffix", _ends),
    "equals-ignore-case": _equals_ignore_case,
    "anything-but": _anything_but,
    "numeric": _numeric,
    "exists": _exists,
    "cidr": _cidr,
    "wildcard": _wildcard,
}

# Where several terms may follow, a second key is spoken of as one of them.
TOO_MANY = {
    "numeric": "Too many elements in numeric expression",
    "anything-but": "Too many elements in numeric expression",
}
