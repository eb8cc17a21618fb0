"""Every operator, on values that match, that do not, and that are of another type."""

from typing import Any

import pytest

from freehold.engines.asl import OPERATORS
from freehold.engines.asl.choice import condition, wildcard
from freehold.engines.asl.errors import Failure
from freehold.engines.asl.payload import Frame

EARLY, LATE = "2001-01-01T12:00:00Z", "2001-01-01T14:00:00.5+01:00"  # the second is an hour and a half second later
# For each kind: a lesser and a greater value.
ORDERED = {"String": ("a", "b"), "Numeric": (1, 2.5), "Timestamp": (EARLY, LATE)}
# For each sign: does it hold of (lesser, greater), of equals, of (greater, lesser)?
SIGNS = {
    "Equals": (False, True, False),
    "LessThan": (True, False, False),
    "GreaterThan": (False, False, True),
    "LessThanEquals": (True, True, False),
    "GreaterThanEquals": (False, True, True),
}


def holds(rule: dict[str, Any], value: Any) -> bool:
    return condition(rule, "")(Frame(value, lambda: {"id": 7}, {"known": 1}, chance=None, now=0.0))  # type: ignore[arg-type]


@pytest.mark.parametrize("by_path", [False, True])
@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("kind", ORDERED)
def test_comparisons(kind: str, sign: str, by_path: bool) -> None:
    less, more = ORDERED[kind]
    for left, right, expected in zip((less, less, more), (more, less, less), SIGNS[sign]):
        against = {f"{kind}{sign}Path": "$.right"} if by_path else {kind + sign: right}
        assert holds({"Variable": "$.left", **against}, {"left": left, "right": right}) is expected
    for stranger in (None, True, [], {}, "x" if kind != "String" else 1):
        assert not holds({"Variable": "$.left", kind + sign: less}, {"left": stranger})


OTHERS: list[tuple[str, Any, Any, bool]] = [
    ("BooleanEquals", True, True, True),
    ("BooleanEquals", True, False, False),
    ("BooleanEquals", True, 1, False),
    ("BooleanEqualsPath", "$.x", False, True),
    ("StringMatches", "log-*.txt", "log-1.txt", True),
    ("StringMatches", "log-*.txt", "log-1.txt2", False),
    ("StringMatches", r"a\*b*", "a*bcd", True),
    ("StringMatches", r"a\*b*", "axbcd", False),
    ("IsNull", True, None, True),
    ("IsNull", False, 0, True),
    ("IsPresent", True, None, True),
    ("IsNumeric", True, 1.5, True),
    ("IsNumeric", True, True, False),
    ("IsString", True, "", True),
    ("IsBoolean", True, False, True),
    ("IsTimestamp", True, EARLY, True),
    ("IsTimestamp", True, "2001-13-01T12:00:00Z", False),
]


@pytest.mark.parametrize(("name", "against", "value", "expected"), OTHERS)
def test_the_other_operators(name: str, against: Any, value: Any, expected: bool) -> None:
    assert holds({"Variable": "$.x", name: against}, {"x": value}) is expected


def test_every_operator_is_tried() -> None:
    tried = {kind + sign + path for kind in ORDERED for sign in SIGNS for path in ("", "Path")}
    assert tried | {name for name, *_ in OTHERS} == set(OPERATORS)


def test_connectives_nest() -> None:
    rule = {
        "And": [
            {"Or": [{"Variable": "$.x", "NumericEquals": 1}, {"Variable": "$.x", "NumericEquals": 2}]},
            {"Not": {"Variable": "$.y", "IsPresent": True}},
        ]
    }
    assert holds(rule, {"x": 2})
    assert not holds(rule, {"x": 2, "y": 0})
    assert not holds(rule, {"x": 3})


def test_variables_and_the_context_are_seen() -> None:
    assert holds({"Variable": "$known", "NumericEquals": 1}, {})
    assert holds({"Variable": "$$.id", "NumericEquals": 7}, {})
    assert holds({"Variable": "$unknown", "IsPresent": False}, {})


def test_a_missing_value_is_an_error_but_for_is_present() -> None:
    assert holds({"Variable": "$.x", "IsPresent": False}, {})
    for name, against in (("IsNull", True), ("StringEquals", "a")):
        with pytest.raises(Failure) as raised:
            holds({"Variable": "$.x", name: against}, {})
        assert raised.value.error == "States.Runtime"
        assert raised.value.cause == (
            "Invalid path '$.x': The choice state's condition path references an invalid value."
        )


def test_a_wildcard_takes_all_else_literally() -> None:
    assert wildcard("a.b*").fullmatch("a.b\nc")
    assert not wildcard("a.b").fullmatch("axb")
    assert wildcard("\\\\*").fullmatch("\\x")
