"""Announcing: what EventBridge is told of a bucket's objects. It may not know rules.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
"""

from typing import Any

from freehold.kernel.announcements import announce
from freehold.kernel.call import Call
from freehold.kernel.store import Tx
from freehold.services.s3.buckets import Bucket
from freehold.services.s3.news import events
from freehold.services.s3.versions import Version

SOURCE = "aws.s3"
S3 = "s3.amazonaws.com"
NAMES = {"eTag": "etag", "versionId": "version-id"}  # what is called otherwise than in notifications


def announced(
    call: Call, tx: Tx, bucket: Bucket, event: str, version: Version, more: dict[str, Any]
) -> None:  # fmt: skip
    """Announce an event (`ObjectCreated:Put`) of a version of an object where its bucket is."""
    kind = events.KINDS[event]
    if kind.detail_type:
        seat = tx.within(bucket.account, bucket.region)
        announce(seat, SOURCE, kind.detail_type, [bucket.arn], lambda: _detail(call, tx, bucket, kind, version, more))


def _detail(
    call: Call, tx: Tx, bucket: Bucket, kind: events.Kind, version: Version, more: dict[str, Any]
) -> dict[str, Any]:
    thing = events.of_version(version, kind.announced, tx.now, removed=bool(kind.removal))
    detail = {
        "version": "0",
        "bucket": {"name": bucket.name},
        "object": {"key": version.key} | {NAMES.get(name, name): value for name, value in thing.items()},
        "request-id": call.request_id,
        "requester": tx.principal.account or S3,
        "source-ip-address": call.source_ip,
        "reason": kind.reason,
        "deletion-type": kind.removal,
    } | more.get("detail", {})
    return {name: value for name, value in detail.items() if value}
