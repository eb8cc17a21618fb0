"""Bodies that prove themselves: aws-chunked framing, signed chunks, trailing checksums, and what a request claims.

One idea: bytes are passed on as they come and judged as they pass, so memory stays at one piece of the network; what
was passed on counts only once the iteration has ended without an error. It may not know what is stored, nor any secret:
a signed body brings the key of its day.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
"""

import base64
import binascii
import hashlib
import hmac
import re
import zlib
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable
from functools import cache
from typing import Any, NamedTuple

from freehold.kernel.errors import AwsError

CHUNK_MIN = 8_192  # bytes; only the last chunk of data may be smaller
LINE_MAX = 1_024  # bytes of a chunk's first line
TRAILER_MAX = 16_384  # bytes of all trailers
TRAILER_SIGNATURE = "x-amz-trailer-signature"
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"

EMPTY = hashlib.sha256().hexdigest()
_DIGEST = re.compile("[0-9A-Fa-f]{64}")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,15})(?:;chunk-signature=([0-9a-f]{64}))?[ \t]*")
_FOLD_MIN, _FOLD_MAX = 1_024, 65_536  # bytes; below a table is as fast, above caches are too small


class Form(NamedTuple):
    signed: bool
    trailing: bool


FORMS = {
    "STREAMING-UNSIGNED-PAYLOAD-TRAILER": Form(signed=False, trailing=True),
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD": Form(signed=True, trailing=False),
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER": Form(signed=True, trailing=True),
}
ECDSA_FORMS = ("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER")
CLAIMS = (UNSIGNED_PAYLOAD, *FORMS, *ECDSA_FORMS)  # what x-amz-content-sha256 may say in place of a digest


class Refusal(AwsError):
    """The request is not taken. A raise brings the wording, and what S3 puts beside Code and Message."""

    words = "{reason}"
    status = 400


class BadDigest(Refusal):
    words = "The {algorithm} you specified did not match the calculated checksum."


class IncompleteBody(Refusal):
    words = "You did not provide the number of bytes specified by the Content-Length HTTP header"


class InvalidArgument(Refusal):
    pass


class InvalidChunkSizeError(Refusal):
    words = "Only the last chunk is allowed to have a size less than 8192 bytes"
    status = 403


class InvalidRequest(Refusal):
    pass


class MalformedTrailerError(Refusal):
    words = "The request contained trailing data that was not well-formed or did not conform to our published schema."


class MissingContentLength(Refusal):
    words = "You must provide the Content-Length HTTP header."
    status = 411


class PayloadNotImplemented(Refusal):
    words = "A header you provided implies functionality that is not implemented."
    code = "NotImplemented"
    status = 501


class SignatureDoesNotMatch(Refusal):
    status = 403


class XAmzContentSHA256Mismatch(Refusal):
    words = "The provided 'x-amz-content-sha256' header does not match what was computed."


S3_CLAIM = f"x-amz-content-sha256 must be {', '.join(CLAIMS)} or a valid sha256 value."
NO_ALGORITHM = "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [{}]"
S3_MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your key and signing method."
)


# What a request claims of its body


def check_claim(claim: str | None) -> None:
    """Raise unless `claim`, the x-amz-content-sha256 header of an S3 request, is one that S3 takes."""
    if claim is None:
        raise InvalidRequest(reason="Missing required header for this request: x-amz-content-sha256")
    if claim not in CLAIMS and not _DIGEST.fullmatch(claim):
        raise InvalidArgument(reason=S3_CLAIM, ArgumentName="x-amz-content-sha256", ArgumentValue=claim)


def check_sha256(claim: str, body_sha256: str) -> None:
    """Raise if the claim is a digest and the body has another (lower-case hex)."""
    if claim not in CLAIMS and claim.lower() != body_sha256:
        raise XAmzContentSHA256Mismatch(ClientComputedContentSHA256=claim, S3ComputedContentSHA256=body_sha256)


def matches(key: bytes, text: str, signature: str) -> bool:
    """Whether `signature` (hex) is the key's over the text, in a time that tells nothing."""
    return hmac.compare_digest(hmac.digest(key, text.encode(), "sha256").hex().encode(), signature.encode())


# Checksums


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
    """A new checksum by its AWS name, in either case: `CRC32C`, `sha256`. Raises InvalidRequest for others."""
    name = algorithm.upper()
    if name not in CHECKSUMS:
        raise InvalidRequest(reason=NO_ALGORITHM.format(", ".join(CHECKSUMS)))
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


def _crc(name: str, polynomial: int, width: int) -> Callable[[], _Crc]:
    """The makers of a CRC: the AWS runtime's where it is installed (gigabytes a second), ours elsewhere."""

    @cache
    def step() -> Callable[[bytes, int], int]:
        try:
            from awscrt import checksums
        except ImportError:
            return Polynomial(polynomial, width).step
        return getattr(checksums, name)

    return lambda: _Crc(step(), width // 8)


CHECKSUMS: dict[str, Callable[[], Any]] = {
    "CRC32": lambda: _Crc(zlib.crc32, 4),
    "CRC32C": _crc("crc32c", 0x1EDC6F41, 32),
    "CRC64NVME": _crc("crc64nvme", 0xAD93D23594C93659, 64),
    "MD5": lambda: hashlib.md5(usedforsecurity=False),
    "SHA1": lambda: hashlib.sha1(usedforsecurity=False),
    "SHA256": hashlib.sha256,
    "SHA512": hashlib.sha512,
}
TRAILERS = {f"x-amz-checksum-{name.lower()}": name for name in CHECKSUMS}


# Chunks


class Seed(NamedTuple):
    """What a chain of signed chunks begins with: the request's signature, its signing key, moment and scope."""

    signature: str
    key: bytes
    amz_date: str
    scope: str


class Chunks:
    """The content of an aws-chunked body, to be iterated once; `trailers` is filled when the end is reached.

    `headers` are (lower-case name, value) pairs; x-amz-content-sha256, x-amz-decoded-content-length and x-amz-trailer
    are read. Without a seed the signatures of signed chunks are not looked at. Pieces are no longer than the body's.
    """

    def __init__(self, body: AsyncIterable[bytes], headers: Iterable[tuple[str, str]], seed: Seed | None = None):
        said = dict(headers)
        form, length = said.get("x-amz-content-sha256", ""), said.get("x-amz-decoded-content-length", "")
        if form not in FORMS:
            raise PayloadNotImplemented(Header="x-amz-content-sha256", additionalMessage=form)
        if not re.fullmatch("[0-9]{1,15}", length):
            raise MissingContentLength
        self.trailers: dict[str, str] = {}
        self._source, self._form, self._length = _Source(body), FORMS[form], int(length)
        self._seed, self._previous = seed if self._form.signed else None, seed.signature if seed else ""
        names = said.get("x-amz-trailer", "").lower().replace(" ", "") if self._form.trailing else ""
        self._checksums = {name: _trailing(name) for name in names.split(",") if name}

    async def __aiter__(self) -> AsyncIterator[bytes]:
        source, left, number, size, before = self._source, self._length, 0, -1, CHUNK_MIN
        while size:
            number += 1
            size, signature = _first_line(await source.line())
            if size > left or (not size and left):
                raise IncompleteBody(NumberBytesExpected=self._length)
            if size and before < CHUNK_MIN:
                raise InvalidChunkSizeError(Chunk=number, BadChunkSize=before)
            left, before, digest, wanted = left - size, size, hashlib.sha256(), size
            while wanted:
                piece = await source.take(wanted)
                wanted -= len(piece)
                if self._seed:
                    digest.update(piece)
                for running in self._checksums.values():
                    running.update(piece)
                yield piece
            self._check("PAYLOAD", f"{EMPTY}\n{digest.hexdigest()}", signature)
            if size and await source.line():
                raise IncompleteBody(NumberBytesExpected=self._length)
        self._finish(await source.rest())

    def _check(self, kind: str, digests: str, signature: str) -> None:
        if self._seed:
            _, key, amz_date, scope = self._seed
            text = f"AWS4-HMAC-SHA256-{kind}\n{amz_date}\n{scope}\n{self._previous}\n{digests}"
            if not matches(key, text, signature):
                raise SignatureDoesNotMatch(reason=S3_MISMATCH, StringToSign=text, SignatureProvided=signature)
            self._previous = signature

    def _finish(self, rest: bytes) -> None:
        """Read the trailers, and hold the body to them."""
        for line in filter(None, rest.decode("latin-1").replace("\r", "").split("\n")):
            name, colon, value = line.partition(":")
            name = name.strip().lower()
            if not colon or name in self.trailers:
                raise MalformedTrailerError
            self.trailers[name] = value.strip()
        signature = self.trailers.pop(TRAILER_SIGNATURE, "")
        if self.trailers.keys() != self._checksums.keys():
            raise MalformedTrailerError
        if self._form.trailing:
            text = "".join([f"{name}:{value}\n" for name, value in self.trailers.items()])
            self._check("TRAILER", hashlib.sha256(text.encode()).hexdigest(), signature)
        for name, running in self._checksums.items():
            if _decoded(name, self.trailers[name]) != running.digest():
                raise BadDigest(algorithm=running.name)


def _trailing(name: str) -> Checksum:
    if name not in TRAILERS:
        raise InvalidRequest(reason="The value specified in the x-amz-trailer header is not supported")
    return checksum(TRAILERS[name])


def _decoded(name: str, value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error:
        raise InvalidRequest(reason=f"Value for {name} trailing header is invalid.") from None


def _first_line(line: bytes) -> tuple[int, str]:
    """The size of a chunk and its signature, or the empty text."""
    parts = _CHUNK.fullmatch(line)
    if not parts:
        raise IncompleteBody
    return int(parts[1], 16), (parts[2] or b"").decode()


class _Source:
    """Lines and stretches of a body that comes in pieces; holds one piece."""

    def __init__(self, body: AsyncIterable[bytes]):
        self._body, self._held, self._at = aiter(body), b"", 0

    async def _more(self) -> bool:
        async for piece in self._body:
            if piece:
                self._held, self._at = piece, 0
                return True
        return False

    async def take(self, most: int) -> bytes:
        """At least one byte and at most so many."""
        if self._at == len(self._held) and not await self._more():
            raise IncompleteBody
        start, self._at = self._at, min(self._at + most, len(self._held))
        return self._held[start : self._at] if self._at - start < len(self._held) else self._held

    async def line(self) -> bytes:
        """What stands before the next line end."""
        found = b""
        while len(found) <= LINE_MAX:
            piece = await self.take(LINE_MAX)
            found, end, after = (found + piece).partition(b"\n")
            if end:
                self._at -= len(after)
                return found.removesuffix(b"\r")
        raise IncompleteBody

    async def rest(self) -> bytes:
        """All that is left, which must be little."""
        found = self._held[self._at :]
        while len(found) <= TRAILER_MAX and await self._more():
            found += self._held
        if len(found) > TRAILER_MAX:
            raise MalformedTrailerError
        return found
