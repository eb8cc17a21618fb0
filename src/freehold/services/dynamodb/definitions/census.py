"""The census: how many items a table and its indexes hold, and their bytes.

One idea: small spaces are counted when asked; large ones are counted now and then, as AWS counts ("approximately every
six hours"), a stretch at a time. It may not know descriptions.
"""

from freehold.kernel.store import Record, Tx
from freehold.services.dynamodb.items import Entry, Row
from freehold.services.dynamodb.tables import Table, put_table

COUNTED_AT_ONCE = 500
STRETCH = 1_000

Count = tuple[int, int]  # items, bytes
Spot = tuple[bytes, ...] | None


def count(tx: Tx, table: Table, space: str) -> Count:
    """Items and bytes of one of the table's spaces: exact where few, else those of the last census."""
    rows: list = tx.range(_kind(table, space), space, limit=COUNTED_AT_ONCE + 1)
    if len(rows) > COUNTED_AT_ONCE:
        return table.counted.get(space, (0, 0))
    return len(rows), sum(row.size for row in rows)


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
        put_table(tx, table)


def large(tx: Tx) -> list[tuple[str, str, str, list[str]]]:
    """Every table too large to count when asked: account, region, name, spaces."""
    return [
        (account, region, table.name, table.spaces())
        for account, region in tx.scopes(Table)
        for table in tx.within(account, region).range(Table)
        if len(tx.within(account, region).range(Row, table.space, limit=COUNTED_AT_ONCE + 1)) > COUNTED_AT_ONCE
    ]


def _kind(table: Table, space: str) -> type[Record]:
    return Row if space == table.space else Entry
