"""The simulated machine: a store that dies at a moment chosen beforehand, and a disk that keeps what a real one would.

One idea: between two moments at which something becomes true (a commit, a flush) it makes no difference when a process
dies, so to die at any of these moments is to die anywhere.
"""

import asyncio
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

import apsw

from freehold.kernel.blobs import Blobs
from freehold.kernel.ids import Ids
from freehold.kernel.signals import Bells
from freehold.stores.sqlite import GroupCommit, SqliteStore

# https://www.sqlite.org/fileformat2.html#the_write_ahead_log
LOG_HEADER_BYTES, FRAME_BYTES = 32, 24 + 4_096
HESITATIONS = (0, 0, 1, 3)  # turns of the event loop that a transaction waits before it begins
FLUSH_TURNS_MAX = 6


class Died(asyncio.CancelledError):
    """The process is gone: a cancellation, since no part of a cloud may take its own death for a failure."""


class Fate:
    """When a life ends: at its so-many-eth moment, or never (None). `death` is done once it has."""

    def __init__(self, moments: int | None):
        self._left = moments
        self.over = False
        self.death = asyncio.get_running_loop().create_future()

    def check(self) -> None:
        if self.over:
            raise Died

    def moment(self) -> None:
        """Something becomes true now, unless the process dies first."""
        self.check()
        if self._left is not None:
            self._left -= 1
            if self._left == 0:
                self.over = True
                self.death.set_result(None)
                raise Died


class Log(GroupCommit):
    """Group commit that takes a few turns of the event loop, by chance, where the real one takes a thread's time.

    `commits` are the numbers of frames that the log had after each commit; the first `safe` frames would survive a
    power cut.
    """

    def __init__(
        self, path: Path, commit: Callable[[], None], fate: Fate, chance: Random, commits: list[int], safe: int
    ):  # fmt: skip
        super().__init__(path, commit)
        self.fate, self.chance = fate, chance
        self.commits, self.safe = commits, safe

    def _order(self, loop: asyncio.AbstractEventLoop) -> None:
        self._commit()
        self._turn(loop, self.chance.randrange(FLUSH_TURNS_MAX), self.written, self.commits[-1])

    def _turn(self, loop: asyncio.AbstractEventLoop, turns: int, mark: int, frames: int) -> None:
        if turns:
            loop.call_soon(self._turn, loop, turns - 1, mark, frames)
            return
        try:
            self.fate.moment()
            self.safe = frames
            self.fate.moment()
        except Died:
            return
        self._done(loop, mark, None)


class MortalStore(SqliteStore):
    """The embedded engine under a fate. After death nothing can be read, written or acknowledged."""

    def __init__(self, disk: "Disk", bells: Bells, fate: Fate, chance: Random):
        super().__init__(disk.database, bells)
        self._log.close()
        self.log = self._log = Log(disk.database, self.settle, fate, chance, disk.commits, disk.safe)
        self.fate, self.chance = fate, chance
        self.db.set_wal_hook(self._logged)

    def _logged(self, db: apsw.Connection, name: str, frames: int) -> int:
        self.log.commits.append(frames)
        return apsw.SQLITE_OK

    async def transact(self, seat, work, *args):
        """The port lets an engine take its time; this one does, so that whatever may interleave does."""
        self.fate.check()
        for _ in range(self.chance.choice(HESITATIONS)):
            await asyncio.sleep(0)
        return await super().transact(seat, work, *args)

    def _do(self, seat, work, args):
        self.fate.check()
        return super()._do(seat, work, args)

    def settle(self) -> None:
        if not self.open or self.fate.over:
            return
        with suppress(Died):  # in a turn of the loop that is nobody's
            self.fate.moment()  # dies here: none of it was written
            super().settle()
            self.fate.moment()  # dies here: written, and nobody was told

    def close(self) -> None:
        """A process that died commits nothing more."""
        if self.open:
            self.open = False
            self.db.execute("ROLLBACK")
        super().close()

    async def durable(self) -> None:
        self.fate.check()
        await super().durable()
        self.fate.check()


class MortalBlobs(Blobs):
    """Content files under a fate: one that was not settled when the process died may end anywhere."""

    def __init__(self, root: Path, ids: Ids, fate: Fate, chance: Random):
        super().__init__(root, ids)
        self.fate, self.chance = fate, chance

    async def settle(self, descriptor: int, folder: Path) -> None:
        for _ in range(self.chance.choice(HESITATIONS)):
            await asyncio.sleep(0)
        try:
            self.fate.moment()
        except Died:
            os.ftruncate(descriptor, self.chance.randrange(os.fstat(descriptor).st_size + 1))
            raise
        self.fate.moment()

    def remove(self, id: str) -> None:
        if not self.fate.over:  # the dead tidy nothing up
            super().remove(id)


class Disk:
    """A data folder, life after life: each lives on a copy of what the one before left behind.

    After each of the `commits` the log had so many frames; the first `safe` of them would survive a power cut.
    """

    def __init__(self, root: Path):
        self._root, self._copies = root, 0
        self.folder = root / "disk-0"
        self.commits, self.safe = [0], 0

    @property
    def database(self) -> Path:
        return self.folder / "freehold.db"

    def kill(self, log: Log) -> None:
        """kill -9: all that was committed stays, though a power cut could still take what was not flushed."""
        self._copies += 1
        before, self.folder = self.folder, self._root / f"disk-{self._copies}"
        shutil.copytree(before, self.folder, ignore=shutil.ignore_patterns("*-shm", "sandbox"))
        self.safe = log.safe

    def cut(self, log: Log, chance: Random) -> None:
        """A power cut: what was flushed stays, and of what was not a part, which may end in the middle of a frame."""
        self.kill(log)
        frames = self.commits[-1]
        if self.safe == frames:
            return
        kept = chance.randint(self.safe, frames)
        torn = chance.randbytes(chance.randrange(FRAME_BYTES)) if kept < frames else b""
        with (self.folder / "freehold.db-wal").open("r+b") as file:
            file.truncate(LOG_HEADER_BYTES + kept * FRAME_BYTES)
            file.seek(0, 2)
            file.write(torn)
        self.safe = max(frames for frames in self.commits if frames <= kept)
        self.commits = [self.safe]

    def tidy(self) -> None:
        """Move the log into the database, as a checkpoint does at its end."""
        db = apsw.Connection(str(self.database))
        db.execute("SELECT count(*) FROM sqlite_schema").fetchall()  # a log is noticed by the first who reads
        db.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        db.close()
        self.commits, self.safe = [0], 0

    def forget_earlier(self) -> None:
        for old in self._root.glob("disk-*"):
            if old != self.folder:
                shutil.rmtree(old)
