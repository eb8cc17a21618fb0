"""TransactWriteItems: many items at once, all or none.

One idea: an operation is a transaction already, so actions are writes done one after the other, and what refuses one
undoes them all. It may not know how items lie.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from freehold.engines.expressions import (
    Compiled,
    Item,
    ValidationException,
    admit_request,
    compile_request,
    item_size,
    read_units,
)
from freehold.kernel.call import Call
from freehold.kernel.service import Need, Request, Response
from freehold.kernel.store import Tx
from freehold.services.dynamodb import access
from freehold.services.dynamodb.at_hand import open_table
from freehold.services.dynamodb.cancellations import GRANTED, REFUSALS, check_granted, reason
from freehold.services.dynamodb.errors import (
    TransactionEntryUnclear,
    TransactionRepeatsItem,
    TransactionTooLarge,
)
from freehold.services.dynamodb.items import TABLE_ITSELF, Row
from freehold.services.dynamodb.service.catalogue import dynamodb
from freehold.services.dynamodb.tables import Table
from freehold.services.dynamodb.throughput import READ, WRITE
from freehold.services.dynamodb.usage import TIMES, TRANSACTION_SIZE_MAX, Tally
from freehold.services.dynamodb.writing import tokens, writes
from freehold.services.dynamodb.writing.writes import Wanted, Write, Written

# An action's member → the operation it is like, and the permission it needs.
ACTIONS = {
    "ConditionCheck": ("DeleteItem", "dynamodb:ConditionCheckItem"),
    "Put": ("PutItem", "dynamodb:PutItem"),
    "Update": ("UpdateItem", "dynamodb:UpdateItem"),
    "Delete": ("DeleteItem", "dynamodb:DeleteItem"),
}
KEYED = {"ConditionCheck": writes.check, "Update": writes.update, "Delete": writes.delete}  # what is told a key


class Action(NamedTuple):
    """One action of a transaction: its item or key and the bytes of it, its expressions, and its table."""

    kind: str
    item: Item
    size: int
    compiled: Compiled
    table: Table
    shows: bool


def _write_needs(call: Call, request: Request) -> list[Need]:
    wanted = ((ACTIONS[kind][1], one) for entry in request["TransactItems"] for kind, one in _given(entry))
    return access.each(call, request, "TransactWriteItems", wanted)


@dynamodb.operation(needs=_write_needs)
def transact_write_items(call: Call, tx: Tx, request: Request) -> Response:
    wanted = request["TransactItems"]
    token = request.get("ClientRequestToken")
    actions = [_action(call, tx, entry) for entry in wanted]
    if sum(action.size for action in actions) > TRANSACTION_SIZE_MAX:
        raise TransactionTooLarge()
    if token and not tokens.take(tx, token, wanted):
        return _repeated(call, tx, request, actions)
    tally = Tally(call, tx, request, WRITE, WRITE, TIMES)
    done = all_or_none(tx, plan([partial(_write, action) for action in actions]), tally.counts)
    for write, written in done if tally.counts else ():
        writes.count(tx, tally, write, written)
    return tally.told()


def _repeated(call: Call, tx: Tx, request: Request, actions: list[Action]) -> Response:
    """What is answered to a transaction that was done before: nothing, but for what reading its items takes."""
    tally = Tally(call, tx, request, READ, READ, TIMES)
    for action in actions:
        where = action.table.place(action.item)
        row = tx.get(Row, action.table.space, *where)
        tally.add(action.table, {TABLE_ITSELF: read_units(row.size if row else 0, consistent=True)})
    return tally.told()


def _given(entry: Wanted) -> list[tuple[str, Wanted]]:
    return [(kind, entry[kind]) for kind in ACTIONS if entry.get(kind)]


def _action(call: Call, tx: Tx, entry: Wanted) -> Action:
    given = _given(entry)
    if len(given) != 1:
        raise TransactionEntryUnclear()
    kind, wanted = given[0]
    item = admit_request(ACTIONS[kind][0], wanted)
    compiled = compile_request(ACTIONS[kind][0], wanted)
    return Action(
        kind, item, item_size(item), compiled, open_table(call, tx, wanted["TableName"]), writes.shows(wanted)
    )


def _write(action: Action) -> Write:
    if action.kind == "Put":
        writes.check_size(action.size)
        return writes.put(action.table, action.item, action.size, action.compiled, action.shows)
    return KEYED[action.kind](action.table, action.item, action.compiled, action.shows)


def plan(makers: Sequence[Callable[[], Write]]) -> list[Write]:
    """The writes of all actions. Raises TransactionCanceledException if one cannot be: AWS tells of the first alone."""
    planned: list[Write] = []
    for make in makers:
        try:
            planned.append(make())
        except ValidationException as refusal:
            reasons = [GRANTED] * len(makers)
            reasons[len(planned)] = reason(refusal)
            check_granted(reasons)
    return planned


def all_or_none(tx: Tx, planned: list[Write], told: bool = True) -> list[tuple[Write, Written]]:
    """Do all writes; `told` as in `perform`. Raises TransactionCanceledException with a reason for each if one is
    refused."""
    places = [(write.table.space, write.where) for write in planned]
    if len(set(places)) != len(places):
        raise TransactionRepeatsItem()
    done: list[tuple[Write, Written]] = []
    reasons: list[dict[str, Any]] = []
    for write in planned:
        try:
            done.append((write, writes.perform(tx, write, told)))
            reasons.append(GRANTED)
        except REFUSALS as refusal:
            reasons.append(reason(refusal))
    check_granted(reasons)
    return done
