"""BatchGetItem and BatchWriteItem: many items at once, each for itself.

One idea: a batch is checked whole and then done one by one. It may not know how items lie.
"""

from freehold.engines.expressions import Compiled, compile_request, read_units
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.dynamodb import writes
from freehold.services.dynamodb.errors import BatchEntryUnclear, BatchTooLong, ItemsRepeated
from freehold.services.dynamodb.items import TABLE_ITSELF, Row
from freehold.services.dynamodb.service.catalogue import batch_arns, dynamodb
from freehold.services.dynamodb.tables import Place, Table, open_table, place
from freehold.services.dynamodb.usage import Tally
from freehold.services.dynamodb.writes import Wanted, Write

GET_MAX, WRITE_MAX = 100, 25
GET_SIZE_MAX = 16 * 1024 * 1024
KINDS = {"PutRequest": writes.put, "DeleteRequest": writes.delete}


@dynamodb.operation(needs={"dynamodb:BatchGetItem": batch_arns})
def batch_get_item(call: Call, tx: Tx, request: Request) -> Response:
    wanted = request["RequestItems"]
    if sum(len(one["Keys"]) for one in wanted.values()) > GET_MAX:
        raise BatchTooLong(operation="BatchGetItem")
    asked = {name: _asked(tx, name, one) for name, one in wanted.items()}
    tally, left = Tally(request), GET_SIZE_MAX
    responses: dict[str, list] = {}
    unprocessed: dict[str, Wanted] = {}
    for name, (table, compiled, places) in asked.items():
        found = responses.setdefault(table.name, [])
        for position, where in enumerate(places):
            if left <= 0:
                unprocessed[name] = wanted[name] | {"Keys": wanted[name]["Keys"][position:]}
                break
            row = tx.get(Row, table.space, *where)
            size = row.size if row else 0
            left -= size
            units = read_units(size, consistent=wanted[name].get("ConsistentRead", False))
            tally.add(table, {TABLE_ITSELF: units})
            if row:
                found.append(compiled.projection.of(row.item) if compiled.projection else row.item)
    return {"Responses": responses, "UnprocessedKeys": unprocessed} | tally.told()


def _asked(tx: Tx, name: str, wanted: Wanted) -> tuple[Table, Compiled, list[Place]]:
    """One table's part of a batch of reads: the table, its projection, and where its keys are."""
    compiled = compile_request("GetItem", wanted)
    table = open_table(tx, name)
    places = [place(table.keys, writes.key_of(table, {"Key": key})) for key in wanted["Keys"]]
    _check_distinct(places)
    return table, compiled, places


@dynamodb.operation(needs={"dynamodb:BatchWriteItem": batch_arns})
def batch_write_item(call: Call, tx: Tx, request: Request) -> Response:
    wanted = request["RequestItems"]
    if sum(map(len, wanted.values())) > WRITE_MAX:
        raise BatchTooLong(operation="BatchWriteItem")
    planned = []
    for name, entries in wanted.items():
        table = open_table(tx, name)
        plan = [_write(table, entry) for entry in entries]
        _check_distinct([write.where for write in plan])
        planned += plan
    tally = Tally(request)
    for write in planned:
        tally.add_write(tx, write, writes.perform(tx, write))
    return {"UnprocessedItems": {}} | tally.told()


def _write(table: Table, entry: Wanted) -> Write:
    given = [kind for kind in KINDS if entry.get(kind)]
    if len(given) != 1:
        raise BatchEntryUnclear(count=len(given))
    return KINDS[given[0]](table, entry[given[0]], Compiled())


def _check_distinct(places: list[Place]) -> None:
    if len(set(places)) != len(places):
        raise ItemsRepeated()
