"""Strands: how one shard is read for a pipe, page by page.

One idea: a strand does one page after the other: gather records, divide them into lanes, hand over each part, record
the outcome; what was begun in an earlier life is read again and finished first. It may not know other shards.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-kinesis.html
"""

import asyncio
import logging
from typing import NamedTuple

from freehold import positions
from freehold.engines.batches import ENDLESS, Rules, Trial, expired, judge, pause_s
from freehold.engines.shards import BELL
from freehold.engines.sources import filtering, pages, streams
from freehold.engines.sources.pages import EVENT_BYTES_MAX, Page
from freehold.engines.sources.reading import Reading
from freehold.engines.sources.streams import HORIZON, Item, Reader
from freehold.kernel.call import Call, Listener
from freehold.kernel.errors import AwsError, InternalFailure
from freehold.services.pipes import kinds
from freehold.services.pipes.flow.failures import Failed
from freehold.services.pipes.pipes import Pipe
from freehold.services.pipes.reading import outcomes
from freehold.services.pipes.reading.acting import Role
from freehold.services.pipes.reading.handing import hand_over
from freehold.services.pipes.reading.outcomes import Work
from freehold.services.pipes.reading.positions import Position

POLL_S = 1.0
TRIMMED = "TrimmedDataAccessException"
BISECT = "AUTOMATIC_BISECT"

log = logging.getLogger("freehold.pipes")


class Gathered(NamedTuple):
    """A page to work on: its plan and all that was read of it."""

    page: Page
    items: list[Item]


class Strand:
    """The reader of one shard, until it has ended or `changed` is set."""

    def __init__(self, call: Call, pipe: Pipe, role: Role, position: Position, changed: asyncio.Event):
        self.call, self.pipe, self.role, self.changed = call, pipe, role, changed
        self.shard, self.position = position.shard, position
        self.reading, self.failures = Reading(position.shard), 0
        place = kinds.place_of(pipe.source)
        self.place = (place.account, place.region)
        self.lanes = pipe.reading.get("ParallelizationFactor", 1)
        self.rules = Rules(
            pipe.reading.get("MaximumRetryAttempts", ENDLESS), pipe.reading.get("OnPartialBatchItemFailure") == BISECT
        )  # fmt: skip

    async def run(self) -> None:
        while not self.changed.is_set() and not self.position.ended:
            try:
                await self._step()
                self.failures = 0
            except AwsError as refusal:  # what is refused is tried again later
                await self._trouble(refusal)
            except Exception:  # a bug must not end the shard for the pipe: said in the log, and tried again
                log.exception("pipe %s stumbled over %s", self.pipe.name, self.shard)
                await self._trouble(InternalFailure())

    async def _trouble(self, refusal: AwsError) -> None:
        log.warning("pipe %s waits for %s: %s", self.pipe.name, self.shard, refusal.message)
        self.reading.anew()
        if refusal.shape() == TRIMMED:
            self.position.after, self.position.start = "", HORIZON
        self.failures += 1
        await self._pause(pause_s(self.failures))

    async def _step(self) -> None:
        """One page, or a moment's wait for one."""
        with self.call.within(*self.place).listen(BELL, streams.stream_of(self.pipe.source)) as news:
            gathered = await (self._again(self.position.page) if self.position.page else self._gather(news))
        if gathered:
            lanes = range(len(gathered.page.lanes))
            await asyncio.gather(*(self._lane(gathered, number) for number in lanes))
            await self._renew()

    async def _renew(self) -> None:
        """Look at the position as it stands; a page that could not be finished is begun again."""
        position = await self.call.transact(lambda tx: tx.get(Position, self.pipe.id, self.shard))
        self.position = position or self.position
        if self.position.page:
            self.reading.anew()

    # Reading

    async def _read(self, limit: int) -> list[Item]:
        """The next items, none if there are none yet or the shard is `over`."""
        if self.reading.over:
            return []
        acting = (await self.role.acting()).within(*self.place)
        reader = Reader(self.pipe.source, self.pipe.role, flat=True)
        return await self.reading.next(acting.ask, reader, self.position, limit)

    def _wanted(self, items: list[Item]) -> list[Item]:
        """Those that meet the pipe's filters."""
        patterns = self.pipe.patterns
        return [item for item in items if filtering.passes(patterns, *filtering.looked_at(item))] if patterns else items

    async def _gather(self, news: Listener) -> Gathered | None:
        """Records until the batch or its window is full; None if there is nothing for the pipe."""
        most = self.pipe.reading["BatchSize"] * self.lanes
        window_s = self.pipe.reading.get("MaximumBatchingWindowInSeconds", 0)
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
            if not items and not await self._news(news, until if kept else self.call.now + POLL_S) and not kept:
                return None
            if self.changed.is_set():
                self.reading.at = ""
                return None
        return await self._planned(kept, last)

    async def _planned(self, kept: list[Item], last: str) -> Gathered | None:
        if kept:
            page = pages.plan(kept, last, self.lanes, self.pipe.reading["BatchSize"], lambda item: 0.0)
            return Gathered(page, kept)
        if last:
            self.position.after = last
            await self.call.transact(positions.skip, Position, self.pipe.id, self.shard, last)
        elif self.reading.over:
            self.position.ended = True
            await self.call.transact(positions.end, Position, self.pipe.id, self.shard)
        return None

    async def _again(self, page: Page) -> Gathered:
        """A page that was begun before, read anew."""
        return Gathered(page, self._wanted(await self.reading.up_to(page.last, self._read)))

    # Working

    async def _lane(self, gathered: Gathered, number: int) -> None:
        """Hand over one part after the other, until none is left or the pipe changes."""
        page = gathered.page
        while page.lanes[number].parts and not self.changed.is_set():
            part = page.lanes[number].parts[0]
            items = pages.next_of(page, number, gathered.items)
            try:
                acting = await self.role.acting()
                work = Work(self.pipe, self.shard, page, number, items, acting.principal)
                page = await self._part(acting, work, part.failures)
                self.failures = 0
            except AwsError as refusal:  # not the records' fault
                await self._trouble(refusal)
                continue
            left = page.lanes[number].parts
            if left and left[0].failures:
                await self._pause(pause_s(left[0].failures))

    async def _part(self, acting: Call, work: Work, failures: int) -> Page:
        """One part: what is too old is given up, the rest is tried. The page as it then stands."""
        arrivals = [item.arrived_at for item in work.items]
        aged = expired(arrivals, self.call.now, self.pipe.reading.get("MaximumRecordAgeInSeconds", ENDLESS))
        if aged or not work.items:
            return await self.call.transact(outcomes.conclude_aged, work, aged, failures)
        verdict = judge(Trial(len(work.items), failures, await self._failed_at(acting, work)), self.rules)
        return await self.call.transact(outcomes.conclude, work, verdict)

    async def _failed_at(self, acting: Call, work: Work) -> int | None:
        """Where the first record lies that was not taken; None if all were."""
        records = [item.event for item in work.items]
        try:
            untaken = await hand_over(self.call, acting, self.pipe, records)
        except Failed as failure:
            if not failure.counted:
                raise InternalFailure() from failure
            return 0
        return next((at for at, record in enumerate(records) if record["eventID"] in untaken), None)

    # Waiting

    async def _news(self, news: Listener, until: float) -> bool:
        """Whether the stream's bell rang before a moment, or before the pipe changed."""
        ring = asyncio.ensure_future(news.wait(min(until, self.call.now + POLL_S)))
        await self._either(ring)
        return ring.done() and not ring.cancelled() and ring.result()

    async def _pause(self, seconds: float) -> None:
        await self._either(asyncio.ensure_future(self.call.sleep(seconds)))

    async def _either(self, task: asyncio.Future) -> None:
        """Wait for a task or for the pipe to change."""
        change = asyncio.ensure_future(self.changed.wait())
        try:
            await asyncio.wait({task, change}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in (task, change):
                if not one.done():
                    one.cancel()
