"""The tree of an expression: what the parser makes and the compiler reads.

One idea: anything may be a step of a path, so everything that may follow a step (predicates, a grouping, the binding of
its item or its position to a name) hangs on the node it follows. Knows no text and no values.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from freehold.engines.jsonata.signatures import Signature


@dataclass(slots=True, eq=False)
class Slot:
    """Where a `%` finds the parent: the step `level` steps up binds its input to `label`."""

    label: str
    level: int = 1


@dataclass(slots=True, eq=False, kw_only=True)
class Node:
    """Any expression. `position` is the character it stands at, `weight` how many tokens it has: what it may cost."""

    position: int
    weight: int = 1
    predicates: list["Filter"] = field(default_factory=list)
    group: "Object | None" = None
    keep: bool = False  # `[]` stands after it
    # What follows is of use to a step of a path only.
    stages: list["Filter | Indexed"] = field(default_factory=list)  # predicates of the step, within the path
    focus: str | None = None  # @$name
    index: str | None = None  # #$name
    ancestor: Slot | None = None  # a later % wants what this step was taken from
    streams: bool = False  # this step makes a stream of bindings
    seeking: list[Slot] = field(default_factory=list)  # parents wanted within that no step has been found for


@dataclass(slots=True, eq=False)
class Filter:
    """`[condition]`, or `[position]`."""

    condition: Node


@dataclass(slots=True, eq=False)
class Indexed:
    """`#$name` after a predicate."""

    name: str


@dataclass(slots=True, eq=False, kw_only=True)
class Literal(Node):
    value: Any


@dataclass(slots=True, eq=False, kw_only=True)
class Name(Node):
    value: str


@dataclass(slots=True, eq=False, kw_only=True)
class Wildcard(Node):
    """`*`"""


@dataclass(slots=True, eq=False, kw_only=True)
class Descendants(Node):
    """`**`"""


@dataclass(slots=True, eq=False, kw_only=True)
class Parent(Node):
    """`%`"""

    slot: Slot


@dataclass(slots=True, eq=False, kw_only=True)
class Variable(Node):
    """`$name`; `$` has the empty name, `$$` the name `$`."""

    name: str


@dataclass(slots=True, eq=False, kw_only=True)
class Regex(Node):
    pattern: str
    flags: str


@dataclass(slots=True, eq=False, kw_only=True)
class Negation(Node):
    operand: Node


@dataclass(slots=True, eq=False, kw_only=True)
class Array(Node):
    """`[a, b]`. `constructed`: it is the first or last step of a path, and the path does not take it apart."""

    items: list[Node]
    constructed: bool = False


@dataclass(slots=True, eq=False, kw_only=True)
class Object(Node):
    """`{key: value, ...}`, alone or as a grouping."""

    pairs: list[tuple[Node, Node]]


@dataclass(slots=True, eq=False)
class Link:
    """One operator of a chain with its right operand."""

    operator: str
    operand: Node
    position: int


@dataclass(slots=True, eq=False, kw_only=True)
class Chain(Node):
    """`a + b - c`: operators that bind alike, one after another from the left."""

    first: Node
    links: list[Link]


@dataclass(slots=True, eq=False, kw_only=True)
class Condition(Node):
    """`test ? then : otherwise`"""

    test: Node
    then: Node
    otherwise: Node | None


@dataclass(slots=True, eq=False, kw_only=True)
class Default(Node):
    """`value ?: otherwise` (unless true), and with `missing` `value ?? otherwise` (unless it exists)."""

    value: Node
    otherwise: Node
    missing: bool


@dataclass(slots=True, eq=False, kw_only=True)
class Block(Node):
    """`(a; b)`"""

    items: list[Node]


@dataclass(slots=True, eq=False, kw_only=True)
class Bind(Node):
    """`$name := value`"""

    name: str
    value: Node


@dataclass(slots=True, eq=False, kw_only=True)
class Call(Node):
    procedure: Node
    arguments: list[Node]


@dataclass(slots=True, eq=False, kw_only=True)
class Partial(Node):
    """A call with `?` for some arguments, which are None here."""

    procedure: Node
    arguments: list[Node | None]


@dataclass(slots=True, eq=False, kw_only=True)
class Lambda(Node):
    parameters: list[str]
    signature: Signature | None
    body: Node


@dataclass(slots=True, eq=False, kw_only=True)
class Apply(Node):
    """`left ~> right`"""

    left: Node
    right: Node


@dataclass(slots=True, eq=False, kw_only=True)
class Transform(Node):
    """`| pattern | update, delete |`"""

    pattern: Node
    update: Node
    delete: Node | None


@dataclass(slots=True, eq=False, kw_only=True)
class Term:
    """One criterion of an order."""

    value: Node
    descending: bool


@dataclass(slots=True, eq=False, kw_only=True)
class Sort(Node):
    """`^(a, >b)`, a step of a path."""

    terms: list[Term]


@dataclass(slots=True, eq=False, kw_only=True)
class Path(Node):
    """Steps. `keep_step`: one of them says `[]`. A predicate after a path hangs on its last step."""

    steps: list[Node]
    keep_step: bool = False


def is_bare(node: Node) -> bool:
    """Whether neither predicates nor a grouping nor `[]` stand after a node."""
    return not (node.predicates or node.group or node.keep)


def parts(node: Node) -> Iterator[Node]:
    """The nodes within a node, one level down."""
    for each in (*node.predicates, *node.stages):
        if isinstance(each, Filter):
            yield each.condition
    if node.group is not None:
        yield node.group
    for name in _PARTS[type(node)]:
        yield from _nodes(getattr(node, name))


def _nodes(value: Any) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _nodes(item)
    elif isinstance(value, Link):
        yield value.operand
    elif isinstance(value, Term):
        yield value.value


_PARTS: dict[type[Node], tuple[str, ...]] = {
    kind: tuple(each.name for each in fields(kind) if each.name not in Node.__dataclass_fields__)
    for kind in Node.__subclasses__()
}
