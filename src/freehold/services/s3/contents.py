"""Contents: the bytes of objects, in pieces, sealed as they lie.

One idea: an object's content is a list of pieces, one for what was put at once and one for each part of an upload; so
completing an upload copies nothing. A small piece lies in a record, a larger one is a blob; each is sealed under a key
that follows from the object's and its own salt. It may not know objects, nor whose keys these are.
"""

import itertools
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from typing import NamedTuple

import msgspec

from freehold.engines.checksums import checksum, digest
from freehold.engines.frames import FRAME, TAG, Bytes, Frames
from freehold.engines.macs import Mac
from freehold.kernel import blobs
from freehold.kernel.blobs import Blobs
from freehold.kernel.store import Record, Tx

INLINE_MAX = 16_384  # bytes of a piece that is no blob
BESIDE_MAX = 2_048  # bytes of one that lies in its object's own row, past which listings read
AES256, KMS, DSSE, CUSTOMER = "AES256", "aws:kms", "aws:kms:dsse", "SSE-C"

SEALED = memoryview(bytearray(FRAME + 2 * TAG))  # the frame that is read or written, between two waits

Body = bytes | AsyncIterable[bytes]
Lent = bytes | AsyncIterator[Bytes]  # pieces that last until the next is asked for
Keys = tuple[Mac, ...]


class Sealing(msgspec.Struct, omit_defaults=True, frozen=True, gc=False):
    """What names the key that an object's content is sealed under. `root`: a key of S3's own. `data_key`: one of KMS,
    as KMS encrypted it for `context`; `said` is what the writer added to that. `check` and `salt` tell whether a
    customer's key is the right one. Nothing is set on what was written before there was encryption.
    """

    method: str = ""
    root: str = ""
    key_id: str = ""
    data_key: bytes = b""
    context: dict[str, str] = {}
    said: dict[str, str] = {}
    bucket_key: bool = False
    md5: str = ""
    salt: bytes = b""
    check: bytes = b""

    @property
    def shows_md5(self) -> bool:
        """Whether the entity tag is the MD5 of the content.

        https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
        """
        return self.method in ("", AES256)


OPEN = Sealing()


class Piece(msgspec.Struct, omit_defaults=True, gc=False):
    """A stretch of content of `size` bytes, `inline` or in a blob; `number` and `checksum` (base64) if it is a part."""

    size: int
    inline: bytes = b""
    blob: str = ""
    salt: bytes = b""
    number: int = 0
    checksum: str = ""


class Content(Record, table="s3_contents", key="id", scope="global"):
    """The pieces of one object, in order."""

    id: str
    pieces: list[Piece]


class Received(NamedTuple):
    """A body that was taken in: on disk, but nobody's yet. `digests` {algorithm: digest}."""

    piece: Piece
    digests: dict[str, bytes]


async def receive(store: Blobs, body: Body, algorithms: Iterable[str], keys: Keys, salt: bytes) -> Received:
    """Take in a body as it comes, never whole in memory unless it is small. No other content may have its salt."""
    frames = Frames(keys, salt)
    come = body if isinstance(body, bytes) else await _ahead(body)
    if not isinstance(come, bytes) or len(come) > INLINE_MAX:
        return await _receive_large(store, come, algorithms, frames, salt)
    sealed = frames.seal(0, come, last=True)
    return Received(
        Piece(len(come), inline=bytes(sealed), salt=salt), {name: digest(name, come) for name in algorithms}
    )


async def _ahead(body: AsyncIterable[bytes]) -> Body:
    """A body whole, if it is small; else as it comes."""
    chunks, held, size = aiter(body), [], 0
    async for chunk in chunks:
        held.append(chunk)
        size += len(chunk)
        if size > INLINE_MAX:
            return _joined(held, chunks)
    return b"".join(held)


async def _joined(held: list[bytes], rest: AsyncIterable[bytes] | None = None) -> AsyncIterator[bytes]:
    for chunk in held:
        yield chunk
    held.clear()
    if rest:
        async for chunk in rest:
            yield chunk


async def _receive_large(
    store: Blobs, body: Body, algorithms: Iterable[str], frames: Frames, salt: bytes
) -> Received:  # fmt: skip
    running = {name: checksum(name) for name in algorithms}
    updates = [one.update for one in running.values()]
    size = 0

    async def whole() -> AsyncIterator[bytes]:
        nonlocal size
        async for chunk in _joined([body]) if isinstance(body, bytes) else body:
            for update in updates:
                update(chunk)
            size += len(chunk)
            yield chunk

    blob = await store.write(frames.seal_all(whole(), SEALED))
    return Received(Piece(size, blob=blob.id, salt=salt), {name: one.digest() for name, one in running.items()})


def discard(store: Blobs, piece: Piece) -> None:
    """Remove what was received and will not be kept."""
    if piece.blob:
        store.remove(piece.blob)


def keep(tx: Tx, pieces: Iterable[Piece]) -> str:
    """Keep pieces as one content; its id."""
    at = int(tx.now * 1_000_000)  # what is written together lies together
    content = Content(id=f"{at:014x}{tx.ids.hex(18)}", pieces=list(pieces))
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


def drop(tx: Tx, id: str, inline: bool) -> None:
    """Give up a content, one that is `inline` without looking at it; whoever is reading it may finish."""
    content = None if inline else tx.get(Content, id)
    for piece in content.pieces if content else ():
        release(tx, piece)
    tx.delete(Content, id)


def read(store: Blobs, pieces: list[Piece], keys: Keys, start: int, length: int) -> Body:
    """So many bytes from `start`: at once if they lie in a record, else as they come."""
    lent = lend(store, pieces, keys, start, length)
    return lent if isinstance(lent, bytes) else _given(lent)


def lend(store: Blobs, pieces: list[Piece], keys: Keys, start: int, length: int) -> Lent:
    """As `read`, for whoever keeps nothing."""
    if len(pieces) == 1 and not pieces[0].blob:
        return _inline(pieces[0], keys)[start : start + length]
    if not length:
        return b""
    if len(pieces) == 1:
        return _opened(store, pieces[0], keys, start, length)
    return _lend(store, pieces, keys, start, length)


async def _given(lent: AsyncIterator[Bytes]) -> AsyncIterator[bytes]:
    async for chunk in lent:
        yield bytes(chunk)


def _inline(piece: Piece, keys: Keys) -> bytes:
    return bytes(Frames(keys, piece.salt).open(0, piece.inline, last=True))


async def _lend(store: Blobs, pieces: list[Piece], keys: Keys, start: int, length: int) -> AsyncIterator[Bytes]:
    for piece in pieces:
        if start >= piece.size:
            start -= piece.size
            continue
        here = min(length, piece.size - start)
        if piece.blob:
            async for chunk in _opened(store, piece, keys, start, here):
                yield chunk
        else:
            yield _inline(piece, keys)[start : start + here]
        start, length = 0, length - here
        if not length:
            return


def _opened(store: Blobs, piece: Piece, keys: Keys, start: int, length: int) -> AsyncIterator[Bytes]:
    """A stretch of a blob, frame by frame, each in the same room."""
    frames, last = Frames(keys, piece.salt), (piece.size - 1) // FRAME
    numbers, until = itertools.count(start // FRAME), start + length
    begin, end = frames.place(start // FRAME), frames.place((until - 1) // FRAME + 1)
    room = memoryview(bytearray(min(piece.size, FRAME)))

    def opened(sealed: memoryview) -> Bytes:
        number = next(numbers)
        plain = frames.open(number, sealed, last=number == last, into=room)
        return plain[max(0, start - number * FRAME) : until - number * FRAME]

    return store.read(piece.blob, begin, end - begin, SEALED[: FRAME + TAG * len(keys)] if keys else room, opened)
