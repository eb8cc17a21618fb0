"""Tables and indexes as AWS describes them.

One idea: what an answer shows is derived from what is remembered, when it is asked for. It may not change anything.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html
"""

from typing import Any

from freehold.kernel import arns
from freehold.kernel.store import Tx
from freehold.services.dynamodb.changes import stream_arn
from freehold.services.dynamodb.definitions.census import count
from freehold.services.dynamodb.tables import ACTIVE, CREATING, DELETING, PROVISIONED, UPDATING, Index, Keys, Table

WARM_ON_DEMAND = (12_000, 4_000)  # read and write units a second


def table_arn(tx: Tx, table: Table) -> str:
    return arns.arn("dynamodb", tx.region, tx.account, f"table/{table.name}")


def describe_table(tx: Tx, table: Table, status: str = "") -> dict[str, Any]:
    """A TableDescription; `status` where the answer speaks of what has just been begun."""
    arn = table_arn(tx, table)
    items, size = count(tx, table, table.space)
    told = {
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": kind} for name, kind in sorted(table.attributes.items())
        ],
        "TableName": table.name,
        "KeySchema": _key_schema(table.keys),
        "TableStatus": status or table.status,
        "CreationDateTime": table.created_at,
        "ProvisionedThroughput": _units(table.read_units, table.write_units),
        "TableSizeBytes": size,
        "ItemCount": items,
        "TableArn": arn,
        "TableId": table.id,
        "DeletionProtectionEnabled": table.protected,
    }
    if table.on_demand_at:
        told["BillingModeSummary"] = {"BillingMode": table.billing} | (
            {} if status == CREATING else {"LastUpdateToPayPerRequestDateTime": table.on_demand_at}
        )
    if table.on_demand:
        told["OnDemandThroughput"] = table.on_demand
    if table.restored:
        told["RestoreSummary"] = table.restored
    told |= encryption(table)
    if table.table_class:
        told["TableClassSummary"] = {"TableClass": table.table_class}
    if table.stream:
        told["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": table.stream_view}
    if table.stream_label:
        told["LatestStreamLabel"] = table.stream_label
        told["LatestStreamArn"] = stream_arn(tx, table.name, table.stream_label)
    told |= _warm(table, table, status, table.warm)
    for group, local in (("LocalSecondaryIndexes", True), ("GlobalSecondaryIndexes", False)):
        indexes = [_index(tx, table, index, arn, status) for index in table.indexes if index.local == local]
        if indexes:
            told[group] = indexes
    return told


def encryption(table: Table) -> dict[str, Any]:
    """The SSEDescription of a table that names a key; nothing for one that does not."""
    if table.encryption is None:
        return {}
    return {"SSEDescription": {"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": table.encryption.key}}


def _warm(table: Table, of: Table | Index, status: str, asked: dict[str, int]) -> dict[str, Any]:
    """What a table or index can take at once, as AWS tells it: first if it was asked for, at the end never."""
    if status == DELETING or (status == CREATING and not asked):
        return {}
    read, write = (of.read_units, of.write_units) if table.billing == PROVISIONED else WARM_ON_DEMAND
    told = {"ReadUnitsPerSecond": read, "WriteUnitsPerSecond": write} | asked
    return {"WarmThroughput": told | {"Status": UPDATING if status == CREATING else ACTIVE}}


def _index(tx: Tx, table: Table, index: Index, arn: str, status: str) -> dict[str, Any]:
    items, size = count(tx, table, index.space)
    projection: dict[str, Any] = {"ProjectionType": index.projection}
    if index.included:
        projection["NonKeyAttributes"] = list(index.included)
    told = {
        "IndexName": index.name,
        "KeySchema": _key_schema(index.keys, index.hashes),
        "Projection": projection,
        "IndexSizeBytes": size,
        "ItemCount": items,
        "IndexArn": f"{arn}/index/{index.name}",
    }
    if not index.local:
        told["IndexStatus"] = status if status == "CREATING" else index.status
        told["ProvisionedThroughput"] = _units(index.read_units, index.write_units)
        if index.status == "CREATING":
            told["Backfilling"] = True
        told |= _warm(table, index, status, index.warm)
        if index.on_demand:
            told["OnDemandThroughput"] = index.on_demand
    return told


def _key_schema(keys: Keys, hashes: int = 1) -> list[dict[str, str]]:
    return [
        {"AttributeName": name, "KeyType": "HASH" if place < hashes else "RANGE"}
        for place, (name, _) in enumerate(keys)
    ]


def _units(read: int, write: int) -> dict[str, int]:
    return {"NumberOfDecreasesToday": 0, "ReadCapacityUnits": read, "WriteCapacityUnits": write}
