"""The line: invocations that wait for an environment, and the starts under way for them.

One idea: an invocation that finds no idle environment has one started, and takes whichever is free first: that one, or
one which another invocation gives back. Starts take turns, so that a crowd does not wait for the processor all at once,
and one whose invocation was served meanwhile is never begun. It may not know what an environment is.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
"""

import asyncio
import os
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

STARTS_AT_ONCE_MAX = 2 * (os.cpu_count() or 1)
TURN_S = 2.0  # a start that takes longer waits for something else than the processor, and makes room

E = TypeVar("E")


class Line(Generic[E]):
    """Those who wait, by key, first come first served."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[asyncio.Future[E]]] = {}
        self._starting: set[asyncio.Task[None]] = set()
        self._turns = asyncio.Semaphore(STARTS_AT_ONCE_MAX)

    async def take(self, key: str, start: Callable[[], Awaitable[E]], back: Callable[[E], Awaitable[None]]) -> E:
        """Wait for one. `start` makes one; `back` takes what is left over: ready when nobody waits for it any more.

        Raises what `start` raises.
        """
        place: asyncio.Future[E] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, deque()).append(place)
        task = asyncio.create_task(self._start(key, start, back))
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)
        try:
            return await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled() and not place.exception():
                await back(place.result())
            raise

    def offer(self, key: str, one: E) -> bool:
        """Give one to whoever has waited longest. Whether anybody did."""
        place = self._first(key)
        if place is not None:
            place.set_result(one)
        return place is not None

    def _first(self, key: str) -> asyncio.Future[E] | None:
        """Whoever has waited longest, out of the line."""
        places = self._waiting.get(key, deque())
        place = None
        while places and place is None:
            head = places.popleft()
            place = None if head.done() else head  # one that was given up
        if not places:
            self._waiting.pop(key, None)
        return place

    async def _start(self, key: str, start: Callable[[], Awaitable[E]], back: Callable[[E], Awaitable[None]]) -> None:
        await self._turns.acquire()
        with self._turn():
            if not any(not place.done() for place in self._waiting.get(key, ())):
                return
            try:
                made = await start()
            except Exception as fault:  # whatever it is, it is whoever waits for it that must know
                place = self._first(key)
                if place is None:
                    raise
                place.set_exception(fault)
                return
        if not self.offer(key, made):
            await back(made)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One of the turns, given back at the end or when it has lasted long enough."""
        over = asyncio.get_running_loop().create_future()
        over.add_done_callback(lambda _: self._turns.release())
        bell = asyncio.get_running_loop().call_later(TURN_S, over.cancel)
        try:
            yield
        finally:
            bell.cancel()
            over.cancel()

    async def hurry(self) -> None:
        """Let every start begin at once: where nothing can be started any more, all who wait learn that by it."""
        for _ in self._starting:
            self._turns.release()
        await asyncio.gather(*self._starting, return_exceptions=True)
