"""Document paths: where in an item something lies, and many paths at once as one tree.

One idea: paths that do not overlap are a tree, and reading, projecting and rebuilding an item are walks along it. A
path is a tuple, an attribute name first, then names of map entries and places in lists. It knows nothing of
expressions' text.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from freehold.engines.expressions.errors import ConflictingPaths, OverlappingPaths, PathNotInItem
from freehold.engines.expressions.values import AttributeValue, Item

Path = tuple[str | int, ...]
Tree = dict[Any, Any]  # part → Tree, or → Leaf where a path ends
Edit = Callable[[Any, AttributeValue | None], AttributeValue | None]


class Leaf(NamedTuple):
    """The end of a path, and what is to be done there."""

    path: Path
    edit: Edit | None = None


def path_text(path: Path) -> str:
    """A path as AWS writes it in messages: [a, [1], b]."""
    return "[" + ", ".join(f"[{part}]" if isinstance(part, int) else part for part in path) + "]"


def read(item: Item, path: Path) -> AttributeValue | None:
    """The value at `path`, or None."""
    value = item.get(path[0])  # type: ignore[arg-type]  # the first part is always a name
    for part in path[1:]:
        if value is None:
            return None
        if isinstance(part, str):
            value = value.get("M", {}).get(part)
        else:
            elements = value.get("L", ())
            value = elements[part] if part < len(elements) else None
    return value


def plant(leaves: Iterable[Leaf], kind: str) -> Tree:
    """The tree of `leaves`. Raises OverlappingPaths where one path is or holds another, else ConflictingPaths where one
    takes for a list what another takes for a map."""
    tree: Tree = {}
    conflict: ConflictingPaths | None = None
    for leaf in leaves:
        node = tree
        for depth, part in enumerate(leaf.path):
            if node and type(next(iter(node))) is not type(part):
                other = _first_leaf(node)
                conflict = conflict or ConflictingPaths(kind=kind, one=path_text(other.path), two=path_text(leaf.path))
                break
            last = depth == len(leaf.path) - 1
            met = node.get(part)
            if met is not None and (last or isinstance(met, Leaf)):
                other = _first_leaf(met)
                raise OverlappingPaths(kind=kind, one=path_text(other.path), two=path_text(leaf.path))
            node = node.setdefault(part, leaf if last else {})
    if conflict:
        raise conflict
    return tree


def _first_leaf(node: Tree | Leaf) -> Leaf:
    while not isinstance(node, Leaf):
        node = next(iter(node.values()))
    return node


def pick(item: Item, tree: Tree) -> Item:
    """What lies at the paths of `tree`, in its place; elements picked from a list close up, absent ones go missing."""
    picked = {}
    for name, node in tree.items():
        value = _pick_value(item.get(name), node)
        if value is not None:
            picked[name] = value
    return picked


def _pick_value(value: AttributeValue | None, node: Tree | Leaf) -> AttributeValue | None:
    if value is None or isinstance(node, Leaf):
        return value
    if isinstance(next(iter(node)), str):
        entries = pick(value.get("M", {}), node)
        return {"M": entries} if entries else None
    elements = value.get("L", ())
    places = (place for place in sorted(node) if place < len(elements))
    picked = [found for place in places if (found := _pick_value(elements[place], node[place])) is not None]
    return {"L": picked} if picked else None


def rebuild(item: Item, tree: Tree, sight: Any) -> Item:
    """A new item with every edit of `tree` done; `item` stays as it is, and parts not on a path are shared.

    An edit is given the `sight` and the value at its path (or None), and gives the value to stand there (or None).
    All edits see the item as it was, so the order of actions does not matter. Raises PathNotInItem, and as edits do.
    """
    return _rebuild_map(item, tree, sight)


def _rebuild_map(entries: Item, tree: Tree, sight: Any) -> Item:
    rebuilt = dict(entries)
    for name, node in tree.items():
        value = _rebuild_value(entries.get(name), node, sight)
        if value is None:
            rebuilt.pop(name, None)
        else:
            rebuilt[name] = value
    return rebuilt


def _rebuild_list(elements: list[AttributeValue], tree: Tree, sight: Any) -> list[AttributeValue]:
    """Places count in the list as it was; what is set beyond its end is appended, in the order of places."""
    rebuilt: list[AttributeValue | None] = list(elements)
    for place in sorted(tree):
        inside = place < len(elements)
        value = _rebuild_value(elements[place] if inside else None, tree[place], sight)
        if inside:
            rebuilt[place] = value
        else:
            rebuilt.append(value)
    return [value for value in rebuilt if value is not None]


def _rebuild_value(value: AttributeValue | None, node: Tree | Leaf, sight: Any) -> AttributeValue | None:
    if isinstance(node, Leaf):
        return node.edit(sight, value) if node.edit else value
    kind, rebuild_content = _CONTAINERS[type(next(iter(node)))]
    if value is None or kind not in value:
        raise PathNotInItem()
    return {kind: rebuild_content(value[kind], node, sight)}


_CONTAINERS: dict[type, tuple[str, Callable[[Any, Tree, Any], Any]]] = {
    str: ("M", _rebuild_map),
    int: ("L", _rebuild_list),
}
