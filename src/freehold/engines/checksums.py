"""Checksums as S3 names them: cyclic ones and digests, running, and those of a whole put together from its parts'.

One idea: a name gives a running checksum, whoever is fastest at it here; the cyclic ones are also plain algebra, so
the checksum of two stretches follows from theirs. It may not know requests, headers or what is stored.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
"""

import base64
import hashlib
import zlib
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from freehold.kernel.errors import AwsError

TOLD = ("CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256")  # as S3 lists them when it knows none of a name
_FOLD_MIN, _FOLD_MAX = 1_024, 65_536  # bytes; below a table is as fast, above caches are too small


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


class _Crc:
    """A cyclic redundancy check, given the step that carries it over more bytes."""

    def __init__(self, step: Callable[[bytes, int], int], size: int):
        self._step, self._size, self._value = step, size, 0

    def update(self, data: bytes) -> None:
        self._value = self._step(data, self._value)

    def digest(self) -> bytes:
        return self._value.to_bytes(self._size, "big")


class Polynomial:
    """A reflected CRC with all-ones start and end, in Python alone.

    Long data is folded: its first part, a polynomial over GF(2), is multiplied by what shifting it would have come to,
    and so laid onto the rest, half by half, in shifts of one large integer. A table finishes the last kilobyte.
    `polynomial` is the normal form without its highest term, `width` its degree.
    """

    def __init__(self, polynomial: int, width: int):
        self._polynomial, self.width, self._ones = polynomial, width, (1 << width) - 1
        reflected = int(f"{polynomial:0{width}b}"[::-1], 2)
        self._table = list(range(256))
        for _ in range(8):
            self._table = [value >> 1 ^ (reflected if value & 1 else 0) for value in self._table]
        self._taps = cache(self._taps_of)

    def step(self, data: bytes, value: int) -> int:
        """The checksum of what had `value`, followed by `data`."""
        value ^= self._ones
        table = self._table
        for start in range(0, len(data), _FOLD_MAX):
            part = data[start : start + _FOLD_MAX]
            if len(part) >= _FOLD_MIN:
                part, value = self._folded(int.from_bytes(part, "little") ^ value, 8 * len(part)), 0
            for byte in part:
                value = value >> 8 ^ table[(value ^ byte) & 255]
        return value ^ self._ones

    def _folded(self, message: int, length: int) -> bytes:
        """A short message with the remainder of the long one. Bit 0 is the highest term, as CRCs of bytes have it."""
        for power in range(length.bit_length(), 10, -1):
            block = (1 << power) + 2 * self.width
            ahead = length - block
            if ahead > 0:
                first, message = message & ((1 << ahead) - 1), message >> ahead
                for tap in self._taps(block):
                    message ^= first << (block - ahead - tap)
                length = block
        return message.to_bytes(length // 8, "little")

    def joined(self, first: int, second: int, length: int) -> int:
        """The checksum of two stretches from theirs; `length` is the second's, in bytes."""
        carried = 0
        for tap in self._taps(8 * length):
            carried ^= self._mirrored(first) << tap
        return self._mirrored(self._reduced(carried)) ^ second

    def _mirrored(self, value: int) -> int:
        return int(f"{value:0{self.width}b}"[::-1], 2)

    def _taps_of(self, power: int) -> list[int]:
        """The exponents of x**power modulo the polynomial."""
        rest = 1
        for bit in f"{power:b}":
            rest = self._reduced(sum(1 << 2 * place for place in range(self.width) if rest >> place & 1) << int(bit))
        return [place for place in range(self.width) if rest >> place & 1]

    def _reduced(self, value: int) -> int:
        whole = 1 << self.width | self._polynomial
        while value.bit_length() > self.width:
            value ^= whole << value.bit_length() - self.width - 1
        return value


POLYNOMIALS = {
    "CRC32": Polynomial(0x04C11DB7, 32),
    "CRC32C": Polynomial(0x1EDC6F41, 32),
    "CRC64NVME": Polynomial(0xAD93D23594C93659, 64),
}


def _crc(name: str) -> Callable[[], _Crc]:
    """The maker of a CRC: the AWS runtime's where it is installed (gigabytes a second), ours elsewhere."""

    @cache
    def step() -> Callable[[bytes, int], int]:
        try:
            from awscrt import checksums
        except ImportError:
            return POLYNOMIALS[name].step
        return getattr(checksums, name.lower())

    return lambda: _Crc(step(), POLYNOMIALS[name].width // 8)


def joined(algorithm: str, parts: Iterable[tuple[bytes, int]]) -> bytes:
    """The cyclic checksum of a whole from the (digest, length in bytes) of its parts, in order."""
    polynomial, value = POLYNOMIALS[algorithm], 0
    for digest, length in parts:
        value = polynomial.joined(value, int.from_bytes(digest, "big"), length)
    return value.to_bytes(polynomial.width // 8, "big")


CHECKSUMS: dict[str, Callable[[], Any]] = {
    "CRC32": lambda: _Crc(zlib.crc32, 4),
    "CRC32C": _crc("CRC32C"),
    "CRC64NVME": _crc("CRC64NVME"),
    "MD5": lambda: hashlib.md5(usedforsecurity=False),
    "SHA1": lambda: hashlib.sha1(usedforsecurity=False),
    "SHA256": hashlib.sha256,
    "SHA512": hashlib.sha512,
}
TRAILERS = {f"x-amz-checksum-{name.lower()}": name for name in CHECKSUMS}
