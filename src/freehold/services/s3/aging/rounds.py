"""Rounds: what is due to aging objects is done.

One idea: each bucket with rules is walked a page at a time, and a key's versions are judged together; done twice it
does nothing more. It may not know why it was woken.
"""

from typing import Any

from freehold.kernel.call import Call
from freehold.kernel.store import Tx
from freehold.services.s3 import versions
from freehold.services.s3.aging import lifecycles
from freehold.services.s3.buckets import Bucket
from freehold.services.s3.locks import retention
from freehold.services.s3.news import notifications
from freehold.services.s3.uploads.parts import Upload, abort
from freehold.services.s3.versions import BEHIND_ALL, Version

PAGE = 500


async def age(call: Call) -> None:
    """Carry out the lifecycle rules of every bucket that has some."""
    for bucket in await call.transact(_ruled):
        inside = call.within(bucket.account, bucket.region)
        await inside.transact(_abort_stale, bucket)
        last: str | None = ""
        while last is not None:
            last = await inside.transact(_age_some, inside, bucket, last)


def _ruled(tx: Tx) -> list[Bucket]:
    return [bucket for bucket in tx.range(Bucket) if lifecycles.SETTING in bucket.settings]


def _rules(bucket: Bucket) -> list[dict[str, Any]]:
    return [rule for rule in bucket.settings[lifecycles.SETTING]["Rules"] if rule["Status"] == "Enabled"]


def _abort_stale(tx: Tx, bucket: Bucket) -> None:
    for upload in tx.range(Upload, bucket.name):
        likeness = Version(bucket=bucket.name, key=upload.key, modified_at=upload.begun_at, tags=upload.tags)
        for rule in _rules(bucket):
            when = rule.get("AbortIncompleteMultipartUpload")
            if when and lifecycles.concerns(rule, likeness) and lifecycles.due_at(when, upload.begun_at) <= tx.now:
                abort(tx, upload)
                break


def _age_some(tx: Tx, call: Call, bucket: Bucket, last: str) -> str | None:
    """Age all versions of some keys behind `last`; the last of these keys, None at the end."""
    page = tx.range(Version, bucket.name, after=(last, BEHIND_ALL) if last else None, limit=PAGE)
    keys = list(dict.fromkeys(version.key for version in page))
    for key in keys:
        _age_key(tx, call, bucket, tx.range(Version, bucket.name, key))
    return keys[-1] if len(page) == PAGE else None


def _age_key(tx: Tx, call: Call, bucket: Bucket, group: list[Version]) -> None:
    """Do what is due to all versions of a key, newest first."""
    rules = _rules(bucket)
    for newer, version in enumerate(group[1:]):
        if lifecycles.noncurrent_gone(rules, version, newer, tx.now) and not retention.locked(version, tx.now):
            versions.remove(tx, version)
            notifications.tell(call, tx, bucket, "LifecycleExpiration:Delete", version)
        else:
            _move(tx, rules, version)
    current = versions.newest(tx, bucket.name, group[0].key)
    if current is None:
        return
    if current.marker:
        if len(tx.range(Version, bucket.name, current.key, limit=2)) == 1 and _marker_gone(rules, current, tx.now):
            versions.remove(tx, current)
    elif lifecycles.expiry(rules, current)[0] <= tx.now:
        marker = versions.delete(tx, bucket, current.key)
        event = "LifecycleExpiration:DeleteMarkerCreated" if marker else "LifecycleExpiration:Delete"
        notifications.tell(call, tx, bucket, event, marker or current)
    else:
        _move(tx, rules, current)


def _marker_gone(rules: list[dict[str, Any]], marker: Version, now: float) -> bool:
    """Whether a delete marker with nothing behind it is to go."""
    for rule in rules:
        expiry = rule.get("Expiration", {})
        if lifecycles.concerns(rule, marker) and (
            expiry.get("ExpiredObjectDeleteMarker") or lifecycles.due_at(expiry, marker.modified_at) <= now
        ):
            return True
    return False


def _move(tx: Tx, rules: list[dict[str, Any]], version: Version) -> None:
    """Put a version into the storage class it should be in by now."""
    wanted = lifecycles.storage_class(rules, version, tx.now)
    if not version.marker and wanted != version.storage_class:
        version.said = version.said | {"StorageClass": wanted}
        tx.put(version)
