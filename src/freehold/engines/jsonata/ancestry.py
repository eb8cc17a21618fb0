"""Parents: which step of a path a `%` means.

One idea: every `%` opens a slot that travels up the tree from where it stands until it meets, step by step backwards,
the step whose input is the parent it asks for; that step then binds its input to the slot's label. Knows only the tree.
"""

from freehold.engines.jsonata.errors import InvalidExpression
from freehold.engines.jsonata.syntax import Block, Name, Node, Parent, Path, Slot, Wildcard


def inherit(node: Node, *parts: Node | None) -> None:
    """Let a node seek the parents that its parts have not found."""
    for part in parts:
        if part is not None:
            node.seeking += sought_by(part)


def sought_by(node: Node) -> list[Slot]:
    """The slots a node seeks, its own included if it is a `%`."""
    return [*node.seeking, node.slot] if isinstance(node, Parent) else node.seeking


def seek(node: Node, slot: Slot) -> None:
    """Look for the slot's step in a step, going one level up; the slot's level is 0 when it was found."""
    if isinstance(node, Name | Wildcard):
        slot.level -= 1
        if slot.level == 0:
            if node.ancestor is not None:
                slot.label = node.ancestor.label
            node.ancestor = slot
            node.streams = True
    elif isinstance(node, Parent):
        slot.level += 1
    elif isinstance(node, Block):
        if node.items:
            node.streams = True
            seek(node.items[-1], slot)
    elif isinstance(node, Path):
        node.streams = True
        for step in reversed(node.steps):
            seek(step, slot)
            if slot.level == 0:
                break
    else:
        raise InvalidExpression("S0217", node.position, token=type(node).__name__.lower())


def resolve(path: Path) -> None:
    """Find the steps for the parents that the last step of a path seeks; what is not found the path seeks itself."""
    for slot in sought_by(path.steps[-1]):
        index = len(path.steps) - 2
        while slot.level > 0:
            if index < 0:
                path.seeking.append(slot)
                break
            step = path.steps[index]
            index -= 1
            while index >= 0 and step.focus is not None and path.steps[index].focus is not None:
                step = path.steps[index]  # steps that bind their items one after another are taken from the same parent
                index -= 1
            seek(step, slot)


def resolve_predicate(step: Node, condition: Node) -> None:
    """A predicate stands one level below its step: find its parents there, or let the step seek them."""
    if condition.seeking:
        for slot in condition.seeking:
            if slot.level == 1:
                seek(step, slot)
            else:
                slot.level -= 1
        inherit(step, condition)
