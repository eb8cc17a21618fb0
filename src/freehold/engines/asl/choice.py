"""Choice rules: the 39 comparison operators as one table, and rules compiled to conditions.

One idea: an operator is how a value is read (or refused) and how two read values compare. A value of the wrong type is
not an error, it only does not match. It knows paths and frames, and nothing of transitions.
"""

import operator
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from freehold.engines.jsonpath import MISSING, Json, Path, PathSyntaxError, compile_path
from freehold.engines.jsonpath.values import is_number

from . import errors, values
from .frame import Frame
from .language import Condition
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
OPERATORS = (*COMPARISONS, *QUESTIONS)


def condition(rule: Mapping[str, Json], _at: str = "") -> Condition:
    """The condition that a choice rule states. Raises PathSyntaxError for a rule that states none, or several."""
    if "Not" in rule:
        negated = condition(_rule(rule["Not"]))
        return lambda frame: not negated(frame)
    for word, combine in (("And", all), ("Or", any)):
        if word in rule:
            return _combined(combine, rule[word], word)
    named = [name for name in OPERATORS if name in rule]
    if len(named) != 1:
        raise PathSyntaxError(f"a choice rule has one comparison operator, not {named}")
    if not isinstance(rule.get("Variable"), str):
        raise PathSyntaxError("a choice rule compares a 'Variable'")
    variable = compile_path(rule["Variable"])
    if named[0] in QUESTIONS:
        return _question(named[0], variable, rule[named[0]])
    return _comparison(named[0], variable, rule[named[0]])


def _rule(value: Json) -> Mapping[str, Json]:
    if not isinstance(value, dict):
        raise PathSyntaxError("a choice rule is an object")
    return value


def _combined(combine: Callable[..., bool], rules: Json, word: str) -> Condition:
    if not isinstance(rules, list) or not rules:
        raise PathSyntaxError(f"{word!r} takes a non-empty array of choice rules")
    conditions = [condition(_rule(rule)) for rule in rules]
    return lambda frame: combine(each(frame) for each in conditions)


def _look(path: Path, frame: Frame) -> Json:
    value = find(path, frame)
    if value is MISSING:
        raise errors.broken(errors.CHOICE_PATH, path=path.text)
    return value


def _question(name: str, variable: Path, expected: Json) -> Condition:
    if not isinstance(expected, bool):
        raise PathSyntaxError(f"{name!r} takes true or false")
    answer, look = QUESTIONS[name], find if name == "IsPresent" else _look
    return lambda frame: answer(look(variable, frame)) is expected


def _comparison(name: str, variable: Path, against: Json) -> Condition:
    read, holds, by_path = COMPARISONS[name]
    if by_path:
        if not isinstance(against, str):
            raise PathSyntaxError(f"{name!r} takes a path")
        other = compile_path(against)
        return lambda frame: _compare(holds, read(_look(variable, frame)), read(_look(other, frame)))
    fixed = read(against)
    if fixed is None:
        raise PathSyntaxError(f"{name!r} does not take {values.write(against)}")
    return lambda frame: _compare(holds, read(_look(variable, frame)), fixed)


def _compare(holds: Comparison, left: Any, right: Any) -> bool:
    return left is not None and right is not None and holds(left, right)
