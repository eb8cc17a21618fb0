"""Provisioned throughput: the units that tables may use, held where the setting `limits` is on.

One idea: a table or index saves what it does not use, up to five minutes of it, and a request is refused when nothing
is left; what a request uses beyond that is owed. Tables on demand have no such bound. It may not know requests.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/burst-adaptive-capacity.html
"""

from freehold.kernel.call import Call
from freehold.kernel.store import Record, Tx
from freehold.services.dynamodb.errors import IndexThroughputExceeded, ProvisionedThroughputExceededException
from freehold.services.dynamodb.items import TABLE_ITSELF, Units
from freehold.services.dynamodb.tables import PROVISIONED, Table

READ, WRITE = "ReadCapacityUnits", "WriteCapacityUnits"
SAVED_S = 300


class Purse(Record, table="dynamodb_purses", key="space kind"):
    """The units of one kind that a table or index had left at a moment; below zero if it owes."""

    space: str
    kind: str
    left: float
    counted_at: float


def spend(call: Call, tx: Tx, table: Table, units: Units, kind: str) -> None:
    """Take units of a kind (READ, WRITE) from the purses of a table and its indexes, if units are held at all. Raises
    ProvisionedThroughputExceededException if one of them is empty."""
    if call.door.buckets is None or table.billing != PROVISIONED:
        return
    wanted: dict[str, float] = {}  # local indexes use the table's
    for name, used in units.items():
        index = table.index(name)
        holder = name if index and not index.local else TABLE_ITSELF
        wanted[holder] = wanted.get(holder, 0.0) + used
    purses = {name: _purse(tx, table, name, kind) for name, used in wanted.items() if used}
    for name, purse in purses.items():
        if purse.left <= 0:
            raise IndexThroughputExceeded() if name else ProvisionedThroughputExceededException()
        purse.left -= wanted[name]
        tx.put(purse)


def affords(call: Call, tx: Tx, table: Table, kind: str) -> bool:
    """Whether a table, and for writes each of its indexes, has units of a kind left, or none are held."""
    if call.door.buckets is None or table.billing != PROVISIONED:
        return True
    names = [TABLE_ITSELF, *(index.name for index in table.indexes if kind == WRITE and not index.local)]
    return all(_purse(tx, table, name, kind).left > 0 for name in names)


def _purse(tx: Tx, table: Table, name: str, kind: str) -> Purse:
    """What a table ("") or an index of it has left now."""
    held = (table.index(name) if name else None) or table
    rate = held.read_units if kind == READ else held.write_units
    known = tx.get(Purse, held.space, kind)
    if known is None:
        return Purse(space=held.space, kind=kind, left=float(rate * SAVED_S), counted_at=tx.now)
    known.left = min(rate * SAVED_S, known.left + rate * max(0.0, tx.now - known.counted_at))
    known.counted_at = tx.now
    return known


def forget(tx: Tx, spaces: list[str]) -> None:
    """Remove the purses of a table that is gone."""
    for space in spaces:
        for purse in tx.range(Purse, space):
            tx.delete(Purse, space, purse.kind)
