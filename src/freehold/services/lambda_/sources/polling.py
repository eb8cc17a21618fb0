"""Pollers: what reads a queue for a function.

One idea: a poller is a loop over the mapping as it stands now: look at it, receive a batch, hand it to a task, look
again; so whatever is changed holds from the next batch on, and what runs may finish. What a function fails on stays in
the queue, which hides it, shows it again, and moves it to its dead-letter queue in the end. It may not know how
functions run.

https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
"""

import asyncio
import logging

import msgspec

from freehold.engines.addresses import queue_url
from freehold.engines.sources import filtering, queues
from freehold.engines.sources.queues import (
    AT_ONCE,
    AT_ONCE_MAX,
    BATCH_BYTES_MAX,
    EVERYTHING,
    LONG_POLL_S,
    RECEIVE_MAX,
    Item,
    parts,
    record,
    trace_of,
    weight,
)
from freehold.kernel.call import Call, Listener
from freehold.kernel.errors import AwsError
from freehold.services.lambda_ import errors
from freehold.services.lambda_.invocation import running
from freehold.services.lambda_.invocation.running import Payload, Target
from freehold.services.lambda_.sources import reports
from freehold.services.lambda_.sources.mappings import Mapping

PAUSE_S, PAUSE_MAX_S = 1.0, 60.0

log = logging.getLogger("freehold.lambda")


class Poller:
    """The reader of one mapping. `tasks` are the batches under way."""

    def __init__(self, call: Call, uuid: str):
        self.call, self.uuid = call, uuid
        self.tasks: set[asyncio.Task] = set()
        self.pause_s = PAUSE_S
        self.full_since: float | None = None

    async def read(self, mapping: Mapping, bell: Listener) -> None:
        """Start one batch, or wait until there may be one to start. What is refused is tried again later."""
        try:
            target = await self.call.transact(running.target, mapping.function, mapping.qualifier)
            if len(self.tasks) >= self._at_once(mapping) or await self._crowded(target):
                await self._wait(bell)
                return
            ready = await running.prepare(self.call, target.version)
            items = await self._receive(ready.acting, mapping, bell)
        except AwsError as refusal:
            log.warning("event source mapping %s waits: %s", self.uuid, refusal.message)
            await self._back_off(bell)
            return
        if items:
            batch = asyncio.ensure_future(self._batch(ready.acting, mapping, items))
            self.tasks.add(batch)
            batch.add_done_callback(self.tasks.discard)

    def _at_once(self, mapping: Mapping) -> int:
        """How many batches may run now: few at first, more the longer the queue keeps them all busy."""
        most = mapping.most_at_once or AT_ONCE_MAX
        if len(self.tasks) < AT_ONCE:
            self.full_since = None
            return most
        self.full_since = self.full_since or self.call.now
        return min(most, queues.at_once(self.call.now - self.full_since))

    async def _crowded(self, target: Target) -> bool:
        try:
            await running.check_concurrency(self.call, target.function)
        except errors.TooManyRequestsException:
            return True
        return False

    async def _wait(self, bell: Listener) -> None:
        """Until a batch ends, the mapping changes, or a second is over."""
        ring = asyncio.ensure_future(bell.wait(self.call.now + PAUSE_S))
        await asyncio.wait({ring, *self.tasks}, return_when=asyncio.FIRST_COMPLETED)
        ring.cancel()

    async def _back_off(self, bell: Listener) -> None:
        await bell.wait(self.call.now + self.pause_s)
        self.pause_s = min(self.pause_s * 2, PAUSE_MAX_S)

    async def _receive(self, acting: Call, mapping: Mapping, bell: Listener) -> list[Item]:
        """A batch: what a long poll finds, and more until the batch or its window is full. Empty if the bell rings."""
        size, window_s = mapping.settings["BatchSize"], mapping.settings["MaximumBatchingWindowInSeconds"]
        first = asyncio.ensure_future(self._look(acting, mapping, size, LONG_POLL_S))
        ring = asyncio.ensure_future(bell.wait(self.call.now + 2 * LONG_POLL_S))
        try:
            await asyncio.wait({first, ring}, return_when=asyncio.FIRST_COMPLETED)
            if not first.done():
                return []
            items = first.result()
        finally:
            ring.cancel()
            first.cancel()
        until = self.call.now + window_s
        while items and len(items) < size and (left_s := until - self.call.now) > 0 and weight(items) < BATCH_BYTES_MAX:
            items += await self._look(acting, mapping, size - len(items), min(LONG_POLL_S, max(1, int(left_s))))
        return items

    async def _look(self, acting: Call, mapping: Mapping, most: int, wait_s: int) -> list[Item]:
        """Receive at most ten messages as the function's role; what the filters drop is deleted."""
        request = {"QueueUrl": queue_url(mapping.source), "MaxNumberOfMessages": min(most, RECEIVE_MAX)}
        answer = await acting.ask("sqs", "ReceiveMessage", request | {"WaitTimeSeconds": wait_s} | EVERYTHING)
        gathered = mapping.settings["MaximumBatchingWindowInSeconds"] > 0
        items = [record(mapping.source, message, gathered) for message in answer.get("Messages", ())]
        kept = [item for item in items if filtering.passes(mapping.patterns, item)]
        dropped = [item for item in items if item not in kept]
        self._count(mapping, PolledEventCount=len(items), FilteredOutEventCount=len(dropped))
        await self._delete(acting, mapping, dropped)
        return kept

    def _count(self, mapping: Mapping, **counts: int) -> None:
        """Measure what became of messages, where the mapping asks for it."""
        for metric, count in counts.items():
            if mapping.counted and count:
                self.call.measure(running.NAMESPACE, metric, count, "Count", EventSourceMappingUUID=self.uuid)

    async def _batch(self, acting: Call, mapping: Mapping, items: list[Item]) -> None:
        """Run the function on the items, in as many events as their size asks for."""
        try:
            for event in parts(items):
                await self._event(acting, mapping, event)
            self.pause_s = PAUSE_S
        except AwsError as refusal:  # the messages show again when their time is over
            log.warning("event source mapping %s left a batch: %s", self.uuid, refusal.message)
            await self.call.sleep(self.pause_s)
            self.pause_s = min(self.pause_s * 2, PAUSE_MAX_S)

    async def _event(self, acting: Call, mapping: Mapping, items: list[Item]) -> None:
        target = await self.call.transact(running.target, mapping.function, mapping.qualifier)
        body = msgspec.json.encode({"Records": items})
        await self.call.door.store.durable()  # else a power cut could take back a message that was acted upon
        result = await running.run(self.call, target, Payload(self.call.ids.uuid(), body, trace_id=trace_of(items)))
        failed = reports.failures(result, items, "ReportBatchItemFailures" in mapping.response_types)
        done = [item for item in items if item["messageId"] not in failed]
        self._count(mapping, InvokedEventCount=len(items), FailedInvokeEventCount=len(failed))
        await self._delete(acting, mapping, done)
        self._count(mapping, DeletedEventCount=len(done))

    async def _delete(self, acting: Call, mapping: Mapping, items: list[Item]) -> None:
        for request in queues.deletions(mapping.source, items):
            await acting.ask("sqs", "DeleteMessageBatch", request)
