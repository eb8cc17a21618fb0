"""Infixes: what an operator means after an operand.

One idea: each is a function from the parser, which stands behind the operator, and the operand before to the node of
both. Paths are put together here: what a dot joins becomes the steps of one Path, what a bracket follows hangs on the
last of them.
"""

from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING, Final

from freehold.engines.jsonata import ancestry
from freehold.engines.jsonata.errors import InvalidExpression
from freehold.engines.jsonata.prefix import pairs
from freehold.engines.jsonata.signatures import Signature
from freehold.engines.jsonata.syntax import (
    Apply,
    Array,
    Bind,
    Call,
    Chain,
    Condition,
    Default,
    Filter,
    Indexed,
    Lambda,
    Link,
    Literal,
    Name,
    Node,
    Parent,
    Partial,
    Path,
    Sort,
    Term,
    Variable,
)
from freehold.engines.jsonata.tokens import POWERS, Token

if TYPE_CHECKING:
    from freehold.engines.jsonata.parser import Parser

_CHAINS: Final = ("+-", "*/%", "&", ("and",), ("or",))  # operators that form a chain with each other
_COMPARISONS: Final = ("=", "!=", "<", "<=", ">", ">=", "in")


def binary(parser: "Parser", token: Token, left: Node) -> Node:
    return _chained(token.value, token.position, left, parser.expression(POWERS[token.value]))


def _chained(operator: str, position: int, left: Node, right: Node) -> Node:
    """One more operator of a chain, or a chain of its own."""
    link = Link(operator, right, position)
    if isinstance(left, Chain) and _chain_with(left, operator):
        left.links.append(link)
        ancestry.inherit(left, right)
        return left
    node = Chain(position=position, first=left, links=[link])
    ancestry.inherit(node, left, right)
    return node


def dot(parser: "Parser", token: Token, left: Node) -> Node:
    if isinstance(left, Path):
        path = left
        path.steps[-1] = _step(parser, path.steps[-1])
    else:
        path = Path(position=token.position, steps=[_step(parser, left)], keep_step=left.keep)
        if isinstance(left, Parent):
            path.seeking.append(left.slot)
    right = parser.expression(POWERS["."])
    if isinstance(right, Path):
        steps = right.steps
    else:
        right.stages, right.predicates = [*right.predicates], []
        steps = [right]
    steps = [_step(parser, step) for step in steps]
    path.keep_step = path.keep_step or any(step.keep for step in steps)
    path.steps += steps
    for end in (path.steps[0], path.steps[-1]):
        if isinstance(end, Array):
            end.constructed = True
    ancestry.resolve(path)
    return path


def predicate(parser: "Parser", token: Token, left: Node) -> Node:
    step = left.steps[-1] if isinstance(left, Path) else left
    if parser.at("]"):
        parser.take(operand_before=True)
        left.keep = True
        if isinstance(left, Path) and not isinstance(step, Sort):
            step.keep = left.keep_step = True
        return left
    condition = parser.expression(0)
    parser.take("]", operand_before=True)
    if step.group is not None:
        parser.remember(InvalidExpression("S0209", token.position))
    ancestry.resolve_predicate(step, condition)
    if isinstance(left, Path):
        step.stages.append(Filter(condition))
    else:
        step.predicates.append(Filter(condition))
    return left


def group(parser: "Parser", token: Token, left: Node) -> Node:
    made = pairs(parser, token)
    if left.group is not None:
        parser.remember(InvalidExpression("S0210", token.position))
    left.group = made
    return left


def order(parser: "Parser", token: Token, left: Node) -> Node:
    parser.take("(")
    sort = Sort(position=token.position, terms=[])
    while True:
        descending = parser.at(">")
        if descending or parser.at("<"):
            parser.take()
        value = parser.expression(0)
        sort.terms.append(Term(value=value, descending=descending))
        ancestry.inherit(sort, value)
        if not parser.at(","):
            break
        parser.take()
    parser.take(")", operand_before=True)
    path = left if isinstance(left, Path) else Path(position=token.position, steps=[left])
    path.steps.append(sort)
    ancestry.resolve(path)
    return path


def bind(parser: "Parser", token: Token, left: Node) -> Node:
    if not _plain_variable(left):
        raise InvalidExpression("S0212", left.position, token=_word(left))
    value = parser.expression(POWERS[":="] - 1)
    node = Bind(position=token.position, name=left.name, value=value)  # type: ignore[attr-defined]  # a variable
    ancestry.inherit(node, value)
    return node


def _named(parser: "Parser", token: Token) -> str:
    """The variable that `@` or `#` binds."""
    right = parser.expression(POWERS[token.value])
    if not isinstance(right, Variable):
        raise InvalidExpression("S0214", right.position, token=token.value)
    return right.name


def focus(parser: "Parser", token: Token, left: Node) -> Node:
    name = _named(parser, token)
    step = left.steps[-1] if isinstance(left, Path) else left
    if step.stages or step.predicates:
        parser.remember(InvalidExpression("S0215", token.position))
    if isinstance(step, Sort):
        parser.remember(InvalidExpression("S0216", token.position))
    step.focus = name
    step.streams = True
    return left


def position(parser: "Parser", token: Token, left: Node) -> Node:
    name = _named(parser, token)
    if isinstance(left, Path):
        path = left
    else:
        path = Path(position=token.position, steps=[left])
        left.stages, left.predicates = [*left.predicates], []
    step = path.steps[-1]
    if step.stages:
        step.stages.append(Indexed(name))
    else:
        step.index = name
    step.streams = True
    return path


def condition(parser: "Parser", token: Token, left: Node) -> Node:
    then = parser.expression(0)
    otherwise = None
    if parser.at(":"):
        parser.take()
        otherwise = parser.expression(0)
    node = Condition(position=token.position, test=left, then=then, otherwise=otherwise)
    ancestry.inherit(node, left, then, otherwise)
    return node


def default(parser: "Parser", token: Token, left: Node) -> Node:
    otherwise = parser.expression(0)
    node = Default(position=token.position, value=left, otherwise=otherwise, missing=token.value == "??")
    ancestry.inherit(node, left, otherwise)
    return node


def apply(parser: "Parser", token: Token, left: Node) -> Node:
    right = parser.expression(POWERS["~>"])
    return Apply(position=token.position, left=left, right=right, keep=left.keep or right.keep)


def call(parser: "Parser", token: Token, left: Node) -> Node:
    arguments: list[Node | None] = []
    while not parser.at(")"):
        if parser.at("?"):
            parser.take()
            arguments.append(None)
        else:
            arguments.append(parser.expression(0))
        if not parser.at(","):
            break
        parser.take()
        if parser.at(")"):
            arguments.append(parser.expression(0))
    parser.take(")", operand_before=True)
    if _is_name(left, "function", "λ"):
        return _function(parser, token, arguments)
    given = [argument for argument in arguments if argument is not None]
    node: Node
    if len(given) < len(arguments):
        node = Partial(position=token.position, procedure=left, arguments=arguments)
    else:
        node = Call(position=token.position, procedure=left, arguments=given)
    ancestry.inherit(node, *given)
    return node


def _function(parser: "Parser", token: Token, arguments: list[Node | None]) -> Node:
    parameters: list[str] = []
    for number, argument in enumerate(arguments, 1):
        if argument is None or not _plain_variable(argument):
            position = token.position if argument is None else argument.position
            raise InvalidExpression("S0208", position, token=_word(argument), value=number)
        parameters.append(argument.name)  # type: ignore[attr-defined]  # a variable
    signature = _signature(parser) if parser.at("<") else None
    parser.take("{")
    body = parser.expression(0)
    parser.take("}")
    return Lambda(position=token.position, parameters=parameters, signature=signature, body=body)


def _signature(parser: "Parser") -> Signature:
    start, text, depth = parser.token.position, "<", 1
    while depth > 0 and not parser.at("{") and parser.token.kind != "end":
        parser.take()
        depth += parser.at("<") - parser.at(">")
        text += str(parser.token.value)
    parser.take(">")
    try:
        return Signature(text)
    except InvalidExpression as error:
        error.position = start + (error.position or 0)
        raise


def _chain_with(chain: Chain, operator: str) -> bool:
    """Whether a chain goes on with an operator: nothing hangs on it, and its own operators bind alike."""
    plain = not (chain.predicates or chain.keep or chain.group or chain.focus or chain.index)
    return plain and any(operator in alike and chain.links[0].operator in alike for alike in _CHAINS)


def _step(parser: "Parser", node: Node) -> Node:
    """A node as a step: a string names a field, any other literal is no step."""
    if not isinstance(node, Literal):
        return node
    if not isinstance(node.value, str):
        parser.remember(InvalidExpression("S0213", node.position, value=node.value))
        return node
    return Name(**{each.name: getattr(node, each.name) for each in fields(node)})


def _is_name(node: Node, *words: str) -> bool:
    return isinstance(node, Path) and len(node.steps) == 1 and getattr(node.steps[0], "value", None) in words


def _plain_variable(node: Node) -> bool:
    return isinstance(node, Variable) and not (node.predicates or node.group)


def _word(node: Node | None) -> str:
    """A word for a node within an error."""
    if isinstance(node, Path):
        node = node.steps[0]
    value = getattr(node, "value", None) or getattr(node, "name", None)
    return value if isinstance(value, str) else "" if value is None or isinstance(value, Node) else str(value)


INFIXES: Final[dict[str, Callable[["Parser", Token, Node], Node]]] = {
    **{operator: binary for alike in _CHAINS for operator in alike},
    **dict.fromkeys(_COMPARISONS, binary),
    ".": dot,
    "[": predicate,
    "{": group,
    "^": order,
    ":=": bind,
    "@": focus,
    "#": position,
    "?": condition,
    "?:": default,
    "??": default,
    "~>": apply,
    "(": call,
}
