"""Proofs: what a client says of the body it sends, and whether that is so.

One idea: one algorithm is run while the body comes in, the one the client will be held to or the service's own. It may
not know where a body goes.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
"""

from binascii import a2b_base64, b2a_base64
from collections.abc import Mapping
from typing import Any, NamedTuple

from freehold.engines.checksums import CHECKSUMS, SIZES, TRAILERS, BadContentMd5, InvalidDigest, checksum
from freehold.kernel.ids import Ids
from freehold.services.s3 import errors
from freehold.services.s3.contents import Received, Sealing

OWN = "CRC64NVME"  # what S3 computes where a client asks for nothing
MEMBERS = {f"Checksum{name}": name for name in CHECKSUMS}
_stating = MEMBERS.__contains__
MD5, MD5_SIZE = "MD5", SIZES["MD5"]


class Claim(NamedTuple):
    """What a request says: the algorithm to run, its value in base64 if stated, and the MD5 if stated."""

    algorithm: str
    value: str | None
    md5: str | None


def algorithms(said: Claim, sealing: Sealing, *more: str) -> set[str]:
    """What to run over a body: the claim's algorithm, and MD5 where it is claimed or will be the entity tag."""
    return {said.algorithm, *more} | ({MD5} if said.md5 is not None or sealing.shows_md5 else set())


def etag(received: Received, sealing: Sealing, ids: Ids) -> str:
    """The entity tag of what was received: its MD5 in hex, or where that would tell of an encrypted content, none."""
    return received.digests[MD5].hex() if sealing.shows_md5 else ids.hex(2 * MD5_SIZE)


def stated(request: Mapping[str, Any]) -> dict[str, str]:
    """{algorithm: base64} of the checksums that a request or a part in it says."""
    return {MEMBERS[member]: request[member] for member in filter(_stating, request) if request[member]}


def claim(request: Mapping[str, Any], usual: str = OWN) -> Claim:
    """Raises InvalidRequest, InvalidDigest for what cannot be a checksum."""
    told = stated(request)
    if len(told) > 1:
        raise errors.InvalidRequest(
            reason="Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."
        )
    md5 = request.get("ContentMD5")
    if md5 is not None and len(_decoded(md5)) != MD5_SIZE:
        raise InvalidDigest(**{"Content-MD5": md5})
    if not told:
        return Claim(known(request.get("ChecksumAlgorithm") or usual), None, md5)
    ((algorithm, value),) = told.items()
    if len(_decoded(value)) != SIZES[algorithm]:
        header = f"x-amz-checksum-{algorithm.lower()}"
        raise errors.InvalidRequest(reason=f"Value for {header} header is invalid.")
    return Claim(algorithm, value, md5)


def known(algorithm: str) -> str:
    """The algorithm's name as S3 writes it. Raises InvalidRequest if there is none of that name."""
    name = algorithm.upper()
    return name if name in CHECKSUMS else checksum(algorithm).name


def written(digest: bytes) -> str:
    return b2a_base64(digest, newline=False).decode()


def prove(said: Claim, body: Any, received: Received) -> tuple[str, str]:
    """The (algorithm, base64) of a body that is what was said. Raises BadDigest if it is not.

    A checksum that trailed the body was compared as it came in, and is believed.
    """
    if said.md5 is not None and _decoded(said.md5) != received.digests[MD5]:
        raise BadContentMd5(ExpectedDigest=said.md5, CalculatedDigest=written(received.digests[MD5]))
    for name, value in getattr(body, "trailers", {}).items():
        if name in TRAILERS:
            return TRAILERS[name], value
    calculated = written(received.digests[said.algorithm])
    if said.value is not None and said.value != calculated:
        raise errors.BadDigest(algorithm=said.algorithm)
    return said.algorithm, calculated


def _decoded(value: str) -> bytes:
    try:
        return a2b_base64(value, strict_mode=True)
    except ValueError:  # or it has letters that are not ASCII
        return b""
