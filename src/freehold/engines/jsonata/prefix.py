"""Prefixes: what an operator means where an operand is wanted.

One idea: each is a function from the parser, which stands behind the operator, to the node it reads. Knows no infix.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from freehold.engines.jsonata import ancestry
from freehold.engines.jsonata.errors import InvalidExpression
from freehold.engines.jsonata.syntax import (
    Array,
    Block,
    Chain,
    Descendants,
    Link,
    Literal,
    Negation,
    Node,
    Object,
    Parent,
    Slot,
    Transform,
    Wildcard,
)
from freehold.engines.jsonata.tokens import Token

if TYPE_CHECKING:
    from freehold.engines.jsonata.parser import Parser


PARENTS_MAX: Final = 200  # how many `%` one expression may have; each is looked for through the path before it


def negation(parser: "Parser", token: Token) -> Node:
    operand = parser.expression(70)
    if isinstance(operand, Literal) and type(operand.value) in (int, float):
        operand.value = -operand.value
        return operand
    node = Negation(position=token.position, operand=operand)
    ancestry.inherit(node, operand)
    return node


def wildcard(parser: "Parser", token: Token) -> Node:
    return Wildcard(position=token.position)


def descendants(parser: "Parser", token: Token) -> Node:
    return Descendants(position=token.position)


def parent(parser: "Parser", token: Token) -> Node:
    parser.slots += 1
    if parser.slots > PARENTS_MAX:
        raise InvalidExpression("S0501", token.position)
    return Parent(position=token.position, slot=Slot(f"!{parser.slots}"))


def block(parser: "Parser", token: Token) -> Node:
    items: list[Node] = []
    while not parser.at(")"):
        items.append(parser.expression(0))
        if not parser.at(";"):
            break
        parser.take()
    parser.take(")", operand_before=True)
    node = Block(position=token.position, items=items)
    ancestry.inherit(node, *items)
    return node


def array(parser: "Parser", token: Token) -> Node:
    items: list[Node] = []
    while not parser.at("]"):
        item = parser.expression(0)
        if parser.at(".."):
            position = parser.token.position
            parser.take()
            item = _range(position, item, parser.expression(0))
        items.append(item)
        if not parser.at(","):
            break
        parser.take()
        if parser.at("]"):  # the grammar has no trailing comma
            items.append(parser.expression(0))
    parser.take("]", operand_before=True)
    node = Array(position=token.position, items=items)
    ancestry.inherit(node, *items)
    return node


def object_(parser: "Parser", token: Token) -> Object:
    node = pairs(parser, token)
    for pair in node.pairs:
        ancestry.inherit(node, *pair)
    return node


def pairs(parser: "Parser", token: Token) -> Object:
    """The inside of an object constructor, up to its closing brace."""
    found: list[tuple[Node, Node]] = []
    while not parser.at("}"):
        key = parser.expression(0)
        parser.take(":")
        found.append((key, parser.expression(0)))
        if not parser.at(","):
            break
        parser.take()
        if parser.at("}"):
            parser.expression(0)
    parser.take("}", operand_before=True)
    return Object(position=token.position, pairs=found)


def transform(parser: "Parser", token: Token) -> Node:
    pattern = parser.expression(0)
    parser.take("|")
    update = parser.expression(0)
    delete = None
    if parser.at(","):
        parser.take()
        delete = parser.expression(0)
    parser.take("|", operand_before=True)
    return Transform(position=token.position, pattern=pattern, update=update, delete=delete)


def _range(position: int, first: Node, last: Node) -> Node:
    node = Chain(position=position, first=first, links=[Link("..", last, position)])
    ancestry.inherit(node, first, last)
    return node


PREFIXES: Final[dict[str, Callable[["Parser", Token], Node]]] = {
    "-": negation,
    "*": wildcard,
    "**": descendants,
    "%": parent,
    "(": block,
    "[": array,
    "{": object_,
    "|": transform,
}
