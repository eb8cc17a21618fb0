"""Frames: content encrypted in stretches, so that any part of it can be read without the rest.

One idea: every frame is sealed under the content's own key with its number as the nonce, and the last one says that it
is the last; so no frame can be moved, left out or cut off unseen. More than one key seals a frame more than once. It
may not know where content lies, nor whose keys these are.

AES-256-GCM, NIST SP 800-38D; the last frame's mark as in STREAM (Hoang, Reyhanitabar, Rogaway, Vizár, 2015).
"""

from collections.abc import AsyncIterable, AsyncIterator, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from freehold.engines.macs import Mac

FRAME = 1 << 18  # bytes of content in every frame but the last
TAG = 16  # bytes that each key adds to a frame
KEY_BYTES, SALT_BYTES = 32, 16

Bytes = bytes | memoryview


class Broken(Exception):
    """What is read was not sealed so: another key, another place, or other bytes."""


class Frames:
    """Seals and opens the frames of one content, whose own keys follow from these `keys` and a salt that nothing else
    has. With none, nothing is sealed."""

    __slots__ = ("_ciphers", "overhead")

    def __init__(self, keys: Sequence[Mac], salt: bytes):
        self._ciphers = [AESGCM(key.of(salt)) for key in keys]
        self.overhead = TAG * len(self._ciphers)

    def seal(self, number: int, plain: Bytes, *, last: bool, into: memoryview | None = None) -> Bytes:
        """A frame, laid `into` a room of at least its size if one is given."""
        if not self._ciphers:
            return plain
        nonce = _nonce(number, last)
        for cipher in self._ciphers[:-1]:
            plain = cipher.encrypt(nonce, plain, None)
        if into is None:
            return self._ciphers[-1].encrypt(nonce, plain, None)
        return into[: self._ciphers[-1].encrypt_into(nonce, plain, None, into[: len(plain) + TAG])]

    def open(self, number: int, sealed: Bytes, *, last: bool, into: memoryview | None = None) -> Bytes:
        """A frame's content, laid `into` a room of at least its size if one is given. Raises Broken."""
        if not self._ciphers:
            return sealed
        nonce = _nonce(number, last)
        try:
            for cipher in self._ciphers[:0:-1]:
                sealed = cipher.decrypt(nonce, sealed, None)
            if into is None:
                return self._ciphers[0].decrypt(nonce, sealed, None)
            return into[: self._ciphers[0].decrypt_into(nonce, sealed, None, into[: len(sealed) - TAG])]
        except InvalidTag as fault:
            raise Broken(f"frame {number}") from fault

    async def seal_all(self, chunks: AsyncIterable[bytes], into: memoryview | None = None) -> AsyncIterator[Bytes]:
        """The frames of a content that comes in chunks of any size, each laid `into` a room if one is given; no more
        than a frame and a chunk is held. One that nothing seals lasts until the next is asked for."""
        held, size, number = memoryview(bytearray(FRAME)), 0, 0
        async for chunk in chunks:
            rest = memoryview(chunk)
            while rest:
                if size == FRAME:  # there is more, so it is not the last
                    yield self.seal(number, held, last=False, into=into)
                    number, size = number + 1, 0
                part = rest[: FRAME - size]
                held[size : size + len(part)] = part
                size, rest = size + len(part), rest[len(part) :]
        yield self.seal(number, held[:size], last=True, into=into)

    def place(self, number: int) -> int:
        """Where a frame begins among the sealed bytes."""
        return number * (FRAME + self.overhead)


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if last else b"\0")
