"""Conditions: ConditionExpression and FilterExpression, from text to a predicate over items.

One idea: what can be refused without an item is refused when the condition is compiled, and what is left is a closure
that answers True or False and never fails. It holds no values, so it serves every request that says the same. It knows
nothing of tables. Operators and functions:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
"""

import base64
from collections.abc import Callable
from typing import NamedTuple

from freehold.engines.expressions.errors import (
    BoundsOfTwoTypes,
    BoundsOutOfOrder,
    PathRequired,
    SameOperands,
    UnknownTypeName,
    WrongFunctionOperand,
    WrongOperandCount,
    WrongOperatorOperand,
)
from freehold.engines.expressions.operands import Bound, Read, Sight, bind
from freehold.engines.expressions.parser import parse_condition
from freehold.engines.expressions.paths import Path, path_text
from freehold.engines.expressions.scope import Scope, Values
from freehold.engines.expressions.syntax import CONDITION_FUNCTIONS, Call, Comparison, Logic, Node
from freehold.engines.expressions.values import (
    ORDERED,
    ORDERINGS,
    SETS,
    TYPES,
    AttributeValue,
    Item,
    compare,
    equal,
    type_of,
)

Test = Callable[[Sight], bool]


class Condition(NamedTuple):
    """A compiled condition: whether it holds for an item (absent: {}), and the document paths it reads."""

    holds: Callable[[Item], bool]
    paths: tuple[Path, ...]


class PlannedCondition(NamedTuple):
    """A condition for any values of the types it was planned for."""

    test: Test
    paths: tuple[Path, ...]

    def of(self, values: Values) -> Condition:
        """The condition of one request."""
        test = self.test
        return Condition(lambda item: test(Sight(item, values)), self.paths)


def compile_condition(kind: str, text: str, scope: Scope) -> Condition:
    """The condition of `text`. `kind` is its request parameter. Raises ValidationException."""
    return plan_condition(kind, text, scope).of(scope.values)


def condition_of(kind: str, tree: Node, scope: Scope) -> Condition:
    """The condition of a tree, whatever language it was written in."""
    return _planned(kind, tree, scope).of(scope.values)


def plan_condition(kind: str, text: str, scope: Scope) -> PlannedCondition:
    """As `compile_condition`, for other values too."""
    return _planned(kind, parse_condition(kind, text), scope)


def _planned(kind: str, tree: Node, scope: Scope) -> PlannedCondition:
    paths: list[Path] = []
    test = _compile(kind, tree, scope, paths)
    return PlannedCondition(test, tuple(paths))


def _compile(kind: str, node: Node, scope: Scope, paths: list[Path]) -> Test:
    if isinstance(node, Logic):
        return JOINED[node.operator]([_compile(kind, arm, scope, paths) for arm in node.args])
    predicate = bind_predicate(kind, node, scope)
    for arg in predicate.args:
        paths.extend(arg.paths())
    return TESTS[predicate.operator](*(arg.read for arg in predicate.args))


class Bond(NamedTuple):
    """A comparison or a function with its operands looked up and found to be in order."""

    operator: str
    args: tuple[Bound, ...]


def bind_predicate(kind: str, node: Node, scope: Scope) -> Bond:
    """One comparison or call, refused where AWS refuses it: placeholders, then counts, then sameness, then types."""
    assert isinstance(node, Comparison | Call)
    args = tuple(bind(kind, arg, scope) for arg in node.args)
    calls = [call for arg in args for call in arg.calls()]
    if isinstance(node, Call):
        calls.append(Bound(lambda _: None, function=node.name, args=args))
    for call in calls:
        if len(call.args) != CONDITION_FUNCTIONS[call.function or ""]:
            raise WrongOperandCount(kind=kind, function=call.function, count=len(call.args))
    operator = node.operator if isinstance(node, Comparison) else node.name
    if len(args) == 2 and operator != "IN" and args[0].path is not None and args[0].path == args[1].path:
        raise SameOperands(kind=kind, operator=operator, path=path_text(args[0].path))
    for call in calls:
        _CHECKS[call.function or ""](scope, kind, call.function or "", *call.args)
    if operator in ORDERINGS or operator == "BETWEEN":
        _check_ordered(kind, operator, args)
    if operator == "BETWEEN":
        _check_bounds(scope, kind, args[1], args[2])
    return Bond(operator, args)


# What is refused before an item is seen


def _check_ordered(kind: str, operator: str, args: tuple[Bound, ...]) -> None:
    for arg in args:
        if arg.type and arg.type not in ORDERED:
            raise WrongOperatorOperand(kind=kind, operator=operator, type=arg.type)


def _check_bounds(scope: Scope, kind: str, low: Bound, high: Bound) -> None:
    low_name, high_name = low.constant, high.constant
    if low_name is None or high_name is None:
        return

    def look(values: Values) -> None:
        lower, upper = values[low_name], values[high_name]
        if type_of(lower) != type_of(upper):
            raise BoundsOfTwoTypes(kind=kind, lower=_shown(lower), upper=_shown(upper))
        if compare(">", lower, upper):
            raise BoundsOutOfOrder(kind=kind, lower=_shown(lower), upper=_shown(upper))

    scope.look(look)


def _shown(value: AttributeValue) -> str:
    ((kind, content),) = value.items()
    return f"{{{kind}:{base64.b64encode(content).decode() if kind == 'B' else content}}}"


def _check_path(scope: Scope, kind: str, function: str, operand: Bound) -> None:
    if operand.path is None:
        raise PathRequired(kind=kind, function=function)


def _check_prefix(scope: Scope, kind: str, function: str, whole: Bound, prefix: Bound) -> None:
    for operand in (whole, prefix):
        if operand.type and operand.type not in ("S", "B"):
            raise WrongFunctionOperand(kind=kind, function=function, type=operand.type)


def _check_type_name(scope: Scope, kind: str, function: str, operand: Bound, name: Bound) -> None:
    placeholder = name.constant
    if name.type != "S" or placeholder is None:
        raise WrongFunctionOperand(kind=kind, function=function, type=name.type or "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}")

    def look(values: Values) -> None:
        named = values[placeholder]["S"]
        if named not in TYPES:
            raise UnknownTypeName(kind=kind, type=named, valid=",".join(TYPES))

    scope.look(look)


def _check_size(scope: Scope, kind: str, function: str, operand: Bound) -> None:
    if operand.type in ("N", "BOOL", "NULL"):
        raise WrongFunctionOperand(kind=kind, function=function, type=operand.type)


_CHECKS: dict[str, Callable[..., None]] = {
    "attribute_exists": _check_path,
    "attribute_not_exists": _check_path,
    "attribute_type": _check_type_name,
    "begins_with": _check_prefix,
    "contains": lambda *_: None,
    "size": _check_size,
}


# What is asked of an item


def _equals(left: Read, right: Read) -> Test:
    def test(sight: Sight) -> bool:
        ours, theirs = left(sight), right(sight)
        return ours is not None and theirs is not None and equal(ours, theirs)

    return test


def _differs(left: Read, right: Read) -> Test:
    same = _equals(left, right)
    return lambda sight: not same(sight)


def _ordering(ordering: str) -> Callable[[Read, Read], Test]:
    def ordered(left: Read, right: Read) -> Test:
        def test(sight: Sight) -> bool:
            ours, theirs = left(sight), right(sight)
            return ours is not None and theirs is not None and compare(ordering, ours, theirs)

        return test

    return ordered


def _between(read: Read, lower: Read, upper: Read) -> Test:
    above, below = TESTS[">="](read, lower), TESTS["<="](read, upper)
    return lambda sight: above(sight) and below(sight)


def _in(read: Read, *members: Read) -> Test:
    def test(sight: Sight) -> bool:
        ours = read(sight)
        if ours is None:
            return False
        for member in members:
            theirs = member(sight)
            if theirs is not None and equal(ours, theirs):
                return True
        return False

    return test


def _exists(read: Read) -> Test:
    return lambda sight: read(sight) is not None


def _not_exists(read: Read) -> Test:
    return lambda sight: read(sight) is None


def _has_type(read: Read, read_name: Read) -> Test:
    def test(sight: Sight) -> bool:
        value, name = read(sight), read_name(sight)
        return value is not None and name is not None and name.get("S") in value

    return test


def _begins(read: Read, read_prefix: Read) -> Test:
    def test(sight: Sight) -> bool:
        whole, prefix = read(sight), read_prefix(sight)
        if whole is None or prefix is None:
            return False
        kind = type_of(prefix)
        return kind in ("S", "B") and kind in whole and whole[kind].startswith(prefix[kind])

    return test


def _contains(read: Read, read_part: Read) -> Test:
    def test(sight: Sight) -> bool:
        whole, part = read(sight), read_part(sight)
        return whole is not None and part is not None and holds_part(whole, part)

    return test


def holds_part(whole: AttributeValue, part: AttributeValue) -> bool:
    """contains(): a text in a text, bytes in bytes, a member of a set, an element of a list."""
    ((kind, content),) = whole.items()
    ((part_kind, part_content),) = part.items()
    if kind == "L":
        return any(equal(element, part) for element in content)
    if kind in SETS:
        return kind[0] == part_kind and part_content in content
    return kind in ("S", "B") and kind == part_kind and part_content in content


TESTS: dict[str, Callable[..., Test]] = {
    "=": _equals,
    "<>": _differs,
    **{ordering: _ordering(ordering) for ordering in ORDERINGS},
    "BETWEEN": _between,
    "IN": _in,
    "attribute_exists": _exists,
    "attribute_not_exists": _not_exists,
    "attribute_type": _has_type,
    "begins_with": _begins,
    "contains": _contains,
}


def _all(tests: list[Test]) -> Test:
    return lambda sight: all(test(sight) for test in tests)


def _any(tests: list[Test]) -> Test:
    return lambda sight: any(test(sight) for test in tests)


def _not(tests: list[Test]) -> Test:
    (test,) = tests
    return lambda sight: not test(sight)


JOINED: dict[str, Callable[[list[Test]], Test]] = {"AND": _all, "OR": _any, "NOT": _not}
