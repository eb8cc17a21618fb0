"""Blobs: large bodies, beside the database.

One idea: content is written and on disk before the record that names it, and is removed after the record is gone; so a
record never names what is not there. A blob whose record was never committed is swept later. It may not know what is in
them.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import NamedTuple

from freehold.kernel.ids import Ids
from freehold.kernel.store import Record, T, Tx

CHUNK = 1 << 18


class Blob(NamedTuple):
    """Content that is on disk: where and how long."""

    id: str
    size: int


class Kept(Record, table="kernel_blobs", key="id", scope="global"):
    """A blob that a record names; without this row the content is nobody's."""

    id: str
    dropped_at: float = 0.0


def keep(tx: Tx, blob: Blob | str) -> None:
    """Say in this transaction that a record names the blob."""
    tx.put(Kept(id=blob if isinstance(blob, str) else blob.id))


def drop(tx: Tx, id: str) -> None:
    """Say that no record names the blob any more; readers in the middle of it may finish."""
    tx.put(Kept(id=id, dropped_at=tx.now))


class Blobs:
    """Content files under one folder."""

    def __init__(self, root: Path, ids: Ids):
        self.root, self._ids = root, ids
        root.mkdir(parents=True, exist_ok=True)

    def path(self, id: str) -> Path:
        return self.root / id[:2] / id

    async def write(self, content: bytes | AsyncIterator[bytes | memoryview]) -> Blob:
        """Store content, flushed to disk; nothing stays of what breaks off."""
        id = self._ids.hex(32)
        path, size = self.path(id), 0
        path.parent.mkdir(exist_ok=True)
        try:
            with path.open("wb") as file:
                async for chunk in _once(content) if isinstance(content, bytes) else content:
                    size += len(chunk)
                    file.write(chunk)
                file.flush()
                await self.settle(file.fileno(), path.parent)
        except BaseException:
            self.remove(id)
            raise
        return Blob(id, size)

    async def read(
        self, id: str, start: int, length: int, room: memoryview, made: Callable[[memoryview], T]
    ) -> AsyncIterator[T]:
        """What is `made` of `length` bytes of the content from `start`, in chunks that are each laid in the `room`."""
        with self.path(id).open("rb") as file:
            file.seek(start)
            while size := file.readinto(room[:length]):
                length -= size
                yield made(room[:size])
                await asyncio.sleep(0)

    async def settle(self, descriptor: int, folder: Path) -> None:
        """Return when a file and its name are on disk."""
        await asyncio.to_thread(_settle, descriptor, folder)

    def remove(self, id: str) -> None:
        self.path(id).unlink(missing_ok=True)

    async def older_than(self, age_s: float) -> list[str]:
        """The ids of content files last written so long ago, by the machine's clock: the cloud's may have jumped while
        one was written."""
        found: list[str] = []
        for folder in [each for each in self.root.iterdir() if each.is_dir()]:
            found += [file.name for file in folder.iterdir() if file.stat().st_mtime < time.time() - age_s]
            await asyncio.sleep(0)
        return found


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _settle(descriptor: int, folder: Path) -> None:
    os.fdatasync(descriptor)
    holder = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(holder)
    finally:
        os.close(holder)
