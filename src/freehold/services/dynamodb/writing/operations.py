"""PutItem, UpdateItem and DeleteItem.

One idea: compile, write, and tell of the write what was asked for. It may not know how items lie.
"""

from typing import Any

from freehold.engines.expressions import admit_request, compile_request
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.dynamodb import access
from freehold.services.dynamodb.at_hand import open_table
from freehold.services.dynamodb.errors import ReturnValuesRefused
from freehold.services.dynamodb.service.catalogue import dynamodb
from freehold.services.dynamodb.throughput import WRITE, spend
from freehold.services.dynamodb.usage import collection_metrics, consumed, counts
from freehold.services.dynamodb.writing import writes
from freehold.services.dynamodb.writing.writes import SHOWN, Show, Write, shown_by

TELLING = frozenset(("ReturnValues", "ReturnItemCollectionMetrics"))


@dynamodb.operation(needs=access.needs("PutItem"))
def put_item(call: Call, tx: Tx, request: Request) -> Response:
    item = admit_request("PutItem", request)
    shown = _old_or_none(request)
    size = writes.size_of(item)
    compiled = compile_request("PutItem", request)
    write = writes.put(open_table(call, tx, request["TableName"]), item, size, compiled, writes.shows(request))
    return _write(call, tx, request, write, shown)


@dynamodb.operation(needs=access.needs("DeleteItem"))
def delete_item(call: Call, tx: Tx, request: Request) -> Response:
    key = admit_request("DeleteItem", request)
    shown = _old_or_none(request)
    compiled = compile_request("DeleteItem", request)
    write = writes.delete(open_table(call, tx, request["TableName"]), key, compiled, writes.shows(request))
    return _write(call, tx, request, write, shown)


@dynamodb.operation(needs=access.needs("UpdateItem"))
def update_item(call: Call, tx: Tx, request: Request) -> Response:
    key = admit_request("UpdateItem", request)
    compiled = compile_request("UpdateItem", request)
    write = writes.update(open_table(call, tx, request["TableName"]), key, compiled, writes.shows(request))
    shown = shown_by(compiled) if "ReturnValues" in request else SHOWN
    return _write(call, tx, request, write, shown[request.get("ReturnValues", "NONE")])


def _write(call: Call, tx: Tx, request: Request, write: Write, shown: Show) -> Response:
    told = counts(call, request) or not TELLING.isdisjoint(request)
    written = writes.perform(tx, write, told)
    answer: Response = {}
    if not told:
        return answer
    spend(call, tx, write.table, written.units, WRITE)
    _add(answer, "Attributes", shown(written))
    _add(answer, "ConsumedCapacity", consumed(write.table, written.units, request.get("ReturnConsumedCapacity")))
    if request.get("ReturnItemCollectionMetrics") == "SIZE":
        _add(
            answer,
            "ItemCollectionMetrics",
            collection_metrics(tx, write.table, write.where, written.new or written.old),
        )
    return answer


def _old_or_none(request: Request) -> Show:
    shown = SHOWN.get(request.get("ReturnValues", "NONE"))
    if shown is None:
        raise ReturnValuesRefused()
    return shown


def _add(answer: Response, member: str, value: Any) -> None:
    if value:
        answer[member] = value
