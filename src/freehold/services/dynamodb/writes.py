"""Writes: one item made, changed, deleted or looked at, under a condition.

One idea: PutItem, UpdateItem, DeleteItem and ConditionCheck differ only in the function from the item before to the
item after; alone, in a batch or in a transaction they are performed alike. It may not know which of these it is in.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from freehold.engines.expressions import (
    ITEM_SIZE_MAX,
    Compiled,
    Condition,
    Item,
    ItemTooLarge,
    UpdatedItemTooLarge,
    ValidationException,
    admit_item,
    check_item_key,
    check_key,
    item_size,
    type_of,
    write_units,
)
from freehold.engines.expressions.errors import HashKeyTooLong, SortKeyTooLong
from freehold.engines.expressions.keys import HASH_KEY_MAX, SORT_KEY_MAX
from freehold.kernel.store import Tx
from freehold.services.dynamodb.errors import (
    ConditionalCheckFailedException,
    IndexKeyEmpty,
    IndexKeyMismatch,
    IndexKeyUpdateMismatch,
    KeyUpdated,
)
from freehold.services.dynamodb.items import TABLE_ITSELF, Row, Units, store
from freehold.services.dynamodb.tables import Place, Table, place

Change = Callable[[Item | None], Item | None]
Wanted = dict[str, Any]

EMPTY_WORDS = {"S": "string", "B": "binary"}


class Write(NamedTuple):
    """What to do at a place of a table. `change` gives the item after from the item before; None leaves it.

    `shows` if a condition that fails tells the item it failed on; `too_large` is said of an item over the limit.
    """

    table: Table
    where: Place
    change: Change | None
    condition: Condition | None = None
    shows: bool = False
    too_large: type[ValidationException] = ItemTooLarge


class Written(NamedTuple):
    """An item before and after a write, and what the write cost."""

    old: Item | None
    new: Item | None
    units: Units


def perform(tx: Tx, write: Write) -> Written:
    """Do it. Raises ConditionalCheckFailedException, or ValidationException for what the change makes of the item."""
    table, where, change, condition, shows, too_large = write
    row = tx.get(Row, table.space, *where)
    old = row.item if row else None
    if condition and not condition.holds(old or {}):
        raise ConditionalCheckFailedException(Item=old if shows else None)
    if change is None:
        return Written(old, old, {TABLE_ITSELF: write_units(row.size if row else 0)})
    new = change(old)
    size = item_size(new) if new is not None else 0
    if size > ITEM_SIZE_MAX:
        raise too_large()
    return Written(old, new, store(tx, table, where, row, new, size))


def put(table: Table, wanted: Wanted, compiled: Compiled) -> Write:
    """PutItem. Raises ValidationException for an item that may not be in the table."""
    item = admit_item(wanted["Item"])
    check_item_key(item, table.keys)
    if table.indexes:
        check_index_keys(table, item, IndexKeyMismatch)
    return Write(table, place(table.keys, item), lambda old: item, compiled.condition, _shows(wanted))


def delete(table: Table, wanted: Wanted, compiled: Compiled) -> Write:
    """DeleteItem."""
    where = place(table.keys, key_of(table, wanted))
    return Write(table, where, lambda old: None, compiled.condition, _shows(wanted))


def check(table: Table, wanted: Wanted, compiled: Compiled) -> Write:
    """ConditionCheck: nothing but the condition."""
    where = place(table.keys, key_of(table, wanted))
    return Write(table, where, None, compiled.condition, _shows(wanted))


def update(table: Table, wanted: Wanted, compiled: Compiled) -> Write:
    """UpdateItem. Raises ValidationException for an update of the key."""
    key = key_of(table, wanted)
    names = {name for name, _ in table.keys}
    edit = compiled.update
    for path in edit.paths if edit else ():
        if path[0] in names:
            raise KeyUpdated(name=path[0])

    def change(old: Item | None) -> Item:
        new = edit.apply(old or key) if edit else old or key
        if table.indexes:
            check_index_keys(table, new, IndexKeyUpdateMismatch)
        return new

    return Write(table, place(table.keys, key), change, compiled.condition, _shows(wanted), UpdatedItemTooLarge)


def key_of(table: Table, wanted: Wanted) -> Item:
    """The request's Key in stored form. Raises ValidationException if it is not one of the table's."""
    key = admit_item(wanted["Key"])
    check_key(key, table.keys)
    return key


def check_index_keys(table: Table, item: Item, mismatch: type[IndexKeyMismatch] | type[IndexKeyUpdateMismatch]) -> None:
    """Refuse an item whose attributes cannot be the keys of an index that has them for its keys."""
    for index in table.indexes:
        for position, (name, expected) in enumerate(index.keys):
            value = item.get(name)
            if value is None:
                continue
            if expected not in value:
                raise mismatch(name=name, expected=expected, actual=type_of(value), index=index.name)
            if expected != "N":
                _check_length(index.name, name, expected, value[expected], position)


def _check_length(index: str, name: str, kind: str, content: str | bytes, position: int) -> None:
    length = len(content.encode()) if isinstance(content, str) else len(content)
    if not length:
        raise IndexKeyEmpty(type=EMPTY_WORDS[kind], index=index, name=name)
    if position == 0 and length > HASH_KEY_MAX:
        raise HashKeyTooLong()
    if position > 0 and length > SORT_KEY_MAX:
        raise SortKeyTooLong()


def _shows(wanted: Wanted) -> bool:
    return wanted.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
