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
    Update,
    UpdatedItemTooLarge,
    check_item_key,
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
from freehold.services.dynamodb.items import TABLE_ITSELF, Row, Units, lay, store
from freehold.services.dynamodb.tables import Place, Table, check_paths
from freehold.services.dynamodb.usage import Tally

Change = Callable[[Item | None], Item | None]
Wanted = dict[str, Any]

EMPTY_WORDS = {"S": "string", "B": "binary"}


class Write(NamedTuple):
    """What to do at a place of a table. `change` gives the item after from the item before; None leaves it.

    `shows` if a condition that fails tells the item it failed on; `size` of the item after in bytes where it is known,
    as it does not depend on the item before; `failed` is raised when the condition does not hold.
    """

    table: Table
    where: Place
    change: Change | None
    condition: Condition | None = None
    shows: bool = False
    size: int = 0
    failed: type[ConditionalCheckFailedException] = ConditionalCheckFailedException


class Written(NamedTuple):
    """An item before and after a write, and what the write cost."""

    old: Item | None
    new: Item | None
    units: Units


Show = Callable[[Written], Item | None]
SHOWN: dict[str, Show] = {"NONE": lambda written: None, "ALL_OLD": lambda written: written.old}


def shown_by(compiled: Compiled) -> dict[str, Show]:
    """What each of ReturnValues shows of an update."""
    touched = compiled.update.touched if compiled.update else lambda item: {}
    return SHOWN | {
        "ALL_NEW": lambda written: written.new,
        "UPDATED_OLD": lambda written: touched(written.old) if written.old else None,
        "UPDATED_NEW": lambda written: touched(written.new) if written.new else None,
    }


def perform(tx: Tx, write: Write, told: bool = True) -> Written:
    """Do it; `told` if the item before or the cost will be. Raises ConditionalCheckFailedException, or
    ValidationException for what the change makes of the item."""
    table, where, change, condition, shows, size, failed = write
    if size and change and not (told or condition or table.followed):  # what was there is nobody's affair
        item = change(None)
        assert item, "an item of known size is put"
        lay(tx, table, where, item, size)
        return Written(None, item, {})
    row = tx.get(Row, table.space, *where)
    old = row.item if row else None
    if condition and not condition.holds(old or {}):
        raise failed(Item=old if shows else None)
    if change is None:
        return Written(old, old, {TABLE_ITSELF: write_units(row.size if row else 0)})
    new = change(old)
    if new is not None and not size:
        size = item_size(new)
        if size > ITEM_SIZE_MAX:
            raise UpdatedItemTooLarge()
    return Written(old, new, store(tx, table, where, row, new, size))


def size_of(item: Item) -> int:
    """Bytes of an item to be put. Raises ItemTooLarge, which AWS says before it looks at the table."""
    size = item_size(item)
    check_size(size)
    return size


def check_size(size: int) -> None:
    """Raises ItemTooLarge."""
    if size > ITEM_SIZE_MAX:
        raise ItemTooLarge()


def put(
    table: Table, item: Item, size: int, compiled: Compiled, shows: bool = False,
    failed: type[ConditionalCheckFailedException] = ConditionalCheckFailedException,
) -> Write:  # fmt: skip
    """PutItem, `size` being the item's. Raises ValidationException for an item that may not be in the table."""
    check_item_key(item, table.keys)
    if table.indexes:
        check_index_keys(table, item, IndexKeyMismatch)
    return Write(table, table.place(item), lambda old: item, compiled.condition, shows, size, failed)


def delete(table: Table, key: Item, compiled: Compiled, shows: bool = False) -> Write:
    """DeleteItem."""
    return Write(table, table.place_of(key), lambda old: None, compiled.condition, shows)


def check(table: Table, key: Item, compiled: Compiled, shows: bool = False) -> Write:
    """ConditionCheck: nothing but the condition."""
    return Write(table, table.place_of(key), None, compiled.condition, shows)


def update(table: Table, key: Item, compiled: Compiled, shows: bool = False) -> Write:
    """UpdateItem. Raises ValidationException for an update of the key."""
    where = table.place_of(key)
    edit = compiled.update
    if edit:
        check_update(table, edit)

    def change(old: Item | None) -> Item | None:
        if old is None and edit and edit.takes:
            return None
        new = edit.apply(old or key) if edit else old or key
        if table.indexes:
            check_index_keys(table, new, IndexKeyUpdateMismatch)
        return new

    return Write(table, where, change, compiled.condition, shows)


def check_update(table: Table, edit: Update) -> None:
    """Refuse an update that no item could make one of the table's keys or an index's. Raises ValidationException."""
    written = {path[0] for path in edit.paths}
    for name, _ in table.keys:
        if name in written:
            raise KeyUpdated(name=name)
    for index in table.indexes:
        for name, expected in index.keys:
            actual = edit.kinds.get(name, expected)
            if actual != expected:
                raise IndexKeyMismatch(name=name, expected=expected, actual=actual, index=index.name)
    check_paths(table, (*edit.paths, *edit.reads))


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


def shows(wanted: Wanted) -> bool:
    """Whether a request asks to be told the item that its condition fails on."""
    return wanted.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"


def count(tx: Tx, tally: Tally, write: Write, written: Written) -> None:
    """Add up what a write used."""
    tally.add(write.table, written.units)
    tally.measure(tx, write.table, write.where, written.new or written.old)
