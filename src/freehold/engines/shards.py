"""Shards: what logs of records have in common, whoever keeps them: iterators, their age, and where a time is found.

One idea: an iterator is a place in a shard that travels as a text, and needs no row of its own. It may not know what
records are, nor which service they are of.

https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html
"""

import base64
import binascii
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

BELL = "shard-records"  # rung with a stream's ARN whenever a record is added or a shard closed
EXPIRED = (
    "Iterator expired. The iterator was created at time {then} while right now it is {now} which is further in the "
    "future than the tolerated delay of {tolerated_ms} milliseconds."
)


class Place(NamedTuple):
    """Before the record `number` of a shard, as `stream` is known to its room. `made_at` in epoch seconds; `chance`
    makes each text another, as AWS's are."""

    stream: str
    shard: str
    number: int
    made_at: float
    chance: str = ""


def write(place: Place) -> str:
    """The text of an iterator."""
    return base64.b64encode(msgspec.msgpack.encode(place)).decode()


def read(text: str) -> Place | None:
    """The place that a text means; None if it is none of ours. Quotes around it, which some tools add, do no harm."""
    try:
        return msgspec.msgpack.decode(base64.b64decode(text.strip('"'), validate=True), type=Place)
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        return None


def too_old(place: Place, now: float, tolerated_s: int) -> str:
    """The words of the refusal of an iterator that is older than is tolerated; nothing if it is not."""
    if now - place.made_at <= tolerated_s:
        return ""
    return EXPIRED.format(then=_told(place.made_at), now=_told(now), tolerated_ms=tolerated_s * 1_000)


def _told(moment: float) -> str:
    """A moment as `Thu Jan 22 01:22:02 UTC 2015`."""
    return datetime.fromtimestamp(moment, UTC).strftime("%a %b %d %H:%M:%S UTC %Y")


def first_since(low: int, high: int, moment: float, at: Callable[[int], float]) -> int:
    """The first of the numbers `low` to `high` whose time `at` is not before the moment; `high + 1` if there is none.

    Times do not fall as numbers grow.
    """
    while low <= high:
        middle = (low + high) // 2
        if at(middle) < moment:
            low = middle + 1
        else:
            high = middle - 1
    return low
