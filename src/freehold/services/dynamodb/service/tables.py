"""Tables: made, changed, described, removed.

One idea: a table is there at once; only an index over many items takes time, and then the table says so. It may not
know how items lie.
"""

from typing import Any

from freehold.kernel.call import Call
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.dynamodb import changes, errors, items, throughput
from freehold.services.dynamodb.definitions import alterations, keys, schemas
from freehold.services.dynamodb.definitions.describe import describe_table as describe
from freehold.services.dynamodb.definitions.describe import encryption
from freehold.services.dynamodb.policies.operations import put as put_policy
from freehold.services.dynamodb.recovery import backups
from freehold.services.dynamodb.replicas import groups, operations
from freehold.services.dynamodb.service.catalogue import dynamodb, table_arn
from freehold.services.dynamodb.tables import (
    CREATING,
    DELETING,
    UPDATING,
    Table,
    find_table,
    name_of,
    named_table,
    new_space,
    put_table,
    remove_table,
)

NAMES_MAX = 100
AT_ONCE = {"TableName", "SSESpecification", "DeletionProtectionEnabled"}  # what leaves a table ACTIVE

# Members that ask for what is not here. To take them and do nothing would be a lie.
ABSENT = (
    "GlobalTableSourceArn",
    "GlobalTableSettingsReplicationMode",
    "GlobalTableWitnessUpdates",
    "MultiRegionConsistency",
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
    more = {"Tags": "dynamodb:TagResource", "ResourcePolicy": "dynamodb:PutResourcePolicy"}
    return [("dynamodb:CreateTable", arn)] + [(action, arn) for member, action in more.items() if request.get(member)]


@dynamodb.operation(needs=_create_needs)
def create_table(call: Call, tx: Tx, request: Request) -> Response:
    refuse_absent(request)
    name = name_of(request["TableName"])
    table = schemas.read_table(request, name, tx.ids.uuid(), tx.now, lambda: new_space(tx))
    if tx.get(Table, name):
        raise errors.TableExists(name=name)
    table.encryption = keys.chosen(call, tx, request.get("SSESpecification", {}))
    if request.get("ResourcePolicy"):
        put_policy(call, tx, table, table_arn(call, request), request["ResourcePolicy"], None)
    changes.begin(tx, table, request.get("StreamSpecification", {}))
    put_table(tx, table)
    return {"TableDescription": describe(tx, table, CREATING)}


@dynamodb.operation(needs={"dynamodb:DescribeTable": table_arn})
def describe_table(call: Call, tx: Tx, request: Request) -> Response:
    return {"Table": _described(tx, _any_table(tx, request["TableName"]))}


def _any_table(tx: Tx, name: str) -> Table:
    """The table, also while it is being made."""
    table = find_table(tx, name)
    return named_table(tx, name) if table is None else table


def _update_needs(call: Call, request: Request) -> list[tuple[str, str]]:
    arn = table_arn(call, request)
    actions = {"Create": "dynamodb:CreateTableReplica", "Delete": "dynamodb:DeleteTableReplica"}
    asked = {actions[name] for one in request.get("ReplicaUpdates", ()) for name in one if name in actions}
    return [(action, arn) for action in ("dynamodb:UpdateTable", *sorted(asked))]


@dynamodb.operation(needs=_update_needs)
def update_table(call: Call, tx: Tx, request: Request) -> Response:
    refuse_absent(request)
    table = named_table(tx, request["TableName"])
    alterations.alter(tx, table, request)
    groups.alter_alike(tx, table, request)
    if "ReplicaUpdates" in request:
        for there, replica in operations.update(tx, table, request["ReplicaUpdates"]):
            _remove(there, replica, describe(there, replica))
        _encrypt_new(call, tx, table)
    before = encryption(table).get("SSEDescription", {})
    if "SSESpecification" in request:
        _encrypt(call, tx, table, request["SSESpecification"])
    put_table(tx, table)
    told = _described(tx, table, "" if AT_ONCE.issuperset(request) else UPDATING)
    told |= {"SSEDescription": before | {"Status": UPDATING}} if "SSESpecification" in request else {}
    return {"TableDescription": told}


def _encrypt(call: Call, tx: Tx, table: Table, wanted: Request) -> None:
    """Give a table another key. Whether there is one is the group's; which, each replica's own."""
    table.encryption = keys.changed(call, tx, table.encryption, wanted)
    for there, replica in groups.others(tx, table):
        kept = replica.encryption if wanted.get("Enabled") else None
        own = {"Enabled": wanted.get("Enabled", False)}
        replica.encryption = kept or keys.chosen(call.within(there.account, there.region), there, own)
        put_table(there, replica)


def _encrypt_new(call: Call, tx: Tx, table: Table) -> None:
    """Give replicas that have none yet a key of their region, as the table has one of its own."""
    for there, replica in groups.others(tx, table):
        if table.encryption and not replica.encryption:
            asked = table.replicas[there.region].asked
            wanted = {"Enabled": True} | {part: asked[part] for part in ("KMSMasterKeyId",) if part in asked}
            replica.encryption = keys.chosen(call.within(there.account, there.region), there, wanted)
            put_table(there, replica)


@dynamodb.operation(needs={"dynamodb:DeleteTable": table_arn})
def delete_table(call: Call, tx: Tx, request: Request) -> Response:
    table = _any_table(tx, request["TableName"])
    if table.protected:
        raise errors.TableProtected()
    if table.state == CREATING:
        raise errors.TableBeingMade(name=table.name)
    if table.held_for and not table.recovery_days:  # a recovered table's items stay for those who look at them
        raise errors.TableHeld(name=table.name)
    described = _described(tx, table, DELETING)
    groups.part(tx, table)
    _remove(tx, table, described)
    return {"TableDescription": described}


def _remove(tx: Tx, table: Table, described: dict[str, Any]) -> None:
    """Remove a table; what it held goes later, or becomes a backup if its past is remembered."""
    changes.close(tx, table)
    remove_table(tx, table.name)
    throughput.forget(tx, table.spaces())
    gone = [*table.spaces(), table.expiry_space]
    if table.recovery_days:
        backups.take_over(tx, table, described["ItemCount"], described["TableSizeBytes"])
        gone.remove(table.space)
    items.clear(tx, filter(None, gone))


def _described(tx: Tx, table: Table, status: str = "") -> dict[str, Any]:
    return describe(tx, table, status) | operations.told(tx, table)


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
