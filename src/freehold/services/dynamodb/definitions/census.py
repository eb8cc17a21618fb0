"""The census: how many items a table and its indexes hold, and their bytes.

One idea: small spaces are counted when asked; large ones are counted now and then, as AWS counts ("approximately every
six hours"), a stretch at a time, and soon after somebody asks for the first time. It may not know descriptions.
"""

from freehold.kernel.store import Record, Tx
from freehold.services.dynamodb.items import Entry, Row
from freehold.services.dynamodb.tables import Table, put_table

COUNTED_AT_ONCE = 500
RECENT_S = 3 * 3_600  # since a count that another start of the cloud need not repeat
BELL = "dynamodb-census"
STRETCH = 1_000

Count = tuple[int, int]  # items, bytes
Spot = tuple[bytes, ...] | None


def count(tx: Tx, table: Table, space: str) -> Count:
    """Items and bytes of one of the table's spaces: exact where few, else those of the last census."""
    known = table.counted.get(space)
    if known and known[0] > COUNTED_AT_ONCE:
        return known
    rows: list = tx.range(_kind(table, space), space, limit=COUNTED_AT_ONCE + 1)
    if len(rows) <= COUNTED_AT_ONCE:
        return len(rows), sum(row.size for row in rows)
    if known is None:
        tx.ring(BELL)
    return known or (0, 0)


def stretch(tx: Tx, name: str, space: str, after: Spot) -> tuple[Count, Spot]:
    """The count of the next stretch behind `after`, and where it ended; None at the end."""
    table = tx.get(Table, name)
    if table is None:
        return (0, 0), None
    kind = _kind(table, space)
    rows: list = tx.range(kind, space, after=after, limit=STRETCH)
    end = tuple(getattr(rows[-1], field) for field in kind.layout.key[1:]) if len(rows) == STRETCH else None
    return (len(rows), sum(row.size for row in rows)), end


def settle(tx: Tx, name: str, counted: dict[str, Count]) -> None:
    """Write a census down, unless the table has gone meanwhile."""
    table = tx.get(Table, name)
    if table:
        table.counted = {space: found for space, found in counted.items() if space in table.spaces()}
        table.counted_at = tx.now
        put_table(tx, table)


def large(tx: Tx) -> list[tuple[str, str, str, list[str]]]:
    """Every table too large to count when asked, unless it was counted of late: account, region, name, spaces."""
    found = []
    for account, region in tx.scopes(Table):
        here = tx.within(account, region)
        found += [(account, region, table.name, table.spaces()) for table in here.range(Table) if _due(here, table)]
    return found


def _due(tx: Tx, table: Table) -> bool:
    if table.counted.keys() >= set(table.spaces()):
        return not tx.now - RECENT_S < table.counted_at <= tx.now  # a clock that had jumped may be right again
    return len(tx.range(Row, table.space, limit=COUNTED_AT_ONCE + 1)) > COUNTED_AT_ONCE


def _kind(table: Table, space: str) -> type[Record]:
    return Row if space == table.space else Entry
