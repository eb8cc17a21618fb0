"""The parameters that came before expressions, compiled to the same forms.

One idea: each ComparisonOperator is a row that names the test it is today, how many values it takes and of which types.
It knows nothing of tables. Rules:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from freehold.engines.expressions.conditions import JOINED, TESTS, Condition, PlannedCondition, Test
from freehold.engines.expressions.errors import (
    INVALID,
    EmptyAttributeName,
    KeyConditionCount,
    UpdateTypeMismatch,
    ValidationException,
)
from freehold.engines.expressions.keyconditions import KeyTests
from freehold.engines.expressions.keys import KeyTest
from freehold.engines.expressions.operands import Read
from freehold.engines.expressions.paths import Edit, Leaf, plant
from freehold.engines.expressions.projections import Projection, projection_of
from freehold.engines.expressions.updates import Update, add_to, delete_from, remove
from freehold.engines.expressions.values import SETS, TYPES, AttributeValue, admit, compare, type_of

LegacyCondition = Mapping[str, Any]  # {"ComparisonOperator": …, "AttributeValueList": […]}


class WrongValueCount(ValidationException):
    words = INVALID + "Invalid number of argument(s) for the {operator} ComparisonOperator"


class ValuesOfSeveralTypes(ValidationException):
    words = INVALID + "AttributeValues inside AttributeValueList must be of same type"


class WrongValueType(ValidationException):
    words = INVALID + "ComparisonOperator {operator} is not valid for {type} AttributeValue type"


class RangeOutOfOrder(ValidationException):
    words = "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound"


class ValueAndList(ValidationException):
    words = INVALID + "Value and AttributeValueList cannot be used together for Attribute: {name}"


class ExistsAndOperator(ValidationException):
    words = INVALID + "Exists and ComparisonOperator cannot be used together for Attribute: {name}"


class OperatorWithoutValue(ValidationException):
    words = (
        INVALID + "Value or AttributeValueList must be used with ComparisonOperator: {operator} for Attribute: {name}"
    )


class ListWithoutOperator(ValidationException):
    words = INVALID + "AttributeValueList can only be used with a ComparisonOperator for Attribute: {name}"


class ExistsWithoutValue(ValidationException):
    words = INVALID + "Value must be provided when Exists is {exists} for Attribute: {name}"


class AbsentWithValue(ValidationException):
    words = INVALID + "Value cannot be used when Exists is false for Attribute: {name}"


class OperatorWithoutConditions(ValidationException):
    words = "ConditionalOperator cannot be used without Filter or Expected"


class OperatorWithOneCondition(ValidationException):
    words = "ConditionalOperator can only be used when Filter or Expected has two or more elements"


class DuplicateAttribute(ValidationException):
    words = INVALID + "Duplicate value in attribute name: {name}"


class UpdateWithoutValue(ValidationException):
    words = INVALID + "Only DELETE action is allowed when no attribute value is specified"


class DeleteOfType(ValidationException):
    words = INVALID + "DELETE action with value is not supported for the type {type}"


class AddOfType(ValidationException):
    words = INVALID + "ADD action is not supported for the type {type}"


class Rule(NamedTuple):
    """A ComparisonOperator: its test today, the fewest and most values it takes, and their types."""

    test: str
    count_min: int
    count_max: int
    types: tuple[str, ...]


IN_VALUES_MAX = 1 << 20  # AWS bounds only the size of the request
_SCALARS = ("S", "N", "B")
_SOUGHT = (*_SCALARS, "BOOL", "NULL")
RULES: dict[str, Rule] = {
    "EQ": Rule("=", 1, 1, TYPES),
    "NE": Rule("<>", 1, 1, TYPES),
    "LE": Rule("<=", 1, 1, _SCALARS),
    "LT": Rule("<", 1, 1, _SCALARS),
    "GE": Rule(">=", 1, 1, _SCALARS),
    "GT": Rule(">", 1, 1, _SCALARS),
    "NOT_NULL": Rule("attribute_exists", 0, 0, ()),
    "NULL": Rule("attribute_not_exists", 0, 0, ()),
    "CONTAINS": Rule("contains", 1, 1, _SOUGHT),
    "NOT_CONTAINS": Rule("lacks", 1, 1, _SOUGHT),
    "BEGINS_WITH": Rule("begins_with", 1, 1, ("S", "B")),
    "IN": Rule("IN", 1, IN_VALUES_MAX, _SCALARS),
    "BETWEEN": Rule("BETWEEN", 2, 2, _SCALARS),
}


def _lacks(read: Read, read_part: Read) -> Test:
    """NOT_CONTAINS, which unlike NOT contains() does not hold for an attribute that is absent."""
    contains = TESTS["contains"](read, read_part)
    return lambda sight: read(sight) is not None and not contains(sight)


_TESTS: dict[str, Callable[..., Test]] = {**TESTS, "lacks": _lacks}


# Conditions


def compile_filter(conditions: Mapping[str, LegacyCondition], conditional_operator: str | None = None) -> Condition:
    """QueryFilter and ScanFilter. Raises ValidationException."""
    checked = {name: _checked(**_spelled(condition)) for name, condition in conditions.items()}
    return _joined(checked, conditional_operator)


def compile_expected(expected: Mapping[str, Mapping[str, Any]], conditional_operator: str | None = None) -> Condition:
    """Expected. Raises ValidationException."""
    checked = {name: _checked(*_expectation(name, condition)) for name, condition in expected.items()}
    return _joined(checked, conditional_operator)


def compile_key_conditions(conditions: Mapping[str, LegacyCondition]) -> KeyTests:
    """KeyConditions. Raises ValidationException."""
    tests: KeyTests = {}
    for name, condition in conditions.items():
        operator, values = _checked(**_spelled(condition))
        tests[name] = KeyTest(RULES[operator].test, tuple(values))
    if len(tests) not in (1, 2):
        raise KeyConditionCount()
    return tests


def _spelled(condition: LegacyCondition) -> dict[str, Any]:
    return {"operator": condition["ComparisonOperator"], "values": condition.get("AttributeValueList") or []}


def _checked(operator: str, values: Sequence[AttributeValue]) -> tuple[str, list[AttributeValue]]:
    """A condition's operator and its values in stored form, found to go together."""
    values = [admit(value) for value in values]
    rule = RULES[operator]
    if not rule.count_min <= len(values) <= rule.count_max:
        raise WrongValueCount(operator=operator)
    if len({type_of(value) for value in values}) > 1:
        raise ValuesOfSeveralTypes()
    for value in values:
        if type_of(value) not in rule.types:
            raise WrongValueType(operator=operator, type=type_of(value))
    if operator == "BETWEEN" and compare(">", *values):
        raise RangeOutOfOrder()
    return operator, values


def _expectation(name: str, condition: Mapping[str, Any]) -> tuple[str, list[AttributeValue]]:
    """An entry of Expected as operator and values; Exists and Value alone say EQ or NULL."""
    operator, values = condition.get("ComparisonOperator"), condition.get("AttributeValueList")
    value, exists = condition.get("Value"), condition.get("Exists")
    if values is not None and value is not None:
        raise ValueAndList(name=name)
    if operator is not None:
        if exists is not None:
            raise ExistsAndOperator(name=name)
        if RULES[operator].count_min and values is None and value is None:
            raise OperatorWithoutValue(operator=operator, name=name)
        return operator, values if values is not None else [value] if value is not None else []
    if values is not None:
        raise ListWithoutOperator(name=name)
    if exists is False:
        if value is not None:
            raise AbsentWithValue(name=name)
        return "NULL", []
    if value is None:
        raise ExistsWithoutValue(name=name, exists="null" if exists is None else "true")
    return "EQ", [value]


def _joined(conditions: Mapping[str, tuple[str, list[AttributeValue]]], conditional_operator: str | None) -> Condition:
    if conditional_operator and not conditions:
        raise OperatorWithoutConditions()
    if conditional_operator and len(conditions) == 1:
        raise OperatorWithOneCondition()
    tests = [
        _TESTS[RULES[operator].test](_reader(name), *map(_constant, values))
        for name, (operator, values) in conditions.items()
    ]
    return PlannedCondition(JOINED[conditional_operator or "AND"](tests), tuple((name,) for name in conditions)).of({})


def _reader(name: str) -> Read:
    return lambda sight: sight.item.get(name)


def _constant(value: AttributeValue) -> Read:
    return lambda _: value


# Projections and updates


def compile_attributes_to_get(names: Sequence[str]) -> Projection:
    """AttributesToGet. Raises DuplicateAttribute."""
    if "" in names:
        raise EmptyAttributeName()
    for place, name in enumerate(names):
        if name in names[:place]:
            raise DuplicateAttribute(name=name)
    return projection_of((name,) for name in names)


def compile_attribute_updates(updates: Mapping[str, Mapping[str, Any]]) -> Update:
    """AttributeUpdates. Raises ValidationException."""
    if "" in updates:
        raise EmptyAttributeName()
    leaves = [
        Leaf((name,), _legacy_edit(update.get("Action") or "PUT", update.get("Value")))
        for name, update in updates.items()
    ]
    kinds = {name: type_of(update["Value"]) for name, update in updates.items() if update.get("Value")}
    takes = bool(updates) and all(update.get("Action") == "DELETE" for update in updates.values())
    return Update(tuple(leaf.path for leaf in leaves), (), plant(leaves, "AttributeUpdates"), kinds, takes)


def _legacy_edit(action: str, given: AttributeValue | None) -> Edit:
    if given is None:
        if action != "DELETE":
            raise UpdateWithoutValue()
        return remove
    value = admit(given)
    kind = type_of(value)
    if action == "DELETE":
        if kind not in SETS:
            raise DeleteOfType(type=kind)
        return lambda _, current: delete_from(current, value, UpdateTypeMismatch)
    if action == "ADD":
        if kind not in (*SETS, "N", "L"):
            raise AddOfType(type=kind)
        return lambda _, current: add_to(current, value, UpdateTypeMismatch)
    return lambda _, __: value
