"""Backups: what is remembered of them, and how AWS tells of them.

One idea: a backup owns a space, as a table does, and the table's definition; a table that is deleted while its past is
remembered leaves its own space to a backup of the system's. It may not know requests.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Backup.Tutorial.html
"""

from typing import Any

from freehold.kernel import arns
from freehold.kernel.store import Record, Tx
from freehold.services.dynamodb import items
from freehold.services.dynamodb.definitions.describe import describe_table, encryption, table_arn
from freehold.services.dynamodb.pasts import DAY_S
from freehold.services.dynamodb.recovery import errors
from freehold.services.dynamodb.tables import Table

CREATING, AVAILABLE, DELETED = "CREATING", "AVAILABLE", "DELETED"
USER, SYSTEM = "USER", "SYSTEM"
SYSTEM_NAME = "{name}$DeletedTableBackup"
SYSTEM_KEPT_S = 35 * DAY_S
ID_DIGITS, ID_HEX, ID_OF_SYSTEM = 14, 8, "00000000"
PARTS = 4  # table/NAME/backup/ID
# Of a table's description, what backups tell of its indexes and of itself.
INDEX_PARTS = ("IndexName", "KeySchema", "Projection", "ProvisionedThroughput", "OnDemandThroughput")
TABLE_PARTS = ("TableName", "TableId", "TableArn", "KeySchema", "OnDemandThroughput")


class Backup(Record, table="dynamodb_backups", key="table id"):
    """A backup of the table named `table`, as `definition` has it, its items in `space`. `size` in bytes; `readers` are
    the copies made of it now; moments in epoch seconds, `expires_at` 0 for never."""

    table: str
    id: str
    name: str
    made_at: float
    space: str
    definition: Table
    kind: str = USER
    status: str = AVAILABLE
    items: int = 0
    size: int = 0
    expires_at: float = 0.0
    readers: list[str] = []


def new_id(tx: Tx, end: str = "") -> str:
    """Ids begin with the moment, so that their order is that of time."""
    return f"{int(tx.now * 1e3):0{ID_DIGITS}}-{end or tx.ids.hex(ID_HEX)}"


def arn_of(tx: Tx, backup: Backup) -> str:
    return arns.arn("dynamodb", tx.region, tx.account, f"table/{backup.table}/backup/{backup.id}")


def find(tx: Tx, arn: str) -> Backup:
    """The backup of an ARN. Raises BackupNotFoundException."""
    place = arns.parse(arn)
    parts = place.resource.split("/") if place else []
    if place is None or len(parts) != PARTS or (place.service, parts[0], parts[2]) != ("dynamodb", "table", "backup"):
        raise errors.BackupArnInvalid(arn=arn)
    if place.account != tx.account:
        raise errors.AccessDeniedException()
    here = place.region == tx.region
    backup = tx.get(Backup, parts[1], parts[3]) if here else None
    if backup is None:
        raise errors.BackupNotFoundException(arn=arn)
    return backup


def grow(tx: Tx, table: str, id: str, more: int, size: int) -> None:
    backup = tx.get(Backup, table, id)
    if backup:
        backup.items, backup.size = backup.items + more, backup.size + size
        tx.put(backup)


def complete(tx: Tx, table: str, id: str) -> None:
    backup = tx.get(Backup, table, id)
    if backup:
        backup.status = AVAILABLE
        tx.put(backup)


def release(tx: Tx, table: str, id: str, reader: str) -> None:
    backup = tx.get(Backup, table, id)
    if backup:
        backup.readers = [one for one in backup.readers if one != reader]
        tx.put(backup)


def take_over(tx: Tx, table: Table, items: int, size: int) -> None:
    """Make the space of a table that is being deleted a backup of the system's."""
    tx.put(
        Backup(
            table=table.name, id=new_id(tx, ID_OF_SYSTEM), name=SYSTEM_NAME.format(name=table.name), made_at=tx.now,
            space=table.space, definition=table, kind=SYSTEM, items=items, size=size,
            expires_at=tx.now + SYSTEM_KEPT_S,
        )
    )  # fmt: skip


def remove(tx: Tx, backup: Backup) -> None:
    tx.delete(Backup, backup.table, backup.id)
    items.clear(tx, [backup.space])


def remove_expired(tx: Tx) -> None:
    """Remove the system's backups that are too old, everywhere."""
    for account, region in tx.scopes(Backup):
        here = tx.within(account, region)
        for backup in here.range(Backup):
            if backup.expires_at and backup.expires_at <= tx.now and not backup.readers:
                remove(here, backup)


def details(tx: Tx, backup: Backup, status: str = "") -> dict[str, Any]:
    told = {
        "BackupArn": arn_of(tx, backup),
        "BackupName": backup.name,
        "BackupSizeBytes": backup.size,
        "BackupStatus": status or backup.status,
        "BackupType": backup.kind,
        "BackupCreationDateTime": backup.made_at,
    }
    return told | ({"BackupExpiryDateTime": backup.expires_at} if backup.expires_at else {})


def summary(tx: Tx, backup: Backup) -> dict[str, Any]:
    table = {"TableName": backup.table, "TableId": backup.definition.id, "TableArn": table_arn(tx, backup.definition)}
    return table | details(tx, backup)


def description(tx: Tx, backup: Backup, status: str = "") -> dict[str, Any]:
    """A BackupDescription."""
    table = backup.definition
    told = describe_table(tx, table)
    source = {part: told[part] for part in TABLE_PARTS if part in told} | {
        "TableSizeBytes": backup.size,
        "TableCreationDateTime": table.created_at,
        "ProvisionedThroughput": {"ReadCapacityUnits": table.read_units, "WriteCapacityUnits": table.write_units},
        "ItemCount": backup.items,
        "BillingMode": table.billing,
    }
    features: dict[str, Any] = {
        group: [{part: index[part] for part in INDEX_PARTS if part in index} for index in told[group]]
        for group in ("LocalSecondaryIndexes", "GlobalSecondaryIndexes")
        if group in told
    }
    if "StreamSpecification" in told:
        features["StreamDescription"] = told["StreamSpecification"]
    if table.expiry_attribute:
        features["TimeToLiveDescription"] = {
            "TimeToLiveStatus": "ENABLED",
            "AttributeName": table.expiry_attribute,
        }
    features |= encryption(table)
    return {
        "BackupDetails": details(tx, backup, status),
        "SourceTableDetails": source,
        "SourceTableFeatureDetails": features,
    }
