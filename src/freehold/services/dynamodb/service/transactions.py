"""TransactGetItems and TransactWriteItems: many items at once, all or none.

One idea: an operation is a transaction already, so the actions are done one after the other, and what refuses one
undoes them all. It may not know how items lie.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
"""

from typing import Any

from freehold.engines.expressions import Compiled, ValidationException, compile_request, read_units
from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.dynamodb import tokens, writes
from freehold.services.dynamodb.errors import (
    ConditionalCheckFailedException,
    TransactionCanceledException,
    TransactionEntryUnclear,
    TransactionRepeatsItem,
)
from freehold.services.dynamodb.items import TABLE_ITSELF, Row
from freehold.services.dynamodb.service.catalogue import arn_of, dynamodb
from freehold.services.dynamodb.tables import Table, open_table, place
from freehold.services.dynamodb.usage import READ, WRITE, Tally
from freehold.services.dynamodb.writes import Wanted, Write, Written

TIMES = 2  # What a transaction uses, for each unit that a single read or write would.

# An action's member → the operation it is like, what performs it, the permission it needs.
ACTIONS = {
    "ConditionCheck": ("DeleteItem", writes.check, "dynamodb:ConditionCheckItem"),
    "Put": ("PutItem", writes.put, "dynamodb:PutItem"),
    "Update": ("UpdateItem", writes.update, "dynamodb:UpdateItem"),
    "Delete": ("DeleteItem", writes.delete, "dynamodb:DeleteItem"),
}
GRANTED = {"Code": "None"}

Action = tuple[str, Wanted, Compiled, Table]


def _write_needs(call: Call, request: Request) -> list[tuple[str, str]]:
    pairs = [(ACTIONS[kind][2], one["TableName"]) for entry in request["TransactItems"] for kind, one in _given(entry)]
    return [(action, arn_of(call, name)) for action, name in dict.fromkeys(pairs)]


def _read_needs(call: Call, request: Request) -> list[tuple[str, str]]:
    names = dict.fromkeys(entry["Get"]["TableName"] for entry in request["TransactItems"])
    return [("dynamodb:GetItem", arn_of(call, name)) for name in names]


@dynamodb.operation(needs=_write_needs)
def transact_write_items(call: Call, tx: Tx, request: Request) -> Response:
    wanted = request["TransactItems"]
    token = request.get("ClientRequestToken")
    actions = [_action(tx, entry) for entry in wanted]
    if token and not tokens.take(tx, token, wanted):
        return {}
    tally = Tally(request, WRITE, TIMES)
    for write, written in _all_or_none(tx, actions):
        tally.add_write(tx, write, written)
    return tally.told()


def _given(entry: Wanted) -> list[tuple[str, Wanted]]:
    return [(kind, entry[kind]) for kind in ACTIONS if entry.get(kind)]


def _action(tx: Tx, entry: Wanted) -> Action:
    given = _given(entry)
    if len(given) != 1:
        raise TransactionEntryUnclear()
    kind, wanted = given[0]
    return kind, wanted, compile_request(ACTIONS[kind][0], wanted), open_table(tx, wanted["TableName"])


def _all_or_none(tx: Tx, actions: list[Action]) -> list[tuple[Write, Written]]:
    """Do all actions. Raises TransactionCanceledException with a reason for each if one is refused."""
    planned = [_plan(*action) for action in actions]
    places = [(plan.table.space, plan.where) for plan in planned if isinstance(plan, Write)]
    if len(set(places)) != len(places):
        raise TransactionRepeatsItem()
    done: list[tuple[Write, Written]] = []
    reasons: list[dict[str, Any]] = []
    for plan in planned:
        try:
            if not isinstance(plan, Write):
                raise plan
            done.append((plan, writes.perform(tx, plan)))
            reasons.append(GRANTED)
        except (ConditionalCheckFailedException, ValidationException) as refusal:
            reasons.append(_reason(refusal))
    if len(done) < len(planned):
        codes = ", ".join(reason["Code"] for reason in reasons)
        raise TransactionCanceledException(codes=codes, CancellationReasons=reasons)
    return done


def _plan(kind: str, wanted: Wanted, compiled: Compiled, table: Table) -> Write | ValidationException:
    """The write of an action, or why its item or key cannot be; as a value, since others may have reasons too."""
    try:
        return ACTIONS[kind][1](table, wanted, compiled)
    except ValidationException as refusal:
        return refusal


def _reason(refusal: AwsError) -> dict[str, Any]:
    code = "ConditionalCheckFailed" if isinstance(refusal, ConditionalCheckFailedException) else "ValidationError"
    reason = {"Code": code, "Message": refusal.message}
    item = refusal.values.get("Item")
    return reason | {"Item": item} if item else reason


@dynamodb.operation(needs=_read_needs)
def transact_get_items(call: Call, tx: Tx, request: Request) -> Response:
    wanted = [entry["Get"] for entry in request["TransactItems"]]
    compiled = [compile_request("GetItem", one) for one in wanted]
    tables = [open_table(tx, one["TableName"]) for one in wanted]
    places = [place(table.keys, writes.key_of(table, one)) for table, one in zip(tables, wanted)]
    if len({(table.space, where) for table, where in zip(tables, places)}) != len(places):
        raise TransactionRepeatsItem()
    tally = Tally(request, READ, TIMES)
    responses = []
    for table, where, (*_, projection) in zip(tables, places, compiled):
        row = tx.get(Row, table.space, *where)
        tally.add(table, {TABLE_ITSELF: read_units(row.size if row else 0, consistent=True)})
        item = projection.of(row.item) if row and projection else row.item if row else None
        responses.append({} if item is None else {"Item": item})
    return {"Responses": responses} | tally.told()
