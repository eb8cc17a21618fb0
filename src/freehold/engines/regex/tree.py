"""The tree of a regular expression.

One idea: a character, a class and a dot are all a Set. Knows no string to match.
"""

from dataclasses import dataclass, field
from typing import Final

Range = tuple[int, int]

LAST: Final = 0x10FFFF
DIGITS: Final[tuple[Range, ...]] = ((0x30, 0x39),)
WORD: Final[tuple[Range, ...]] = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
SPACES: Final[tuple[Range, ...]] = (
    (0x09, 0x0D), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F),
    (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF),
)  # fmt: skip
LINE_ENDS: Final[tuple[Range, ...]] = ((0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029))


def inverse(ranges: tuple[Range, ...]) -> tuple[Range, ...]:
    """All other characters."""
    found, start = [], 0
    for low, high in sorted(ranges):
        if low > start:
            found.append((start, low - 1))
        start = max(start, high + 1)
    return (*found, (start, LAST)) if start <= LAST else tuple(found)


class Node:
    """Any part of a pattern."""

    __slots__ = ()


@dataclass(slots=True)
class Set(Node):
    """One character of some ranges, or with `negated` one of no range."""

    ranges: tuple[Range, ...]
    negated: bool = False


@dataclass(slots=True)
class Sequence(Node):
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Choice(Node):
    options: list[Node]


@dataclass(slots=True)
class Repeat(Node):
    """`most` None: without end. `groups`: the captures within, first and last, which each round begins without."""

    item: Node
    least: int
    most: int | None
    greedy: bool
    groups: Range


@dataclass(slots=True)
class Group(Node):
    """A capture, numbered from 1."""

    item: Node
    number: int


@dataclass(slots=True)
class Edge(Node):
    """`^`, `$`, `b` (the edge of a word) or `B` (no edge of a word)."""

    kind: str


@dataclass(slots=True)
class Look(Node):
    """What stands ahead, or behind, is or is not this."""

    item: Node
    behind: bool
    negative: bool


@dataclass(slots=True)
class Back(Node):
    """The text of a capture once more."""

    number: int


def nullable(node: Node) -> bool:
    """Whether a node can match the empty string."""
    if isinstance(node, Set):
        return False
    if isinstance(node, Sequence):
        return all(map(nullable, node.items))
    if isinstance(node, Choice):
        return any(map(nullable, node.options))
    if isinstance(node, Repeat):
        return node.least == 0 or nullable(node.item)
    return nullable(node.item) if isinstance(node, Group) else True
