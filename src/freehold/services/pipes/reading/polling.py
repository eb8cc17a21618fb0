"""Pollers: what reads a queue for a pipe.

One idea: a poller receives a batch, hands it to a task, and looks again, until the pipe changes; then what runs may
finish. What the target does not take stays in the queue, which hides it, shows it again, and moves it to its
dead-letter queue in the end. It may not know executions.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-sqs.html
"""

import asyncio
import logging

from freehold.engines.addresses import queue_url
from freehold.engines.batches import pause_s
from freehold.engines.sources import filtering, queues
from freehold.engines.sources.queues import AT_ONCE, BATCH_BYTES_MAX, EVERYTHING, LONG_POLL_S, RECEIVE_MAX, Item
from freehold.kernel.call import Call, Listener
from freehold.kernel.errors import AwsError
from freehold.services.pipes import kinds
from freehold.services.pipes.flow.failures import Failed
from freehold.services.pipes.pipes import Pipe
from freehold.services.pipes.reading.acting import Role
from freehold.services.pipes.reading.handing import hand_over

LOOK_S = 1.0

log = logging.getLogger("freehold.pipes")


class Poller:
    """The reader of one pipe's queue. `batches` are those under way; `failures` how many came one after the other, for
    which nothing is read until `quiet_until`."""

    def __init__(self, call: Call, pipe: Pipe):
        self.call, self.pipe, self.role = call, pipe, Role(call, pipe)
        place = kinds.place_of(pipe.source)
        self.there = (place.account, place.region)
        self.batches: set[asyncio.Task] = set()
        self.failures, self.quiet_until = 0, 0.0
        self.full_since: float | None = None

    async def run(self, bell: Listener) -> None:
        """Read until the bell rings."""
        ring = asyncio.ensure_future(bell.wait(float("inf")))
        try:
            while not ring.done():
                await self._round(ring)
            await asyncio.gather(*self.batches)
        finally:
            for task in (ring, *self.batches):
                task.cancel()

    async def _round(self, ring: asyncio.Future) -> None:
        """Start one batch, or wait until there may be one to start. What is refused is tried again later."""
        if len(self.batches) >= self._at_once() or self.call.now < self.quiet_until:
            await self._wait(ring, max(0.0, self.quiet_until - self.call.now) or LOOK_S)
            return
        try:
            items = await self._receive(ring)
        except AwsError as refusal:
            log.warning("pipe %s waits: %s", self.pipe.name, refusal.message)
            self._back_off()
            return
        if items:
            batch = asyncio.ensure_future(self._batch(items))
            self.batches.add(batch)
            batch.add_done_callback(self.batches.discard)

    def _at_once(self) -> int:
        if len(self.batches) < AT_ONCE:
            self.full_since = None
            return AT_ONCE
        self.full_since = self.full_since or self.call.now
        return queues.at_once(self.call.now - self.full_since)

    async def _wait(self, ring: asyncio.Future, seconds: float) -> None:
        """Until the pipe changes, a batch ends, or so many seconds are over."""
        alarm = asyncio.ensure_future(self.call.sleep(seconds))
        await asyncio.wait({ring, alarm, *self.batches}, return_when=asyncio.FIRST_COMPLETED)
        alarm.cancel()

    async def _receive(self, ring: asyncio.Future) -> list[Item]:
        """A batch: what a long poll finds, and more until the batch or its window is full. Empty if the bell rings."""
        size = self.pipe.reading["BatchSize"]
        first = asyncio.ensure_future(self._look(size, LONG_POLL_S))
        try:
            await asyncio.wait({first, ring}, return_when=asyncio.FIRST_COMPLETED)
            if not first.done():
                return []
            items = first.result()
        finally:
            first.cancel()
        until = self.call.now + self.pipe.reading.get("MaximumBatchingWindowInSeconds", 0)
        while items and len(items) < size and queues.weight(items) < BATCH_BYTES_MAX:
            left_s = until - self.call.now
            if left_s <= 0:
                break
            items += await self._look(size - len(items), min(LONG_POLL_S, max(1, int(left_s))))
        return items

    async def _look(self, most: int, wait_s: int) -> list[Item]:
        """Receive at most ten messages; what the filters drop is deleted."""
        acting = (await self.role.acting()).within(*self.there)
        source, patterns = self.pipe.source, self.pipe.patterns
        request = {"QueueUrl": queue_url(source), "MaxNumberOfMessages": min(most, RECEIVE_MAX)}
        answer = await acting.ask("sqs", "ReceiveMessage", request | {"WaitTimeSeconds": wait_s} | EVERYTHING)
        items = [queues.record(source, message, gathered=False) for message in answer.get("Messages", ())]
        kept = [item for item in items if filtering.passes(patterns, item)]
        await self._delete([item for item in items if item not in kept])
        return kept

    async def _batch(self, items: list[Item]) -> None:
        """Hand the items over, in as many batches as their size asks for."""
        try:
            for part in queues.parts(items):
                acting = await self.role.acting(queues.trace_of(part))
                untaken = await hand_over(self.call, acting, self.pipe, part)
                await self._delete([item for item in part if item["messageId"] not in untaken])
            self.failures, self.quiet_until = 0, 0.0
        except (AwsError, Failed) as refusal:  # the messages show again when their time is over
            log.info("pipe %s left a batch: %s", self.pipe.name, refusal)
            self._back_off()
        except Exception:  # a bug must not end the pipe: said in the log, and the messages show again
            log.exception("pipe %s stumbled over a batch", self.pipe.name)
            self._back_off()

    def _back_off(self) -> None:
        """Read nothing for a while, which is longer the more failures came one after the other."""
        self.failures += 1
        self.quiet_until = self.call.now + pause_s(self.failures)

    async def _delete(self, items: list[Item]) -> None:
        for request in queues.deletions(self.pipe.source, items):
            acting = (await self.role.acting()).within(*self.there)
            await acting.ask("sqs", "DeleteMessageBatch", request)
