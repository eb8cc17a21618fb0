"""Key conditions: KeyConditionExpression, from text to one test for each key attribute.

One idea: a query is a hash value and a range of sort keys, so what is compiled is data, not a predicate. It knows a key
schema only as (name, type) pairs. Rules:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from freehold.engines.expressions.conditions import Bond, bind_predicate
from freehold.engines.expressions.errors import (
    KeyConditionCount,
    KeyConditionRepeated,
    KeyConditionType,
    KeyConditionUnsupported,
    KeyElementMissed,
    KeyHashUnequal,
    KeyNameMissing,
    KeyNamesSeveral,
    KeyNotFirst,
    KeyOperationNested,
    KeyOperatorRefused,
    KeyPathNested,
    KeyRangeUnequal,
    NotIndexable,
)
from freehold.engines.expressions.keys import (
    KeyRange,
    KeySchema,
    KeyTest,
    check_not_empty,
    check_start_element,
    joined_range,
    key_range,
)
from freehold.engines.expressions.parser import parse_condition
from freehold.engines.expressions.paths import Path
from freehold.engines.expressions.scope import Scope, Values
from freehold.engines.expressions.syntax import Logic, Node
from freehold.engines.expressions.values import AttributeValue, Item

KEY_OPERATORS = ("=", "<", "<=", ">", ">=", "BETWEEN", "begins_with")
_MIRRORED = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_KEY_FIRST = ("BETWEEN", "begins_with")

KeyTests = dict[str, KeyTest]
PlannedTests = dict[str, tuple[str, tuple[str, ...]]]  # as KeyTests, with placeholders where those have values


class _Joined(NamedTuple):
    """A Logic node whose predicates are bound."""

    operator: str
    arms: "tuple[_Joined | Bond, ...]"


class KeyQuery(NamedTuple):
    """What a query asks of the keys: the values of the hash key's attributes, and which sort keys, None for all."""

    hash: tuple[AttributeValue, ...]
    sort: KeyRange | None


def compile_key_condition(kind: str, text: str, scope: Scope) -> KeyTests:
    """The tests of `text` by attribute name. Raises ValidationException."""
    return tests_of(plan_tests(bind_key_condition(kind, text, scope)), scope.values)


def tests_of(planned: PlannedTests, values: Values) -> KeyTests:
    """The tests of one request."""
    return {
        name: KeyTest(operator, tuple([values[placeholder] for placeholder in placeholders]))
        for name, (operator, placeholders) in planned.items()
    }


def bind_key_condition(kind: str, text: str, scope: Scope) -> _Joined | Bond:
    """`text` as any condition. AWS looks for what keys do not allow only after reading all other expressions."""
    return _bind(kind, parse_condition(kind, text), scope)


def _bind(kind: str, node: Node, scope: Scope) -> _Joined | Bond:
    if isinstance(node, Logic):
        return _Joined(node.operator, tuple(_bind(kind, arm, scope) for arm in node.args))
    return bind_predicate(kind, node, scope)


def plan_tests(condition: _Joined | Bond) -> PlannedTests:
    """One test for each attribute of a bound key condition. Raises ValidationException for what keys do not allow."""
    tests: PlannedTests = {}
    for predicate in _conjuncts(condition):
        name, test = _planned_test(predicate)
        if name in tests:
            raise KeyConditionRepeated()
        tests[name] = test
    return tests


def _conjuncts(condition: _Joined | Bond) -> Iterator[Bond]:
    if isinstance(condition, Bond):
        yield condition
        return
    if condition.operator != "AND":
        raise KeyOperatorRefused(operator=condition.operator)
    for arm in condition.arms:
        yield from _conjuncts(arm)


def _planned_test(predicate: Bond) -> tuple[str, tuple[str, tuple[str, ...]]]:
    operator, args = predicate.operator, predicate.args
    if operator not in KEY_OPERATORS:
        raise KeyOperatorRefused(operator=operator)
    if operator in _KEY_FIRST and args[0].path is None:
        raise KeyNotFirst(operator=operator)
    path: Path | None = None
    for arg in args:
        if arg.function:
            raise KeyOperationNested()
        if arg.path is not None and path is not None:
            raise KeyNamesSeveral()
        if arg.path is not None and len(arg.path) > 1:
            raise KeyPathNested()
        path = path or arg.path
    if path is None:
        raise KeyNameMissing()
    placeholders = tuple(arg.constant for arg in args if arg.constant is not None)
    return str(path[0]), (operator if args[0].path else _MIRRORED[operator], placeholders)


def key_query(tests: Mapping[str, KeyTest], schema: KeySchema, hashes: int = 1, start: Item | None = None) -> KeyQuery:
    """What `tests` ask of the keys of `schema`, a table's or an index's, whose first `hashes` attributes are its hash
    key. Raises ValidationException if it is not one value of the hash key with at most one test of the sort key, each
    of the schema's type and not empty; a starting key's attributes are looked at beside their tests."""
    if len(schema) > max(2, hashes + 1) or hashes > 1:
        return _query_of_many(tests, schema, hashes, start)
    if len(tests) not in (1, 2):
        raise KeyConditionCount()
    for position, (name, expected) in enumerate(schema):
        if start is not None:
            check_start_element(start, name, expected, position)
        if len(schema) == 1 and len(tests) > 1:
            raise KeyConditionUnsupported()
        test = tests.get(name)
        if test is None:
            if position == 0 or len(tests) > 1:
                raise KeyElementMissed(name=name)
            continue
        if test.operator not in KEY_OPERATORS:
            raise NotIndexable()
        if any(expected not in value for value in test.values):
            raise KeyConditionType()
        for value in test.values:
            check_not_empty(name, expected, value)
        if position == 0 and test.operator != "=":
            raise KeyConditionUnsupported()
    sort = tests.get(schema[1][0]) if len(schema) > 1 else None
    return KeyQuery((tests[schema[0][0]].values[0],), key_range(sort) if sort else None)


def _query_of_many(tests: Mapping[str, KeyTest], schema: KeySchema, hashes: int, start: Item | None) -> KeyQuery:
    """As `key_query`, where keys have several attributes: sort keys are asked for from the left, without a gap, and
    only the last of those asked for may be by anything but equality."""
    if any(test.operator not in KEY_OPERATORS for test in tests.values()):
        raise NotIndexable()
    for position, (name, expected) in enumerate(schema):
        if start is not None:
            check_start_element(start, name, expected, position)
        if name in tests and any(expected not in value for value in tests[name].values):
            raise KeyConditionType()
    names = [name for name, _ in schema]
    if any(name not in tests or tests[name].operator != "=" for name in names[:hashes]):
        raise KeyHashUnequal(names=", ".join(names[:hashes]))
    for name in tests:
        if name not in names:
            raise KeyElementMissed(name=names[hashes] if len(names) > hashes else name)
    asked = [tests[name] for name in names[hashes:] if name in tests]
    if [name for name in names[hashes:] if name in tests] != names[hashes : hashes + len(asked)]:
        raise KeyRangeUnequal(names=", ".join(names[hashes:]))
    if any(test.operator != "=" for test in asked[:-1]):
        raise KeyRangeUnequal(names=", ".join(names[hashes:]))
    hash = tuple(tests[name].values[0] for name in names[:hashes])
    return KeyQuery(hash, _range_of_many(asked, len(names) - hashes) if asked else None)


def _range_of_many(asked: list[KeyTest], attributes: int) -> KeyRange:
    before = [test.values[0] for test in asked[:-1]]
    return joined_range(before, asked[-1], more=len(asked) < attributes)
