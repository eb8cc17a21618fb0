"""Time: the only place that reads it, and the only place that waits for it.

One idea: a clock that can jump. Sleepers wake when the clock says so, not the machine, so a workflow that waits a year
is tested in milliseconds. It may not know who sleeps.
"""

import asyncio
import heapq
import itertools
import time


class Clock:
    """Epoch seconds. A frozen clock moves only by `advance`."""

    def __init__(self, start: float | None = None, frozen: bool = False):
        self.frozen = frozen
        self._offset = 0.0 if start is None else start - time.time()
        self._held = time.time() + self._offset
        self._sleepers: list[tuple[float, int, asyncio.Future]] = []
        self._turn = itertools.count()
        self._alarm: asyncio.TimerHandle | None = None

    def now(self) -> float:
        return self._held if self.frozen else time.time() + self._offset

    def advance(self, seconds: float) -> None:
        """Jump forward; everyone whose time has come wakes up."""
        self._offset += seconds
        self._held += seconds
        self._wake()

    async def sleep_until(self, when: float) -> None:
        if when <= self.now():
            await asyncio.sleep(0)
            return
        sleeper: asyncio.Future = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (when, next(self._turn), sleeper))
        if self._sleepers[0][2] is sleeper:
            self._arm()
        try:
            await sleeper
        finally:
            sleeper.cancel()

    async def sleep(self, seconds: float) -> None:
        await self.sleep_until(self.now() + seconds)

    def _wake(self) -> None:
        now = self.now()
        while self._sleepers and (self._sleepers[0][0] <= now or self._sleepers[0][2].done()):
            sleeper = heapq.heappop(self._sleepers)[2]
            if not sleeper.done():
                sleeper.set_result(None)
        self._arm()

    def _arm(self) -> None:
        """Set the one alarm of the event loop to the earliest sleeper; at most a day off, as machines sleep too."""
        if self._alarm:
            self._alarm.cancel()
            self._alarm = None
        if self._sleepers and not self.frozen:
            delay = min(max(0.0, self._sleepers[0][0] - self.now()), 86_400.0)
            self._alarm = asyncio.get_running_loop().call_later(delay, self._wake)
