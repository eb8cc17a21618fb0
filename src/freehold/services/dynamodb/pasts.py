"""Pasts: what items were before they were changed, for tables that can be seen as they were.

One idea: an item's first past later than a moment is what the item was at that moment; if it has none, the item is what
it was. So a table at a moment is a walk over its places, without a copy and while it is written to. Of several changes
at one moment only the first has a past: nobody can look between them. It may not know who looks.
"""

import math

from freehold.engines.expressions import Item
from freehold.kernel.store import Record, Tx
from freehold.services.dynamodb.tables import Place, Table, put_table

DAY_S = 86_400
FORGET_MAX = 500


class Past(Record, table="dynamodb_pasts", key="space hash sort made_at", index="space made_at"):
    """What an item was until `made_at` (epoch seconds), None if there was none; `size` in bytes."""

    space: str
    hash: bytes
    sort: bytes
    made_at: float
    size: int
    item: Item | None


def remember(tx: Tx, table: Table, where: Place, item: Item | None, size: int) -> None:
    """Write down what an item was. A change is always later than the last moment at which someone began to look."""
    moment = max(tx.now, after(table.cut_at))
    tx.add(Past(space=table.space, hash=where[0], sort=where[1], made_at=moment, size=size, item=item))


def after(moment: float) -> float:
    """The first moment after this one."""
    return math.nextafter(moment, math.inf)


def look(tx: Tx, table: Table, who: str, moment: float) -> None:
    """Keep the table's past from this moment on, until `who` looks no more. The table has to be put."""
    table.held_for = table.held_for | {who: moment}
    table.cut_at = max(table.cut_at, moment)


def look_away(tx: Tx, name: str, who: str) -> None:
    table = tx.get(Table, name)
    if table and who in table.held_for:
        table.held_for = {one: moment for one, moment in table.held_for.items() if one != who}
        put_table(tx, table)


def earliest(table: Table, now: float) -> float:
    """The earliest moment at which a table with recovery can be seen."""
    return max(table.recovery_since, now - table.recovery_days * DAY_S)


def first_later(tx: Tx, space: str, where: Place, moment: float) -> Past | None:
    """The first past of a place that is later than a moment."""
    found = tx.range(Past, space, *where, low=after(moment), limit=1)
    return found[0] if found else None


def last_until(tx: Tx, space: str, where: Place, moment: float) -> Past | None:
    """The last past of a place that is not later than a moment."""
    found = tx.range(Past, space, *where, high=moment, reverse=True, limit=1)
    return found[0] if found else None


def next_place(tx: Tx, space: str, behind: Place | None) -> Place | None:
    """The next place that has a past."""
    found = tx.range(Past, space, after=(*behind, math.inf) if behind else None, limit=1)
    return (found[0].hash, found[0].sort) if found else None


def forget(tx: Tx) -> bool:
    """Remove pasts that nobody may ask for any more, everywhere; whether there may be more."""
    more = False
    for account, region in tx.scopes(Past):
        here = tx.within(account, region)
        for table in here.range(Table):
            horizon = _horizon(table, tx.now)
            old = here.range(Past, table.space, index="space made_at", high=horizon, limit=FORGET_MAX)
            for past in old:
                here.delete(Past, past.space, past.hash, past.sort, past.made_at)
            more = more or len(old) == FORGET_MAX
    return more


def _horizon(table: Table, now: float) -> float:
    """The moment up to which no past is needed."""
    needed = list(table.held_for.values())
    if table.recovery_days:
        needed.append(earliest(table, now))
    return min(needed, default=math.inf)
