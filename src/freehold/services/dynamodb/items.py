"""Items where they lie: rows of a table, entries of its indexes, and the moments at which items expire.

One idea: entries and expiries are functions of an item, so a write compares what follows from the item before with what
follows from the item after, and a new index is filled by the same function. It may not know requests.
"""

from collections.abc import Iterable
from typing import Any

from freehold.engines.expressions import Item, item_size, write_units
from freehold.kernel.deliveries import promise
from freehold.kernel.store import Record, Tx
from freehold.services.dynamodb.changes import note
from freehold.services.dynamodb.destinations import send
from freehold.services.dynamodb.pasts import Past, remember
from freehold.services.dynamodb.tables import ACTIVE, Index, Place, Table, put_table

FILL_MAX = 250
CLEAR_MAX = 500
EXPIRED_SINCE_MAX_S = 5 * 365 * 86_400
LANE = "dynamodb-spaces"

Units = dict[str, float]  # index name → capacity units; "" is the table itself
TABLE_ITSELF = ""


class Row(Record, table="dynamodb_items", key="space hash sort"):
    """An item of a table, in wire form with blobs as bytes; `size` in bytes as DynamoDB counts them."""

    space: str
    hash: bytes
    sort: bytes
    size: int
    item: dict[str, Any]


class Entry(Record, table="dynamodb_entries", key="space hash sort item_hash item_sort"):
    """An item as an index projects it, in the order of the index's keys, then of `item_hash` and `item_sort`, which
    in a local index are its row's."""

    space: str
    hash: bytes
    sort: bytes
    item_hash: bytes
    item_sort: bytes
    size: int
    item: dict[str, Any]


class Expiry(Record, table="dynamodb_expiries", key="space hash sort", index="expires_at"):
    """When an item expires, in epoch seconds."""

    space: str
    hash: bytes
    sort: bytes
    expires_at: float
    table: str


def lay(tx: Tx, table: Table, where: Place, item: Item, size: int) -> None:
    """Make `item` of `size` bytes the row at a place, and nothing more."""
    tx.put(Row(space=table.space, hash=where[0], sort=where[1], size=size, item=item))


def store(
    tx: Tx, table: Table, where: Place, old: Row | None, new: Item | None, size: int = 0, expired: bool = False,
    mirrored: bool = False,
) -> Units:  # fmt: skip
    """Make `new` of `size` bytes the item at a place (None: no item, perhaps as it `expired`); indexes, expiries and
    the stream follow, and the replicas unless it is `mirrored` from one. What it costs."""
    if new is not None:
        lay(tx, table, where, new, size)
    elif old is not None:
        tx.delete(Row, table.space, *where)
    before, size_before = (old.item, old.size) if old else (None, 0)
    units = {TABLE_ITSELF: write_units(max(size, size_before))}
    if not table.followed:
        return units
    if table.remembers and before != new:
        remember(tx, table, where, before, size_before)
    for index in table.indexes:
        _follow_entry(tx, index, entry(table, index, before), entry(table, index, new), units)
    if table.expiry_space:
        _follow_expiry(tx, expiry(tx, table, where, before), expiry(tx, table, where, new))
    if table.stream:
        note(tx, table, before, new, (size_before, size), expired)
    if table.destinations:
        send(tx, table, before, new, (size_before, size), expired)
    if table.replicas and not mirrored:
        _mirror(tx, table, where, new, size)
    return units


def _mirror(tx: Tx, table: Table, where: Place, new: Item | None, size: int) -> None:
    """Make an item what it is here in every replica, in the same transaction."""
    for region in table.replicas:
        there = tx.within(tx.account, region)
        replica = there.get(Table, table.name)
        if replica:
            current = there.get(Row, replica.space, *where)
            store(there, replica, where, current, new, size, mirrored=True)


def _follow_entry(tx: Tx, index: Index, before: Entry | None, after: Entry | None, units: Units) -> None:
    if before == after:
        return
    moved = before and after and (before.hash, before.sort) != (after.hash, after.sort)
    if before and (moved or not after):
        tx.delete(Entry, before.space, before.hash, before.sort, before.item_hash, before.item_sort)
    if after:
        tx.put(after)
    sizes = [one.size for one in (before, after) if one]
    units[index.name] = sum(map(write_units, sizes)) if moved else write_units(max(sizes))


def _follow_expiry(tx: Tx, before: Expiry | None, after: Expiry | None) -> None:
    if after and after != before:
        tx.put(after)
    elif before and not after:
        tx.delete(Expiry, before.space, before.hash, before.sort)


def entry(table: Table, index: Index, item: Item | None) -> Entry | None:
    """What an index holds of an item: nothing if the item has not the index's keys."""
    if item is None or any(expected not in item.get(name, ()) for name, expected in index.keys):
        return None
    names = index.attributes
    held = item if names is None else {name: item[name] for name in names if name in item}
    (hash, sort), (item_hash, item_sort) = table.entry_place(index, item), table.behind(index, item)
    return Entry(
        space=index.space, hash=hash, sort=sort, item_hash=item_hash, item_sort=item_sort,
        size=item_size(held), item=held,
    )  # fmt: skip


def expiry(tx: Tx, table: Table, where: Place, item: Item | None) -> Expiry | None:
    """When an item expires: never if its attribute is no number, or more than five years past."""
    moment = item.get(table.expiry_attribute, {}).get("N") if item else None
    if moment is None or float(moment) < tx.now - EXPIRED_SINCE_MAX_S:
        return None
    return Expiry(space=table.expiry_space, hash=where[0], sort=where[1], expires_at=float(moment), table=table.name)


def fill(tx: Tx, table: Table, space: str, after: Place | None = None) -> None:
    """Enter the items behind `after` into the index or the expiries of `space`; the rest is promised for later."""
    rows = tx.range(Row, table.space, after=after, limit=FILL_MAX)
    index = next((index for index in table.indexes if index.space == space), None)
    for row in rows:
        where = row.hash, row.sort
        follower = entry(table, index, row.item) if index else expiry(tx, table, where, row.item)
        if follower:
            tx.put(follower)
    if len(rows) == FILL_MAX:
        rest = {"table": table.name, "space": space, "after": [rows[-1].hash, rows[-1].sort]}
        promise(tx, "dynamodb", "fill_space", rest, lane=LANE)
    elif index:
        index.status = ACTIVE
        put_table(tx, table)


def clear(tx: Tx, spaces: Iterable[str]) -> None:
    """Promise to remove everything in these spaces, which nothing refers to any more."""
    for space in spaces:
        promise(tx, "dynamodb", "clear_space", {"space": space}, lane=LANE)


def clear_some(tx: Tx, space: str) -> None:
    """Remove some of what a space holds, and promise to remove the rest."""
    rows = tx.range(Row, space, limit=CLEAR_MAX)
    entries = tx.range(Entry, space, limit=CLEAR_MAX)
    expiries = tx.range(Expiry, space, limit=CLEAR_MAX)
    pasts = tx.range(Past, space, limit=CLEAR_MAX)
    for row in rows:
        tx.delete(Row, space, row.hash, row.sort)
    for held in entries:
        tx.delete(Entry, space, held.hash, held.sort, held.item_hash, held.item_sort)
    for moment in expiries:
        tx.delete(Expiry, space, moment.hash, moment.sort)
    for past in pasts:
        tx.delete(Past, space, past.hash, past.sort, past.made_at)
    if CLEAR_MAX in (len(rows), len(entries), len(expiries), len(pasts)):
        clear(tx, [space])
