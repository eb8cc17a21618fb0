"""Regular expressions in Python's syntax, and what they may cost there.

One idea: the worst case of a backtracking matcher is the product of the ways each repeat and each choice can go, as
long as none of them stands within another; then it is known beforehand, else it is said to be without bound.
"""

import math
import re

from freehold.engines.regex.tree import (
    Back,
    Choice,
    Edge,
    Group,
    Look,
    Node,
    Range,
    Repeat,
    Sequence,
    Set,
    nullable,
)

_LINE_END = "[\\n\\r\\u2028\\u2029]"
_WORD = "[A-Za-z0-9_]"
_EDGES = {
    "^": r"\A",
    "$": r"\Z",
    "b": f"(?:(?<={_WORD})(?!{_WORD})|(?<!{_WORD})(?={_WORD}))",
    "B": f"(?:(?<={_WORD})(?={_WORD})|(?<!{_WORD})(?!{_WORD}))",
}
_LINE_EDGES = {"^": rf"(?:\A|(?<={_LINE_END}))", "$": rf"(?:\Z|(?={_LINE_END}))"}


def ways(node: Node, length: int) -> float:
    """In how many ways a node can be tried at one place of a string of some length, at most; infinite if unknown."""
    if isinstance(node, Set | Edge):
        return 1
    if isinstance(node, Sequence):
        return math.prod(ways(item, length) for item in node.items)
    if isinstance(node, Choice):
        return sum(ways(option, length) for option in node.options)
    if isinstance(node, Group):
        return ways(node.item, length)
    if isinstance(node, Repeat):
        if ways(node.item, length) > 1 or nullable(node.item):
            return math.inf
        return max(0, min(length, length if node.most is None else node.most) - node.least) + 1
    return math.inf


def translate(node: Node, flags: str) -> re.Pattern[str]:
    """The pattern for Python, of a node whose `ways` are not infinite."""
    edges = {**_EDGES, **(_LINE_EDGES if "m" in flags else {})}
    return re.compile(_text(node, edges), re.IGNORECASE if "i" in flags else 0)


def _text(node: Node, edges: dict[str, str]) -> str:
    if isinstance(node, Set):
        return _set(node)
    if isinstance(node, Sequence):
        return "".join(_text(item, edges) for item in node.items)
    if isinstance(node, Choice):
        return "(?:" + "|".join(_text(option, edges) for option in node.options) + ")"
    if isinstance(node, Group):
        return f"({_text(node.item, edges)})"
    if isinstance(node, Edge):
        return edges[node.kind]
    if isinstance(node, Repeat):
        most = "" if node.most is None else node.most
        return f"(?:{_text(node.item, edges)}){{{node.least},{most}}}{'' if node.greedy else '?'}"
    assert not isinstance(node, Back | Look)  # these have infinite ways
    raise AssertionError(node)


def _set(node: Set) -> str:
    if not node.ranges:
        return r"[\s\S]" if node.negated else r"(?!)"
    return f"[{'^' if node.negated else ''}{''.join(map(_range, node.ranges))}]"


def _range(ends: Range) -> str:
    low, high = ends
    return f"\\U{low:08x}" if low == high else f"\\U{low:08x}-\\U{high:08x}"
