"""What a statement says, as data. Conditions and updates are trees of the expression languages, whose ":0", ":1" are
the statement's own `terms`, in the order of the text.

It may not know what the terms are worth.
"""

from typing import NamedTuple

from freehold.engines.expressions.paths import Path
from freehold.engines.expressions.syntax import Node, UpdateTree
from freehold.engines.expressions.values import AttributeValue


class Literal(NamedTuple):
    """A value written out."""

    value: AttributeValue


class Parameter(NamedTuple):
    """A question mark, the `place`-th of the statement."""

    place: int


class ListTerm(NamedTuple):
    elements: "tuple[Term, ...]"


class SetTerm(NamedTuple):
    members: "tuple[Term, ...]"


class TupleTerm(NamedTuple):
    entries: "tuple[tuple[str, Term], ...]"


Term = Literal | Parameter | ListTerm | SetTerm | TupleTerm


class Statement(NamedTuple):
    """What all statements have: a table (an index of it, "" if none), terms, and how many parameters they ask for."""

    action: "Select | Insert | Update | Delete | Exists"
    table: str
    index_name: str
    terms: tuple[Term, ...]
    parameters: int


class Select(NamedTuple):
    """`columns` empty for all attributes; `order` holds attribute names and whether each is descending."""

    columns: tuple[Path, ...]
    where: Node | None
    order: tuple[tuple[str, bool], ...] = ()


class Insert(NamedTuple):
    item: Term


class Update(NamedTuple):
    tree: UpdateTree
    where: Node
    returning: str


class Delete(NamedTuple):
    where: Node
    returning: str


class Exists(NamedTuple):
    """A condition that a transaction checks."""

    where: Node | None
