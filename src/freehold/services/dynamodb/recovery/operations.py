"""The API of backups and of recovery to points in time. It may not know how items are copied.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html
"""

import math

from freehold.engines import moments
from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.dynamodb import pasts
from freehold.services.dynamodb.definitions.describe import describe_table, table_arn
from freehold.services.dynamodb.errors import TableNotFoundException
from freehold.services.dynamodb.pasts import look
from freehold.services.dynamodb.recovery import backups, copies, errors, points, restores
from freehold.services.dynamodb.recovery.backups import Backup
from freehold.services.dynamodb.recovery.copies import Copy
from freehold.services.dynamodb.service.catalogue import arn_of, dynamodb
from freehold.services.dynamodb.service.catalogue import table_arn as requested_arn
from freehold.services.dynamodb.tables import CREATING, Table, find_table, name_of, new_space, put_table

LISTED_MAX = 100
EVERY_KIND = "ALL"
EVER = math.inf  # nobody writes to a backup


def _table(tx: Tx, name: str) -> Table:
    table = find_table(tx, name)
    if table is None or table.state == CREATING:
        raise TableNotFoundException(name=name_of(name))
    return table


def _backup_arn(call: Call, request: Request) -> str:
    return request["BackupArn"]


def _target_arn(call: Call, request: Request) -> str:
    return arn_of(call, request["TargetTableName"])


def _source_arn(call: Call, request: Request) -> str:
    return request.get("SourceTableArn") or arn_of(call, request.get("SourceTableName", "*"))


@dynamodb.operation(needs={"dynamodb:DescribeContinuousBackups": requested_arn})
def describe_continuous_backups(call: Call, tx: Tx, request: Request) -> Response:
    return {"ContinuousBackupsDescription": points.description(_table(tx, request["TableName"]), tx.now)}


@dynamodb.operation(needs={"dynamodb:UpdateContinuousBackups": requested_arn})
def update_continuous_backups(call: Call, tx: Tx, request: Request) -> Response:
    table = _table(tx, request["TableName"])
    points.specify(table, request["PointInTimeRecoverySpecification"], tx.now)
    put_table(tx, table)
    return {"ContinuousBackupsDescription": points.description(table, tx.now)}


@dynamodb.operation(needs={"dynamodb:CreateBackup": requested_arn})
def create_backup(call: Call, tx: Tx, request: Request) -> Response:
    table = _table(tx, request["TableName"])
    backup = Backup(
        table=table.name, id=backups.new_id(tx), name=request["BackupName"], made_at=tx.now, space=new_space(tx),
        definition=table, status=backups.CREATING,
    )  # fmt: skip
    tx.put(backup)
    look(tx, table, backup.id, tx.now)
    put_table(tx, table)
    copies.begin(
        tx,
        Copy(
            id=backup.id, space=table.space, moment=tx.now, source=table.name, of=table.name, backup=backup.id,
            target=backup.space,
        ),
    )  # fmt: skip
    return {"BackupDetails": backups.details(tx, backup, backups.CREATING)}


@dynamodb.operation(needs={"dynamodb:DescribeBackup": _backup_arn})
def describe_backup(call: Call, tx: Tx, request: Request) -> Response:
    return {"BackupDescription": backups.description(tx, backups.find(tx, request["BackupArn"]))}


@dynamodb.operation(needs={"dynamodb:DeleteBackup": _backup_arn})
def delete_backup(call: Call, tx: Tx, request: Request) -> Response:
    backup = backups.find(tx, request["BackupArn"])
    if backup.kind == backups.SYSTEM:
        raise errors.SystemBackup(arn=request["BackupArn"], moment=moments.iso_ms(backup.expires_at))
    if backup.readers or backup.status == backups.CREATING:
        raise errors.BackupInUseException(arn=request["BackupArn"])
    told = backups.description(tx, backup, backups.DELETED)
    backups.remove(tx, backup)
    return {"BackupDescription": told}


@dynamodb.operation(needs={"dynamodb:ListBackups": "*"})
def list_backups(call: Call, tx: Tx, request: Request) -> Response:
    prefix = (name_of(request["TableName"]),) if "TableName" in request else ()
    found = [one for one in tx.range(Backup, *prefix) if _listed(one, request)]
    start, limit = request.get("ExclusiveStartBackupArn"), min(request.get("Limit", LISTED_MAX), LISTED_MAX)
    if start:
        behind = tuple(_parts(start))
        found = [one for one in found if (one.table, one.id) > behind]
    told = [backups.summary(tx, one) for one in found[:limit]]
    more = {"LastEvaluatedBackupArn": told[-1]["BackupArn"]} if len(found) > limit else {}
    return {"BackupSummaries": told} | more


def _parts(arn: str) -> list[str]:
    """Table and id of a backup's ARN. Raises ValidationException."""
    place = arns.parse(arn)
    parts = place.resource.split("/") if place else []
    if len(parts) != backups.PARTS:
        raise errors.BackupArnInvalid(arn=arn)
    return [parts[1], parts[3]]


def _listed(backup: Backup, request: Request) -> bool:
    low, high = request.get("TimeRangeLowerBound"), request.get("TimeRangeUpperBound")
    kind = request.get("BackupType", backups.USER)
    return (
        kind in (EVERY_KIND, backup.kind)
        and (low is None or backup.made_at >= low)
        and (high is None or backup.made_at < high)
    )


@dynamodb.operation(needs={"dynamodb:RestoreTableFromBackup": _backup_arn, "dynamodb:CreateTable": _target_arn})
def restore_table_from_backup(call: Call, tx: Tx, request: Request) -> Response:
    backup = backups.find(tx, request["BackupArn"])
    if backup.readers or backup.status == backups.CREATING:
        raise errors.BackupInUseException(arn=request["BackupArn"])
    summary = {
        "SourceBackupArn": backups.arn_of(tx, backup),
        "SourceTableArn": table_arn(tx, backup.definition),
        "RestoreDateTime": backup.made_at,
    }
    table = restores.new_table(call, tx, backup.definition, request, summary)
    put_table(tx, table)
    told = describe_table(tx, table)
    backup.readers = [*backup.readers, table.id]
    tx.put(backup)
    copies.begin(
        tx,
        Copy(
            id=table.id, space=backup.space, moment=EVER, source=backup.table, from_backup=backup.id,
            table=table.name,
        ),
    )  # fmt: skip
    return {"TableDescription": told}


@dynamodb.operation(needs={"dynamodb:RestoreTableToPointInTime": _source_arn, "dynamodb:CreateTable": _target_arn})
def restore_table_to_point_in_time(call: Call, tx: Tx, request: Request) -> Response:
    named = [request[name] for name in ("SourceTableArn", "SourceTableName") if name in request]
    if len(named) != 1:
        raise errors.SourceUnclear()
    source = _table(tx, named[0])
    points.check_recovered(source)
    moment = _moment(tx, source, request)
    summary = {"SourceTableArn": table_arn(tx, source), "RestoreDateTime": moment}
    table = restores.new_table(call, tx, source, request, summary)
    put_table(tx, table)
    told = describe_table(tx, table)
    look(tx, source, table.id, moment)
    put_table(tx, source)
    copies.begin(tx, Copy(id=table.id, space=source.space, moment=moment, source=source.name, table=table.name))
    return {"TableDescription": told}


def _moment(tx: Tx, source: Table, request: Request) -> float:
    """The moment that a restore asks for."""
    latest, asked = request.get("UseLatestRestorableTime", False), request.get("RestoreDateTime")
    if latest == (asked is not None):
        raise errors.RestoreTimeUnclear()
    if asked is None:
        return tx.now
    earliest = pasts.earliest(source, tx.now)
    if not int(earliest) <= asked <= tx.now:
        raise errors.InvalidRestoreTimeException(earliest=int(earliest), latest=int(tx.now))
    return max(asked, earliest)
