"""The tree of a template: what the parser makes and the renderer walks.

One idea: nodes are frozen data without behaviour. Source text is kept only where rendering prints it.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Property:
    """`.name`"""

    name: str


@dataclass(frozen=True, slots=True)
class Method:
    """`.name(arguments)`"""

    name: str
    arguments: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Index:
    """`[key]`"""

    key: "Expression"


Step: TypeAlias = Property | Method | Index


@dataclass(frozen=True, slots=True)
class Reference:
    """`$name` and the steps behind it. `source` is how it was written; `escapes` counts the backslashes before it."""

    source: str
    name: str
    steps: tuple[Step, ...] = ()
    quiet: bool = False
    escapes: int = 0


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a boolean, null, or a string in which nothing is to be replaced."""

    value: Any


@dataclass(frozen=True, slots=True)
class Interpolated:
    """A string in double quotes that holds references or directives."""

    block: "Block"


@dataclass(frozen=True, slots=True)
class ListOf:
    """`[a, b]`"""

    items: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class RangeOf:
    """`[first..last]`, both ends included, counting up or down."""

    first: "Expression"
    last: "Expression"


@dataclass(frozen=True, slots=True)
class MapOf:
    """`{key: value}`"""

    pairs: tuple[tuple["Expression", "Expression"], ...]


@dataclass(frozen=True, slots=True)
class Not:
    """`!operand`"""

    operand: "Expression"


@dataclass(frozen=True, slots=True)
class Negative:
    """`-operand`"""

    operand: "Expression"


@dataclass(frozen=True, slots=True)
class Chain:
    """Operands of one precedence, joined from left to right: flat, so that a long sum is not a deep tree."""

    first: "Expression"
    rest: tuple[tuple[str, "Expression"], ...]


Expression: TypeAlias = Reference | Literal | Interpolated | ListOf | RangeOf | MapOf | Not | Negative | Chain


@dataclass(frozen=True, slots=True)
class Text:
    """Characters that render as they are."""

    text: str


@dataclass(frozen=True, slots=True)
class Set:
    """`#set(target = value)`"""

    target: Reference
    value: Expression


@dataclass(frozen=True, slots=True)
class If:
    """`#if … #elseif … #else … #end`: the first branch whose condition holds; a condition of None always does."""

    branches: tuple[tuple[Expression | None, "Block"], ...]


@dataclass(frozen=True, slots=True)
class Foreach:
    """`#foreach($name in items) … #end`"""

    name: str
    items: Expression
    block: "Block"


@dataclass(frozen=True, slots=True)
class Define:
    """`#define($name) … #end`: a block rendered anew wherever `$name` is printed."""

    name: str
    block: "Block"


@dataclass(frozen=True, slots=True)
class Macro:
    """`#macro(name $a $b) … #end`"""

    name: str
    parameters: tuple[str, ...]
    block: "Block"


@dataclass(frozen=True, slots=True)
class Call:
    """`#name(arguments)`, where `name` is a macro of the same template."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Break:
    """`#break`: leave the innermost #foreach."""


@dataclass(frozen=True, slots=True)
class Stop:
    """`#stop`: render nothing further."""


Node: TypeAlias = Text | Reference | Set | If | Foreach | Define | Macro | Call | Break | Stop
Block: TypeAlias = tuple[Node, ...]
