"""Conditions: ConditionExpression and FilterExpression, from text to a predicate over items.

One idea: what can be refused without an item is refused when the condition is compiled, and what is left is a closure
that answers True or False and never fails. It knows nothing of tables. Operators and functions:
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
from freehold.engines.expressions.operands import Bound, Read, bind
from freehold.engines.expressions.parser import parse_condition
from freehold.engines.expressions.paths import Path, path_text
from freehold.engines.expressions.scope import Scope
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

Test = Callable[[Item], bool]


class Condition(NamedTuple):
    """A compiled condition: whether it holds for an item (absent: {}), and the document paths it reads."""

    holds: Test
    paths: tuple[Path, ...]


def compile_condition(kind: str, text: str, scope: Scope) -> Condition:
    """The condition of `text`. `kind` is its request parameter. Raises ValidationException."""
    return condition_of(kind, parse_condition(kind, text), scope)


def condition_of(kind: str, tree: Node, scope: Scope) -> Condition:
    """The condition of a tree, whatever language it was written in."""
    paths: list[Path] = []
    holds = _compile(kind, tree, scope, paths)
    return Condition(holds, tuple(paths))


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
        _CHECKS[call.function or ""](kind, call.function or "", *call.args)
    if operator in ORDERINGS or operator == "BETWEEN":
        _check_ordered(kind, operator, args)
    if operator == "BETWEEN":
        _check_bounds(kind, args[1].constant, args[2].constant)
    return Bond(operator, args)


# What is refused before an item is seen


def _check_ordered(kind: str, operator: str, args: tuple[Bound, ...]) -> None:
    for arg in args:
        if arg.type and arg.type not in ORDERED:
            raise WrongOperatorOperand(kind=kind, operator=operator, type=arg.type)


def _check_bounds(kind: str, lower: AttributeValue | None, upper: AttributeValue | None) -> None:
    if lower is None or upper is None:
        return
    shown = {"lower": _shown(lower), "upper": _shown(upper)}
    if type_of(lower) != type_of(upper):
        raise BoundsOfTwoTypes(kind=kind, **shown)
    if compare(">", lower, upper):
        raise BoundsOutOfOrder(kind=kind, **shown)


def _shown(value: AttributeValue) -> str:
    ((kind, content),) = value.items()
    return f"{{{kind}:{base64.b64encode(content).decode() if kind == 'B' else content}}}"


def _check_path(kind: str, function: str, operand: Bound) -> None:
    if operand.path is None:
        raise PathRequired(kind=kind, function=function)


def _check_prefix(kind: str, function: str, whole: Bound, prefix: Bound) -> None:
    for operand in (whole, prefix):
        if operand.type and operand.type not in ("S", "B"):
            raise WrongFunctionOperand(kind=kind, function=function, type=operand.type)


def _check_type_name(kind: str, function: str, operand: Bound, name: Bound) -> None:
    if name.type != "S" or name.constant is None:
        raise WrongFunctionOperand(kind=kind, function=function, type=name.type or "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}")
    if name.constant["S"] not in TYPES:
        raise UnknownTypeName(kind=kind, type=name.constant["S"], valid=",".join(TYPES))


def _check_size(kind: str, function: str, operand: Bound) -> None:
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
    def test(item: Item) -> bool:
        ours, theirs = left(item), right(item)
        return ours is not None and theirs is not None and equal(ours, theirs)

    return test


def _differs(left: Read, right: Read) -> Test:
    same = _equals(left, right)
    return lambda item: not same(item)


def _ordering(ordering: str) -> Callable[[Read, Read], Test]:
    def ordered(left: Read, right: Read) -> Test:
        def test(item: Item) -> bool:
            ours, theirs = left(item), right(item)
            return ours is not None and theirs is not None and compare(ordering, ours, theirs)

        return test

    return ordered


def _between(read: Read, lower: Read, upper: Read) -> Test:
    above, below = TESTS[">="](read, lower), TESTS["<="](read, upper)
    return lambda item: above(item) and below(item)


def _in(read: Read, *members: Read) -> Test:
    tests = [_equals(read, member) for member in members]
    return lambda item: any(test(item) for test in tests)


def _exists(read: Read) -> Test:
    return lambda item: read(item) is not None


def _not_exists(read: Read) -> Test:
    return lambda item: read(item) is None


def _has_type(read: Read, read_name: Read) -> Test:
    def test(item: Item) -> bool:
        value, name = read(item), read_name(item)
        return value is not None and name is not None and name.get("S") in value

    return test


def _begins(read: Read, read_prefix: Read) -> Test:
    def test(item: Item) -> bool:
        whole, prefix = read(item), read_prefix(item)
        if whole is None or prefix is None:
            return False
        kind = type_of(prefix)
        return kind in ("S", "B") and kind in whole and whole[kind].startswith(prefix[kind])

    return test


def _contains(read: Read, read_part: Read) -> Test:
    def test(item: Item) -> bool:
        whole, part = read(item), read_part(item)
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
    return lambda item: all(test(item) for test in tests)


def _any(tests: list[Test]) -> Test:
    return lambda item: any(test(item) for test in tests)


def _not(tests: list[Test]) -> Test:
    (test,) = tests
    return lambda item: not test(item)


JOINED: dict[str, Callable[[list[Test]], Test]] = {"AND": _all, "OR": _any, "NOT": _not}
