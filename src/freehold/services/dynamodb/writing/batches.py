"""BatchWriteItem: many items at once, each for itself.

One idea: a batch is checked whole and then done one by one. It may not know how items lie.
"""

from freehold.engines.expressions import (
    Compiled,
    Item,
    admit_item,
    check_key,
)
from freehold.engines.expressions.errors import AmbiguousValue
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.dynamodb import access
from freehold.services.dynamodb.at_hand import open_table
from freehold.services.dynamodb.errors import BatchTooLong, ItemsRepeated, ProvisionedThroughputExceededException
from freehold.services.dynamodb.service.catalogue import dynamodb
from freehold.services.dynamodb.tables import Table
from freehold.services.dynamodb.throughput import WRITE, affords
from freehold.services.dynamodb.usage import Tally
from freehold.services.dynamodb.writing import writes
from freehold.services.dynamodb.writing.writes import Wanted, Write

BATCH_MAX = 25


def _parts(entries: list[Wanted]) -> list[Wanted]:
    """The puts and deletes of one table, each as if it had come by itself."""
    return [one for entry in entries for one in entry.values() if one]


@dynamodb.operation(needs=access.batch_needs("BatchWriteItem", _parts))
def batch_write_item(call: Call, tx: Tx, request: Request) -> Response:
    wanted = request["RequestItems"]
    asked = {name: [_entry(entry) for entry in entries] for name, entries in wanted.items()}
    if sum(map(len, wanted.values())) > BATCH_MAX:
        raise BatchTooLong(operation="BatchWriteItem")
    planned = {name: _plan(open_table(call, tx, name), entries) for name, entries in asked.items()}
    tally = Tally(call, tx, request, WRITE)
    left = {name: _perform(call, tx, tally, wanted[name], plan) for name, plan in planned.items()}
    if left == wanted:
        raise ProvisionedThroughputExceededException()
    return {"UnprocessedItems": {name: entries for name, entries in left.items() if entries}} | tally.told()


def _perform(call: Call, tx: Tx, tally: Tally, entries: list[Wanted], plan: list[Write]) -> list[Wanted]:
    """Do one table's part of a batch, as far as its throughput goes; the entries that are left."""
    for done, write in enumerate(plan):
        if not affords(call, tx, write.table, WRITE):
            return entries[done:]
        writes.count(tx, tally, write, writes.perform(tx, write, tally.counts))
    return []


def _entry(entry: Wanted) -> tuple[Item, int]:
    """An item to put and its size, or the key to delete and -1."""
    if len(entry) != 1:
        raise AmbiguousValue()  # AWS's words for values, which it uses for these too
    if "PutRequest" in entry:
        item = admit_item(entry["PutRequest"]["Item"])
        return item, writes.size_of(item)
    return admit_item(entry["DeleteRequest"]["Key"]), -1


def _plan(table: Table, entries: list[tuple[Item, int]]) -> list[Write]:
    """One table's part of a batch of writes. Raises ValidationException if a key is not the table's or comes twice."""
    plan = [_write(table, item, size) for item, size in entries]
    if len({write.where for write in plan}) != len(plan):
        raise ItemsRepeated()
    return plan


def _write(table: Table, item: Item, size: int) -> Write:
    """A batch calls an item without the table's key what a key would be called."""
    check_key({name: item[name] for name, _ in table.keys if name in item} if size >= 0 else item, table.keys)
    return writes.put(table, item, size, Compiled()) if size >= 0 else writes.delete(table, item, Compiled())
