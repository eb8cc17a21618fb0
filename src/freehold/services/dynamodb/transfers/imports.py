"""Imports: what is remembered of them, how lines become items of the new table, and how AWS tells of them.

One idea: how far an import has come is written down in the transaction that brings the items, so each line is taken
once. It may not know S3.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataImport.HowItWorks.html
"""

from typing import Any, NamedTuple

from freehold.engines.expressions import Compiled, Item, ValidationException, admit_item
from freehold.kernel import arns
from freehold.kernel.store import Record, Tx
from freehold.services.dynamodb import items
from freehold.services.dynamodb.tables import Table, put_table, remove_table
from freehold.services.dynamodb.writing import writes

IN_PROGRESS, COMPLETED, FAILED = "IN_PROGRESS", "COMPLETED", "FAILED"
LOG_GROUP = "/aws-dynamodb/imports"
REJECTED = (
    "ItemValidationError",
    "Some of the items failed validation checks and were not imported. "
    "Please check CloudWatch error logs for more details.",
)
PARTS = 4  # table/NAME/import/ID


class Import(Record, table="dynamodb_imports", key="table id", index="token"):
    """An import into the table named `table`. `asked` is the request, less its token. Of the object `key`, `lines` have
    been taken; those before it are done. Moments in epoch seconds, `size` in bytes as they lie in S3."""

    table: str
    id: str
    token: str
    table_id: str
    asked: dict[str, Any]
    started_at: float
    status: str = IN_PROGRESS
    ended_at: float = 0.0
    key: str = ""
    lines: int = 0
    done_key: str = ""
    size: int = 0
    processed: int = 0
    imported: int = 0
    errors: int = 0
    failure: tuple[str, str] | None = None


class Line(NamedTuple):
    """A line of an object: its number, from 0 on, and its item, or why it has none."""

    number: int
    item: Item | None
    fault: str = ""


def arn_of(tx: Tx, one: Import) -> str:
    return arns.arn("dynamodb", tx.region, tx.account, f"table/{one.table}/import/{one.id}")


def take(tx: Tx, one: Import, key: str, found: list[Line]) -> tuple[Import, list[tuple[int, str]]]:
    """Bring the items of some lines into the table. The import as it is then, and the lines without one, with why."""
    kept = tx.get(Import, one.table, one.id) or one
    table = tx.get(Table, one.table)
    faults: list[tuple[int, str]] = []
    for line in found:
        fault = line.fault or (_bring(tx, table, line.item) if table and line.item is not None else "")
        if fault:
            faults.append((line.number, fault))
    kept.key, kept.lines = key, found[-1].number + 1 if found else kept.lines
    kept.processed += len(found)
    kept.errors += len(faults)
    kept.imported += len(found) - len(faults)
    tx.put(kept)
    return kept, faults


def _bring(tx: Tx, table: Table, item: Item) -> str:
    """Put an item; why it cannot be, if so."""
    try:
        admitted = admit_item(item)
        writes.perform(tx, writes.put(table, admitted, writes.size_of(admitted), Compiled()))
    except ValidationException as refusal:
        return refusal.message
    return ""


def finish_object(tx: Tx, one: Import, key: str, size: int) -> Import:
    kept = tx.get(Import, one.table, one.id) or one
    kept.done_key, kept.key, kept.lines, kept.size = key, "", 0, kept.size + size
    tx.put(kept)
    return kept


def end(tx: Tx, one: Import, failure: tuple[str, str] | None = None) -> None:
    """End an import. A table whose objects could not be read goes again; one with some bad lines stays."""
    kept = tx.get(Import, one.table, one.id) or one
    rejected = REJECTED if kept.errors else None
    kept.failure, kept.ended_at = failure or rejected, tx.now
    kept.status = FAILED if kept.failure else COMPLETED
    tx.put(kept)
    table = tx.get(Table, one.table)
    if table and table.id == kept.table_id:
        if failure and not kept.processed:
            remove_table(tx, table.name)
            items.clear(tx, table.spaces())
            return
        table.state = ""
        put_table(tx, table)


def description(tx: Tx, one: Import) -> dict[str, Any]:
    """An ImportTableDescription."""
    asked = one.asked
    told = {
        "ImportArn": arn_of(tx, one),
        "ImportStatus": one.status,
        "TableArn": arns.arn("dynamodb", tx.region, tx.account, f"table/{one.table}"),
        "TableId": one.table_id,
        "ClientToken": one.token,
        "S3BucketSource": {"S3BucketOwner": tx.account} | asked["S3BucketSource"],
        "ErrorCount": one.errors,
        "CloudWatchLogGroupArn": arns.arn("logs", tx.region, tx.account, f"log-group:{LOG_GROUP}:*"),
        "InputFormat": asked["InputFormat"],
        "InputCompressionType": asked.get("InputCompressionType", "NONE"),
        "TableCreationParameters": asked["TableCreationParameters"],
        "StartTime": one.started_at,
        "ProcessedSizeBytes": one.size,
        "ProcessedItemCount": one.processed,
        "ImportedItemCount": one.imported,
    }
    told |= {"InputFormatOptions": asked["InputFormatOptions"]} if "InputFormatOptions" in asked else {}
    told |= {"EndTime": one.ended_at} if one.ended_at else {}
    return told | (dict(zip(("FailureCode", "FailureMessage"), one.failure)) if one.failure else {})


def summary(tx: Tx, one: Import) -> dict[str, Any]:
    told = description(tx, one)
    parts = ("ImportArn", "ImportStatus", "TableArn", "CloudWatchLogGroupArn", "InputFormat", "StartTime", "EndTime")
    return {part: told[part] for part in parts if part in told} | {"S3BucketSource": told["S3BucketSource"]}
