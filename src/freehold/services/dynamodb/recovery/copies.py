"""Copies: the items of a table as they were at a moment, brought to where they are wanted.

One idea: a stretch of places is one transaction, and it promises the next stretch; what the promise carries is all
there is to know, so a copy survives a crash. It may not know what copies are for.
"""

from collections import deque

import msgspec

from freehold.kernel.call import Call
from freehold.kernel.deliveries import promise
from freehold.kernel.service import Request
from freehold.kernel.store import Tx
from freehold.services.dynamodb import pasts
from freehold.services.dynamodb.items import LANE, Row, store
from freehold.services.dynamodb.recovery import backups
from freehold.services.dynamodb.service.catalogue import dynamodb
from freehold.services.dynamodb.tables import Place, Table, put_table

STRETCH = 250


class Copy(msgspec.Struct, omit_defaults=True):
    """A copy under way. From `space` as it was at `moment`, which `source` names (a table, or a backup's id and its
    table); into the table `table`, or into the bare `target` of the backup `backup` of the table `of`."""

    id: str
    space: str
    moment: float
    source: str = ""
    from_backup: str = ""
    table: str = ""
    backup: str = ""
    of: str = ""
    target: str = ""
    after: tuple[bytes, bytes] | None = None


def seen_at(tx: Tx, space: str, moment: float, behind: Place | None, limit: int) -> tuple[list[Row], Place | None]:
    """The items of the next places behind one, as they were at a moment; and where to go on, None at the end."""
    rows = deque(tx.range(Row, space, after=behind, limit=limit))
    past = pasts.next_place(tx, space, behind)
    found: list[Row] = []
    where = behind
    for _ in range(limit):
        row = rows[0] if rows else None
        places = [one for one in ((row.hash, row.sort) if row else None, past) if one]
        if not places:
            return found, None
        where = min(places)
        here = rows.popleft() if row and (row.hash, row.sort) == where else None
        if where == past:
            later = pasts.first_later(tx, space, where, moment)
            here = _row(space, where, later) if later else here
            past = pasts.next_place(tx, space, where)
        if here:
            found.append(here)
    return found, where


def _row(space: str, where: Place, past: pasts.Past) -> Row | None:
    if past.item is None:
        return None
    return Row(space=space, hash=where[0], sort=where[1], size=past.size, item=past.item)


def begin(tx: Tx, copy: Copy) -> None:
    """Copy what fits in this transaction; the rest is promised."""
    rows, behind = seen_at(tx, copy.space, copy.moment, copy.after, STRETCH)
    (_into_backup if copy.backup else _into_table)(tx, copy, rows)
    if behind is None:
        _end(tx, copy)
        return
    copy.after = behind
    promise(tx, "dynamodb", "go_on_copying", {"copy": msgspec.to_builtins(copy, builtin_types=(bytes,))}, lane=LANE)


def _into_table(tx: Tx, copy: Copy, rows: list[Row]) -> None:
    table = tx.get(Table, copy.table)
    if table is None:
        return
    for row in rows:
        store(tx, table, table.place(row.item), None, row.item, row.size)


def _into_backup(tx: Tx, copy: Copy, rows: list[Row]) -> None:
    for row in rows:
        tx.put(Row(space=copy.target, hash=row.hash, sort=row.sort, size=row.size, item=row.item))
    backups.grow(tx, copy.of, copy.backup, len(rows), sum(row.size for row in rows))


def _end(tx: Tx, copy: Copy) -> None:
    if copy.from_backup:
        backups.release(tx, copy.source, copy.from_backup, copy.id)
    else:
        pasts.look_away(tx, copy.source, copy.id)
    if copy.backup:
        backups.complete(tx, copy.of, copy.backup)
    table = tx.get(Table, copy.table) if copy.table else None
    if table:
        table.state, table.restored = "", {}
        put_table(tx, table)


@dynamodb.internal
def go_on_copying(call: Call, tx: Tx, request: Request) -> None:
    """Copy the next stretch."""
    begin(tx, msgspec.convert(request["copy"], Copy))
