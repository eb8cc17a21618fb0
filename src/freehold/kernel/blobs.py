"""Blobs: large bodies, beside the database.

One idea: content is written and on disk before the record that names it, and is removed after the record is gone; so a
record never names what is not there. A blob whose record was never committed is swept later. It may not know what is in
them.
"""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

from freehold.kernel.ids import Ids
from freehold.kernel.store import Record, Tx

CHUNK = 1 << 18


class Blob(NamedTuple):
    """Content that is on disk: where, how long, and its digests (hex)."""

    id: str
    size: int
    md5: str
    sha256: str


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

    async def write(self, content: bytes | AsyncIterator[bytes]) -> Blob:
        """Store content, flushed to disk."""
        id = self._ids.hex(32)
        path = self.path(id)
        path.parent.mkdir(exist_ok=True)
        md5, sha256, size = hashlib.md5(usedforsecurity=False), hashlib.sha256(), 0
        with path.open("wb") as file:
            async for chunk in _once(content) if isinstance(content, bytes) else content:
                md5.update(chunk)
                sha256.update(chunk)
                size += len(chunk)
                file.write(chunk)
            file.flush()
            await asyncio.to_thread(_settle, file.fileno(), path.parent)
        return Blob(id, size, md5.hexdigest(), sha256.hexdigest())

    async def read(self, id: str, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        """The content, or `length` bytes of it from `start`, in chunks."""
        with self.path(id).open("rb") as file:
            file.seek(start)
            left = length if length is not None else 1 << 62
            while left > 0:
                chunk = file.read(min(CHUNK, left))
                if not chunk:
                    return
                left -= len(chunk)
                yield chunk
                await asyncio.sleep(0)

    def remove(self, id: str) -> None:
        self.path(id).unlink(missing_ok=True)

    def older_than(self, moment: float) -> list[str]:
        """The ids of content files last written before `moment` (epoch seconds of the machine)."""
        files = (file for folder in self.root.iterdir() if folder.is_dir() for file in folder.iterdir())
        return [file.name for file in files if file.stat().st_mtime < moment]


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _settle(descriptor: int, folder: Path) -> None:
    os.fdatasync(descriptor)
    holder = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(holder)
    finally:
        os.close(holder)
