"""Choice rules: the 39 comparison operators as one table, and rules compiled to conditions.

One idea: an operator is how a value is read (or refused) and how two read values compare. A value of the wrong type is
not an error, it only does not match. It knows paths and frames, and nothing of transitions.
"""

import operator
import re
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any, NamedTuple

from freehold.engines.jsonpath import MISSING, Json, Path, PathSyntaxError, compile_path
from freehold.engines.jsonpath.values import is_number

from . import errors, values
from .frame import Frame
from .language import Condition, Unclear, together
from .payload import find

Reading = Callable[[Json], Any]  # None: the value is of another type
Comparison = Callable[[Any, Any], bool]


def _string(value: Json) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: Json) -> float | None:
    return value if is_number(value) else None


def _boolean(value: Json) -> bool | None:
    return value if isinstance(value, bool) else None


def _moment(value: Json) -> float | None:
    return values.moment(value) if isinstance(value, str) else None


def _matches(value: str, pattern: str) -> bool:
    return wildcard(pattern).fullmatch(value) is not None


@lru_cache(maxsize=256)
def wildcard(pattern: str) -> re.Pattern[str]:
    """StringMatches: `*` is any run of characters, `\\*` an asterisk, `\\\\` a backslash."""
    parts = re.findall(r"\\[*\\]|\*|[^*\\]+|\\", pattern)
    spelled = (".*" if part == "*" else re.escape(part[-1] if part in (r"\*", r"\\") else part) for part in parts)
    return re.compile("".join(spelled), re.DOTALL)


class Operator(NamedTuple):
    """How a rule's two sides are read, how they compare, and whether the right side is a path."""

    read: Reading
    holds: Comparison
    by_path: bool = False


READINGS: dict[str, Reading] = {"String": _string, "Numeric": _number, "Timestamp": _moment}
SIGNS: dict[str, Comparison] = {
    "Equals": operator.eq,
    "LessThan": operator.lt,
    "GreaterThan": operator.gt,
    "LessThanEquals": operator.le,
    "GreaterThanEquals": operator.ge,
}
COMPARISONS: dict[str, Operator] = {
    **{kind + sign: Operator(read, holds) for kind, read in READINGS.items() for sign, holds in SIGNS.items()},
    **{
        f"{kind}{sign}Path": Operator(read, holds, by_path=True)
        for kind, read in READINGS.items()
        for sign, holds in SIGNS.items()
    },
    "BooleanEquals": Operator(_boolean, operator.eq),
    "BooleanEqualsPath": Operator(_boolean, operator.eq, by_path=True),
    "StringMatches": Operator(_string, _matches),
}
# Questions about a value's type; IsPresent is the one that a missing value answers.
QUESTIONS: dict[str, Callable[[Json], bool]] = {
    "IsPresent": lambda value: value is not MISSING,
    "IsNull": lambda value: value is None,
    "IsNumeric": is_number,
    "IsString": lambda value: isinstance(value, str),
    "IsBoolean": lambda value: isinstance(value, bool),
    "IsTimestamp": lambda value: _moment(value) is not None,
}
WRONG_KINDS: dict[Reading, str] = {
    _string: "Expected value of type String",
    _number: "Expected value of type Number",
    _boolean: "Expected value of type Boolean",
    _moment: "String does not match RFC3339 timestamp",
}
OPERATORS = (*COMPARISONS, *QUESTIONS)


def condition(rule: Mapping[str, Json], at: str) -> Condition:
    """The condition that a choice rule at a place in its state makes. Raises Unclear."""
    if "Not" in rule:
        negated = _nested(rule["Not"], f"{at}/Not")
        return lambda frame: not negated(frame)
    for word, combine in (("And", all), ("Or", any)):
        if word in rule:
            return _combined(combine, rule[word], f"{at}/{word}")
    named = [name for name in OPERATORS if name in rule]
    if len(named) > 1:
        raise Unclear(f"There should only be one of the following fields: [{', '.join(named)}]", at)
    if not named or "Variable" not in rule:
        raise Unclear(f"These fields are required: [{'Variable' if named else 'a comparison operator'}]", at)
    variable = _path(rule["Variable"], f"{at}/Variable")
    compile = _question if named[0] in QUESTIONS else _comparison
    return compile(named[0], variable, rule[named[0]], f"{at}/{named[0]}")


def _nested(rule: Json, at: str) -> Condition:
    if not isinstance(rule, dict):
        raise Unclear("Expected value of type Object", at)
    for name in ("Next", "Assign"):
        if name in rule:
            raise Unclear(f"Field '{name}' is not supported", at)
    return condition(rule, at)


def _combined(combine: Callable[..., bool], rules: Json, at: str) -> Condition:
    if not isinstance(rules, list):
        raise Unclear("Expected value of type Array", at)
    if not rules:
        raise Unclear("Value cannot be empty", at)
    conditions = together(partial(_nested, rule, f"{at}[{index}]") for index, rule in enumerate(rules))
    return lambda frame: combine(each(frame) for each in conditions)


def _path(text: Json, at: str) -> Path:
    try:
        if isinstance(text, str):
            return compile_path(text)
    except PathSyntaxError as wrong:
        raise Unclear("Value is not a valid JSONPath", at) from wrong
    raise Unclear("Value is not a valid JSONPath", at)


def _look(path: Path, frame: Frame) -> Json:
    value = find(path, frame)
    if value is MISSING:
        raise errors.broken(errors.CHOICE_PATH, path=path.text)
    return value


def _question(name: str, variable: Path, expected: Json, at: str) -> Condition:
    if not isinstance(expected, bool):
        raise Unclear("Expected value of type Boolean", at)
    answer, look = QUESTIONS[name], find if name == "IsPresent" else _look
    return lambda frame: answer(look(variable, frame)) is expected


def _comparison(name: str, variable: Path, against: Json, at: str) -> Condition:
    read, holds, by_path = COMPARISONS[name]
    if by_path:
        other = _path(against, at)
        return lambda frame: _compare(holds, read(_look(variable, frame)), read(_look(other, frame)))
    fixed = read(against)
    if fixed is None:
        raise Unclear(WRONG_KINDS[read], at)
    return lambda frame: _compare(holds, read(_look(variable, frame)), fixed)


def _compare(holds: Comparison, left: Any, right: Any) -> bool:
    return left is not None and right is not None and holds(left, right)
