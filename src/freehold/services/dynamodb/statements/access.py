"""What policies may ask of statements: the same condition keys as of the other operations, read out of PartiQL.

One idea: a statement's WHERE binds the hash key as a query's conditions do, so both are weighed by the same facts. It
may not know policies.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
"""

from functools import partial
from typing import Any

from freehold.engines.expressions import ValidationException, condition_of, update_of
from freehold.engines.expressions.values import AttributeValue
from freehold.engines.partiql import Bindings, Insert, Select, Statement, Update, equalities, parse
from freehold.kernel.call import Call
from freehold.kernel.service import Need, Request
from freehold.kernel.store import Tx
from freehold.services.dynamodb.access import leading, single
from freehold.services.dynamodb.service.catalogue import arn_of
from freehold.services.dynamodb.statements.changes import KIND
from freehold.services.dynamodb.tables import find_table

ACTIONS = {
    "Select": "dynamodb:PartiQLSelect",
    "Exists": "dynamodb:PartiQLSelect",
    "Insert": "dynamodb:PartiQLInsert",
    "Update": "dynamodb:PartiQLUpdate",
    "Delete": "dynamodb:PartiQLDelete",
}


def needs(call: Call, request: Request) -> list[Need]:
    """What a request of one statement or several needs permission for."""
    wanted = request.get("Statements") or request.get("TransactStatements") or [request]
    return [_need(call, parse(one["Statement"]), one.get("Parameters", []), request) for one in wanted]


def _need(call: Call, statement: Statement, parameters: list[Any], request: Request) -> Need:
    arn = arn_of(call, statement.table)
    arn += f"/index/{statement.index_name}" if statement.index_name else ""
    return ACTIONS[type(statement.action).__name__], arn, partial(_facts, statement, parameters, request)


def _facts(statement: Statement, parameters: list[Any], request: Request, tx: Tx) -> dict[str, Any]:
    """The condition keys of a statement. One that cannot be understood is refused later."""
    found = single(request, "ExecuteTransaction" if "TransactStatements" in request else "")
    action, table = statement.action, find_table(tx, statement.table)
    if table is None:
        return found
    index = table.index(statement.index_name) if statement.index_name else None
    name = (index.keys if index else table.keys)[0][0]
    try:
        bindings = Bindings(statement, parameters)
        bound = _bound(statement, name, bindings)
        found["dynamodb:Attributes"] = sorted(_attributes(statement, bindings))
    except ValidationException:
        return found
    if isinstance(action, Select):
        found["dynamodb:Select"] = "SPECIFIC_ATTRIBUTES" if action.columns else "ALL_ATTRIBUTES"
        found["dynamodb:FullTableScan"] = "true" if bound is None else "false"
    return found | leading(bound or ())


def _bound(statement: Statement, name: str, bindings: Bindings) -> list[AttributeValue] | None:
    """The values of a hash key that a statement is about; None if it is about any."""
    action = statement.action
    if not isinstance(action, Insert):
        return equalities(action.where, name, bindings)
    item = bindings.item(action)
    return [item[name]] if name in item else None


def _attributes(statement: Statement, bindings: Bindings) -> set[str]:
    """The top-level attributes that a statement names."""
    action = statement.action
    if isinstance(action, Insert):
        return set(bindings.item(action))
    paths = list(condition_of(KIND, action.where, bindings).paths) if action.where else []
    if isinstance(action, Select):
        paths += action.columns
    if isinstance(action, Update):
        update = update_of("UpdateExpression", action.tree, bindings)
        paths += (*update.paths, *update.reads)
    return {str(path[0]) for path in paths}
