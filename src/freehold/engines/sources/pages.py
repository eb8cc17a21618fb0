"""Pages: records of a shard that were read together, and what of them is still to be done.

One idea: a page is divided into lanes, whose records keep their order, and a lane into parts, each of which is handed
over at once; a verdict about a part moves its lane on. It may not know who is handed records, nor where pages are kept.

https://docs.aws.amazon.com/lambda/latest/dg/kinesis-polling-and-batching.html
"""

import zlib
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Protocol, TypeVar

import msgspec

from freehold.engines import batches
from freehold.engines.batches import Verdict
from freehold.engines.sources.streams import Item

EVENT_BYTES_MAX = 6_000_000


class Reading(Protocol):
    """How a shard is being read."""

    shard: str
    parents: tuple[str, ...]
    ended: bool


R = TypeVar("R", bound=Reading)


def due(shards: list[R]) -> list[R]:
    """Those to be read now: parents come before their children."""
    open_ids = {one.shard for one in shards if not one.ended}
    return [one for one in shards if not one.ended and not open_ids.intersection(one.parents)]


class Part(msgspec.Struct, array_like=True):
    """The records of a lane up to a sequence number that are handed over together, after so many failed tries."""

    end: str
    failures: int = 0


class Lane(msgspec.Struct, array_like=True):
    """What is left of a lane, and the sequence number up to which it is done with."""

    parts: list[Part]
    done: str = ""


class Page(msgspec.Struct):
    """Records that were read together, up to the sequence number `last`."""

    last: str
    lanes: list[Lane]


def later(sequence: str, other: str) -> bool:
    """Whether a sequence number is above another, or there is no other."""
    return not other or int(sequence) > int(other)


def lane_of(item: Item, lanes: int) -> int:
    """The lane of an item: records of one key are in one lane."""
    return zlib.crc32(item.key.encode()) % lanes if lanes > 1 else 0


def plan(items: list[Item], last: str, lanes: int, count_max: int, span: Callable[[Item], float]) -> Page:
    """How a page is worked on: in so many lanes, in parts of at most `count_max` items of one `span` of time each."""
    page = Page(last, [Lane([]) for _ in range(lanes)])
    for number, lane in enumerate(page.lanes):
        own = [item for item in items if lane_of(item, lanes) == number]
        for _, group in groupby(own, span):
            lane.parts += [Part(part[-1].sequence) for part in divided(list(group), count_max)]
    return page


def divided(items: list[Item], count_max: int) -> list[list[Item]]:
    """Items in parts that are no larger than an event may be."""
    found, at = [], 0
    for count in batches.parts([item.size for item in items], count_max, EVENT_BYTES_MAX):
        found.append(items[at : at + count])
        at += count
    return found


def next_of(page: Page, number: int, items: Sequence[Item]) -> list[Item]:
    """The items of a lane's next part."""
    lane = page.lanes[number]
    end = lane.parts[0].end
    own = (item for item in items if lane_of(item, len(page.lanes)) == number)
    return [item for item in own if later(item.sequence, lane.done) and not later(item.sequence, end)]


def move(page: Page, number: int, tried: list[Item], verdict: Verdict) -> bool:
    """Move a lane on by a verdict about its next part, whose items were `tried`; whether anything of the page is
    left."""
    lane = page.lanes[number]
    end = lane.parts[0].end
    at = verdict.done
    parts = []
    for again in verdict.again:
        at += again.length
        parts.append(Part(tried[at - 1].sequence, again.failures))
    if parts:
        parts[-1].end = end
    if verdict.done:
        lane.done = tried[verdict.done - 1].sequence
    if not parts:
        lane.done = end
    lane.parts[:1] = parts
    return any(lane.parts for lane in page.lanes)
