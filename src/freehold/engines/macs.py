"""Keyed digests: HMAC-SHA-256, begun once for all texts of a key.

One idea: most of such a digest's cost is what follows from the key alone. It may not know what keys are for.

RFC 2104.
"""

from hashlib import sha256

BLOCK = 64  # bytes that SHA-256 takes in at once
INNER, OUTER = (bytes(byte ^ pad for byte in range(256)) for pad in (0x36, 0x5C))


class Mac:
    """The digests of a key, of any length."""

    __slots__ = ("_inner", "_outer")

    def __init__(self, key: bytes):
        block = (key if len(key) <= BLOCK else sha256(key).digest()).ljust(BLOCK, b"\0")
        self._inner, self._outer = sha256(block.translate(INNER)), sha256(block.translate(OUTER))

    def of(self, text: bytes) -> bytes:
        """The digest of a text, 32 bytes."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(text)
        outer.update(inner.digest())
        return outer.digest()
