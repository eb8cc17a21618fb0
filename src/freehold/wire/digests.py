"""What a request's headers claim of a body that was read whole: that it arrived as it was sent.

One idea: a claim is held against the body before anybody acts on it; who takes in a streamed body does so himself. It
may not know any operation, only whether its model wants a claim.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
"""

import base64
import hashlib

from freehold.engines.checksums import TRAILERS, BadContentMd5, InvalidDigest, checksum
from freehold.web import Headers
from freehold.wire.chunked import BadDigest, InvalidRequest
from freehold.wire.models import Operation

MISSING = "Missing required header for this request: Content-MD5 OR x-amz-checksum-*"
SERVICES = ("s3",)  # whose requests make such claims


def check(operation: Operation, headers: Headers, body: bytes) -> None:
    """Raises InvalidDigest, BadDigest; InvalidRequest where a claim is missing that the operation needs."""
    md5 = headers.get("content-md5")
    claims = sorted(TRAILERS.keys() & headers.names) if operation.states_checksum else ()
    if md5:
        _check_md5(md5, body)
    for header in claims:
        running = checksum(TRAILERS[header])
        running.update(body)
        if headers[header] != running.base64():
            raise BadDigest(algorithm=running.name)
    if operation.wants_checksum and not (md5 or claims or "x-amz-trailer" in headers):
        raise InvalidRequest(reason=MISSING)


def _check_md5(claim: str, body: bytes) -> None:
    try:
        stated = base64.b64decode(claim, validate=True)
    except ValueError:
        stated = b""
    found = hashlib.md5(body, usedforsecurity=False).digest()
    if len(stated) != len(found):
        raise InvalidDigest(**{"Content-MD5": claim})
    if stated != found:
        raise BadContentMd5(ExpectedDigest=claim, CalculatedDigest=base64.b64encode(found).decode())
