"""The API of exports and imports. It may not know objects.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExportTableToPointInTime.html
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ImportTable.html
"""

from collections.abc import Callable
from typing import Any, TypeVar

from freehold.engines import moments
from freehold.engines.expressions import compile_request
from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.deliveries import promise
from freehold.kernel.errors import AwsError, NotImplementedHere
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.pages import read_token, write_token
from freehold.services.dynamodb import pasts
from freehold.services.dynamodb.definitions import keys, schemas
from freehold.services.dynamodb.errors import TableExists, TableNotFoundException
from freehold.services.dynamodb.recovery.backups import new_id
from freehold.services.dynamodb.recovery.points import check_recovered
from freehold.services.dynamodb.service.catalogue import arn_of, dynamodb
from freehold.services.dynamodb.tables import CREATING, Table, name_of, new_space, put_table
from freehold.services.dynamodb.transfers import errors, exports, imports
from freehold.services.dynamodb.transfers.exports import Export
from freehold.services.dynamodb.transfers.imports import Import

PERIOD_MIN_S, PERIOD_MAX_S = 15 * 60, 24 * 3_600
TOKEN_S = 8 * 3_600
LISTED_MAX = 25
LANE, WIDTH = "dynamodb-transfers", 4
INCREMENTAL = exports.INCREMENTAL

R = TypeVar("R", Export, Import)


def _exported_arn(call: Call, request: Request) -> str:
    return request["TableArn"]


def _listed_arn(call: Call, request: Request) -> str:
    return request.get("TableArn") or arn_of(call, "*")


def _described_arn(member: str) -> Callable[[Call, Request], str]:
    return lambda call, request: request[member]


def _imported_arn(call: Call, request: Request) -> str:
    return arn_of(call, request["TableCreationParameters"]["TableName"])


@dynamodb.operation(needs={"dynamodb:ExportTableToPointInTime": _exported_arn})
def export_table_to_point_in_time(call: Call, tx: Tx, request: Request) -> Response:
    table = _table(tx, request["TableArn"])
    asked = _less(request, "ClientToken")
    _check_export(asked)
    before = _under_token(tx, Export, request)
    if before:
        if before.asked != asked:
            raise errors.ExportConflictException()
        return {"ExportDescription": exports.description(tx, before)}
    check_recovered(table)
    since, until = _period(tx, table, asked)
    export = Export(
        table=table.name, id=new_id(tx), token=request.get("ClientToken") or tx.ids.uuid(), table_id=table.id,
        space=table.space, keys=table.keys, asked=asked, since=since, until=until, started_at=tx.now,
    )  # fmt: skip
    tx.put(export)
    pasts.look(tx, table, export.id, until if since is None else since)
    table.cut_at = max(table.cut_at, until)
    put_table(tx, table)
    promise(tx, "dynamodb", "write_export", {"table": table.name, "id": export.id}, lane=LANE, width=WIDTH)
    return {"ExportDescription": exports.description(tx, export)}


def _table(tx: Tx, arn: str) -> Table:
    place = arns.parse(arn)
    if place is None:
        raise errors.TableArnInvalid()
    if "/" in place.resource.removeprefix("table/"):
        raise errors.TableArnOfOtherKind()
    if place.account != tx.account:
        raise errors.AccessDeniedException()
    table = tx.get(Table, name_of(arn)) if place.region == tx.region else None
    if table is None or table.state == CREATING:
        raise TableNotFoundException(name=arn)
    return table


def _check_export(asked: Request) -> None:
    incremental, period = asked.get("ExportType") == INCREMENTAL, asked.get("IncrementalExportSpecification")
    if period is not None and not incremental:
        raise errors.RequestInvalid(reason=errors.PERIOD_OF_ALL if "ExportType" in asked else errors.PERIOD_UNASKED)
    if incremental and period is None:
        raise errors.RequestInvalid(reason=errors.WITHOUT_PERIOD)
    if period is not None and "ExportFromTime" not in period:
        raise errors.RequestInvalid(reason=errors.NO_BEGIN)
    if "S3SseKmsKeyId" in asked and asked.get("S3SseAlgorithm") != "KMS":
        raise errors.RequestInvalid(reason=errors.KEY_UNASKED)
    filtered = asked.get("FilterSpecification")
    if filtered == {}:
        raise errors.RequestInvalid(reason=errors.FILTER_EMPTY)
    if filtered and (incremental or "KeyConditionExpression" in filtered):
        raise NotImplementedHere(service="dynamodb", operation="exports of changes or keys that are chosen")
    compile_request("Scan", filtered or {})


def _period(tx: Tx, table: Table, asked: Request) -> tuple[float | None, float]:
    """What of the table is to be seen: a moment, or what changed after one and until another."""
    earliest = pasts.earliest(table, tx.now)
    period = asked.get("IncrementalExportSpecification")
    if period is None:
        moment = asked.get("ExportTime", tx.now)
        if not int(earliest) <= moment <= tx.now:
            raise errors.InvalidExportTimeException()
        return None, max(moment, earliest)
    since, until = period["ExportFromTime"], period.get("ExportToTime", tx.now)
    if since < int(earliest):
        what = "from time cannot be less than the table creation time"
        raise errors.PeriodInvalid(what=what, moment=moments.iso_ms(since))
    if until > tx.now:
        what = "to time cannot be greater than the current time"
        raise errors.PeriodInvalid(what=what, moment=moments.iso_ms(until))
    if until - since < PERIOD_MIN_S:
        raise errors.PeriodTooShort()
    if until - since > PERIOD_MAX_S:
        raise errors.PeriodTooLong()
    return max(since, earliest), until


@dynamodb.operation(needs={"dynamodb:DescribeExport": _described_arn("ExportArn")})
def describe_export(call: Call, tx: Tx, request: Request) -> Response:
    found = _find(tx, Export, request["ExportArn"], "export", errors.ExportArnInvalid, errors.ExportNotFoundException)
    return {"ExportDescription": exports.description(tx, found)}


@dynamodb.operation(needs={"dynamodb:ListExports": _listed_arn})
def list_exports(call: Call, tx: Tx, request: Request) -> Response:
    page, more = _listed(tx, Export, request, request.get("MaxResults"))
    return {"ExportSummaries": [exports.summary(tx, one) for one in page]} | more


@dynamodb.operation(needs={"dynamodb:ImportTable": _imported_arn})
def import_table(call: Call, tx: Tx, request: Request) -> Response:
    asked = _less(request, "ClientToken")
    wanted = asked["TableCreationParameters"]
    name = name_of(wanted["TableName"])
    _check_import(asked)
    before = _under_token(tx, Import, request)
    if before and (before.status == imports.IN_PROGRESS or tx.get(Table, before.table) is None):
        if before.table != name:
            raise errors.ImportConflictException()
        return {"ImportTableDescription": imports.description(tx, before)}
    table = schemas.read_table(wanted, name, tx.ids.uuid(), tx.now, lambda: new_space(tx))
    if tx.get(Table, name):
        raise TableExists(name=name)
    table.encryption = keys.chosen(call, tx, wanted.get("SSESpecification", {}))
    table.state = CREATING
    put_table(tx, table)
    one = Import(
        table=name, id=new_id(tx), token=request.get("ClientToken") or tx.ids.uuid(), table_id=table.id, asked=asked,
        started_at=tx.now,
    )  # fmt: skip
    tx.put(one)
    promise(tx, "dynamodb", "read_import", {"table": name, "id": one.id}, lane=LANE, width=WIDTH)
    return {"ImportTableDescription": imports.description(tx, one)}


def _check_import(asked: Request) -> None:
    format = asked["InputFormat"]
    if asked.get("InputFormatOptions") and format != "CSV":
        raise errors.RequestInvalid(reason=errors.OPTIONS_UNFIT.format(format=format))
    if asked.get("InputCompressionType") == "ZSTD":
        raise NotImplementedHere(service="dynamodb", operation="imports of objects packed by Zstandard")


@dynamodb.operation(needs={"dynamodb:DescribeImport": _described_arn("ImportArn")})
def describe_import(call: Call, tx: Tx, request: Request) -> Response:
    found = _find(tx, Import, request["ImportArn"], "import", errors.ImportArnInvalid, errors.ImportNotFoundException)
    return {"ImportTableDescription": imports.description(tx, found)}


@dynamodb.operation(needs={"dynamodb:ListImports": _listed_arn})
def list_imports(call: Call, tx: Tx, request: Request) -> Response:
    page, more = _listed(tx, Import, request, request.get("PageSize"))
    return {"ImportSummaryList": [imports.summary(tx, one) for one in page]} | more


def _less(request: Request, member: str) -> dict[str, Any]:
    return {name: value for name, value in request.items() if name != member}


def _under_token(tx: Tx, kind: type[R], request: Request) -> R | None:
    """What was begun under the request's token, not long ago."""
    found = tx.range(kind, request["ClientToken"], index="token", limit=1) if request.get("ClientToken") else []
    return found[0] if found and found[0].started_at > tx.now - TOKEN_S else None


def _find(
    tx: Tx, kind: type[R], arn: str, noun: str, invalid: type[AwsError], missing: type[AwsError]
) -> R:  # fmt: skip
    place = arns.parse(arn)
    parts = place.resource.split("/") if place else []
    if place is None or len(parts) != exports.PARTS or parts[2] != noun:
        raise invalid()
    if place.account != tx.account:
        raise errors.AccessDeniedException()
    found = tx.get(kind, parts[1], parts[3]) if place.region == tx.region else None
    if found is None:
        raise missing(arn=arn)
    return found


def _listed(tx: Tx, kind: type[R], request: Request, limit: int | None) -> tuple[list[R], dict[str, str]]:
    """A page of transfers, the newest first."""
    name = name_of(request["TableArn"]) if "TableArn" in request else ""
    found = sorted(tx.range(kind, *filter(None, (name,))), key=lambda one: (one.id, one.table), reverse=True)
    if "NextToken" in request:
        behind = read_token(
            request["NextToken"], tuple[str, str],
            lambda: errors.RequestInvalid(reason=f"Provided nextToken is invalid: {request['NextToken']}"),
        )  # fmt: skip
        found = [one for one in found if (one.id, one.table) < behind]
    page = found[: limit or LISTED_MAX]
    more = {"NextToken": write_token((page[-1].id, page[-1].table))} if len(found) > len(page) else {}
    return page, more
