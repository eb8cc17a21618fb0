"""Rounds: what is due to aging objects is done.

One idea: each bucket with rules is walked once a day, as rules fall due at midnights, and again when its rules have
changed; only prefixes that rules are about are walked, a page at a time. Done twice it does nothing more. It may not
know why it was woken.
"""

import hashlib

import orjson

from freehold.kernel.call import Call
from freehold.kernel.store import Record, Tx
from freehold.services.s3 import versions
from freehold.services.s3.aging import lifecycles
from freehold.services.s3.aging.lifecycles import DAY_S, Rule
from freehold.services.s3.buckets import Bucket
from freehold.services.s3.locks import retention
from freehold.services.s3.news import notifications
from freehold.services.s3.uploads.parts import Upload, abort
from freehold.services.s3.versions import BEHIND_ALL, Version

PAGE = 100


class Round(Record, table="s3_rounds", key="bucket", scope="global"):
    """The last round through a bucket: the day (since the epoch), and a digest of the rules it was done by."""

    bucket: str
    day: int
    rules: str


async def age(call: Call) -> None:
    """Carry out the lifecycle rules of every bucket that has some."""
    for bucket in await call.transact(_waiting):
        inside = call.within(bucket.account, bucket.region)
        place: tuple | None = ()
        while place is not None:
            place = await inside.transact(_abort_stale, bucket, place)
            await call.sleep(0)
        for prefix in _prefixes(lifecycles.rules_of(bucket)):
            last: str | None = ""
            while last is not None:
                last = await inside.transact(_age_some, inside, bucket, prefix, last)
                await call.sleep(0)
        await inside.transact(_note, bucket)


def _waiting(tx: Tx) -> list[Bucket]:
    """The buckets whose rules have not been carried out today."""
    found = []
    for bucket in tx.range(Bucket):
        if lifecycles.rules_of(bucket):
            done = tx.get(Round, bucket.name)
            if done is None or (done.day, done.rules) != _round(tx, bucket):
                found.append(bucket)
    return found


def _round(tx: Tx, bucket: Bucket) -> tuple[int, str]:
    rules = orjson.dumps([bucket.created_at, bucket.settings[lifecycles.SETTING]], option=orjson.OPT_SORT_KEYS)
    return int(tx.now // DAY_S), hashlib.sha256(rules).hexdigest()


def _note(tx: Tx, bucket: Bucket) -> None:
    day, rules = _round(tx, bucket)
    tx.put(Round(bucket=bucket.name, day=day, rules=rules))


def _prefixes(rules: list[Rule]) -> list[str]:
    """The prefixes that rules are about, none of which lies in another."""
    found: list[str] = []
    for prefix in sorted({lifecycles.conditions(rule).prefix for rule in rules}):
        if not found or not prefix.startswith(found[-1]):
            found.append(prefix)
    return found


def _abort_stale(tx: Tx, bucket: Bucket, place: tuple) -> tuple | None:
    """Give up what is stale of some uploads behind a place; the last one's place, None at the end."""
    page = tx.range(Upload, bucket.name, after=place or None, limit=PAGE)
    for upload in page:
        if lifecycles.abortion(bucket, upload)[0] <= tx.now:
            abort(tx, upload)
    return (page[-1].key, page[-1].id) if len(page) == PAGE else None


def _age_some(tx: Tx, call: Call, bucket: Bucket, prefix: str, last: str) -> str | None:
    """Age all versions of some keys behind `last`; the last of these keys, None at the end."""
    rules = lifecycles.rules_of(bucket)
    after = (last, BEHIND_ALL) if last else None
    page = tx.range(Version, bucket.name, low=prefix or None, after=after, limit=PAGE)
    keys = list(dict.fromkeys(version.key for version in page if version.key.startswith(prefix)))
    groups: dict[str, list[Version]] = {key: [] for key in keys}
    for version in page:
        if version.key in groups:
            groups[version.key].append(version)
    if len(page) == PAGE and keys:  # the last key may have more versions than the page shows
        groups[keys[-1]] = tx.range(Version, bucket.name, keys[-1])
    for group in groups.values():
        _age_key(tx, call, bucket, rules, group)
    return keys[-1] if len(page) == PAGE and page[-1].key.startswith(prefix) else None


def _age_key(tx: Tx, call: Call, bucket: Bucket, rules: list[Rule], group: list[Version]) -> None:
    """Do what is due to all versions of a key, newest first."""
    left = 1
    for newer, version in enumerate(group[1:]):
        if lifecycles.noncurrent_gone(rules, version, newer, tx.now) and not retention.locked(version, tx.now):
            versions.remove(tx, version)
            notifications.tell(call, tx, bucket, "LifecycleExpiration:Delete", version)
        else:
            left += 1
            _move(tx, call, bucket, rules, version)
    current = group[0]
    if current.marker:
        if left == 1 and lifecycles.marker_gone(rules, current, tx.now):
            versions.remove(tx, current)
            notifications.tell(call, tx, bucket, "LifecycleExpiration:Delete", current)
    elif lifecycles.expiry(rules, current)[0] <= tx.now:
        marker = versions.delete(tx, bucket, current.key)
        event = "LifecycleExpiration:DeleteMarkerCreated" if marker else "LifecycleExpiration:Delete"
        notifications.tell(call, tx, bucket, event, marker or current)
    else:
        _move(tx, call, bucket, rules, current)


def _move(tx: Tx, call: Call, bucket: Bucket, rules: list[Rule], version: Version) -> None:
    """Put a version into the storage class it should be in by now."""
    if version.marker:
        return
    wanted = lifecycles.storage_class(bucket, rules, version, tx.now)
    if wanted != version.storage_class:
        version.said = version.said | {"StorageClass": wanted}
        tx.put(version)
        more = {
            "record": {"lifecycleEventData": {"transitionEventData": {"destinationStorageClass": wanted}}},
            "detail": {"destination-storage-class": wanted},
        }
        notifications.tell(call, tx, bucket, "LifecycleTransition", version, more)
