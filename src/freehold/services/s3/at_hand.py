"""Buckets at hand: what this node has read of buckets, so that requests for objects need not read it again.

One idea: whoever writes a bucket rings its bell when that is done; so what was read while listening is what the store
holds, for as long as the bell is silent and the store has lost nothing. Many look at one record: nobody may change it.
For operations on objects, which write no buckets: who has written one in the transaction under way must read it from
that. It may not know what buckets are looked at for. See rfds/0016.
"""

from asyncio import Future
from typing import NamedTuple
from weakref import WeakKeyDictionary

from freehold.kernel.call import Call
from freehold.kernel.door import Door
from freehold.kernel.signals import EVERYWHERE
from freehold.kernel.store import Tx
from freehold.services.s3.buckets import BELL, Bucket, opened

SEEN_MAX = 4_096


class Seen(NamedTuple):
    """A bucket as it was read, when the store had lost so much; `rung` is done when the bucket is written."""

    bucket: Bucket
    losses: int
    rung: "Future[bool]"


_seen: "WeakKeyDictionary[Door, dict[str, Seen]]" = WeakKeyDictionary()


def open_bucket(call: Call, tx: Tx, name: str) -> Bucket:
    """The bucket, to be looked at only. Raises NoSuchBucket."""
    return opened(look(call, tx, name), name)


def look(call: Call, tx: Tx, name: str) -> Bucket | None:
    """The bucket, to be looked at only; None if there is none."""
    door = call.door
    buckets = _seen.get(door)
    if buckets is None:
        buckets = _seen[door] = {}
    seen = buckets.get(name)
    if seen is not None and seen.losses == door.store.losses and not seen.rung.done():
        return seen.bucket
    return _read(door, tx, buckets, name)


def _read(door: Door, tx: Tx, buckets: dict[str, Seen], name: str) -> Bucket | None:
    for gone in list(buckets) if len(buckets) >= SEEN_MAX else [name]:
        known = buckets.pop(gone, None)
        if known:
            door.bells.forget((*EVERYWHERE, BELL, gone), known.rung)
    bucket = tx.get(Bucket, name)
    if bucket is not None:
        buckets[name] = Seen(bucket, door.store.losses, door.bells.listen((*EVERYWHERE, BELL, name)))
    return bucket
