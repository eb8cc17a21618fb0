"""Delivering: buffers are closed when their time comes, and files are put into buckets by the stream's role.

One idea: a file that is put twice is the same file. What S3 or STS will not have now is tried for a day, then dropped,
as Firehose does. It may not know how records come in.

https://docs.aws.amazon.com/firehose/latest/dev/retry.html
"""

import gzip
import logging
from typing import Any

from freehold.kernel import roles
from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.service import Request
from freehold.kernel.store import Tx
from freehold.kernel.timers import at
from freehold.services.firehose import buffers, errors
from freehold.services.firehose.catalogue import firehose
from freehold.services.firehose.streams import GZIP, Stream

log = logging.getLogger("freehold.firehose")

SERVICE, SESSION = "firehose.amazonaws.com", "firehose"


@firehose.internal
def close_buffer(call: Call, tx: Tx, request: Request) -> None:
    """Close the buffer of the stream of this `name` and `id`, if it still begins with the record `first`."""
    stream = tx.get(Stream, request["name"])
    if stream and (stream.id, stream.first) == (request["id"], request["first"]):
        buffers.close(tx, stream)
        tx.put(stream)


@firehose.internal
async def file(call: Call, request: Request) -> None:
    """Put the records of a `stream` (by id) from `first` on into its bucket, as its role."""
    closed = await call.transact(buffers.closed_at, request["stream"], request["first"])
    if closed and not closed.filed:
        data = await _records(call, closed)
        try:
            session = await roles.assume(call, closed.destination["RoleARN"], SERVICE, SESSION)
            await session.call.ask("s3", "PutObject", _object(closed, data, int(call.now)))
        except AwsError as refusal:
            raise errors.NotDelivered(code=refusal.shape(), reason=refusal.message) from refusal
    while await call.transact(buffers.drop, request["stream"], request["first"]):
        await call.sleep(0)


async def _records(call: Call, closed: buffers.Closed) -> bytes:
    """What a file is to hold."""
    found: list[bytes] = []
    while more := await call.transact(buffers.page, closed, closed.first + len(found)):
        found += more
        await call.sleep(0)
    return b"".join(found)


def _object(closed: buffers.Closed, data: bytes, now: int) -> dict[str, Any]:
    to = closed.destination
    body = gzip.compress(data, mtime=now) if to["CompressionFormat"] == GZIP else data
    put = {"Bucket": to["BucketARN"].rpartition(":")[2], "Key": closed.key, "Body": body}
    put["ContentType"] = "application/octet-stream"
    key = to["EncryptionConfiguration"].get("KMSEncryptionConfig", {}).get("AWSKMSKeyARN")
    return put | ({"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key} if key else {})


@firehose.internal
def give_up(call: Call, tx: Tx, request: Request) -> None:
    """Drop what could not be filed, piece by piece."""
    if "error" not in request["outcome"]:
        return
    if buffers.drop(tx, request["stream"], request["first"]):
        at(tx, tx.now, "firehose", "give_up", **request)
    else:
        log.warning("records of a delivery stream are lost: %s", request["outcome"]["error"]["message"])
