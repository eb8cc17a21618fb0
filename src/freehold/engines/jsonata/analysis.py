"""What can be said of an expression without evaluating it: the variables it wants, and whether it reads the input.

One idea: both are questions about where a name stands, so one walk down the tree carries the names given so far,
another whether the context is still the input. Knows only the tree.
"""

from freehold.engines.jsonata.syntax import (
    Bind,
    Block,
    Descendants,
    Filter,
    Lambda,
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


def free_names(tree: Node) -> frozenset[str]:
    """The variables an expression refers to and does not bind before, the context `$` and the input `$$` left out."""
    wanted: set[str] = set()
    _seek_names(tree, {"", "$"}, wanted)
    return frozenset(wanted)


def _seek_names(node: Node, given: set[str], wanted: set[str]) -> None:
    """Add the names wanted in a node to `wanted`, and those it binds in the scope around it to `given`."""
    if isinstance(node, Variable) and node.name not in given:
        wanted.add(node.name)
    inner = given
    if isinstance(node, Block):
        inner = {*given}
    elif isinstance(node, Lambda):
        inner = {*given, *node.parameters}
    elif isinstance(node, Path) and (bound := [name for step in node.steps for name in _names_of_step(step)]):
        inner = {*given, *bound}
    for part in parts(node):
        _seek_names(part, inner, wanted)
    if isinstance(node, Bind):
        given.add(node.name)


def _names_of_step(step: Node) -> list[str]:
    names = [step.focus, step.index, *(getattr(stage, "name", None) for stage in step.stages)]
    return [name for name in names if name is not None]


def reads_input(tree: Node) -> bool:
    """Whether an expression reads its input: a field name or `$` where the input is the context, or `$$` anywhere."""
    return _reads(tree, True)


def _reads(node: Node, at_root: bool) -> bool:
    """`at_root`: the context of the node is the input."""
    if isinstance(node, Variable) and (node.name == "$" or (at_root and not node.name)):
        return True
    if at_root and isinstance(node, Name | Wildcard | Descendants | Parent):
        return True
    if any(_reads(part, False) for part in _behind(node)):
        return True
    if isinstance(node, Path):
        return any(_reads(step, at_root and number == 0) for number, step in enumerate(node.steps))
    behind = {id(part) for part in _behind(node)}
    inner = at_root and not isinstance(node, Sort | Transform)
    return any(_reads(part, inner) for part in parts(node) if id(part) not in behind)


def _behind(node: Node) -> list[Node]:
    """The predicates and the grouping after a node, whose context is what the node found."""
    filters = [each.condition for each in (*node.predicates, *node.stages) if isinstance(each, Filter)]
    return filters if node.group is None else [*filters, node.group]
