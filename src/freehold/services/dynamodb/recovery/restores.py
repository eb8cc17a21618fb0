"""Restores: a new table that is as another one was.

One idea: what the source's definition and the request's overrides say together is a CreateTable, and is read as one. It
may not know where items come from.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableToPointInTime.html
"""

from typing import Any

from freehold.kernel.call import Call
from freehold.kernel.service import Request
from freehold.kernel.store import Tx
from freehold.services.dynamodb.definitions import describe, keys, schemas
from freehold.services.dynamodb.recovery import errors
from freehold.services.dynamodb.tables import CREATING, ON_DEMAND, PROVISIONED, Table, find_table, name_of, new_space

Wanted = dict[str, Any]
OVERRIDES = {
    "GlobalSecondaryIndexes": "GlobalSecondaryIndexOverride",
    "LocalSecondaryIndexes": "LocalSecondaryIndexOverride",
}
INDEX_PARTS = ("IndexName", "KeySchema", "Projection", "OnDemandThroughput")


def new_table(call: Call, tx: Tx, source: Table, request: Request, summary: Wanted) -> Table:
    """The table that a restore of `source` makes, without items. Raises TableAlreadyExistsException and others."""
    name = name_of(request["TargetTableName"])
    if find_table(tx, name):
        raise errors.TableAlreadyExistsException(name=name)
    wanted = _wanted(tx, source, request)
    table = schemas.read_table(wanted, name, tx.ids.uuid(), tx.now, lambda: new_space(tx))
    table.encryption = source.encryption
    if "SSESpecificationOverride" in request:
        table.encryption = keys.chosen(call, tx, request["SSESpecificationOverride"])
    table.state, table.restored = CREATING, summary | {"RestoreInProgress": True}
    return table


def _wanted(tx: Tx, source: Table, request: Request) -> Wanted:
    """The CreateTable of a restore."""
    told = describe.describe_table(tx, source)
    billing = request.get("BillingModeOverride", source.billing)
    wanted: Wanted = {"KeySchema": told["KeySchema"], "BillingMode": billing, "TableClass": source.table_class}
    wanted["OnDemandThroughput"] = request.get("OnDemandThroughputOverride", source.on_demand)
    units = request.get("ProvisionedThroughputOverride") or _units(told, billing)
    if units:
        wanted["ProvisionedThroughput"] = units
    for group, override in OVERRIDES.items():
        indexes = _indexes(told.get(group, []), request.get(override), billing, local=group.startswith("Local"))
        if indexes:
            wanted[group] = indexes
    schemas_used = [
        wanted["KeySchema"],
        *(index["KeySchema"] for group in OVERRIDES for index in wanted.get(group, ())),
    ]
    used = {element["AttributeName"] for schema in schemas_used for element in schema}
    wanted["AttributeDefinitions"] = [one for one in told["AttributeDefinitions"] if one["AttributeName"] in used]
    return wanted


def _indexes(told: list[Wanted], override: list[Wanted] | None, billing: str, *, local: bool) -> list[Wanted]:
    """The indexes that are to be made: those of the source, or of them those that the override names."""
    source = {index["IndexName"]: index for index in told}
    chosen = told if override is None else override
    for index in chosen:
        if index["IndexName"] not in source:
            raise errors.IndexNotInSource(index=index["IndexName"])
    made = []
    for index in chosen:
        before = source[index["IndexName"]]
        units = None if local else index.get("ProvisionedThroughput") or _units(before, billing)
        if override is None or billing == ON_DEMAND:
            units = _units(before, billing) if not local else None
        parts = {part: index[part] for part in INDEX_PARTS if part in index}
        made.append(parts | ({"ProvisionedThroughput": units} if units else {}))
    return made


def _units(told: Wanted, billing: str) -> Wanted | None:
    """The provisioned units that a description has, where they count."""
    units = told.get("ProvisionedThroughput", {})
    if billing != PROVISIONED or not units.get("ReadCapacityUnits"):
        return None
    return {part: units[part] for part in ("ReadCapacityUnits", "WriteCapacityUnits")}
