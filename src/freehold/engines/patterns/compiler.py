"""From a pattern to a function of a value.

One idea: a pattern is a tree, and each of its nodes becomes a test of all that a value holds in that place. A place may
hold several things, for arrays are looked through; what an object in an array says is believed of that object alone.
A dot in a name is a step, in the pattern and in the value alike. It may not know what single values are compared with.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import orjson

from freehold.engines.patterns.dialects import Dialect
from freehold.engines.patterns.operators import ABSENT, OPERATORS, TOO_MANY, Test, one_of

Matches = Callable[[Any], bool]
Place = Callable[[list[Any]], bool]  # of everything a value holds in one place
Claim = Callable[[dict[str, Any]], bool]  # of one object

DEPTH_MAX = 100
SEAM = "\n"  # between names when all of an object are looked through at once

# Names that an alternative of an $or may not use for its fields.
RESERVED_IN_OR = frozenset(OPERATORS) | {
    *("=", "<", "<=", ">", ">="),
    *("regex", "not-wildcard", "not-equals-ignore-case"),
    *("date-after", "date-on-or-after", "date-before", "date-on-or-before", "in-date-range"),
    *("ip-address-in-range", "ip-address-not-in-range"),
}


def compile(pattern: str | bytes | dict[str, Any], dialect: Dialect) -> Matches:
    """Make a function that tells whether a value matches a pattern.

    The value is a JSON object or its text; for SNS_ATTRIBUTES it is a message's MessageAttributes, as Publish has them.
    Raises the dialect's error, with AWS's reason, when the pattern is not one.
    """
    document = _document(pattern, dialect)
    if not document and dialect.empty_matches_all:
        return lambda value: True
    claims = _object(document, dialect, within_or=False, depth=0)
    dialect.check(document)
    read = dialect.read

    def matches(value: Any) -> bool:
        found = read(value)
        return found is not None and all(claim(found) for claim in claims)

    return matches


def _document(pattern: str | bytes | dict[str, Any], dialect: Dialect) -> dict[str, Any]:
    if isinstance(pattern, str | bytes):
        try:
            pattern = orjson.loads(pattern)
        except orjson.JSONDecodeError:
            raise dialect.error(reason=dialect.not_json) from None
    if not isinstance(pattern, dict):
        raise dialect.error(reason="Filter is not an object")
    return pattern


def _object(pattern: dict[str, Any], dialect: Dialect, within_or: bool, depth: int) -> list[Claim]:
    """The claims a pattern makes of an object: one for each field, one for each $or."""
    if not pattern:
        raise dialect.error(reason="Empty objects are not allowed")
    if depth > DEPTH_MAX:
        raise dialect.error(reason=f"Filter is nested more than {DEPTH_MAX} levels deep")
    claims = []
    for name, value in _fields(pattern):
        if name == "$or":
            claims.append(_alternatives(value, dialect, depth))
            continue
        if within_or and name in RESERVED_IN_OR:
            raise dialect.error(reason=f"{name} is Ruler reserved fieldName which cannot be used inside $or.")
        if isinstance(value, dict):
            claims.append(_claim(name, _objects(_object(value, dialect, within_or, depth + 1))))
        elif isinstance(value, list):
            claims.append(_claim(name, _leaf(value, dialect)))
        else:
            raise dialect.error(reason=f'"{name}" must be an object or an array')
    return claims


def _fields(pattern: dict[str, Any]) -> list[tuple[str, Any]]:
    """Names and what they ask for; dotted names are unfolded, and those with a common first step brought together."""
    fields: list[tuple[str, Any]] = []
    branches: dict[str, dict[str, Any]] = {}
    for key, value in pattern.items():
        step, dot, rest = key.partition(".")
        if dot:
            branches.setdefault(step, {})[rest] = value
        elif isinstance(value, dict) and value:
            branches.setdefault(step, {}).update(value)
        else:
            fields.append((step, value))
    return fields + list(branches.items())


def _alternatives(alternatives: Any, dialect: Dialect, depth: int) -> Claim:
    if not isinstance(alternatives, list):
        raise dialect.error(reason="It must be an Array followed with $or.")
    if not all(isinstance(alternative, dict) for alternative in alternatives):
        raise dialect.error(reason="Only JSON object is allowed in array of $or relationship.")
    if len(alternatives) < 2:
        raise dialect.error(reason="There must have at least 2 Objects in $or relationship.")
    choices = [_object(alternative, dialect, within_or=True, depth=depth + 1) for alternative in alternatives]
    return lambda found: any(all(claim(found) for claim in claims) for claims in choices)


def _claim(name: str, place: Place) -> Claim:
    start = name + "."

    def claim(found: dict[str, Any]) -> bool:
        held = [found[name]] if name in found else []
        if start not in SEAM.join(found):
            return place(held)
        dotted = {key[len(start) :]: value for key, value in found.items() if key.startswith(start)}
        return place([*held, dotted] if dotted else held)

    return claim


def _objects(claims: list[Claim]) -> Place:
    """Some object in this place fulfils all claims. Where there is none, claims of absence may still hold."""

    def place(held: list[Any]) -> bool:
        objects = [value for value in flat(held) if isinstance(value, dict)] or [{}]
        for found in objects:
            for claim in claims:
                if not claim(found):
                    break
            else:
                return True
        return False

    return place


def _leaf(wanted: list[Any], dialect: Dialect) -> Place:
    """Some value in this place passes some test. Objects are no values."""
    tests = _tests(wanted, dialect)

    def place(held: list[Any]) -> bool:
        for value in [value for value in flat(held) if not isinstance(value, dict)] or [ABSENT]:
            for test in tests:
                if test(value):
                    return True
        return False

    return place


def _tests(wanted: list[Any], dialect: Dialect) -> list[Test]:
    if not wanted:
        raise dialect.error(reason="Empty arrays are not allowed")
    literals = [value for value in wanted if not isinstance(value, dict | list)]
    tests = [one_of(literals)] if literals else []
    for value in wanted:
        if isinstance(value, list):
            raise dialect.error(reason="Match value must be String, number, true, false, or null")
        if isinstance(value, dict):
            tests.append(_expression(value, dialect))
    return tests


def _expression(expression: dict[str, Any], dialect: Dialect) -> Test:
    name = next(iter(expression), None)
    if name is None:
        raise dialect.error(reason="Match expression name not found")
    if name not in dialect.operators:
        raise dialect.error(reason=f"Unrecognized match type {name}")
    test = OPERATORS[name](expression[name], dialect)
    if len(expression) > 1:
        raise dialect.error(reason=TOO_MANY.get(name, "Only one key allowed in match expression"))
    return test


def flat(held: list[Any]) -> Iterable[Any]:
    """The values in a place, arrays looked through at any depth and in order."""
    return _flattened(held) if any(isinstance(value, list) for value in held) else held


def _flattened(held: list[Any]) -> Iterator[Any]:
    waiting = held[::-1]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(reversed(value))
        else:
            yield value
