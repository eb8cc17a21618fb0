"""GetItem, BatchGetItem and TransactGetItems: items by their keys, one or many.

One idea: a key is checked, then it is a place. It may not know how items lie.
"""

from typing import Any

from freehold.engines.expressions import (
    Compiled,
    Item,
    ValidationException,
    admit_item,
    admit_request,
    compile_request,
    read_units,
)
from freehold.kernel.call import Call
from freehold.kernel.service import Need, Request, Response
from freehold.kernel.store import Tx
from freehold.services.dynamodb import access
from freehold.services.dynamodb.at_hand import open_table
from freehold.services.dynamodb.cancellations import GRANTED, check_granted, reason
from freehold.services.dynamodb.errors import (
    BatchTooLong,
    ItemsRepeated,
    ProvisionedThroughputExceededException,
    TransactionRepeatsItem,
    TransactionTooLarge,
)
from freehold.services.dynamodb.items import TABLE_ITSELF, Row
from freehold.services.dynamodb.service.catalogue import dynamodb
from freehold.services.dynamodb.tables import Place, Table, check_paths
from freehold.services.dynamodb.throughput import READ, affords, spend
from freehold.services.dynamodb.usage import TIMES, TRANSACTION_SIZE_MAX, Tally, consumed, counts

BATCH_MAX = 100
BATCH_SIZE_MAX = 16 * 1024 * 1024

Wanted = dict[str, Any]
Asked = tuple[Wanted, Compiled, list[Item]]  # one table's part of a batch of reads, and its keys in stored form


@dynamodb.operation(needs=access.needs("GetItem"))
def get_item(call: Call, tx: Tx, request: Request) -> Response:
    key = admit_request("GetItem", request)
    projection = compile_request("GetItem", request).projection
    table = open_table(call, tx, request["TableName"])
    where = table.place_of(key)
    if projection:
        check_paths(table, projection.paths)
    row = tx.get(Row, table.space, *where)
    answer: Response = {}
    if row:
        answer["Item"] = projection.of(row.item) if projection else row.item
    if counts(call, request):
        used = read_units(row.size if row else 0, consistent=request.get("ConsistentRead", False))
        spend(call, tx, table, {TABLE_ITSELF: used}, READ)
        told = consumed(table, {TABLE_ITSELF: used}, request.get("ReturnConsumedCapacity"))
        answer |= {"ConsumedCapacity": told} if told else {}
    return answer


def _parts(wanted: Wanted) -> list[Wanted]:
    """One table's part of a batch, as if each key had come by itself."""
    return [wanted | {"Key": key} for key in wanted["Keys"]]


@dynamodb.operation(needs=access.batch_needs("BatchGetItem", _parts))
def batch_get_item(call: Call, tx: Tx, request: Request) -> Response:
    wanted = request["RequestItems"]
    asked = {name: _asked(one) for name, one in wanted.items()}
    if sum(len(one["Keys"]) for one in wanted.values()) > BATCH_MAX:
        raise BatchTooLong(operation="BatchGetItem")
    tables = {name: open_table(call, tx, name) for name in wanted}
    places = {name: [tables[name].place_of(key) for key in keys] for name, (_, _, keys) in asked.items()}
    tally, left = Tally(call, tx, request, READ), BATCH_SIZE_MAX
    responses: dict[str, list] = {name: [] for name in wanted}
    unprocessed: dict[str, Wanted] = {}
    for name, (one, compiled, _) in asked.items():
        found, left, done = _read(call, tx, tables[name], one, compiled, places[name], left, tally)
        responses[name] = found
        if done < len(places[name]):
            unprocessed[name] = one | {"Keys": one["Keys"][done:]}
    if left == BATCH_SIZE_MAX and unprocessed:
        raise ProvisionedThroughputExceededException()
    return {"Responses": responses, "UnprocessedKeys": unprocessed} | tally.told()


def _asked(wanted: Wanted) -> Asked:
    """What can be told of one table's part of a batch of reads without looking at the table."""
    admit_request("GetItem", wanted)
    compiled = compile_request("GetItem", wanted)
    keys = [admit_item(key) for key in wanted["Keys"]]
    if len({repr(sorted(key.items())) for key in keys}) < len(keys):
        raise ItemsRepeated()
    return wanted, compiled, keys


def _read(
    call: Call, tx: Tx, table: Table, wanted: Wanted, compiled: Compiled, places: list[Place], left: int, tally: Tally
) -> tuple[list[Item], int, int]:
    """The items at these places, as far as `left` bytes go; what is left then, and how many places were looked at."""
    found: list[Item] = []
    consistent = wanted.get("ConsistentRead", False)
    for done, where in enumerate(places):
        if left <= 0 or not affords(call, tx, table, READ):
            return found, left, done
        row = tx.get(Row, table.space, *where)
        size = row.size if row else 0
        left -= size
        tally.add(table, {TABLE_ITSELF: read_units(size, consistent=consistent)})
        if row:
            found.append(compiled.projection.of(row.item) if compiled.projection else row.item)
    return found, left, len(places)


def _read_needs(call: Call, request: Request) -> list[Need]:
    wanted = (("dynamodb:GetItem", entry["Get"]) for entry in request["TransactItems"])
    return access.each(call, request, "TransactGetItems", wanted)


@dynamodb.operation(needs=_read_needs)
def transact_get_items(call: Call, tx: Tx, request: Request) -> Response:
    wanted = [entry["Get"] for entry in request["TransactItems"]]
    keys = [admit_request("GetItem", one) for one in wanted]
    compiled = [compile_request("GetItem", one) for one in wanted]
    tables = [open_table(call, tx, one["TableName"]) for one in wanted]
    places = _places(tables, keys)
    if len({(table.space, where) for table, where in zip(tables, places)}) != len(places):
        raise TransactionRepeatsItem()
    tally = Tally(call, tx, request, READ, READ, TIMES)
    responses = []
    left = TRANSACTION_SIZE_MAX
    for table, where, (*_, projection) in zip(tables, places, compiled):
        row = tx.get(Row, table.space, *where)
        size = row.size if row else 0
        left -= size
        if left < 0:
            raise TransactionTooLarge()
        tally.add(table, {TABLE_ITSELF: read_units(size, consistent=True)})
        item = projection.of(row.item) if row and projection else row.item if row else None
        responses.append({} if item is None else {"Item": item})
    return {"Responses": responses} | tally.told()


def _places(tables: list[Table], keys: list[Item]) -> list[Place]:
    """Where the items of a transaction's reads are. Raises TransactionCanceledException if a key is not its table's."""
    places: list[Place] = []
    reasons: list[dict[str, Any]] = []
    for table, key in zip(tables, keys):
        try:
            places.append(table.place_of(key))
            reasons.append(GRANTED)
        except ValidationException as refusal:
            reasons.append(reason(refusal))
    check_granted(reasons)
    return places
