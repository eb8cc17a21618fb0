"""What UpdateTable changes of a table.

One idea: each member of the request that changes something is one function, and the table below names them. It may not
know how items lie.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
"""

from typing import Any

from freehold.kernel.store import Tx
from freehold.services.dynamodb import changes, items
from freehold.services.dynamodb.definitions import errors, schemas
from freehold.services.dynamodb.errors import ResourceNotFoundException
from freehold.services.dynamodb.tables import ACTIVE, CREATING, ON_DEMAND, PROVISIONED, Index, Table, new_space

Wanted = dict[str, Any]


def alter(tx: Tx, table: Table, wanted: Wanted) -> None:
    """Change the table as asked for. Raises ValidationException, also if nothing is."""
    asked = [member for member in ALTERATIONS if wanted.get(member) is not None]
    if not asked and not ELSEWHERE.intersection(wanted):
        raise errors.NothingToUpdate()
    for member, what in ALONE.items():
        if member in wanted and set(wanted) - {member, *BESIDE}:
            raise errors.NotAlone(what=what)
    for member in asked:
        ALTERATIONS[member](tx, table, wanted)


def _billing(tx: Tx, table: Table, wanted: Wanted) -> None:
    billing = wanted["BillingMode"]
    if billing == table.billing:
        return
    table.billing = billing
    if billing == ON_DEMAND:
        schemas.table_units(wanted, billing)
        table.on_demand_at, table.read_units, table.write_units = tx.now, 0, 0
        for index in table.indexes:
            index.read_units = index.write_units = 0
        return
    if not wanted.get("ProvisionedThroughput"):
        raise errors.UnitsMissingUpdated()
    table.read_units, table.write_units = schemas.table_units(wanted, billing)
    updates = {one["Update"]["IndexName"] for one in wanted.get("GlobalSecondaryIndexUpdates", ()) if one.get("Update")}
    for index in table.indexes:
        if not index.local and index.name not in updates:
            raise errors.IndexUnitsMissing(index=index.name)


def _units(tx: Tx, table: Table, wanted: Wanted) -> None:
    read, write = schemas.table_units(wanted, table.billing)
    switched = wanted.get("BillingMode") == PROVISIONED
    if (read, write) == (table.read_units, table.write_units) and not switched:
        raise errors.UnitsUnchanged(what="table", read=read, write=write)
    table.read_units, table.write_units = read, write


def _indexes(tx: Tx, table: Table, wanted: Wanted) -> None:
    updates = wanted["GlobalSecondaryIndexUpdates"]
    if sum(1 for one in updates if one.get("Create") or one.get("Delete")) > 1:
        raise errors.LimitExceededException()
    named: set[str] = set()
    for one in updates:
        given = [(kind, one[kind]) for kind in INDEX_ALTERATIONS if one.get(kind)]
        if len(given) != 1:
            raise errors.IndexActionsMixed() if given else errors.IndexUpdateEmpty()
        kind, action = given[0]
        if action["IndexName"] in named:
            raise errors.IndexTwice(index=action["IndexName"])
        named.add(action["IndexName"])
        INDEX_ALTERATIONS[kind](tx, table, wanted, action)


def _create_index(tx: Tx, table: Table, wanted: Wanted, action: Wanted) -> None:
    if table.index(action["IndexName"]):
        raise errors.IndexExists()
    if any(index.status != ACTIVE for index in table.indexes):
        raise errors.LimitExceededException()
    types = table.attributes | schemas.attribute_types(wanted)
    index = schemas.read_index(action, table.keys, types, table.billing, new_space(tx))
    index.status = CREATING
    table.indexes.append(index)
    if sum(not one.local for one in table.indexes) > schemas.GLOBAL_INDEXES_MAX:
        raise errors.IndexLimitReached(most=schemas.GLOBAL_INDEXES_MAX)
    table.attributes = _used(table, types)
    items.fill(tx, table, index.space)


def _update_index(tx: Tx, table: Table, wanted: Wanted, action: Wanted) -> None:
    index = _global_index(table, action, "update")
    if "ProvisionedThroughput" in action:
        units = schemas.index_units(action, index.name, table.billing)
        if units == (index.read_units, index.write_units):
            raise errors.UnitsUnchanged(what=f"index {index.name}", read=units[0], write=units[1])
        index.read_units, index.write_units = units
    index.on_demand = schemas.ceilings(index.on_demand | schemas.on_demand_units(action))
    index.warm = action.get("WarmThroughput", index.warm)


def _delete_index(tx: Tx, table: Table, wanted: Wanted, action: Wanted) -> None:
    index = _global_index(table, action, "delete")
    table.indexes.remove(index)
    table.attributes = _used(table, table.attributes)
    items.clear(tx, [index.space])


def _global_index(table: Table, action: Wanted, verb: str) -> Index:
    index = table.index(action["IndexName"])
    if index is None:
        raise ResourceNotFoundException()
    if index.local:
        raise errors.NotAGlobalIndex(action=verb, index=index.name)
    return index


def _used(table: Table, types: dict[str, str]) -> dict[str, str]:
    """The definitions of the attributes that are keys of the table or an index."""
    used = {name for keys in (table.keys, *(index.keys for index in table.indexes)) for name, _ in keys}
    return {name: kind for name, kind in types.items() if name in used}


def _on_demand(tx: Tx, table: Table, wanted: Wanted) -> None:
    asked = schemas.on_demand_units(wanted)
    schemas.check_ceilings(asked, table.billing, "table", clearing=True)
    table.on_demand = schemas.ceilings(table.on_demand | asked)


def _table_class(tx: Tx, table: Table, wanted: Wanted) -> None:
    table.table_class = wanted["TableClass"]


def _protection(tx: Tx, table: Table, wanted: Wanted) -> None:
    table.protected = wanted["DeletionProtectionEnabled"]


def _stream(tx: Tx, table: Table, wanted: Wanted) -> None:
    changes.specify(tx, table, wanted["StreamSpecification"])


def _warm(tx: Tx, table: Table, wanted: Wanted) -> None:
    table.warm = wanted["WarmThroughput"]


ALTERATIONS = {
    "BillingMode": _billing,
    "ProvisionedThroughput": _units,
    "GlobalSecondaryIndexUpdates": _indexes,
    "OnDemandThroughput": _on_demand,
    "TableClass": _table_class,
    "DeletionProtectionEnabled": _protection,
    "StreamSpecification": _stream,
    "WarmThroughput": _warm,
}
INDEX_ALTERATIONS = {"Create": _create_index, "Update": _update_index, "Delete": _delete_index}
# What AWS changes only by itself, as it calls it.
ALONE = {
    "SSESpecification": "Server-Side Encryption",
    "TableClass": "TableClass",
    "DeletionProtectionEnabled": "DeletionProtection",
    "ReplicaUpdates": "Replica",
}
BESIDE = ("TableName", "AttributeDefinitions")
ELSEWHERE = {"SSESpecification", "ReplicaUpdates"}  # what is changed by those who may ask other rooms
