"""Forms: dotted names and text, directed by shapes, as the query protocols send requests.

One idea: `A.member.1.B=x` first becomes a tree of dicts, and then a shape reads the tree. Lists and maps are taken with
or without their wrappers, as AWS takes them. It may not know HTTP.
Specification: Smithy 2.0, "AWS query protocol", "AWS EC2 query protocol".
"""

from collections.abc import Callable, Iterable
from typing import Any

from freehold.wire.codecs import texts
from freehold.wire.models import Member, Shape

Node = str | dict[str, Any]
Read = Callable[[Node], Any]
Names = Callable[[Member, str], tuple[str, ...]]
TEXT = ""  # where a node keeps its own text, if it also has branches


def tree(fields: Iterable[tuple[str, str]]) -> dict[str, Node]:
    """The tree of a form's fields."""
    root: dict[str, Node] = {}
    for name, text in fields:
        node: dict[str, Any] = root
        *path, last = name.split(".")
        for step in path:
            below = node.get(step)
            if not isinstance(below, dict):
                below = node[step] = {} if below is None else {TEXT: below}
            node = below
        if isinstance(node.get(last), dict):
            node[last][TEXT] = text
        else:
            node[last] = text
    return root


def query_names(use: Member, name: str) -> tuple[str, ...]:
    """What a member may be called in the query protocol. A flattened list may go by its item's name."""
    usual = use.query_name or use.location_name or name
    item = use.target.member
    other = (item.query_name or item.location_name) if item and use.flattened else ""
    return (usual, other) if other else (usual,)


def ec2_names(use: Member, name: str) -> tuple[str, ...]:
    """What a member may be called in the ec2 protocol: its queryName, or its name with a capital."""
    if use.query_name:
        return (use.query_name,)
    usual = use.location_name or name
    return (usual[0].upper() + usual[1:], name)


class Reader:
    """Compiles shapes to what reads a node; `names` tells what a member may be called. ValueError if text is amiss."""

    def __init__(self, names: Names):
        self.names = names
        self._structures: dict[str, Read] = {}

    def structure(self, shape: Shape) -> Read:
        """What reads a structure's node."""
        if shape.name not in self._structures:
            fields: list[tuple[str, tuple[str, ...], Read]] = []
            self._structures[shape.name] = _structure(fields)
            fields += [(name, self.names(use, name), self._node(use)) for name, use in shape.members.items()]
        return self._structures[shape.name]

    def _node(self, use: Member) -> Read:
        shape = use.target
        if shape.type == "structure":
            return self.structure(shape)
        if shape.type == "list" and shape.member:
            return _list(self._node(shape.member), self.names(shape.member, "member")[0])
        if shape.type == "map" and shape.key and shape.value:
            key, value = self.names(shape.key, "key")[0], self.names(shape.value, "value")[0]
            return _map(self._node(shape.key), self._node(shape.value), key, value)
        read = texts.reader(use)
        return lambda node: read(node if isinstance(node, str) else node.get(TEXT, ""))


def _structure(fields: list[tuple[str, tuple[str, ...], Read]]) -> Read:
    def read(node: Node) -> dict[str, Any]:
        if isinstance(node, str):
            return {}
        made = {}
        for name, called, read_member in fields:
            found = next((node[each] for each in called if each in node), None)
            if found is not None:
                made[name] = read_member(found)
        return made

    return read


def _list(read_item: Read, wrapper: str) -> Read:
    def read(node: Node) -> list:
        if isinstance(node, str):
            return [read_item(node)] if node else []
        return [read_item(item) for item in _numbered(node, wrapper)]

    return read


def _map(read_key: Read, read_value: Read, key: str, value: str) -> Read:
    def read(node: Node) -> dict:
        entries = [] if isinstance(node, str) else _numbered(node, "entry")
        whole = [entry for entry in entries if isinstance(entry, dict) and key in entry and value in entry]
        return {read_key(entry[key]): read_value(entry[value]) for entry in whole}

    return read


def _numbered(node: dict[str, Any], wrapper: str) -> list[Node]:
    """The branches 1, 2, 3 … of a node, or of its wrapper, in that order. Gaps are of no account."""
    inside = node.get(wrapper)
    numbered = inside if isinstance(inside, dict) else node
    return [numbered[at] for at in sorted((at for at in numbered if at.isdecimal()), key=int)]
