"""Group commit: one commit and one fsync for many operations, in turns.

One idea: whoever waits is counted; a turn commits what was written, flushes the log in a thread of its own and tells
all that it covered, while the next turn's writes gather. It may not know what was written.
"""

import asyncio
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

import apsw

log = logging.getLogger("freehold.store")
CHECKPOINT_PAGES = 4_000


class GroupCommit:
    """Counts what was written, flushes the log for all who wait, and keeps the log short.

    `commit()` is called before each flush; if it fails, what was written since the one before is lost, and whoever
    waits for it is told.
    """

    def __init__(self, path: Path, commit: Callable[[], None]):
        self.written, self.flushed = 1, 0  # what a killed process committed may not be on disk yet
        self._path, self._commit = path, commit
        self._waiting: list[tuple[int, asyncio.Future]] = []
        self._busy = False
        self._orders: SimpleQueue[tuple[asyncio.AbstractEventLoop, int] | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name="freehold-fsync", daemon=True)
        self._thread.start()
        self._log_file: int | None = None
        self._checkpointer: apsw.Connection | None = None

    async def flush(self) -> None:
        """Return when everything written before the call is on disk; at most two fsyncs away. Raises what failed."""
        loop = asyncio.get_running_loop()
        waiter = loop.create_future()
        self._waiting.append((self.written, waiter))
        if not self._busy:
            self._busy = True
            loop.call_soon(self._order, loop)  # after whatever else this turn of the loop writes
        await waiter

    def lose(self, failure: Exception) -> None:
        """What was written since the last commit is not: tell all who wait, as any of them may wait for it."""
        waiting, self._waiting = self._waiting, []
        for _, waiter in waiting:
            if not waiter.done():
                waiter.set_exception(failure)

    def _order(self, loop: asyncio.AbstractEventLoop) -> None:
        self._commit()
        self._orders.put((loop, self.written))

    def _work(self) -> None:
        while order := self._orders.get():
            loop, mark = order
            failure: Exception | None = None
            try:
                self._fsync()
            except Exception as error:  # whoever waits is told; the thread must live
                failure = error
            with suppress(RuntimeError):  # the loop may be gone at the very end
                loop.call_soon_threadsafe(self._done, loop, mark, failure)

    def _done(self, loop: asyncio.AbstractEventLoop, mark: int, failure: Exception | None) -> None:
        """Tell those whose writes were covered; flush again for those who came meanwhile."""
        covered = [waiter for written, waiter in self._waiting if written <= mark]
        self._waiting = [(written, waiter) for written, waiter in self._waiting if written > mark]
        self._busy = bool(self._waiting)
        if failure is None:
            self.flushed = max(self.flushed, mark)
        else:
            log.critical("the store's log could not be flushed: %s", failure)
        for waiter in covered:
            if not waiter.done():
                waiter.set_exception(failure) if failure else waiter.set_result(None)
        if self._busy:
            self._order(loop)

    def _fsync(self) -> None:
        if self._log_file is None:
            try:
                self._log_file = os.open(f"{self._path}-wal", os.O_RDONLY)
            except FileNotFoundError:  # it is made by the first change; those who wait have changed nothing
                return
        os.fdatasync(self._log_file)
        if os.fstat(self._log_file).st_size > CHECKPOINT_PAGES * 4_096:
            try:
                self._checkpoint()
            except apsw.Error as error:  # the log stays long until the next try; nothing is lost
                log.warning("checkpoint put off: %s", error)

    def _checkpoint(self) -> None:
        if self._checkpointer is None:
            self._checkpointer = apsw.Connection(str(self._path))
            self._checkpointer.set_busy_timeout(1_000)
            self._checkpointer.execute("SELECT count(*) FROM sqlite_schema").fetchall()  # or it would see no log
        self._checkpointer.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)

    def close(self) -> None:
        self._orders.put(None)
        self._thread.join()
        if self._log_file is not None:
            os.close(self._log_file)
        if self._checkpointer:
            self._checkpointer.close()
