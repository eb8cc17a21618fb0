"""Buckets at hand, for requests about objects, which write no buckets: see `freehold.at_hand`. It may not know what
buckets are looked at for."""

from freehold.at_hand import AtHand
from freehold.kernel.call import Call
from freehold.kernel.signals import EVERYWHERE
from freehold.kernel.store import Tx
from freehold.services.s3.buckets import BELL, Bucket, opened

_buckets = AtHand(Bucket)


def open_bucket(call: Call, tx: Tx, name: str) -> Bucket:
    """The bucket, to be looked at only. Raises NoSuchBucket."""
    return opened(look(call, tx, name), name)


def seen(call: Call, name: str) -> Bucket | None:
    """The bucket, to be looked at only, if it is at hand; outside a transaction."""
    return _buckets.seen(call.door, (*EVERYWHERE, BELL, name))


def look(call: Call, tx: Tx, name: str) -> Bucket | None:
    """The bucket, to be looked at only; None if there is none."""
    return _buckets.look(call.door, tx, (*EVERYWHERE, BELL, name))
