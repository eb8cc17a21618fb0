"""Ciphertext blobs: what a symmetric key's ciphertext tells of itself.

One idea: a format's number comes first, so that what was written once can be read for ever; then whose the key is,
which of its materials, and a nonce. All of it is authenticated, together with the encryption context. It may not know
keys.

    1 format | 5 account | 1 multi-Region | 16 key id | 4 material | 12 nonce | ciphertext and tag
"""

import struct
from collections.abc import Mapping
from typing import NamedTuple

HEAD = struct.Struct(">B5sB16sI12s")
FORMAT = 1
MULTI_REGION = "mrk-"


class Envelope(NamedTuple):
    """A blob, taken apart. `head` is what stands before the sealed text."""

    account: str
    key: str
    material: int
    nonce: bytes
    head: bytes
    sealed: bytes


def head(account: str, key: str, material: int, nonce: bytes) -> bytes:
    multi = key.startswith(MULTI_REGION)
    number = bytes.fromhex(key.removeprefix(MULTI_REGION).replace("-", ""))
    return HEAD.pack(FORMAT, int(account).to_bytes(5, "big"), multi, number, material, nonce)


def read(blob: bytes) -> Envelope | None:
    """None for what no key of KMS's made."""
    if len(blob) < HEAD.size or blob[0] != FORMAT:
        return None
    _, account, multi, number, material, nonce = HEAD.unpack_from(blob)
    if multi > 1:
        return None
    key = MULTI_REGION + number.hex() if multi else _dashed(number.hex())
    owner = f"{int.from_bytes(account, 'big'):012d}"
    return Envelope(owner, key, material, nonce, blob[: HEAD.size], blob[HEAD.size :])


def _dashed(digits: str) -> str:
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def bound(head: bytes, context: Mapping[str, str]) -> bytes:
    """What is authenticated: the head, and the context in the order of its keys, each text behind its length."""
    parts = [head]
    for name in sorted(context):
        for text in (name.encode(), context[name].encode()):
            parts += [len(text).to_bytes(4, "big"), text]
    return b"".join(parts)
