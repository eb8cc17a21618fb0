"""Checksums as S3 names them: cyclic ones and digests, running, and those of a whole put together from its parts'.

One idea: a name gives a running checksum, whoever is fastest at it here; of the cyclic ones, that of two stretches
follows from theirs. It may not know requests, headers or what is stored.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
"""

import base64
import hashlib
from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Any

from freehold.kernel.errors import AwsError

TOLD = ("CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256")  # as S3 lists them when it knows none of a name


class UnsupportedChecksum(AwsError):
    words = "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [{known}]"
    code = "InvalidRequest"
    status = 400


class BadContentMd5(AwsError):
    words = "The Content-MD5 you specified did not match what we received."
    code = "BadDigest"
    status = 400


class InvalidDigest(AwsError):
    words = "The Content-MD5 you specified was invalid."
    status = 400


class Checksum:
    """A running checksum: `update`, then `digest`, `hexdigest` or `base64`. `name` is as S3 writes it."""

    def __init__(self, name: str, running: Any):
        self.name = name
        self._running = running
        self.update: Callable[[bytes], object] = running.update

    def digest(self) -> bytes:
        return self._running.digest()

    def hexdigest(self) -> str:
        return self.digest().hex()

    def base64(self) -> str:
        return base64.b64encode(self.digest()).decode()


def checksum(algorithm: str) -> Checksum:
    """A new checksum by its AWS name, in either case: `CRC32C`, `sha256`. Raises UnsupportedChecksum for others."""
    name = algorithm.upper()
    if name not in CHECKSUMS:
        raise UnsupportedChecksum(known=", ".join(TOLD))
    return Checksum(name, CHECKSUMS[name]())


def digest(name: str, data: bytes) -> bytes:
    """The checksum of what is there at once, by its name in CHECKSUMS."""
    if name in CYCLIC:
        return _step(name)(data, 0).to_bytes(SIZES[name], "big")
    running = CHECKSUMS[name]()
    running.update(data)
    return running.digest()


class _Crc:
    """A cyclic redundancy check, by its name."""

    def __init__(self, name: str):
        self._step, self._size, self._value = _step(name), SIZES[name], 0

    def update(self, data: bytes) -> None:
        self._value = self._step(data, self._value)

    def digest(self) -> bytes:
        return self._value.to_bytes(self._size, "big")


class _Hash:
    """A hash of the AWS runtime's, whose `finalize` tells its value so far."""

    def __init__(self, running: Any):
        self.update: Callable[[bytes], None] = running.update
        self.digest: Callable[[], bytes] = running.finalize


@cache
def _runtime() -> Any:
    """The AWS runtime's checksums, gigabytes a second; loaded when one is first wanted."""
    from awscrt import checksums

    return checksums


@cache
def _step(name: str) -> Callable[[bytes, int], int]:
    """What carries a cyclic checksum over more bytes. CRC32 is what clients state unless they are told otherwise; this
    one is ten times as fast as the standard library's."""
    if name == "CRC32":
        from zlib_ng import zlib_ng

        return zlib_ng.crc32
    step: Callable[[bytes, int], int] = getattr(_runtime(), name.lower())
    return step


def joined(algorithm: str, parts: Iterable[tuple[bytes, int]]) -> bytes:
    """The cyclic checksum of a whole from the (digest, length in bytes) of its parts, in order."""
    combine, value = getattr(_runtime(), f"combine_{algorithm.lower()}"), 0
    for digest, length in parts:
        value = combine(value, int.from_bytes(digest, "big"), length)
    return value.to_bytes(SIZES[algorithm], "big")


CYCLIC = ("CRC32", "CRC32C", "CRC64NVME")
SIZES = {  # of digests, in bytes
    "CRC32": 4, "CRC32C": 4, "CRC64NVME": 8, "MD5": 16, "SHA1": 20, "SHA256": 32, "SHA512": 64,
    "XXHASH64": 8, "XXHASH3": 8, "XXHASH128": 16,
}  # fmt: skip
CHECKSUMS: dict[str, Callable[[], Any]] = {
    **{name: partial(_Crc, name) for name in CYCLIC},
    "MD5": lambda: hashlib.md5(usedforsecurity=False),
    "SHA1": lambda: hashlib.sha1(usedforsecurity=False),
    "SHA256": hashlib.sha256,
    "SHA512": hashlib.sha512,
    "XXHASH64": lambda: _Hash(_runtime().XXHash.new_xxhash64()),
    "XXHASH3": lambda: _Hash(_runtime().XXHash.new_xxhash3_64()),
    "XXHASH128": lambda: _Hash(_runtime().XXHash.new_xxhash3_128()),
}
TRAILERS = {f"x-amz-checksum-{name.lower()}": name for name in CHECKSUMS}
