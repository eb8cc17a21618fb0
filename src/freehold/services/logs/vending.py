"""Vended logs: what the cloud's services have to tell, delivered to a log group, a delivery stream or a bucket.

One idea: all of it is delivered by promises and rows of the transaction in which it is told. Lines for a bucket are
kept until they are a file, whose name is settled with the promise, so that a file put twice is one. It may not know
what the lines say, and looks for nothing in them.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
"""

import gzip
from datetime import UTC, datetime
from typing import NamedTuple

from freehold.engines.protection import Destination
from freehold.kernel.deliveries import promise
from freehold.kernel.identity import root
from freehold.kernel.store import Record, Tx
from freehold.kernel.timers import at
from freehold.services.logs.events import append, size_of
from freehold.services.logs.groups import Group, create_group
from freehold.services.logs.streams import Stream, create_stream

FILE_AFTER_S = 60
FILE_MAX = 1_000  # lines
RECORDS_MAX = 500  # that Firehose takes at once


class Origin(NamedTuple):
    """Whose logs they are: the service (`logs`), and the name of what belongs to it."""

    service: str
    name: str


class Kept(Record, table="logs_vended", key="bucket service name number"):
    """A line on its way into a file."""

    bucket: str
    service: str
    name: str
    number: int
    line: str


def tell(tx: Tx, origin: Origin, place: Destination, lines: list[str]) -> None:
    """Deliver lines to each destination of a place."""
    if place.log_group:
        _write(tx, origin, place.log_group, lines)
    if place.stream:
        _stream(tx, place.stream, lines)
    if place.bucket:
        _keep(tx, origin, place.bucket, lines)


def _write(tx: Tx, origin: Origin, name: str, lines: list[str]) -> None:
    """To a log group, which is made if needed."""
    group, own = tx.get(Group, name) or create_group(tx, name), f"{tx.region}_{origin.name}_0"
    stream = tx.get(Stream, group.id, own) or create_stream(tx, group, own)
    now = int(tx.now * 1_000)
    append(tx, group, stream, [(now, line) for line in lines], sum(map(size_of, lines)))


def _stream(tx: Tx, name: str, lines: list[str]) -> None:
    records = [{"Data": f"{line}\n".encode()} for line in lines]
    for first in range(0, len(records), RECORDS_MAX):
        request = {"DeliveryStreamName": name, "Records": records[first : first + RECORDS_MAX]}
        promise(tx.acting(root(tx.account)), "firehose", "PutRecordBatch", request)


def _keep(tx: Tx, origin: Origin, bucket: str, lines: list[str]) -> None:
    last = tx.range(Kept, bucket, *origin, reverse=True, limit=1)
    if not last:
        at(tx, tx.now + FILE_AFTER_S, "logs", "file_vended", bucket=bucket, service=origin.service, name=origin.name)
    for number, line in enumerate(lines, last[0].number + 1 if last else 1):
        tx.put(Kept(bucket=bucket, service=origin.service, name=origin.name, number=number, line=line))


def file(tx: Tx, origin: Origin, bucket: str) -> None:
    """Make a file of what is kept for a bucket, and promise it; when there is more, soon another."""
    found = tx.range(Kept, bucket, *origin, limit=FILE_MAX)
    if not found:
        return
    lines = "".join(f"{one.line}\n" for one in found).encode()
    put = {
        "Bucket": bucket, "Key": _key(tx, origin), "Body": gzip.compress(lines, mtime=int(tx.now)),
        "ContentType": "application/x-gzip",
    }  # fmt: skip
    promise(tx.acting(root(tx.account)), "s3", "PutObject", put, lane=f"logs-vended:{bucket}")
    for one in found:
        tx.delete(Kept, bucket, *origin, one.number)
    if len(found) == FILE_MAX:
        at(tx, tx.now, "logs", "file_vended", bucket=bucket, service=origin.service, name=origin.name)


def _key(tx: Tx, origin: Origin) -> str:
    when = datetime.fromtimestamp(tx.now, UTC)
    stem = f"{tx.account}_{origin.service}_{tx.region}_{origin.name.strip('/').replace('/', '_')}"
    folder = f"AWSLogs/{tx.account}/{origin.service}/{tx.region}/{origin.name.strip('/')}/{when:%Y/%m/%d}"
    return f"{folder}/{stem}_{when:%Y%m%dT%H%MZ}_{tx.ids.hex(8)}.log.gz"
