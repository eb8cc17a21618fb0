"""What a query takes from where Step Functions gives it nothing: there is no input, and no error but in a Catch.

One idea: a name is taken from the input where it stands at the top of the expression, outside of every path, predicate
and grouping. It reads JSONata's tree, and evaluates nothing.
"""

import re
from collections.abc import Iterator

from freehold.engines.jsonata.parser import parse
from freehold.engines.jsonata.syntax import (
    Descendants,
    Name,
    Node,
    Parent,
    Path,
    Sort,
    Transform,
    Variable,
    Wildcard,
    parts,
)

ERROR_OUTPUT = re.compile(r"\$states\s*\.\s*errorOutput\b")
SIGNS: tuple[tuple[type[Node], str], ...] = ((Wildcard, "*"), (Descendants, "**"), (Parent, "%"))


def names(text: str) -> list[str]:
    """The names, each once, that an expression takes from its input."""
    return list(dict.fromkeys(_names(parse(text), at_top=True)))


def _names(node: Node, at_top: bool) -> Iterator[str]:
    own = _own(node, at_top)
    if own is not None:
        yield own
    conditions = [stage.condition for stage in (*node.predicates, *node.stages) if hasattr(stage, "condition")]
    around = [*conditions, *([node.group] if node.group is not None else [])]
    apart = {id(part) for part in around}
    for part in around:
        yield from _names(part, at_top=False)
    if isinstance(node, Path):
        for number, step in enumerate(node.steps):
            yield from _names(step, at_top and number == 0)
        return
    inner = at_top and not isinstance(node, Sort | Transform)
    for part in parts(node):
        if id(part) not in apart:
            yield from _names(part, inner)


def _own(node: Node, at_top: bool) -> str | None:
    """What the node itself takes from the input."""
    if isinstance(node, Variable):
        if node.name == "$":
            return "$$"
        return "$" if at_top and node.name == "" else None
    if not at_top:
        return None
    if isinstance(node, Name):
        return node.value
    return next((sign for kind, sign in SIGNS if isinstance(node, kind)), None)
