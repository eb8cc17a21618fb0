"""PutItem, GetItem, UpdateItem and DeleteItem.

One idea: compile, write, and tell of the write what was asked for. It may not know how items lie.
"""

from collections.abc import Callable
from typing import Any

from freehold.engines.expressions import Item, compile_request, read_units
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.dynamodb import writes
from freehold.services.dynamodb.errors import ReturnValuesRefused
from freehold.services.dynamodb.items import TABLE_ITSELF, Row
from freehold.services.dynamodb.service.catalogue import dynamodb, table_arn
from freehold.services.dynamodb.tables import open_table, place
from freehold.services.dynamodb.usage import collection_metrics, consumed
from freehold.services.dynamodb.writes import Write, Written

Show = Callable[[Written], Item | None]
SHOWN: dict[str, Show] = {"NONE": lambda written: None, "ALL_OLD": lambda written: written.old}


@dynamodb.operation(needs={"dynamodb:GetItem": table_arn})
def get_item(call: Call, tx: Tx, request: Request) -> Response:
    projection = compile_request("GetItem", request).projection
    table = open_table(tx, request["TableName"])
    row = tx.get(Row, table.space, *place(table.keys, writes.key_of(table, request)))
    answer: Response = {}
    if row:
        answer["Item"] = projection.of(row.item) if projection else row.item
    how = request.get("ReturnConsumedCapacity")
    if how:
        units = read_units(row.size if row else 0, consistent=request.get("ConsistentRead", False))
        _add(answer, "ConsumedCapacity", consumed(table, {TABLE_ITSELF: units}, how))
    return answer


@dynamodb.operation(needs={"dynamodb:PutItem": table_arn})
def put_item(call: Call, tx: Tx, request: Request) -> Response:
    shown = _old_or_none(request)
    compiled = compile_request("PutItem", request)
    write = writes.put(open_table(tx, request["TableName"]), request, compiled)
    return _write(tx, request, write, shown)


@dynamodb.operation(needs={"dynamodb:DeleteItem": table_arn})
def delete_item(call: Call, tx: Tx, request: Request) -> Response:
    shown = _old_or_none(request)
    compiled = compile_request("DeleteItem", request)
    write = writes.delete(open_table(tx, request["TableName"]), request, compiled)
    return _write(tx, request, write, shown)


@dynamodb.operation(needs={"dynamodb:UpdateItem": table_arn})
def update_item(call: Call, tx: Tx, request: Request) -> Response:
    compiled = compile_request("UpdateItem", request)
    write = writes.update(open_table(tx, request["TableName"]), request, compiled)
    touched = compiled.update.touched if compiled.update else lambda item: {}
    shown: dict[str, Show] = SHOWN | {
        "ALL_NEW": lambda written: written.new,
        "UPDATED_OLD": lambda written: touched(written.old) if written.old else None,
        "UPDATED_NEW": lambda written: touched(written.new) if written.new else None,
    }
    return _write(tx, request, write, shown[request.get("ReturnValues", "NONE")])


def _write(tx: Tx, request: Request, write: Write, shown: Show) -> Response:
    written = writes.perform(tx, write)
    answer: Response = {}
    _add(answer, "Attributes", shown(written))
    _add(answer, "ConsumedCapacity", consumed(write.table, written.units, request.get("ReturnConsumedCapacity")))
    if request.get("ReturnItemCollectionMetrics") == "SIZE":
        _add(answer, "ItemCollectionMetrics", collection_metrics(tx, write, written))
    return answer


def _old_or_none(request: Request) -> Show:
    shown = SHOWN.get(request.get("ReturnValues", "NONE"))
    if shown is None:
        raise ReturnValuesRefused()
    return shown


def _add(answer: Response, member: str, value: Any) -> None:
    if value:
        answer[member] = value
