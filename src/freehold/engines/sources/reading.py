"""Reading: one shard in its order.

One idea: an iterator is asked for when there is none, behind what is done with. It may not know what becomes of
records, nor who waits for them.
"""

from collections.abc import Awaitable, Callable
from typing import Protocol

from freehold.engines.sources import pages, streams
from freehold.engines.sources.streams import AFTER, HORIZON, Ask, Item, Reader


class Place(Protocol):
    """Where reading begins: behind the sequence number `after` if there is one, else as `start` says."""

    after: str
    start: str
    start_at: float


class Reading:
    """`at` is the iterator to go on with, "" if one is to be asked for; `over` if nothing will come any more."""

    def __init__(self, shard: str):
        self.shard = shard
        self.at, self.over = "", False

    def anew(self) -> None:
        """Begin again where the place says."""
        self.at, self.over = "", False

    async def next(self, ask: Ask, reader: Reader, place: Place, limit: int) -> list[Item]:
        """The next items, none if there are none yet."""
        if not self.at:
            kind, given = (AFTER, place.after) if place.after else (place.start, place.start_at)
            start = given if kind != HORIZON else None
            self.at = await streams.iterator(ask, reader.source, self.shard, kind, start)
        items, self.at = await streams.read(ask, reader, self.shard, self.at, limit)
        self.over = not self.at
        return items

    async def up_to(self, last: str, read: Callable[[int], Awaitable[list[Item]]]) -> list[Item]:
        """All items up to a sequence number, by `read`; what is read afterwards begins anew."""
        items: list[Item] = []
        while not self.over and not (items and not pages.later(last, items[-1].sequence)):
            more = await read(streams.SERVICES["kinesis"].most)
            items += more
            if not more:
                break
        self.anew()
        return [item for item in items if not pages.later(item.sequence, last)]
