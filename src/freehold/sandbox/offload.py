"""Heavy pure computation in a worker process, so that the cloud goes on answering meanwhile.

One idea: the worker starts at first use and goes when it has been idle, giving its memory back. It may not know what is
computed.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any, TypeVar

T = TypeVar("T")
IDLE_S = 60.0


class Offload:
    def __init__(self, workers: int = 1):
        self._workers = workers
        self._pool: ProcessPoolExecutor | None = None
        self._running = 0
        self._closing: asyncio.TimerHandle | None = None

    async def compute(self, work: Callable[..., T], *args: Any) -> T:
        loop = asyncio.get_running_loop()
        if self._closing:
            self._closing.cancel()
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self._workers, mp_context=get_context("spawn"))
        self._running += 1
        try:
            return await loop.run_in_executor(self._pool, work, *args)
        except BrokenProcessPool:  # the worker died, perhaps of this very work: the next one gets a new worker
            self.close()
            raise
        finally:
            self._running -= 1
            if not self._running:
                self._closing = loop.call_later(IDLE_S, self.close)

    def close(self) -> None:
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None
