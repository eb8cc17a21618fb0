"""Strands: how one shard is read for a function, page by page.

One idea: a strand does one page after the other: gather records, divide them into lanes, call the function for each
part, record the outcome; what was begun in an earlier life is read again and finished first. It may not know other
shards.

https://docs.aws.amazon.com/lambda/latest/dg/kinesis-polling-and-batching.html
"""

import asyncio
import logging
from typing import Any, NamedTuple

import msgspec

from freehold import positions
from freehold.engines.batches import Trial, expired, judge, pause_s
from freehold.engines.shards import BELL
from freehold.engines.sources import filtering, pages, streams
from freehold.engines.sources.pages import EVENT_BYTES_MAX, Page
from freehold.engines.sources.reading import Reading
from freehold.engines.sources.streams import HORIZON, Item, Reader
from freehold.kernel import arns
from freehold.kernel.call import Call, Listener
from freehold.kernel.errors import AwsError, InternalFailure
from freehold.sandbox import Result
from freehold.services.lambda_.invocation import running
from freehold.services.lambda_.invocation.running import Payload, Target
from freehold.services.lambda_.sources import mappings, outcomes, windows
from freehold.services.lambda_.sources.mappings import PROBLEM, Mapping
from freehold.services.lambda_.sources.outcomes import Try, Work
from freehold.services.lambda_.sources.positions import Position
from freehold.services.lambda_.sources.windows import Window

POLL_S = 1.0
TRIMMED = "TrimmedDataAccessException"

log = logging.getLogger("freehold.lambda")


class Gathered(NamedTuple):
    """A page to work on: its plan and all that was read of it for the function."""

    page: Page
    items: list[Item]


class Strand:
    """The reader of one shard, until it has ended or `changed` is set."""

    def __init__(self, call: Call, mapping: Mapping, position: Position, changed: asyncio.Event):
        self.call, self.mapping, self.changed = call, mapping, changed
        self.shard, self.position = position.shard, position
        self.reading, self.failures = Reading(position.shard), 0
        place = arns.parse(mapping.source)
        assert place
        self.there = call.within(place.account, place.region)

    async def run(self) -> None:
        while not self.changed.is_set() and not self.position.ended:
            try:
                await self._step()
                self.failures = 0
            except AwsError as refusal:  # what is refused is tried again later
                await self._trouble(refusal)
            except Exception:  # a bug must not end the shard for the function: said in the log, and tried again
                log.exception("event source mapping %s stumbled over %s", self.mapping.uuid, self.shard)
                await self._trouble(InternalFailure())

    async def _trouble(self, refusal: AwsError) -> None:
        log.warning("event source mapping %s waits for %s: %s", self.mapping.uuid, self.shard, refusal.message)
        self.reading.anew()
        if refusal.shape() == TRIMMED:
            self.position.after, self.position.start = "", HORIZON
        else:
            await self.call.transact(mappings.note, self.mapping.uuid, PROBLEM.format(words=refusal.message))
        self.failures += 1
        await self._pause(pause_s(self.failures))

    async def _step(self) -> None:
        """One page, or a moment's wait for one."""
        with self.there.listen(BELL, streams.stream_of(self.mapping.source)) as news:
            gathered = await (self._again(self.position.page) if self.position.page else self._gather(news))
        if gathered:
            lanes = range(len(gathered.page.lanes))
            await asyncio.gather(*(self._lane(gathered, number) for number in lanes))
            await self._renew()
        elif not self.changed.is_set():
            await self._close_window()

    async def _renew(self) -> None:
        """Look at the position as it stands; a page that could not be finished is begun again."""
        position = await self.call.transact(lambda tx: tx.get(Position, self.mapping.uuid, self.shard))
        self.position = position or self.position
        if self.position.page:
            self.reading.anew()

    # Reading

    async def _target(self) -> Target:
        return await self.call.transact(running.target, self.mapping.function, self.mapping.qualifier)

    async def _read(self, limit: int) -> list[Item]:
        """The next items, none if there are none yet or the shard is `over`."""
        if self.reading.over:
            return []
        target = await self._target()
        acting = (await running.prepare(self.call, target.version)).acting
        reader = Reader(self.mapping.source, target.version.settings["Role"])
        return await self.reading.next(acting.ask, reader, self.position, limit)

    def _wanted(self, items: list[Item]) -> list[Item]:
        """Those that meet the mapping's filters."""
        patterns = self.mapping.patterns
        if not patterns:
            return items
        return [item for item in items if filtering.passes(patterns, *filtering.looked_at(item))]

    async def _gather(self, news: Listener) -> Gathered | None:
        """Records until the batch or its window is full; None if there is nothing for the function."""
        settings = self.mapping.settings
        lanes = 1 if self._length_s else settings["ParallelizationFactor"]
        most, window_s = settings["BatchSize"] * lanes, settings["MaximumBatchingWindowInSeconds"]
        kept: list[Item] = []
        last, until = "", 0.0
        while len(kept) < most and sum(item.size for item in kept) < EVENT_BYTES_MAX:
            items = await self._read(most - len(kept))
            wanted = self._wanted(items)
            last = items[-1].sequence if items else last
            kept += wanted
            if wanted and not until:
                until = self.call.now + window_s
            if self.reading.over or (kept and self.call.now >= until) or (last and not kept):
                break
            if not items and not kept and await self._overdue():
                return None
            if not items and not await self._news(news, until if kept else self.call.now + POLL_S) and not kept:
                return None
            if self.changed.is_set():
                self.reading.at = ""
                return None
        return await self._planned(kept, last, lanes)

    async def _planned(self, kept: list[Item], last: str, lanes: int) -> Gathered | None:
        settings, uuid = self.mapping.settings, self.mapping.uuid
        if kept:
            length_s = self._length_s
            page = pages.plan(
                kept, last, lanes, settings["BatchSize"], lambda item: windows.start_of(item, length_s)
            )  # fmt: skip
            return Gathered(page, kept)
        if last:
            self.position.after = last
            await self.call.transact(positions.skip, Position, uuid, self.shard, last)
        elif self.reading.over and not await self._close_window(early=True):
            self.position.ended = True
            await self.call.transact(positions.end, Position, uuid, self.shard)
        return None

    async def _again(self, page: Page) -> Gathered:
        """A page that was begun before, read anew."""
        return Gathered(page, self._wanted(await self.reading.up_to(page.last, self._read)))

    # Working

    async def _lane(self, gathered: Gathered, number: int) -> None:
        """Call the function for one part after the other, until none is left or the mapping changes."""
        page = gathered.page
        while page.lanes[number].parts and not self.changed.is_set():
            part = page.lanes[number].parts[0]
            items = pages.next_of(page, number, gathered.items)
            work = Work(self.mapping, self.shard, page, number, items)
            try:
                page = await self._part(work, part.failures)
                self.failures = 0
            except AwsError as refusal:  # a throttle, or no function: not the records' fault
                await self._trouble(refusal)
                continue
            left = page.lanes[number].parts
            if left and left[0].failures:
                await self._pause(pause_s(left[0].failures))

    async def _part(self, work: Work, failures: int) -> Page:
        """One part: what is too old is given up, the rest is tried. The page as it then stands."""
        target = await self._target()
        arrivals = [item.arrived_at for item in work.items]
        aged = expired(arrivals, self.call.now, self.mapping.settings["MaximumRecordAgeInSeconds"])
        tried = Try(self.call.ids.uuid(), target, None, max(1, failures))
        if aged or not work.items:
            return await self.call.transact(outcomes.conclude_aged, work, tried, aged, failures)
        if not await self._turned(work.items[0]):
            return work.page
        window = await self._window(work.items[0])
        told = windows.event(window, self.mapping.source, final=False) if window else {}
        result = await self._invoke(target, tried.request_id, {"Records": [item.event for item in work.items]} | told)
        self._measure(work, target)
        at = outcomes.failed_at(result, work.items, "ReportBatchItemFailures" in self.mapping.response_types)
        verdict = judge(Trial(len(work.items), failures, at), self.mapping.rules)
        self._count(work, at)
        done = tried._replace(result=result, number=failures + 1)
        return await self.call.transact(outcomes.conclude, work, done, verdict, window)

    async def _invoke(self, target: Target, request_id: str, event: dict[str, Any]) -> Result:
        """Call the function with what a power cut can not take back any more, neither records nor positions."""
        await self.call.door.store.durable()
        return await running.run(self.call, target, Payload(request_id, msgspec.json.encode(event)))

    def _measure(self, work: Work, target: Target) -> None:
        age_ms = max(0.0, self.call.now - work.items[-1].arrived_at) * 1_000
        self.call.measure(running.NAMESPACE, "IteratorAge", age_ms, "Milliseconds", FunctionName=target.function.name)

    def _count(self, work: Work, failed_at: int | None) -> None:
        """Measure what became of records, where the mapping asks for it."""
        if self.mapping.counted:
            failed = 0 if failed_at is None else len(work.items) - failed_at
            for metric, count in (("InvokedEventCount", len(work.items)), ("FailedInvokeEventCount", failed)):
                dimensions = {"EventSourceMappingUUID": self.mapping.uuid}
                self.call.measure(running.NAMESPACE, metric, count, "Count", **dimensions)

    # Windows

    @property
    def _length_s(self) -> int:
        """How long windows are; 0 if there are none."""
        return self.mapping.settings["TumblingWindowInSeconds"]

    async def _turned(self, first: Item) -> bool:
        """Whether the window before that of an item is closed; if it can not be, a moment has passed."""
        known = await self._open_window() if self._length_s else None
        if known is None or known.start_at == windows.start_of(first, self._length_s):
            return True
        return await self._finish(known, early=False)

    async def _window(self, first: Item) -> Window | None:
        """The window of the items to come."""
        if not self._length_s:
            return None
        return await self.call.transact(windows.open_at, self.mapping.uuid, self.shard, first, self._length_s)

    async def _open_window(self) -> Window | None:
        return await self.call.transact(lambda tx: tx.get(Window, self.mapping.uuid, self.shard))

    async def _overdue(self) -> bool:
        """Whether a window's time is over: its last call waits for no news."""
        known = await self._open_window() if self._length_s else None
        return known is not None and known.end_at <= self.call.now

    async def _close_window(self, early: bool = False) -> bool:
        """Close a window whose time is over, or that ends early with its shard; whether there still is one to close."""
        known = await self._open_window() if self._length_s else None
        if known is None or not (early or known.end_at <= self.call.now):
            return False
        return not await self._finish(known, early=early and known.end_at > self.call.now)

    async def _finish(self, window: Window, early: bool) -> bool:
        """The last call of a window, without records; whether the window is closed. If not, a moment has passed."""
        target = await self._target()
        event = {"Records": []} | windows.event(window, self.mapping.source, final=True, early=early)
        result = await self._invoke(target, self.call.ids.uuid(), event)
        well, limit = result.status == "ok", self.mapping.rules.retries_max
        closed = await self.call.transact(windows.finish, window, well, limit)
        if not closed:
            await self._pause(pause_s(window.failures))
        return closed

    # Waiting

    async def _news(self, news: Listener, until: float) -> bool:
        """Whether the stream's bell rang before a moment, or before the mapping changed."""
        ring = asyncio.ensure_future(news.wait(min(until, self.call.now + POLL_S)))
        await self._either(ring)
        return ring.done() and not ring.cancelled() and ring.result()

    async def _pause(self, seconds: float) -> None:
        await self._either(asyncio.ensure_future(self.call.sleep(seconds)))

    async def _either(self, task: asyncio.Future) -> None:
        """Wait for a task or for the mapping to change."""
        change = asyncio.ensure_future(self.changed.wait())
        try:
            await asyncio.wait({task, change}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in (task, change):
                if not one.done():
                    one.cancel()
