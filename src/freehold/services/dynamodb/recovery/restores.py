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
    taken = find_table(tx, name)
    if taken and taken.restored:
        raise errors.TableInUseException(name=name)
    if taken:
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
    wanted: Wanted = {"KeySchema": told["KeySchema"], "BillingMode": billing}
    if billing == ON_DEMAND:
        wanted["OnDemandThroughput"] = request.get("OnDemandThroughputOverride", source.on_demand)
    units = request.get("ProvisionedThroughputOverride") or _units(told, billing)
    if request.get("ProvisionedThroughputOverride") and billing == ON_DEMAND:
        raise errors.UnitsOnDemand()
    if billing == PROVISIONED and not units:
        raise errors.UnitsMissing()
    wanted |= {"ProvisionedThroughput": units} if units else {}
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
    """The indexes to make: those of the source, or those of the override, which are the source's under any name."""
    made = []
    for index in told if override is None else override:
        before = next((one for one in told if _same(one, index)), None)
        if before is None:
            raise errors.IndexNotInSource(index=index["IndexName"])
        parts = {part: index[part] for part in INDEX_PARTS if part in index}
        if not local and billing == PROVISIONED:
            units = (index if override else {}).get("ProvisionedThroughput") or _units(before, billing)
            if not units:
                raise errors.IndexUnitsMissing(index=index["IndexName"])
            parts["ProvisionedThroughput"] = units
        made.append(parts)
    return made


def _same(one: Wanted, other: Wanted) -> bool:
    return all(one[part] == other[part] for part in ("KeySchema", "Projection"))


def _units(told: Wanted, billing: str) -> Wanted | None:
    """The provisioned units that a description has, where they count."""
    units = told.get("ProvisionedThroughput", {})
    if billing != PROVISIONED or not units.get("ReadCapacityUnits"):
        return None
    return {part: units[part] for part in ("ReadCapacityUnits", "WriteCapacityUnits")}
