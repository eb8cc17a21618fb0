"""Objects read: whole, in part, and what is known of them. It may not know how content lies."""

import re
from email.utils import formatdate

from freehold.kernel.call import Call
from freehold.kernel.identity import ANONYMOUS
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.s3 import at_hand, conditions, contents, errors
from freehold.services.s3.aging import archives
from freehold.services.s3.buckets import Bucket
from freehold.services.s3.conditions import Span
from freehold.services.s3.contents import Piece
from freehold.services.s3.encryption import asked as encryption
from freehold.services.s3.encryption import keys
from freehold.services.s3.service import shapes
from freehold.services.s3.service.catalogue import on_object, operation
from freehold.services.s3.versions import FULL, Version, open_version, pieces_of

OVERRIDES = {
    "ResponseCacheControl": "CacheControl",
    "ResponseContentDisposition": "ContentDisposition",
    "ResponseContentEncoding": "ContentEncoding",
    "ResponseContentLanguage": "ContentLanguage",
    "ResponseContentType": "ContentType",
}
OVERRIDING = frozenset((*OVERRIDES, "ResponseExpires"))
PARTS_MAX = 1_000
NOT_FOR_ANYBODY = "Request specific response headers cannot be used for anonymous GET requests."
NOT_LATIN = "Header value cannot be represented using ISO-8859-1."

_reads = on_object("s3:GetObject", versioned="s3:GetObjectVersion")


def _wanted(tx: Tx, bucket: Bucket, request: Request, *, whole: bool = True) -> tuple[Version, list[Piece]]:
    """The version asked for, if its reader's conditions hold, and its pieces, if they are wanted or a part is."""
    version = open_version(tx, bucket, request["Key"], request.get("VersionId"))
    conditions.judge(request, version.etag, version.modified_at, tx.now)
    return version, pieces_of(tx, version) if whole or "PartNumber" in request else []


@operation(_reads, look=_wanted, find=at_hand.look)
async def get_object(call: Call, bucket: Bucket, found: tuple[Version, list[Piece]], request: Request) -> Response:
    version, pieces = found
    _check_overrides(call, request)
    archives.require_readable(version, call.now)
    opened = await keys.unlock(call, bucket, version.sealing, encryption.customer_key(request))
    answer, span = _told(bucket, version, pieces, request, call.now)
    read = contents.lend if getattr(call, "written", False) else contents.read
    return answer | {"Body": read(call.blobs, pieces, opened, span.start, span.length)}


@operation(_reads, find=at_hand.look)
def head_object(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    version, pieces = _wanted(tx, bucket, request, whole=False)
    _check_overrides(call, request)
    keys.check_customer(version.sealing, encryption.customer_key(request))
    return _told(bucket, version, pieces, request, tx.now)[0]


def _check_overrides(call: Call, request: Request) -> None:
    """Refuse headers that an answer is to have, from callers who signed nothing, or that no answer can have."""
    if OVERRIDING.isdisjoint(request):
        return
    if call.principal.kind == ANONYMOUS:
        raise errors.InvalidRequest(reason=NOT_FOR_ANYBODY)
    for member in request.keys() & OVERRIDES.keys():
        try:
            request[member].encode("latin-1")
        except UnicodeEncodeError:
            argument = f"response-{re.sub('(?<=[a-z])(?=[A-Z])', '-', OVERRIDES[member]).lower()}"
            raise errors.InvalidArgument(
                reason=NOT_LATIN, ArgumentName=argument, ArgumentValue=request[member]
            ) from None  # fmt: skip


def _told(bucket: Bucket, version: Version, pieces: list[Piece], request: Request, now: float) -> tuple[Response, Span]:
    """The answer but for the body, and the stretch of content it is about."""
    answer = shapes.described(bucket, version) | archives.header(version, now)
    if request.get("VersionId"):
        answer.pop("Expiration", None)  # told of the current object only, and only where that is asked for
    if not OVERRIDING.isdisjoint(request):
        answer |= _overridden(request)
    number, span = request.get("PartNumber"), None
    if number is not None:
        if request.get("Range"):
            raise errors.InvalidRequest(reason="Cannot specify both Range header and partNumber query parameter")
        span = _part(version, pieces, number)
        answer |= {"PartsCount": version.parts} if version.parts else {}
    elif request.get("Range"):
        span = conditions.span(request["Range"], version.size)
    if request.get("ChecksumMode", "").upper() == "ENABLED":
        answer |= _checksums(version, pieces, number, whole=span is None or span.length == version.size)
    if span is None:
        return answer, Span(0, version.size)
    return answer | ({"ContentLength": span.length, "ContentRange": span.of(version.size)} if span.length else {}), span


def _overridden(request: Request) -> Response:
    """The headers that the answer is to have."""
    found = {OVERRIDES[name]: request[name] for name in request if name in OVERRIDES}
    if "ResponseExpires" in request:
        found["Expires"] = formatdate(request["ResponseExpires"], usegmt=True)
    return found


def _part(version: Version, pieces: list[Piece], number: int) -> Span:
    """Where a part lies; an object that was not uploaded in parts is its own first."""
    at = next((at for at, piece in enumerate(pieces) if piece.number == number), None)
    if not version.parts and number == 1:
        at = 0
    if at is None:
        raise errors.InvalidPartNumber(PartNumberRequested=number, ActualPartCount=version.parts or 1)
    return Span(sum(piece.size for piece in pieces[:at]), pieces[at].size)


def _checksums(version: Version, pieces: list[Piece], number: int | None, *, whole: bool) -> Response:
    """A part's own checksum where it was kept, the object's for the whole of it, none for any other stretch."""
    if version.parts and number is not None:
        if version.checksum_type == FULL:
            return {}
        value = next((piece.checksum for piece in pieces if piece.number == number), "")
        return {f"Checksum{version.algorithm}": value, "ChecksumType": version.checksum_type}
    return shapes.checksums(version) if whole else {}


@operation(on_object("s3:GetObjectAttributes", versioned="s3:GetObjectVersionAttributes"))
def get_object_attributes(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    version = open_version(tx, bucket, request["Key"], request.get("VersionId"))
    keys.check_customer(version.sealing, encryption.customer_key(request))
    checksum = {name: value.partition("-")[0] for name, value in shapes.checksums(version).items()}
    tellings = {
        "ETag": version.etag,
        "ObjectSize": version.size,
        "StorageClass": version.storage_class,
        "Checksum": checksum or None,
        "ObjectParts": _object_parts(version, pieces_of(tx, version), request) if version.parts else None,
    }
    asked = {name: tellings[name] for name in request["ObjectAttributes"] if tellings.get(name) is not None}
    return {"LastModified": int(version.modified_at)} | shapes.version_id(bucket, version) | asked


def _object_parts(version: Version, pieces: list[Piece], request: Request) -> Response:
    """How many parts there are; each one's size and checksum if checksums were asked for when it was uploaded."""
    if version.checksum_type == FULL:
        return {"TotalPartsCount": version.parts}
    most, marker = request.get("MaxParts", PARTS_MAX), request.get("PartNumberMarker", 0)
    behind = [piece for piece in pieces if piece.number > marker]
    shown = behind[:most]
    return {
        "TotalPartsCount": version.parts,
        "PartNumberMarker": marker,
        "NextPartNumberMarker": shown[-1].number if shown else 0,
        "MaxParts": most,
        "IsTruncated": len(behind) > len(shown),
        "Parts": [
            {"PartNumber": piece.number, "Size": piece.size, f"Checksum{version.algorithm}": piece.checksum}
            for piece in shown
        ],
    }
