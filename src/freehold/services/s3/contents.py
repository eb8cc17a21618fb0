"""Contents: the bytes of objects, in pieces.

One idea: an object's content is a list of pieces, one for what was put at once and one for each part of an upload; so
completing an upload copies nothing. A small piece lies in the record, a larger one is a blob. It may not know objects.
"""

import hashlib
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from typing import NamedTuple

import msgspec

from freehold.engines.checksums import Checksum, checksum
from freehold.kernel import blobs
from freehold.kernel.blobs import Blobs
from freehold.kernel.store import Record, Tx

INLINE_MAX = 16_384  # bytes

Body = bytes | AsyncIterable[bytes]


class Piece(msgspec.Struct, omit_defaults=True):
    """A stretch of content of `size` bytes, `inline` or in a blob; `number` and `checksum` (base64) if it is a part."""

    size: int
    inline: bytes = b""
    blob: str = ""
    number: int = 0
    checksum: str = ""


class Content(Record, table="s3_contents", key="id", scope="global"):
    """The pieces of one object, in order."""

    id: str
    pieces: list[Piece]


class Received(NamedTuple):
    """A body that was taken in: on disk, but nobody's yet. `md5` in hex; `digests` {algorithm: digest}."""

    piece: Piece
    md5: str
    digests: dict[str, bytes]


async def receive(store: Blobs, body: Body, algorithms: Iterable[str]) -> Received:
    """Take in a body as it comes, never whole in memory unless it is small."""
    running = {name: checksum(name) for name in algorithms}
    stream, head = _counted(body, running), b""

    def taken(piece: Piece, md5: str) -> Received:
        return Received(piece, md5, {name: one.digest() for name, one in running.items()})

    async for chunk in stream:
        head += chunk
        if len(head) > INLINE_MAX:
            break
    else:
        return taken(Piece(len(head), inline=head), hashlib.md5(head, usedforsecurity=False).hexdigest())

    async def whole() -> AsyncIterator[bytes]:
        yield head
        async for chunk in stream:
            yield chunk

    blob = await store.write(whole())
    return taken(Piece(blob.size, blob=blob.id), blob.md5)


async def _counted(body: Body, running: dict[str, Checksum]) -> AsyncIterator[bytes]:
    """The body's chunks, each given to the running checksums as it passes."""
    async for chunk in _chunks(body):
        for one in running.values():
            one.update(chunk)
        yield chunk


async def _chunks(body: Body) -> AsyncIterator[bytes]:
    if isinstance(body, bytes):
        yield body
    else:
        async for chunk in body:
            yield chunk


def discard(store: Blobs, piece: Piece) -> None:
    """Remove what was received and will not be kept."""
    if piece.blob:
        store.remove(piece.blob)


def keep(tx: Tx, pieces: Iterable[Piece]) -> str:
    """Keep pieces as one content; its id."""
    content = Content(id=tx.ids.hex(32), pieces=list(pieces))
    for piece in content.pieces:
        hold(tx, piece)
    tx.put(content)
    return content.id


def hold(tx: Tx, piece: Piece) -> None:
    if piece.blob:
        blobs.keep(tx, piece.blob)


def release(tx: Tx, piece: Piece) -> None:
    if piece.blob:
        blobs.drop(tx, piece.blob)


def drop(tx: Tx, id: str) -> None:
    """Give up a content; whoever is reading it may finish."""
    content = tx.get(Content, id)
    if content:
        for piece in content.pieces:
            release(tx, piece)
        tx.delete(Content, id)


def read(store: Blobs, pieces: list[Piece], start: int, length: int) -> Body:
    """So many bytes from `start`: at once if they lie in a record, else as they come."""
    if len(pieces) == 1 and not pieces[0].blob:
        return pieces[0].inline[start : start + length]
    return _read(store, pieces, start, length) if length else b""


async def _read(store: Blobs, pieces: list[Piece], start: int, length: int) -> AsyncIterator[bytes]:
    for piece in pieces:
        if start >= piece.size:
            start -= piece.size
            continue
        here = min(length, piece.size - start)
        if piece.blob:
            async for chunk in store.read(piece.blob, start, here):
                yield chunk
        else:
            yield piece.inline[start : start + here]
        start, length = 0, length - here
        if not length:
            return
