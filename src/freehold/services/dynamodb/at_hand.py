"""Tables at hand: what this node has read of tables, so that requests for items need not read it again.

One idea: whoever writes a table rings its bell when that is done; so what was read while listening is what the store
holds, for as long as the bell is silent and the store has lost nothing. Many look at one record: nobody may change it.
For operations on items, which write no tables: who has written one in the transaction under way must read it from that.
It may not know what tables are looked at for. See rfds/0016.
"""

from asyncio import Future
from typing import NamedTuple
from weakref import WeakKeyDictionary

from freehold.kernel.call import Call
from freehold.kernel.door import Door
from freehold.kernel.signals import Bell
from freehold.kernel.store import Tx
from freehold.services.dynamodb.tables import BELL, Table, opened
from freehold.services.dynamodb.tables import open_table as read_table

SEEN_MAX = 4_096


class Seen(NamedTuple):
    """A table as it was read, when the store had lost so much; `rung` is done when the table is written."""

    table: Table
    losses: int
    rung: "Future[bool]"


_seen: "WeakKeyDictionary[Door, dict[Bell, Seen]]" = WeakKeyDictionary()


def open_table(call: Call, tx: Tx, name: str) -> Table:
    """The table of a name or ARN, to be looked at only. Raises as `tables.open_table`."""
    return read_table(tx, name) if name[:4] == "arn:" else opened(look(call, tx, name), name)


def look(call: Call, tx: Tx, name: str) -> Table | None:
    """The table of a name, to be looked at only; None if there is none. Call and transaction are of one account and
    region."""
    door = call.door
    tables = _seen.get(door)
    if tables is None:
        tables = _seen[door] = {}
    bell = (call.account, call.region, BELL, name)
    seen = tables.get(bell)
    if seen is not None and seen.losses == door.store.losses and not seen.rung.done():
        return seen.table
    return _read(door, tx, tables, bell)


def _read(door: Door, tx: Tx, tables: dict[Bell, Seen], bell: Bell) -> Table | None:
    for gone in list(tables) if len(tables) >= SEEN_MAX else [bell]:
        known = tables.pop(gone, None)
        if known:
            door.bells.forget(gone, known.rung)
    table = tx.get(Table, bell[-1])
    if table is not None:
        tables[bell] = Seen(table, door.store.losses, door.bells.listen(bell))
    return table
