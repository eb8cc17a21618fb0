"""Copies of objects.

One idea: a copy is a read and a write by the same caller, and needs leave for both. It may not know how content lies.
"""

import re
from typing import NamedTuple
from urllib.parse import unquote_plus

from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.s3 import at_hand, conditions, contents, errors, proofs, tags
from freehold.services.s3.access import points, weighing
from freehold.services.s3.aging import archives
from freehold.services.s3.buckets import Bucket, open_bucket
from freehold.services.s3.conditions import Span
from freehold.services.s3.contents import Body, Piece
from freehold.services.s3.encryption import asked as encryption
from freehold.services.s3.encryption import keys
from freehold.services.s3.service import shapes
from freehold.services.s3.service.catalogue import check_owner, may_know, on_object, on_written, operation
from freehold.services.s3.service.objects import SIZE_MAX, store, take
from freehold.services.s3.versions import NULL, Version, open_version, pieces_of

REPLACE = "REPLACE"
OF_POINT = re.compile(r"(arn:[^/]*:accesspoint/[^/]+)/object/(.+)", re.DOTALL)
URL = re.compile(r"\Ahttps?://[^/]+(?=/)")
SAME = (
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's "
    "metadata, storage class, website redirect location or encryption attributes."
)


_reads = on_object("s3:GetObject", versioned="s3:GetObjectVersion")


class Origin(NamedTuple):
    """What is copied: opened for the caller, its conditions judged."""

    bucket: Bucket
    version: Version
    pieces: list[Piece]

    async def content(self, call: Call, request: Request, span: Span | None = None) -> Body:
        """The content, or a stretch of it, if the caller may have its key."""
        customer = encryption.customer_key(request, prefix="CopySource")
        opened = await keys.unlock(call, self.bucket, self.version.sealing, customer)
        start, length = span or (0, self.version.size)
        return contents.read(call.blobs, self.pieces, opened, start, length)


def source(request: Request) -> Request:
    """Bucket, Key and VersionId of x-amz-copy-source: `bucket/key?versionId=…`, percent-encoded, perhaps behind a / or
    as the URL of an object in path style; or the ARN of an access point and what it has for objects."""
    text, _, version = request["CopySource"].partition("?versionId=")
    path = URL.sub("", unquote_plus(text)).removeprefix("/")
    by_point = OF_POINT.fullmatch(path)
    bucket, _, key = path.partition("/")
    if by_point:
        bucket, key = by_point.groups()
    if not key or not bucket:
        raise errors.InvalidArgument(
            reason="Invalid copy source object key" if bucket else "Invalid copy source bucket name",
            ArgumentName="x-amz-copy-source", ArgumentValue="x-amz-copy-source",
        )  # fmt: skip
    return {"Bucket": bucket, "Key": key} | ({"VersionId": version} if version else {})


def open_source(tx: Tx, call: Call, request: Request) -> Origin:
    named = source(request)
    way = points.find(tx, named["Bucket"]) if tx.get(Bucket, named["Bucket"]) is None else None
    if way:
        named |= {"Bucket": way.point.bucket}
    bucket = open_bucket(tx, named["Bucket"])
    check_owner(bucket, request.get("ExpectedSourceBucketOwner"))
    needs = _reads(named)
    if way:
        points.admit(call, way, needs)
    weighing.weigh(tx, call, bucket, needs, named, way)
    try:
        version = open_version(tx, bucket, named["Key"], named.get("VersionId"))
    except errors.NoSuchKey:
        may_know(tx, call, bucket, named)
        raise
    conditions.judge(request, version.etag, version.modified_at, tx.now, prefix="CopySource")
    archives.require_readable(version, tx.now)
    return Origin(bucket, version, pieces_of(tx, version))


def source_id(origin: Origin) -> Response:
    return {"CopySourceVersionId": origin.version.id} if origin.version.id != NULL else {}


@operation(on_written, find=at_hand.look)
async def copy_object(call: Call, bucket: Bucket, request: Request) -> Response:
    origin = await call.transact(open_source, call, request)
    if origin.version.size > SIZE_MAX:
        raise errors.InvalidRequest(
            reason=f"The specified copy source is larger than the maximum allowable size for a copy source: {SIZE_MAX}"
        )
    wanted = encryption.wanted(bucket, request)
    version = _copied(bucket, origin.version, request)
    content = await origin.content(call, request)
    lock = await keys.lock(call, bucket, version.key, wanted)
    run = {version.algorithm, proofs.MD5}
    received = await take(call, content, run, lock.keys)
    version.sealing, version.size = lock.sealing, received.piece.size
    version.etag = proofs.etag(received, lock.sealing, call.ids)
    version.checksum = proofs.written(received.digests[version.algorithm])
    try:
        bucket, version = await call.transact(store, call, version, [received.piece], request, "ObjectCreated:Copy")
    except AwsError:
        contents.discard(call.blobs, received.piece)
        raise
    result = {"ETag": shapes.quoted(version.etag), "LastModified": int(version.modified_at)}
    answer = {"CopyObjectResult": result | shapes.checksums(version)} | keys.told_writer(version.sealing)
    return answer | shapes.expiration(bucket, version) | shapes.version_id(bucket, version) | source_id(origin)


def _copied(bucket: Bucket, origin: Version, request: Request) -> Version:
    """The new version but for its content. Raises InvalidRequest for a copy onto itself that changes nothing."""
    replacing = request.get("MetadataDirective") == REPLACE
    kept = {} if replacing else {name: origin.said[name] for name in shapes.CONTENT_HEADERS if name in origin.said}
    new = shapes.said(request, shapes.KEEPING + (shapes.CONTENT_HEADERS if replacing else ()))
    itself = (bucket.name, request["Key"]) == (origin.bucket, origin.key) and "VersionId" not in source(request)
    changed = replacing or new or encryption.says(request) or encryption.SETTING in bucket.settings
    if itself and not changed:
        raise errors.InvalidRequest(reason=SAME)
    own_tags = request.get("TaggingDirective") == REPLACE
    return Version(
        bucket=bucket.name, key=request["Key"], modified_at=0.0, said=kept | new,
        tags=tags.read_header(request.get("Tagging", "")) if own_tags else origin.tags,
        algorithm=proofs.known(request.get("ChecksumAlgorithm") or origin.algorithm or proofs.OWN),
    )  # fmt: skip
