"""Followers: what reads a stream for a function.

One idea: a follower looks at the shards and keeps one strand going for each that is due; when the mapping changes, the
strands finish what is running and new ones go on from their positions. It may not know how a shard is read.

https://docs.aws.amazon.com/lambda/latest/dg/kinesis-polling-and-batching.html
"""

import asyncio
import logging
from collections.abc import Collection

from freehold import positions
from freehold.engines.sources import pages, streams
from freehold.kernel.call import Call, Listener
from freehold.kernel.errors import AwsError
from freehold.services.lambda_.invocation import running
from freehold.services.lambda_.sources import kinds, mappings
from freehold.services.lambda_.sources.mappings import PROBLEM, Mapping
from freehold.services.lambda_.sources.positions import Position
from freehold.services.lambda_.sources.strands import Strand

LOOK_EVERY_S = 30.0
PAUSE_S, PAUSE_MAX_S = 1.0, 60.0

log = logging.getLogger("freehold.lambda")


class Follower:
    """The reader of one mapping. `strands` are the shards that are being read, by their ids."""

    def __init__(self, call: Call, uuid: str):
        self.call, self.uuid = call, uuid
        self.strands: dict[str, asyncio.Task] = {}
        self.changed = asyncio.Event()
        self.pause_s = PAUSE_S

    @property
    def tasks(self) -> Collection[asyncio.Task]:
        return self.strands.values()

    async def read(self, mapping: Mapping, bell: Listener) -> None:
        """Keep strands going until the mapping changes."""
        self.changed = asyncio.Event()
        ring = asyncio.ensure_future(bell.wait(float("inf")))
        try:
            while not ring.done():
                wait_s = await self._look(mapping)
                await self._until(ring, wait_s)
        finally:
            ring.cancel()
            self.changed.set()
        await asyncio.gather(*self.strands.values(), return_exceptions=True)
        self.strands.clear()

    async def _look(self, mapping: Mapping) -> float:
        """Begin what is due. How long to wait before looking again. What is refused is tried again later."""
        try:
            target = await self.call.transact(running.target, mapping.function, mapping.qualifier)
            ready = await running.prepare(self.call, target.version)
            listed = await streams.listed(ready.acting.ask, mapping.source)
        except AwsError as refusal:
            log.warning("event source mapping %s waits: %s", self.uuid, refusal.message)
            await self.call.transact(mappings.note, self.uuid, PROBLEM.format(words=refusal.message))
            self.pause_s = min(self.pause_s * 2, PAUSE_MAX_S)
            return self.pause_s
        self.pause_s = PAUSE_S
        known = await self.call.transact(positions.begin, Position, self.uuid, listed, *_start(mapping))
        for position in pages.due(known):
            self._begin(mapping, position)
        return LOOK_EVERY_S

    def _begin(self, mapping: Mapping, position: Position) -> None:
        if position.shard not in self.strands:
            strand = Strand(self.call, mapping, position, self.changed)
            task = self.strands[position.shard] = asyncio.ensure_future(strand.run())
            task.add_done_callback(lambda done: self._ended(position.shard, done))

    def _ended(self, shard: str, task: asyncio.Task) -> None:
        if self.strands.get(shard) is task and not self.changed.is_set():
            del self.strands[shard]
        if not task.cancelled() and task.exception():
            log.error("event source mapping %s lost shard %s", self.uuid, shard, exc_info=task.exception())

    async def _until(self, ring: asyncio.Future, seconds: float) -> None:
        """Wait for the mapping to change, a strand to end, or the time to be over."""
        alarm = asyncio.ensure_future(self.call.sleep(seconds))
        try:
            await asyncio.wait({ring, alarm, *self.strands.values()}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            alarm.cancel()


def _start(mapping: Mapping) -> tuple[str, float]:
    """Where the first look begins to read. What is the latest is told by the moment at which the mapping was made."""
    start = mapping.settings["StartingPosition"]
    if start == kinds.LATEST:
        return kinds.AT_TIMESTAMP, mapping.modified_at
    return start, mapping.settings.get("StartingPositionTimestamp", 0.0)
