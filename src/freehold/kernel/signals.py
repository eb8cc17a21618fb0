"""Bells: how one who waits learns that something changed.

One idea: a bell carries no news. It only says "look again", so a bell that is lost or rung twice does no harm. It may
not know what anyone waits for. A bell's name is a tuple of texts; account and region come first where they matter.
"""

import asyncio
from collections import defaultdict

from freehold.kernel.clock import Clock

Bell = tuple[str, ...]
EVERYWHERE = ("*", "*")


class Bells:
    def __init__(self, clock: Clock):
        self._clock = clock
        self._waiting: dict[Bell, dict[asyncio.Future, None]] = defaultdict(dict)  # woken in the order they came

    def ring(self, bell: Bell) -> None:
        """Wake who listens to this bell, and who listens to it wherever it rings (`EVERYWHERE` + its name)."""
        for name in (bell, EVERYWHERE + bell[2:]):
            for waiter in self._waiting.pop(name, ()):
                if not waiter.done():
                    waiter.set_result(True)

    def listen(self, bell: Bell) -> asyncio.Future:
        """A future that the next ring completes. Listen first, then look, then wait: so no ring is missed."""
        waiter = asyncio.get_running_loop().create_future()
        self._waiting[bell][waiter] = None
        return waiter

    def rouse(self, waiter: asyncio.Future) -> None:
        """Wake one who waits, though nothing rang."""
        if not waiter.done():
            waiter.set_result(False)

    def forget(self, bell: Bell, waiter: asyncio.Future) -> None:
        waiters = self._waiting.get(bell)
        if waiters is not None:
            waiters.pop(waiter, None)
            if not waiters:
                del self._waiting[bell]

    async def wait(self, bell: Bell, until: float, waiter: asyncio.Future | None = None) -> bool:
        """Whether the bell rang before the moment `until`."""
        waiter = waiter or self.listen(bell)
        if until <= self._clock.now():
            self.forget(bell, waiter)
            await asyncio.sleep(0)  # one who asks again and again must not keep others out
            return waiter.done()
        alarm = asyncio.ensure_future(self._clock.sleep_until(until))
        try:
            await asyncio.wait({waiter, alarm}, return_when=asyncio.FIRST_COMPLETED)
            return waiter.done()
        finally:
            alarm.cancel()
            self.forget(bell, waiter)
