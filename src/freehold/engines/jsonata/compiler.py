"""The compiler: a tree becomes a function of context and scope.

One idea: each kind of node has one rule that makes a closure of the closures of its parts, so that nothing is decided
at evaluation that the text decides. Predicates, groupings and `[]` are put around what the rule made. Knows no text.
"""

from collections.abc import Callable
from typing import Any, Final

from freehold.engines.jsonata import calls, lookups
from freehold.engines.jsonata.callables import Evaluate
from freehold.engines.jsonata.errors import EvaluationFailed, InvalidExpression
from freehold.engines.jsonata.grouping import compile_object
from freehold.engines.jsonata.operators import OPERATORS, finite, truth
from freehold.engines.jsonata.paths import compile_path
from freehold.engines.jsonata.regexes import Matcher, compile_pattern
from freehold.engines.jsonata.run import Scope
from freehold.engines.jsonata.steps import compile_filter
from freehold.engines.jsonata.syntax import (
    Apply,
    Array,
    Bind,
    Block,
    Call,
    Chain,
    Condition,
    Default,
    Descendants,
    Lambda,
    Link,
    Literal,
    Name,
    Negation,
    Node,
    Object,
    Parent,
    Partial,
    Path,
    Regex,
    Transform,
    Variable,
    Wildcard,
    is_bare,
    parts,
)
from freehold.engines.jsonata.transforms import compile_transform
from freehold.engines.jsonata.values import UNDEFINED, Constructed, Json, Sequence, Wrapped, number, settle


def compile_node(node: Node, tail: bool = False) -> Evaluate:
    """The closure of a node. `tail`: it is what a function ends with, so a call in it may be left to the caller."""
    plain = is_bare(node)
    evaluate = _RULES[type(node)](node, tail and plain)
    if not plain:
        return _around(node, evaluate)
    return _settling(evaluate) if isinstance(node, _FINDERS) else evaluate


def _settling(evaluate: Evaluate) -> Evaluate:
    def settled(here: Json, scope: Scope) -> Json:
        value = evaluate(here, scope)
        return settle(value) if isinstance(value, Sequence) else value

    return settled


def _around(node: Node, evaluate: Evaluate) -> Evaluate:
    """A node with what stands after it."""
    filters = [compile_filter(each.condition, compile_node) for each in node.predicates]
    group = None if node.group is None else compile_object(node.group, compile_node)
    keep = node.keep

    def around(here: Json, scope: Scope) -> Json:
        value = evaluate(here, scope)
        for each in filters:
            value = each(value, scope)
        if group is not None:
            value = group(value, scope)
        if keep and isinstance(value, Sequence):
            value.keep = True
        return settle(value)

    return around


def _literal(node: Literal, tail: bool) -> Evaluate:
    value = node.value
    return lambda here, scope: value


def _name(node: Name, tail: bool) -> Evaluate:
    name = node.value
    return lambda here, scope: lookups.field(here, name, scope.run)


def _wildcard(node: Wildcard, tail: bool) -> Evaluate:
    return lambda here, scope: lookups.fields(here, scope.run)


def _descendants(node: Descendants, tail: bool) -> Evaluate:
    return lambda here, scope: lookups.descendants(here, scope.run)


def _parent(node: Parent, tail: bool) -> Evaluate:
    slot = node.slot
    return lambda here, scope: scope.lookup(slot.label)


def _variable(node: Variable, tail: bool) -> Evaluate:
    name = node.name
    if not name:
        return lambda here, scope: here[0] if isinstance(here, Wrapped) else settle(here)

    def variable(here: Json, scope: Scope) -> Json:
        value = scope.lookup(name)
        return settle(value) if isinstance(value, Sequence) else value

    return variable


def _regex(node: Regex, tail: bool) -> Evaluate:
    matcher = Matcher(compile_pattern(node.pattern, node.flags, node.position))
    return lambda here, scope: matcher


def _negation(node: Negation, tail: bool) -> Evaluate:
    operand = compile_node(node.operand)
    position = node.position

    def negation(here: Json, scope: Scope) -> Json:
        value = operand(here, scope)
        if value is UNDEFINED:
            return UNDEFINED
        if not finite(value):
            raise EvaluationFailed("D1002", position, token="-", value=value)
        return number(-value) if type(value) is float else -value

    return negation


def _array(node: Array, tail: bool) -> Evaluate:
    items = [(compile_node(item), isinstance(item, Array)) for item in node.items]
    made: type[list] = Constructed if node.constructed else list

    def array(here: Json, scope: Scope) -> Json:
        result = made()
        for evaluate, whole in items:
            value = evaluate(here, scope)
            if whole or not isinstance(value, list):
                if value is not UNDEFINED:
                    result.append(value)
            else:
                scope.run.spend_items(len(result) + len(value))
                result.extend(value)
        return result

    return array


def _object(node: Object, tail: bool) -> Evaluate:
    return compile_object(node, compile_node)


def _chain(node: Chain, tail: bool) -> Evaluate:
    if node.links[0].operator in ("and", "or"):
        return _logic(node)
    first = compile_node(node.first)
    if len(node.links) == 1:
        return _operation(first, node.links[0])
    links = [(OPERATORS[each.operator], compile_node(each.operand), each) for each in node.links]

    def chain(here: Json, scope: Scope) -> Json:
        value = first(here, scope)
        for operate, operand, link in links:
            right = operand(here, scope)
            try:
                value = operate(value, right, scope.run)
            except EvaluationFailed as error:
                raise error.at(link.position, link.operator)  # noqa: B904  # the same error, not another
        return value

    return chain


def _operation(first: Evaluate, link: Link) -> Evaluate:
    operate, second, operator = OPERATORS[link.operator], compile_node(link.operand), link.operator
    if isinstance(link.operand, Literal):
        return _operation_with(first, link, link.operand.value)

    def operation(here: Json, scope: Scope) -> Json:
        left = first(here, scope)
        right = second(here, scope)
        try:
            return operate(left, right, scope.run)
        except EvaluationFailed as error:
            raise error.at(link.position, operator)  # noqa: B904  # the same error, not another

    return operation


def _operation_with(first: Evaluate, link: Link, right: Json) -> Evaluate:
    """An operation whose right operand is known."""
    operate, operator = OPERATORS[link.operator], link.operator

    def operation(here: Json, scope: Scope) -> Json:
        left = first(here, scope)
        try:
            return operate(left, right, scope.run)
        except EvaluationFailed as error:
            raise error.at(link.position, operator)  # noqa: B904  # the same error, not another

    return operation


def _logic(node: Chain) -> Evaluate:
    """`and` and `or`: the first operand that decides is the last one looked at."""
    operands = [compile_node(node.first), *(compile_node(each.operand) for each in node.links)]
    decisive = node.links[0].operator == "or"

    def logic(here: Json, scope: Scope) -> Json:
        for operand in operands:
            if truth(operand(here, scope), scope.run) is decisive:
                return decisive
        return not decisive

    return logic


def _condition(node: Condition, tail: bool) -> Evaluate:
    test, then = compile_node(node.test), compile_node(node.then, tail)
    otherwise = _nothing if node.otherwise is None else compile_node(node.otherwise, tail)

    def condition(here: Json, scope: Scope) -> Json:
        value = then(here, scope) if truth(test(here, scope), scope.run) else otherwise(here, scope)
        return settle(value) if isinstance(value, Sequence) else value

    return condition


def _nothing(here: Json, scope: Scope) -> Json:
    return UNDEFINED


def _default(node: Default, tail: bool) -> Evaluate:
    value_of, otherwise, missing = compile_node(node.value), compile_node(node.otherwise, tail), node.missing

    def default(here: Json, scope: Scope) -> Json:
        value = value_of(here, scope)
        if not (value is not UNDEFINED if missing else truth(value, scope.run)):
            value = otherwise(here, scope)
        return settle(value) if isinstance(value, Sequence) else value

    return default


def _block(node: Block, tail: bool) -> Evaluate:
    items = [compile_node(item, tail and item is node.items[-1]) for item in node.items]
    binds = any(_binds(item) for item in node.items)
    if len(items) == 1 and isinstance(node.items[0], Chain | Object | Literal | Variable):
        return items[0]

    def block(here: Json, scope: Scope) -> Json:
        inner = Scope({}, scope, scope.run) if binds else scope
        value: Any = UNDEFINED
        for item in items:
            value = item(here, inner)
        return settle(value) if isinstance(value, Sequence) else value

    return block


def _binds(node: Node) -> bool:
    """Whether a node gives a name to something in the scope around it."""
    if isinstance(node, Bind):
        return True
    return not isinstance(node, Block | Lambda) and any(_binds(part) for part in parts(node))


def _bind(node: Bind, tail: bool) -> Evaluate:
    name, evaluate = node.name, compile_node(node.value)

    def bind(here: Json, scope: Scope) -> Json:
        value = scope.names[name] = evaluate(here, scope)
        return settle(value) if isinstance(value, Sequence) else value

    return bind


def _path(node: Path, tail: bool) -> Evaluate:
    return compile_path(node, compile_node)


def _with_compile(rule: Callable[..., Evaluate]) -> Callable[..., Evaluate]:
    return lambda node, tail: rule(node, tail, compile_node)


_FINDERS: Final = (Name, Wildcard, Descendants, Parent)
"""Nodes whose result may be a sequence yet. What else finds sequences settles them if nothing stands after it."""

_RULES: Final[dict[type[Node], Callable[..., Evaluate]]] = {
    Literal: _literal,
    Name: _name,
    Wildcard: _wildcard,
    Descendants: _descendants,
    Parent: _parent,
    Variable: _variable,
    Regex: _regex,
    Negation: _negation,
    Array: _array,
    Object: _object,
    Chain: _chain,
    Condition: _condition,
    Default: _default,
    Block: _block,
    Bind: _bind,
    Path: _path,
    Call: _with_compile(calls.compile_call),
    Partial: _with_compile(calls.compile_partial),
    Lambda: _with_compile(calls.compile_lambda),
    Apply: _with_compile(calls.compile_apply),
    Transform: _with_compile(compile_transform),
}


def compile_tree(node: Node) -> Evaluate:
    """The closure of a whole expression. Raises InvalidExpression."""
    try:
        return compile_node(node)
    except RecursionError as error:
        raise InvalidExpression("S0501", 0) from error
