"""Sources: what is read, a table or one of its indexes, and what of an item each holds.

One idea: whether a source has an attribute is known from its projection, so what must be fetched or refused is known
before anything is read. It may not know requests beyond the names in them.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from freehold.engines.expressions import Item
from freehold.kernel.call import Call
from freehold.kernel.store import Tx
from freehold.services.dynamodb.at_hand import open_table
from freehold.services.dynamodb.items import Entry, Row
from freehold.services.dynamodb.reading import errors
from freehold.services.dynamodb.tables import ACTIVE, Index, Keys, Place, Table

Held = Row | Entry


class Source(msgspec.Struct, frozen=True):
    """What is read: a table, or one of its indexes."""

    table: Table
    index: Index | None

    @property
    def space(self) -> str:
        return self.index.space if self.index else self.table.space

    @property
    def keys(self) -> Keys:
        return self.index.keys if self.index else self.table.keys

    @property
    def hashes(self) -> int:
        """How many of the keys make the hash key."""
        return self.index.hashes if self.index else 1

    def place(self, item: Item) -> Place:
        """Where an item stands among what is read."""
        return self.table.entry_place(self.index, item) if self.index else self.table.place(item)

    @property
    def kind(self) -> type[Held]:
        return Entry if self.index else Row

    @property
    def key_names(self) -> list[str]:
        """The attributes of a LastEvaluatedKey: the table's keys, and the index's."""
        return list(dict.fromkeys(name for name, _ in (*self.table.keys, *self.keys)))


def open_source(call: Call, tx: Tx, wanted: dict[str, Any]) -> Source:
    """The table or index to read. Raises ValidationException if there is no such index, or it cannot be read so."""
    table = open_table(call, tx, wanted["TableName"])
    name = wanted.get("IndexName")
    if name is None:
        return Source(table, None)
    index = table.index(name)
    if index is None:
        raise errors.IndexUnknown(index=name)
    if index.status != ACTIVE:
        raise errors.IndexUnready(index=name)
    if wanted.get("ConsistentRead") and not index.local:
        raise errors.ConsistentIndexRead()
    return Source(table, index)


def fetches(source: Source, wanted: set[str], everything: bool) -> bool:
    """Whether attributes are asked for that the index has not: a local one fetches them, a global one cannot."""
    index = source.index
    if index is None or index.attributes is None:
        return False
    missing = sorted(wanted - set(index.attributes))
    if index.local:
        return everything or bool(missing)
    if everything:
        raise errors.AllOfPartialIndex(index=index.name)
    if missing:
        raise errors.NotProjected(index=index.name, names=", ".join(missing))
    return False


def whole(tx: Tx, source: Source) -> Callable[[Held], Item]:
    """What gives the whole item of what an index holds."""

    def fetch(held: Held) -> Item:
        row = tx.get(Row, source.table.space, held.item_hash, held.item_sort) if isinstance(held, Entry) else held
        assert row, "an index entry without its item"
        return row.item

    return fetch
