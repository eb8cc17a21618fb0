"""Audits: what was found in a message, told where its topic's policy says.

One idea: a record is promised in the transaction that takes the message, or that refuses it. Records for a bucket are
kept until they are a file, whose name is settled with the promise, so that a file put twice is one. It may not know
what becomes of the message.

Of where records are filed AWS's documents tell nothing; streams and keys are like those of other vended logs.

https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-operations.html
"""

import gzip
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

import msgspec

from freehold.engines.pii import Finding
from freehold.engines.protection import Destination
from freehold.kernel.deliveries import promise
from freehold.kernel.identity import CLOUD, root
from freehold.kernel.store import Record, Tx
from freehold.kernel.timers import at
from freehold.services.sns.topics import Topic

FILE_AFTER_S = 60
FILE_MAX = 1_000  # records


class Kept(Record, table="sns_audit_records", key="bucket topic number"):
    """A record of a topic on its way into a file."""

    bucket: str
    topic: str
    number: int
    line: str


def record(id: str, at: float, caller: str, topic_arn: str, found: list[Finding]) -> dict[str, Any]:
    """The record of a message. Offsets count characters from 0, `end` is that of the last one."""
    by_name: dict[str, list[Finding]] = defaultdict(list)
    for one in found:
        by_name[one.name].append(one)
    return {
        "messageId": id,
        "auditTimestamp": datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "callerPrincipal": caller,
        "resourceArn": topic_arn,
        "dataIdentifiers": [
            {
                "name": name,
                "count": len(findings),
                "detections": [{"start": one.start, "end": one.end - 1} for one in findings],
            }
            for name, findings in by_name.items()
        ],
    }


def tell(tx: Tx, topic: Topic, place: Destination, told: dict[str, Any]) -> None:
    """Promise a record to each destination of a place."""
    line = msgspec.json.encode(told).decode()
    if place.log_group:
        stream = f"{tx.region}_{topic.name}_0"
        request: dict[str, Any] = {"group": place.log_group, "stream": stream, "events": [(int(tx.now * 1_000), line)]}
        promise(tx.acting(CLOUD), "logs", "append_lines", request)
    if place.stream:
        request = {"DeliveryStreamName": place.stream, "Record": {"Data": f"{line}\n".encode()}}
        promise(tx.acting(root(tx.account)), "firehose", "PutRecord", request)
    if place.bucket:
        _keep(tx, place.bucket, topic.name, line)


def _keep(tx: Tx, bucket: str, topic: str, line: str) -> None:
    last = tx.range(Kept, bucket, topic, reverse=True, limit=1)
    if not last:
        at(tx, tx.now + FILE_AFTER_S, "sns", "file_audit_records", bucket=bucket, topic=topic)
    tx.put(Kept(bucket=bucket, topic=topic, number=last[0].number + 1 if last else 1, line=line))


def file(tx: Tx, bucket: str, topic: str) -> None:
    """Make a file of the records kept for a bucket, and promise it; when there are more, soon another."""
    found = tx.range(Kept, bucket, topic, limit=FILE_MAX)
    if not found:
        return
    lines = "".join(f"{one.line}\n" for one in found).encode()
    put = {
        "Bucket": bucket, "Key": _key(tx, topic), "Body": gzip.compress(lines, mtime=int(tx.now)),
        "ContentType": "application/x-gzip",
    }  # fmt: skip
    promise(tx.acting(root(tx.account)), "s3", "PutObject", put, lane=f"sns-audits:{bucket}")
    for one in found:
        tx.delete(Kept, bucket, topic, one.number)
    if len(found) == FILE_MAX:
        at(tx, tx.now, "sns", "file_audit_records", bucket=bucket, topic=topic)


def _key(tx: Tx, topic: str) -> str:
    when = datetime.fromtimestamp(tx.now, UTC)
    name = f"{tx.account}_sns_{tx.region}_{topic}_{when:%Y%m%dT%H%MZ}_{tx.ids.hex(8)}.log.gz"
    return f"AWSLogs/{tx.account}/sns/{tx.region}/{topic}/{when:%Y/%m/%d}/{name}"
