"""Exports: what is remembered of them, what they see of their table, and how AWS tells of them.

One idea: a full export is a table at a moment; an incremental one is, of each place that changed in a period, the table
at its beginning beside the table at its end. It may not know S3.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.HowItWorks.html
"""

from typing import Any

import msgspec

from freehold.engines.expressions import Compiled, Item
from freehold.kernel import arns
from freehold.kernel.store import Record, Tx
from freehold.services.dynamodb import pasts
from freehold.services.dynamodb.items import Row
from freehold.services.dynamodb.recovery.copies import seen_at
from freehold.services.dynamodb.tables import Keys, Place
from freehold.services.dynamodb.transfers.lines import Told

IN_PROGRESS, COMPLETED, FAILED = "IN_PROGRESS", "COMPLETED", "FAILED"
INCREMENTAL = "INCREMENTAL_EXPORT"
BOTH_VIEWS = "NEW_AND_OLD_IMAGES"
STRETCH = 250
PARTS = 4  # table/NAME/export/ID


class DataFile(msgspec.Struct):
    """A file that has been written: its key, how many items it tells of, its MD5 in Base64, its ETag."""

    key: str
    items: int
    md5: str
    etag: str


class Export(Record, table="dynamodb_exports", key="table id", index="token"):
    """An export of the table named `table`, whose items lie in `space`, with keys `keys`. `asked` is the request, less
    its token. What is seen is the table at `until`, or what changed after `since` and until then. `after` is the place
    behind which it goes on until all files are `written`; moments in epoch seconds, `size` in bytes."""

    table: str
    id: str
    token: str
    table_id: str
    space: str
    keys: Keys
    asked: dict[str, Any]
    until: float
    started_at: float
    since: float | None = None
    status: str = IN_PROGRESS
    ended_at: float = 0.0
    after: tuple[bytes, bytes] | None = None
    written: bool = False
    files: list[DataFile] = []
    size: int = 0
    failure: tuple[str, str] | None = None

    @property
    def format(self) -> str:
        return self.asked.get("ExportFormat", "DYNAMODB_JSON")

    @property
    def items(self) -> int:
        return sum(file.items for file in self.files)


def arn_of(tx: Tx, export: Export) -> str:
    return arns.arn("dynamodb", tx.region, tx.account, f"table/{export.table}/export/{export.id}")


def stretch(tx: Tx, export: Export, filtered: Compiled, behind: Place | None) -> tuple[list[Told], int, Place | None]:
    """What is told of the next places behind one, its bytes, and where to go on: None at the end."""
    if export.since is not None:
        return _changed(tx, export, behind)
    rows, behind = seen_at(tx, export.space, export.until, behind, STRETCH)
    chosen = [row for row in rows if not filtered.filter or filtered.filter.holds(row.item)]
    shown = [filtered.projection.of(row.item) if filtered.projection else row.item for row in chosen]
    return [{"Item": item} for item in shown], sum(row.size for row in chosen), behind


def _changed(tx: Tx, export: Export, behind: Place | None) -> tuple[list[Told], int, Place | None]:
    assert export.since is not None
    told: list[Told] = []
    size = 0
    for _ in range(STRETCH):
        where = pasts.next_place(tx, export.space, behind)
        if where is None:
            return told, size, None
        behind = where
        first = pasts.first_later(tx, export.space, where, export.since)
        if first is None or first.made_at > export.until:
            continue
        last = pasts.last_until(tx, export.space, where, export.until)
        assert last, "a place that changed has a last change"
        old, new = first.item, _at_end(tx, export, where)
        if old is not None or new is not None:
            told.append(_change(export, old, new, last.made_at))
            size += first.size
    return told, size, behind


def _at_end(tx: Tx, export: Export, where: Place) -> Item | None:
    later = pasts.first_later(tx, export.space, where, export.until)
    if later:
        return later.item
    row = tx.get(Row, export.space, *where)
    return row.item if row else None


def _change(export: Export, old: Item | None, new: Item | None, moment: float) -> Told:
    item = new or old or {}
    told: Told = {
        "Metadata": {"WriteTimestampMicros": {"N": str(int(moment * 1e6))}},
        "Keys": {name: item[name] for name, _ in export.keys},
    }
    view = export.asked["IncrementalExportSpecification"].get("ExportViewType", BOTH_VIEWS)
    told |= {"OldImage": old} if old is not None and view == BOTH_VIEWS else {}
    return told | ({"NewImage": new} if new is not None else {})


def description(tx: Tx, export: Export) -> dict[str, Any]:
    """An ExportDescription."""
    told: dict[str, Any] = {
        "ExportArn": arn_of(tx, export),
        "ExportStatus": export.status,
        "StartTime": export.started_at,
        "TableArn": arns.arn("dynamodb", tx.region, tx.account, f"table/{export.table}"),
        "TableId": export.table_id,
        "ClientToken": export.token,
        "ExportFormat": export.format,
        "S3SseAlgorithm": "AES256",
    }
    told |= {name: value for name, value in export.asked.items() if name not in ("TableArn", "ExportTime")}
    if export.since is None:
        told["ExportTime"] = export.until
    else:
        period = {"ExportFromTime": export.since, "ExportToTime": export.until, "ExportViewType": BOTH_VIEWS}
        told["IncrementalExportSpecification"] = period | told["IncrementalExportSpecification"]
    if export.status != IN_PROGRESS:
        told |= {"EndTime": export.ended_at, "ItemCount": export.items, "BilledSizeBytes": export.size}
    if export.status == COMPLETED:
        told["ExportManifest"] = f"{folder(export)}/manifest-summary.json"
    if export.failure:
        told |= dict(zip(("FailureCode", "FailureMessage"), export.failure))
    return told


def summary(tx: Tx, export: Export) -> dict[str, Any]:
    kind = "FULL_EXPORT" if export.since is None else INCREMENTAL
    return {"ExportArn": arn_of(tx, export), "ExportStatus": export.status, "ExportType": kind}


def folder(export: Export) -> str:
    """Where in its bucket an export writes."""
    prefix = export.asked.get("S3Prefix", "").rstrip("/")
    return "/".join(filter(None, (prefix, "AWSDynamoDB", export.id)))
