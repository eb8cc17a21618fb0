"""Followers: what reads a stream for a pipe.

One idea: a follower looks at the shards and keeps one strand going for each that is due; when the pipe changes, the
strands finish what is running. It may not know how a shard is read.
"""

import asyncio
import logging

from freehold import positions
from freehold.engines.batches import pause_s
from freehold.engines.sources import pages, streams
from freehold.kernel.call import Call, Listener
from freehold.kernel.errors import AwsError
from freehold.services.pipes import kinds
from freehold.services.pipes.pipes import Pipe
from freehold.services.pipes.reading.acting import Role
from freehold.services.pipes.reading.positions import Position
from freehold.services.pipes.reading.strands import Strand

LOOK_EVERY_S = 30.0
LATEST, AT_TIMESTAMP = "LATEST", "AT_TIMESTAMP"

log = logging.getLogger("freehold.pipes")


class Follower:
    """The reader of one pipe's stream. `strands` are the shards that are being read, by their ids."""

    def __init__(self, call: Call, pipe: Pipe):
        self.call, self.pipe, self.role = call, pipe, Role(call, pipe)
        self.strands: dict[str, asyncio.Task] = {}
        self.changed = asyncio.Event()
        self.failures = 0

    async def run(self, bell: Listener) -> None:
        """Keep strands going until the bell rings."""
        ring = asyncio.ensure_future(bell.wait(float("inf")))
        try:
            while not ring.done():
                await self._until(ring, await self._look())
            self.changed.set()
            await asyncio.gather(*self.strands.values(), return_exceptions=True)
        finally:
            for task in (ring, *self.strands.values()):
                task.cancel()

    async def _look(self) -> float:
        """Begin what is due. How long to wait before looking again. What is refused is tried again later."""
        place = kinds.place_of(self.pipe.source)
        try:
            acting = (await self.role.acting()).within(place.account, place.region)
            listed = await streams.listed(acting.ask, self.pipe.source)
        except AwsError as refusal:
            log.warning("pipe %s waits: %s", self.pipe.name, refusal.message)
            self.failures += 1
            return pause_s(self.failures)
        self.failures = 0
        known = await self.call.transact(positions.begin, Position, self.pipe.id, listed, *_start(self.pipe))
        for position in pages.due(known):
            self._begin(position)
        return LOOK_EVERY_S

    def _begin(self, position: Position) -> None:
        if position.shard not in self.strands:
            strand = Strand(self.call, self.pipe, self.role, position, self.changed)
            task = self.strands[position.shard] = asyncio.ensure_future(strand.run())
            task.add_done_callback(lambda done: self._ended(position.shard, done))

    def _ended(self, shard: str, task: asyncio.Task) -> None:
        if self.strands.get(shard) is task and not self.changed.is_set():
            del self.strands[shard]
        if not task.cancelled() and task.exception():
            log.error("pipe %s lost shard %s", self.pipe.name, shard, exc_info=task.exception())

    async def _until(self, ring: asyncio.Future, seconds: float) -> None:
        """Wait for the pipe to change, a strand to end, or the time to be over."""
        alarm = asyncio.ensure_future(self.call.sleep(seconds))
        try:
            await asyncio.wait({ring, alarm, *self.strands.values()}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            alarm.cancel()


def _start(pipe: Pipe) -> tuple[str, float]:
    """Where the first look begins to read. What is the latest is told by the moment at which the pipe was wanted."""
    start = pipe.reading["StartingPosition"]
    if start == LATEST:
        return AT_TIMESTAMP, pipe.changed_at
    return start, pipe.reading.get("StartingPositionTimestamp", 0.0)
