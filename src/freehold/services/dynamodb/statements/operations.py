"""ExecuteStatement, BatchExecuteStatement and ExecuteTransaction. It may not know how items lie.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteStatement.html
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from freehold.engines.expressions import ValidationException
from freehold.engines.partiql import Exists, Select, Statement, parse
from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.dynamodb import errors
from freehold.services.dynamodb.service.catalogue import dynamodb
from freehold.services.dynamodb.statements import access, reads
from freehold.services.dynamodb.statements.changes import write_of
from freehold.services.dynamodb.statements.errors import ExistsAlone, StatementsMixed
from freehold.services.dynamodb.throughput import READ, WRITE, affords, spend
from freehold.services.dynamodb.usage import TIMES, Tally, consumed
from freehold.services.dynamodb.writing import tokens, writes
from freehold.services.dynamodb.writing.transactions import all_or_none, plan
from freehold.services.dynamodb.writing.writes import Write

CODES: dict[type[AwsError], str] = {  # what an error is called that befalls one statement of a batch
    errors.ProvisionedThroughputExceededException: "ProvisionedThroughputExceeded",
    errors.DuplicateItemException: "DuplicateItem",
    errors.ConditionalCheckFailedException: "ConditionalCheckFailed",
    errors.ResourceNotFoundException: "ResourceNotFound",
    errors.AccessDeniedException: "AccessDenied",
    ValidationException: "ValidationError",
}


@dynamodb.operation(needs=access.needs)
def execute_statement(call: Call, tx: Tx, request: Request) -> Response:
    statement = parse(request["Statement"])
    how = request.get("ReturnConsumedCapacity")
    if isinstance(statement.action, Select):
        return _read(call, tx, statement, statement.action, request)
    if isinstance(statement.action, Exists):
        raise ExistsAlone()
    write, show = write_of(call, tx, statement, request.get("Parameters", []), writes.shows(request))
    written = writes.perform(tx, write)
    spend(call, tx, write.table, written.units, WRITE)
    shown = show(written)
    told = consumed(write.table, written.units, how)
    return {"Items": [shown] if shown else []} | ({"ConsumedCapacity": told} if told else {})


def _read(call: Call, tx: Tx, statement: Statement, select: Select, request: Request) -> Response:
    asked = reads.ask(statement, select, request.get("Parameters", []), request.get("ConsistentRead", False))
    found = reads.page(call, tx, asked, request.get("Limit"), request.get("NextToken", ""))
    answer: Response = {"Items": found.items}
    if found.token:
        answer["NextToken"] = found.token
    if found.last:
        answer["LastEvaluatedKey"] = found.last
    spend(call, tx, found.table, found.units, READ)
    told = consumed(found.table, found.units, request.get("ReturnConsumedCapacity"))
    return answer | ({"ConsumedCapacity": told} if told else {})


def _parsed(wanted: list[dict[str, Any]]) -> tuple[list[Statement], bool]:
    """The statements of a request, and whether they read. Raises StatementsMixed."""
    statements = [parse(one["Statement"]) for one in wanted]
    kinds = {isinstance(statement.action, Select) for statement in statements}
    if len(kinds) > 1:
        raise StatementsMixed()
    return statements, kinds == {True}


@dynamodb.operation(needs=access.needs)
def batch_execute_statement(call: Call, tx: Tx, request: Request) -> Response:
    wanted = request["Statements"]
    statements, reading = _parsed(wanted)
    if any(isinstance(statement.action, Exists) for statement in statements):
        raise ExistsAlone()
    tally = Tally(call, tx, request, READ if reading else WRITE)
    responses = [
        _for_itself(partial(_one, call, tx, statement, one, tally)) for statement, one in zip(statements, wanted)
    ]
    return {"Responses": responses} | tally.told()


def _for_itself(perform: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What became of one statement: its error is its own."""
    try:
        return perform()
    except tuple(CODES) as refusal:
        code = next(code for kind, code in CODES.items() if isinstance(refusal, kind))
        item = refusal.values.get("Item")
        return {"Error": {"Code": code, "Message": refusal.message} | ({"Item": item} if item else {})}


def _one(call: Call, tx: Tx, statement: Statement, wanted: dict[str, Any], tally: Tally) -> dict[str, Any]:
    parameters = wanted.get("Parameters", [])
    if isinstance(statement.action, Select):
        asked = reads.ask(statement, statement.action, parameters, wanted.get("ConsistentRead", False))
        table, item, units = reads.one(call, tx, asked, "BatchExecuteStatement")
        tally.add(table, units)
        return {"TableName": table.name} | ({"Item": item} if item is not None else {})
    write, show = write_of(call, tx, statement, parameters, writes.shows(wanted))
    if not affords(call, tx, write.table, WRITE):
        raise errors.ProvisionedThroughputExceededException()
    written = writes.perform(tx, write)
    tally.add(write.table, written.units)
    shown = show(written)
    return {"TableName": write.table.name} | ({"Item": shown} if shown else {})


@dynamodb.operation(needs=access.needs)
def execute_transaction(call: Call, tx: Tx, request: Request) -> Response:
    wanted = request["TransactStatements"]
    statements, reading = _parsed(wanted)
    token = request.get("ClientRequestToken")
    if token and not tokens.take(tx, token, wanted) and not reading:
        return {"Responses": []}
    if reading:
        return _read_all(call, tx, request, statements)
    tally = Tally(call, tx, request, WRITE, WRITE, TIMES)
    planned = plan([partial(_write, call, tx, statement, one) for statement, one in zip(statements, wanted)])
    for write, written in all_or_none(tx, planned):
        tally.add(write.table, written.units)
    return {"Responses": []} | tally.told()


def _write(call: Call, tx: Tx, statement: Statement, wanted: dict[str, Any]) -> Write:
    return write_of(call, tx, statement, wanted.get("Parameters", []), writes.shows(wanted))[0]


def _read_all(call: Call, tx: Tx, request: Request, statements: list[Statement]) -> Response:
    tally = Tally(call, tx, request, READ, READ, TIMES)
    responses = []
    for statement, one in zip(statements, request["TransactStatements"]):
        assert isinstance(statement.action, Select)
        asked = reads.ask(statement, statement.action, one.get("Parameters", []), consistent=True)
        table, item, units = reads.one(call, tx, asked, "ExecuteTransaction")
        tally.add(table, units)
        responses.append({} if item is None else {"Item": item})
    return {"Responses": responses} | tally.told()
