"""Announcing: what EventBridge is told of a bucket's objects.

One idea: an S3 event has a kind and a reason, and a table says which. It may not know rules.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
"""

from typing import Any

from freehold.kernel.announcements import announce
from freehold.kernel.call import Call
from freehold.kernel.store import Tx
from freehold.services.s3.buckets import Bucket
from freehold.services.s3.versions import NULL, Version

SOURCE = "aws.s3"

# By the name that notifications have: the kind of event, its reason, and how a removal removed.
TOLD: dict[str, tuple[str, str, str]] = {
    "ObjectCreated:Put": ("Object Created", "PutObject", ""),
    "ObjectCreated:Post": ("Object Created", "POST Object", ""),
    "ObjectCreated:Copy": ("Object Created", "CopyObject", ""),
    "ObjectCreated:CompleteMultipartUpload": ("Object Created", "CompleteMultipartUpload", ""),
    "ObjectRemoved:Delete": ("Object Deleted", "DeleteObject", "Permanently Deleted"),
    "ObjectRemoved:DeleteMarkerCreated": ("Object Deleted", "DeleteObject", "Delete Marker Created"),
    "LifecycleExpiration:Delete": ("Object Deleted", "Lifecycle Expiration", "Permanently Deleted"),
    "LifecycleExpiration:DeleteMarkerCreated": ("Object Deleted", "Lifecycle Expiration", "Delete Marker Created"),
    "ObjectTagging:Put": ("Object Tags Added", "", ""),
    "ObjectTagging:Delete": ("Object Tags Deleted", "", ""),
}


def announced(call: Call, tx: Tx, bucket: Bucket, event: str, version: Version) -> None:
    """Announce an event (`ObjectCreated:Put`) of a version of an object where its bucket is."""
    kind, reason, removal = TOLD[event]
    seat = tx.within(bucket.account, bucket.region)
    announce(seat, SOURCE, kind, [bucket.arn], lambda: _detail(call, tx, bucket, version, reason, removal))


def _detail(call: Call, tx: Tx, bucket: Bucket, version: Version, reason: str, removal: str) -> dict[str, Any]:
    thing: dict[str, Any] = {"key": version.key}
    if removal != "Delete Marker Created":
        thing |= {"size": version.size, "etag": version.etag}
    if version.id != NULL:
        thing["version-id"] = version.id
    detail = {
        "version": "0",
        "bucket": {"name": bucket.name},
        "object": thing | {"sequencer": f"{int(tx.now * 1000):018X}"},
        "request-id": call.request_id,
        "requester": tx.principal.account or "s3.amazonaws.com",
        "source-ip-address": call.source_ip,
        "reason": reason,
        "deletion-type": removal,
    }
    return {name: value for name, value in detail.items() if value}
