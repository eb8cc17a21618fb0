"""Positions: how far a mapping has come in each shard, and what of the page it is at is still to be done.

One idea: a position is a row, moved in the transaction in which an outcome is recorded; so whatever happens, reading
goes on behind what is done with. A page is divided into lanes, whose records keep their order, and a lane into parts,
each of which is one event. It may not know functions.

https://docs.aws.amazon.com/lambda/latest/dg/kinesis-polling-and-batching.html
"""

import zlib
from collections.abc import Callable, Sequence
from itertools import groupby

import msgspec

from freehold.engines import batches
from freehold.engines.batches import Verdict
from freehold.kernel.store import Record, Tx
from freehold.services.lambda_.sources.shards import HORIZON, Item, Shard

EVENT_BYTES_MAX = 6_000_000


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


class Position(Record, table="lambda_positions", key="mapping shard"):
    """All of a shard up to the sequence number `after` is done with; if there is none, reading starts as `start` says,
    at the moment `start_at`. `ended` if nothing will come any more."""

    mapping: str
    shard: str
    start: str
    start_at: float = 0.0
    parents: tuple[str, ...] = ()
    after: str = ""
    ended: bool = False
    page: Page | None = None


def later(sequence: str, other: str) -> bool:
    """Whether a sequence number is above another, or there is no other."""
    return not other or int(sequence) > int(other)


def begin(tx: Tx, mapping: str, shards: list[Shard], start: str, start_at: float) -> list[Position]:
    """The positions in these shards. Those of a mapping's first look begin as it says, others at their beginning."""
    known = {position.shard: position for position in tx.range(Position, mapping)}
    first = not known
    for shard in shards:
        if shard.id not in known:
            where = (start, start_at) if first else (HORIZON, 0.0)
            fresh = Position(mapping=mapping, shard=shard.id, start=where[0], start_at=where[1], parents=shard.parents)
            tx.put(fresh)
            known[shard.id] = fresh
    listed = {shard.id for shard in shards}
    for id in known.keys() - listed:
        tx.delete(Position, mapping, id)
    return [position for id, position in known.items() if id in listed]


def due(positions: list[Position]) -> list[Position]:
    """Those to be read now: parents come before their children."""
    open_ids = {position.shard for position in positions if not position.ended}
    return [one for one in positions if not one.ended and not open_ids.intersection(one.parents)]


def forget(tx: Tx, mapping: str) -> None:
    for position in tx.range(Position, mapping):
        tx.delete(Position, mapping, position.shard)


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


def settle(tx: Tx, mapping: str, shard: str, planned: Page, number: int, tried: list[Item], verdict: Verdict) -> Page:
    """Move on by a verdict about a lane's next part, whose items were `tried`. The page as it stands now."""
    position = tx.get(Position, mapping, shard)
    if position is None:  # the mapping is gone
        planned.lanes[number].parts.clear()
        return planned
    page = position.page or planned
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
    left = any(lane.parts for lane in page.lanes)
    position.page = page if left else None
    if not left:
        position.after = page.last
    tx.put(position)
    return page


def skip(tx: Tx, mapping: str, shard: str, last: str) -> None:
    """Nothing up to a sequence number is for the function."""
    position = tx.get(Position, mapping, shard)
    if position:
        position.after = last
        tx.put(position)


def end(tx: Tx, mapping: str, shard: str) -> None:
    """Nothing will come of the shard any more."""
    position = tx.get(Position, mapping, shard)
    if position:
        position.ended = True
        tx.put(position)
