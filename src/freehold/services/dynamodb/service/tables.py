"""Tables: made, changed, described, removed.

One idea: a table is there at once; only an index over many items takes time, and then the table says so. It may not
know how items lie.
"""

from freehold.kernel.call import Call
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.dynamodb import changes, errors, items, throughput
from freehold.services.dynamodb.definitions import alterations, keys, schemas
from freehold.services.dynamodb.definitions.describe import describe_table as describe
from freehold.services.dynamodb.recovery import backups
from freehold.services.dynamodb.service.catalogue import dynamodb, table_arn
from freehold.services.dynamodb.tables import CREATING, DELETING, UPDATING, Table, name_of, named_table, new_space

NAMES_MAX = 100

# Members that ask for what is not here. To take them and do nothing would be a lie.
ABSENT = (
    "GlobalTableSourceArn",
    "GlobalTableSettingsReplicationMode",
    "GlobalTableWitnessUpdates",
    "MultiRegionConsistency",
    "ReplicaUpdates",
    "ResourcePolicy",
    "VectorIndexes",
    "VectorIndexUpdates",
)


def refuse_absent(request: Request) -> None:
    """Refuse what asks for features that are not here."""
    asked = [member for member in ABSENT if request.get(member)]
    if asked:
        raise NotImplementedHere(service="dynamodb", operation=f"{asked[0]} of tables")


def _create_needs(call: Call, request: Request) -> list[tuple[str, str]]:
    arn = table_arn(call, request)
    return [("dynamodb:CreateTable", arn)] + ([("dynamodb:TagResource", arn)] if request.get("Tags") else [])


@dynamodb.operation(needs=_create_needs)
def create_table(call: Call, tx: Tx, request: Request) -> Response:
    refuse_absent(request)
    name = name_of(request["TableName"])
    table = schemas.read_table(request, name, tx.ids.uuid(), tx.now, lambda: new_space(tx))
    if tx.get(Table, name):
        raise errors.TableExists(name=name)
    table.encryption = keys.chosen(call, tx, request.get("SSESpecification", {}))
    if request.get("StreamSpecification", {}).get("StreamEnabled"):
        changes.specify(tx, table, request["StreamSpecification"])
    tx.put(table)
    return {"TableDescription": describe(tx, table, CREATING)}


@dynamodb.operation(needs={"dynamodb:DescribeTable": table_arn})
def describe_table(call: Call, tx: Tx, request: Request) -> Response:
    return {"Table": describe(tx, named_table(tx, request["TableName"]))}


@dynamodb.operation(needs={"dynamodb:UpdateTable": table_arn})
def update_table(call: Call, tx: Tx, request: Request) -> Response:
    refuse_absent(request)
    table = named_table(tx, request["TableName"])
    alterations.alter(tx, table, request)
    if "SSESpecification" in request:
        table.encryption = keys.chosen(call, tx, request["SSESpecification"])
    tx.put(table)
    return {"TableDescription": describe(tx, table, UPDATING)}


@dynamodb.operation(needs={"dynamodb:DeleteTable": table_arn})
def delete_table(call: Call, tx: Tx, request: Request) -> Response:
    table = named_table(tx, request["TableName"])
    if table.protected:
        raise errors.TableProtected()
    if table.state == CREATING:
        raise errors.TableBeingMade(name=table.name)
    if table.held_for:
        raise errors.TableHeld(name=table.name)
    described = describe(tx, table, DELETING)
    changes.close(tx, table)
    tx.delete(Table, table.name)
    throughput.forget(tx, table.spaces())
    gone = [*table.spaces(), table.expiry_space]
    if table.recovery_days:
        backups.take_over(tx, table, described["ItemCount"], described["TableSizeBytes"])
        gone.remove(table.space)
    items.clear(tx, filter(None, gone))
    return {"TableDescription": described}


@dynamodb.operation(needs={"dynamodb:ListTables": "*"})
def list_tables(call: Call, tx: Tx, request: Request) -> Response:
    limit = request.get("Limit", NAMES_MAX)
    start = request.get("ExclusiveStartTableName")
    names = [table.name for table in tx.range(Table, after=(start,) if start else None, limit=limit + 1)]
    answer: Response = {"TableNames": names[:limit]}
    if len(names) > limit:
        answer["LastEvaluatedTableName"] = names[limit - 1]
    return answer


@dynamodb.internal
def fill_space(call: Call, tx: Tx, request: Request) -> None:
    """Go on filling an index or expiries behind `after`, unless the table or index has gone meanwhile."""
    table = tx.get(Table, request["table"])
    if table and request["space"] in (*table.spaces(), table.expiry_space):
        hash, sort = request["after"]
        items.fill(tx, table, request["space"], (hash, sort))


@dynamodb.internal
def clear_space(call: Call, tx: Tx, request: Request) -> None:
    """Go on removing what a space holds."""
    items.clear_some(tx, request["space"])
