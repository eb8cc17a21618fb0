"""Bodies that prove themselves: aws-chunked framing, signed chunks, trailing checksums, and what a request claims.

One idea: bytes are passed on as they come and judged as they pass, so memory stays at one piece of the network (a body
that is there whole is one); what was passed on counts only once the iteration has ended without an error. It may not
know what is stored, nor any secret: a signed body brings the key of its day.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import AsyncIterator, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from freehold.engines.checksums import TRAILERS, Checksum, checksum
from freehold.engines.macs import Mac
from freehold.kernel.errors import AwsError
from freehold.web import Body, stream

CHUNK_MIN = 8_192  # bytes; only the last chunk of data may be smaller
LINE_MAX = 1_024  # bytes of a chunk's first line
TRAILER_MAX = 16_384  # bytes of all trailers
TRAILER_SIGNATURE = "x-amz-trailer-signature"
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"

EMPTY = hashlib.sha256().hexdigest()
_DIGEST = re.compile("[0-9A-Fa-f]{64}")
_LENGTH = re.compile("[0-9]{1,15}")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,15})(?:;chunk-signature=([0-9a-f]{64}))?[ \t]*")


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
    return hmac.compare_digest(_mac(key).of(text.encode()).hex().encode(), signature.encode())


_mac = lru_cache(4_096)(Mac)  # a signing key is one client's all day


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

    def __init__(self, body: Body, headers: Iterable[tuple[str, str]], seed: Seed | None = None):
        said = dict(headers)
        form, length = said.get("x-amz-content-sha256", ""), said.get("x-amz-decoded-content-length", "")
        if form not in FORMS:
            raise PayloadNotImplemented(Header="x-amz-content-sha256", additionalMessage=form)
        if not _LENGTH.fullmatch(length):
            raise MissingContentLength
        self.trailers: dict[str, str] = {}
        self._body, self._held, self._form, self._length = body, _Held(), FORMS[form], int(length)
        self._seed, self._previous = seed if self._form.signed else None, seed.signature if seed else ""
        names = said.get("x-amz-trailer", "").lower().replace(" ", "") if self._form.trailing else ""
        self._checksums = {name: _trailing(name) for name in names.split(",") if name}

    async def __aiter__(self) -> AsyncIterator[bytes]:
        held, read = self._held, self._read()
        async for piece in stream(self._body):
            held.add(piece)
            for content in read:
                if not content:
                    break
                yield content
        held.over = True
        for content in read:
            yield content

    def _read(self) -> Iterator[bytes]:
        """The content as far as it is held; nothing, where more must come first."""
        held, left, number, size, before = self._held, self._length, 0, -1, CHUNK_MIN
        while size:
            number += 1
            while (line := held.line()) is None:
                yield b""
            size, signature = _first_line(line)
            if size > left or (not size and left):
                raise IncompleteBody(NumberBytesExpected=self._length)
            if size and before < CHUNK_MIN:
                raise InvalidChunkSizeError(Chunk=number, BadChunkSize=before)
            left, before, wanted = left - size, size, size
            digest = hashlib.sha256() if self._seed else None
            updates = [one.update for one in self._checksums.values()] + ([digest.update] if digest else [])
            while wanted:
                piece = held.take(wanted)
                wanted -= len(piece)
                for update in updates:
                    update(piece)
                yield piece
            if digest:
                self._check("PAYLOAD", f"{EMPTY}\n{digest.hexdigest()}", signature)
            while size and (line := held.line()) is None:
                yield b""
            if size and line:
                raise IncompleteBody(NumberBytesExpected=self._length)
        while (rest := held.rest()) is None:
            yield b""
        self._finish(rest)

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


class _Held:
    """Lines and stretches of a body that comes in pieces: what came and was not taken yet. `over`, if no more comes."""

    def __init__(self) -> None:
        self._text, self._at, self.over = b"", 0, False

    def add(self, piece: bytes) -> None:
        self._text, self._at = self._text[self._at :] + piece, 0

    def take(self, most: int) -> bytes:
        """At most so many bytes; none, if more must come first."""
        start, self._at = self._at, min(self._at + most, len(self._text))
        if start == self._at and self.over:
            raise IncompleteBody
        return self._text[start : self._at]

    def line(self) -> bytes | None:
        """What stands before the next line end; None, if more must come first."""
        start, end = self._at, self._text.find(b"\n", self._at, self._at + LINE_MAX + 1)
        if end >= 0:
            self._at = end + 1
            return self._text[start:end].removesuffix(b"\r")
        if self.over or len(self._text) - start > LINE_MAX:
            raise IncompleteBody
        return None

    def rest(self) -> bytes | None:
        """All that is left, which must be little; None, if more may come."""
        if len(self._text) - self._at > TRAILER_MAX:
            raise MalformedTrailerError
        return self._text[self._at :] if self.over else None
