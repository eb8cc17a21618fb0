"""What an expression says, as data: the trees the parser makes, with #names and :values not yet looked up.

One idea: trees are shared by all requests that send the same text, so they hold nothing of any one request. A path part
that begins with "#" is a placeholder, for no plain name can; an int is a place in a list. It knows no values.
"""

from typing import NamedTuple

from freehold.engines.expressions.paths import Path

CONDITION_FUNCTIONS = {
    "attribute_exists": 1,
    "attribute_not_exists": 1,
    "attribute_type": 2,
    "begins_with": 2,
    "contains": 2,
    "size": 1,
}
UPDATE_FUNCTIONS = {"if_not_exists": 2, "list_append": 2}
ARITHMETIC = ("+", "-")
COMPARATORS = ("=", "<>", "<", "<=", ">", ">=")


class PathNode(NamedTuple):
    """A document path: a.#b[0]."""

    path: Path


class ValueNode(NamedTuple):
    """A placeholder for a value: ":v"."""

    name: str


class Call(NamedTuple):
    """A function and its operands. Arithmetic is a call of "+" or "-"."""

    name: str
    args: "tuple[Operand, ...]"


class Comparison(NamedTuple):
    """One of COMPARATORS, "BETWEEN" or "IN", its left operand first."""

    operator: str
    args: "tuple[Operand, ...]"


class Logic(NamedTuple):
    """ "AND" and "OR" of two or more, "NOT" of one."""

    operator: str
    args: "tuple[Node, ...]"


Operand = PathNode | ValueNode | Call
Node = Operand | Comparison | Logic


class Action(NamedTuple):
    """One change: in section "SET" to any operand, in "ADD" and "DELETE" by a value, in "REMOVE" by nothing."""

    section: str
    path: Path
    operand: Operand | None


class UpdateTree(NamedTuple):
    """The actions of an update expression; its placeholders and calls in the order of the text, calls inner first."""

    actions: tuple[Action, ...]
    aliases: tuple[str, ...]
    values: tuple[str, ...]
    calls: tuple[Call, ...]
