"""Requests and responses as plain trees of dicts, lists and scalars: JSON and CBOR.

One idea: a shape compiles to one closure that walks a value beside it, in either direction. A leaf whose Python type is
already right costs one comparison and no call, and so does, on its way out, what rooms keep as it is written. Unknown
members are dropped and null ones are absent; null items of lists and maps stay, for validation to judge. Integers
beyond 64 bits arrive as floats and leave as integers again; no modelled integer is that wide, and DynamoDB's numbers
are text.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from freehold.wire.models import Member, Shape

Translate = Callable[[Any], Any]
Leaf = tuple[type | None, Translate]  # a value of exactly this type needs no translation


class Direction(NamedTuple):
    """Which way values go: the leaves of each scalar type, and what to raise for a value of the wrong form."""

    inward: bool
    leaf: Callable[[Member], Leaf]
    wrong: Callable[[Any, str], Exception]


class Compiler:
    """Compiles shapes in one direction, each structure once."""

    def __init__(self, direction: Direction):
        self.direction = direction
        self._structures: dict[str, Translate] = {}

    def leaf(self, use: Member) -> Leaf:
        """The translation of any use of a shape, and the type it leaves alone."""
        shape = use.target
        if shape.type == "structure":
            return self._plain(dict if shape.kept else None), self.structure(shape)
        if shape.type == "list":
            assert shape.member
            return None, self._list(self.leaf(shape.member))
        if shape.type == "map":
            assert shape.value
            leaf = self.leaf(shape.value)
            return self._plain(dict if leaf[0] is dict else None), self._map(leaf)
        return self.direction.leaf(use)

    def _plain(self, kind: type | None) -> type | None:
        return None if self.direction.inward else kind

    def structure(self, shape: Shape) -> Translate:
        """The translation of a structure with all its members."""
        if shape.document:
            return _same
        if shape.name not in self._structures:
            fields: dict[str, tuple[str, type | None, Translate]] = {}
            self._structures[shape.name] = self._structure(fields)
            self._fill(fields, shape.members)
        return self._structures[shape.name]

    def members(self, members: Mapping[str, Member]) -> Translate:
        """The translation of a structure of these members alone."""
        fields: dict[str, tuple[str, type | None, Translate]] = {}
        self._fill(fields, members)
        return self._structure(fields)

    def _fill(self, fields: dict[str, tuple[str, type | None, Translate]], members: Mapping[str, Member]) -> None:
        for name, use in members.items():
            if not use.target.eventstream:
                outside = use.location_name or name
                before, after = (outside, name) if self.direction.inward else (name, outside)
                fields[before] = (after, *self.leaf(use))

    def _structure(self, fields: dict[str, tuple[str, type | None, Translate]]) -> Translate:
        wrong, find = self.direction.wrong, fields.get

        def translate(value: Any) -> dict[str, Any]:
            if type(value) is not dict:
                raise wrong(value, "structure")
            made = {}
            for name, item in value.items():
                field = find(name)
                if field is not None and item is not None:
                    after, plain, change = field
                    made[after] = item if type(item) is plain else change(item)
            return made

        return translate

    def _list(self, leaf: Leaf) -> Translate:
        wrong, (plain, change) = self.direction.wrong, leaf

        def translate(value: Any) -> list:
            if type(value) is not list and not isinstance(value, (list, tuple)):
                raise wrong(value, "list")
            return [item if type(item) is plain or item is None else change(item) for item in value]

        return translate

    def _map(self, leaf: Leaf) -> Translate:
        wrong, (plain, change) = self.direction.wrong, leaf

        def translate(value: Any) -> dict:
            if type(value) is not dict:
                raise wrong(value, "map")
            return {key: item if type(item) is plain or item is None else change(item) for key, item in value.items()}

        return translate


def _same(value: Any) -> Any:
    return value


def outward_wrong(value: Any, wanted: str) -> Exception:
    """A response of ours that is not of its shape is a bug, not a refusal."""
    return TypeError(f"a response has {type(value).__name__} where its model has a {wanted}")
