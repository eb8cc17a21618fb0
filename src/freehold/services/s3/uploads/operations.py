"""Uploads in parts. It may not know how content lies."""

from urllib.parse import quote

import msgspec

from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.s3 import conditions, contents, errors, proofs, tags
from freehold.services.s3.access import ownership
from freehold.services.s3.aging import lifecycles
from freehold.services.s3.buckets import Bucket, open_bucket, owner
from freehold.services.s3.contents import CUSTOMER, Keys, Received
from freehold.services.s3.encryption import asked as encryption
from freehold.services.s3.encryption import keys
from freehold.services.s3.listing import pages
from freehold.services.s3.listing.operations import encoded, most
from freehold.services.s3.locks import retention
from freehold.services.s3.service import copying, shapes
from freehold.services.s3.service.catalogue import on_bucket, on_object, on_written, operation
from freehold.services.s3.service.objects import new_id, store, take
from freehold.services.s3.uploads import parts
from freehold.services.s3.uploads.parts import Part, Upload, Wanted, Whole, open_upload
from freehold.services.s3.versions import Version, newest

PART_NUMBER_MAX = 10_000
PARTS_MAX = 1_000
LAST_ID = "~"  # behind every upload's id

UNFOLLOWED = (
    "The multipart upload initiate requested encryption. Subsequent part requests must include the appropriate "
    "encryption parameters."
)
UNBEGUN = (
    "The multipart upload initiate did not request encryption. Please resend the request without sending encryption "
    "parameters."
)
OTHER_KEY = "The provided encryption parameters did not match the ones used originally."

_puts = on_object("s3:PutObject")


@operation(on_written)
async def create_multipart_upload(call: Call, bucket: Bucket, request: Request) -> Response:
    asked = request.get("ChecksumAlgorithm", "").upper()
    if request.get("ChecksumType") and not asked:
        raise errors.InvalidRequest(
            reason="The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header."
        )
    now, key = call.now, request["Key"]
    upload = Upload(
        bucket=bucket.name, key=key, id=parts.new_id(call.ids, bucket.name, key, now), begun_at=now,
        begun_by=call.principal.arn, asked=proofs.known(asked) if asked else "", said=shapes.said(request),
        checksum_type=parts.checksum_type(asked, request.get("ChecksumType")),
        tags=tags.read_header(request.get("Tagging", "")),
    )  # fmt: skip
    upload.sealing = (await keys.lock(call, bucket, key, encryption.wanted(bucket, request))).sealing
    await call.transact(_begin, call, upload, request)
    answer = {"Bucket": bucket.name, "Key": key, "UploadId": upload.id} | _asked(upload)
    return answer | keys.told_writer(upload.sealing) | lifecycles.aborting(bucket, upload)


def _begin(tx: Tx, call: Call, upload: Upload, request: Request) -> None:
    bucket = open_bucket(tx, upload.bucket)
    upload.owner, upload.acl = ownership.claim(tx, call, bucket, request)
    upload.said = upload.said | retention.asked_for(bucket, request, tx.now)
    tx.put(upload)


def _asked(upload: Upload) -> Response:
    return {"ChecksumAlgorithm": upload.asked, "ChecksumType": upload.checksum_type} if upload.asked else {}


async def _keys(call: Call, bucket: Bucket, upload: Upload, request: Request) -> Keys:
    """The keys of what is being uploaded, for a caller who says of a part what was said when the upload began."""
    customer, begun = encryption.customer_key(request), upload.sealing.method == CUSTOMER
    if begun and customer is None:
        raise errors.InvalidRequest(reason=UNFOLLOWED)
    if customer and not begun:
        raise errors.InvalidRequest(reason=UNBEGUN)
    try:
        return await keys.unlock(call, bucket, upload.sealing, customer)
    except errors.WrongCustomerKey as refusal:
        raise errors.InvalidRequest(reason=OTHER_KEY) from refusal


@operation(_puts)
async def upload_part(call: Call, bucket: Bucket, request: Request) -> Response:
    upload = await call.transact(_open, request)
    claim = proofs.claim(request, usual=upload.algorithm)
    if upload.asked and claim.algorithm != upload.asked:
        raise errors.InvalidRequest(
            reason=f"Checksum Type mismatch occurred, expected checksum Type: {upload.asked.lower()}, "
            f"actual checksum Type: {claim.algorithm.lower()}"
        )
    body = request.get("Body", b"")
    opened = await _keys(call, bucket, upload, request)
    received = await take(call, body, proofs.algorithms(claim, upload.sealing, upload.algorithm), opened)
    etag = proofs.etag(received, upload.sealing, call.ids)
    try:
        algorithm, checksum = proofs.prove(claim, body, received)
        part = await call.transact(_put_part, upload, received, etag, request)
    except AwsError:
        contents.discard(call.blobs, received.piece)
        raise
    return {"ETag": shapes.quoted(part.etag), f"Checksum{algorithm}": checksum} | keys.told(upload.sealing)


def _open(tx: Tx, request: Request) -> Upload:
    if not 1 <= request.get("PartNumber", 1) <= PART_NUMBER_MAX:
        raise errors.InvalidArgument(
            reason=f"Part number must be an integer between 1 and {PART_NUMBER_MAX}, inclusive",
            ArgumentName="partNumber", ArgumentValue=request["PartNumber"],
        )  # fmt: skip
    return open_upload(tx, request["Bucket"], request["Key"], request["UploadId"])


def _put_part(tx: Tx, upload: Upload, received: Received, etag: str, request: Request) -> Part:
    open_upload(tx, upload.bucket, upload.key, upload.id)
    number = request["PartNumber"]
    checksum = proofs.written(received.digests[upload.algorithm])
    piece = msgspec.structs.replace(received.piece, number=number, checksum=checksum)
    part = Part(upload=upload.id, number=number, piece=piece, etag=etag, modified_at=tx.now)
    parts.put_part(tx, upload, part)
    return part


@operation(_puts)
async def upload_part_copy(call: Call, bucket: Bucket, request: Request) -> Response:
    upload = await call.transact(_open, request)
    origin = await call.transact(copying.open_source, call, request)
    span = conditions.Span(0, origin.version.size)
    if request.get("CopySourceRange"):
        span = conditions.copied_span(request["CopySourceRange"], origin.version.size)
    content, opened = await origin.content(call, request, span), await _keys(call, bucket, upload, request)
    received = await take(call, content, {upload.algorithm, proofs.MD5}, opened)
    etag = proofs.etag(received, upload.sealing, call.ids)
    try:
        part = await call.transact(_put_part, upload, received, etag, request)
    except AwsError:
        contents.discard(call.blobs, received.piece)
        raise
    result = {"ETag": shapes.quoted(part.etag), "LastModified": int(part.modified_at)}
    if upload.asked:
        result[f"Checksum{upload.asked}"] = part.piece.checksum
    return {"CopyPartResult": result} | copying.source_id(origin) | keys.told(upload.sealing)


@operation(_puts)
def complete_multipart_upload(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    upload = open_upload(tx, bucket.name, request["Key"], request["UploadId"])
    named = request.get("MultipartUpload", {}).get("Parts", [])
    if not named:
        raise errors.InvalidRequest(reason="You must specify at least one part")
    if any("PartNumber" not in each or "ETag" not in each for each in named):
        raise errors.MalformedXML()
    _judge_writer(tx, upload, request)
    _check_type(request, upload)
    wanted = [Wanted(each["PartNumber"], each["ETag"], proofs.stated(each)) for each in named]
    whole = parts.complete(tx, upload, wanted)
    _hold_to(request, upload, whole)
    version = Version(
        bucket=bucket.name, key=upload.key, modified_at=tx.now, size=whole.size, etag=whole.etag, said=upload.said,
        tags=upload.tags, parts=len(whole.pieces), algorithm=upload.algorithm, checksum=whole.checksum,
        checksum_type=upload.checksum_type, sealing=upload.sealing, owner=upload.owner, acl=upload.acl,
    )  # fmt: skip
    store(tx, call, version, whole.pieces, request, "ObjectCreated:CompleteMultipartUpload")
    answer = {
        "Location": _location(call, bucket.name, upload.key),
        "Bucket": bucket.name,
        "Key": upload.key,
        "ETag": shapes.quoted(whole.etag),
    }
    told = shapes.expiration(bucket, version) | new_id(bucket, version) | keys.told(upload.sealing)
    return answer | shapes.checksums(version) | told


def _location(call: Call, bucket: str, key: str) -> str:
    """An object's URL; a host that names the bucket has it no second time."""
    within = "" if f"://{bucket}." in call.base_url else f"/{bucket}"
    return f"{call.base_url}{within}/{quote(key)}"


def _judge_writer(tx: Tx, upload: Upload, request: Request) -> None:
    """Hold the key to the writer's conditions. What was done to it since the upload began is a conflict with If-Match:
    the upload is to be begun again."""
    current = newest(tx, upload.bucket, upload.key)
    there = current if current and not current.marker else None
    conditions.judge_write(request, there.etag if there else None, upload.key)
    if request.get("IfMatch") and there and there.modified_at > upload.begun_at:
        raise errors.ConditionalRequestConflict(Condition="If-Match", Key=upload.key)


def _check_type(request: Request, upload: Upload) -> None:
    """Refuse to complete an upload by another kind of checksum than it was begun with."""
    begun = upload.checksum_type if upload.asked else "null"
    if request.get("ChecksumType") not in (None, begun):
        raise errors.InvalidRequest(
            reason=f"The upload was created using the {begun} checksum mode. "
            "The complete request must use the same checksum mode."
        )


def _hold_to(request: Request, upload: Upload, whole: Whole) -> None:
    """Refuse an upload that does not come to what its client says of the whole. A checksum without a type is meant as
    the algorithm's usual type; where the upload was begun without one, only one of S3's own algorithm is looked at."""
    meant = request.get("ChecksumType") or parts.checksum_type(upload.asked, None)
    for algorithm, value in proofs.stated(request).items():
        same = algorithm == upload.algorithm and meant == upload.checksum_type
        same = same and value.partition("-")[0] == whole.checksum.partition("-")[0]
        if not same and (upload.asked or algorithm == upload.algorithm):
            raise errors.BadDigest(algorithm=upload.algorithm.lower())
    size = request.get("MpuObjectSize")
    if size is not None and size != whole.size:
        raise errors.InvalidRequest(
            reason=f"The provided 'x-amz-mp-object-size' header value {size} "
            f"does not match what was computed: {whole.size}"
        )


@operation(on_object("s3:AbortMultipartUpload"))
def abort_multipart_upload(call: Call, tx: Tx, bucket: Bucket, request: Request) -> None:
    parts.abort(tx, open_upload(tx, bucket.name, request["Key"], request["UploadId"]))


@operation(on_object("s3:ListMultipartUploadParts"))
def list_parts(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    upload = open_upload(tx, bucket.name, request["Key"], request["UploadId"])
    marker, limit = request.get("PartNumberMarker", 0), min(request.get("MaxParts", PARTS_MAX), PARTS_MAX)
    found = tx.range(Part, upload.id, low=int(marker) + 1, limit=limit + 1)
    shown = [_part(upload, part) for part in found[:limit]]
    answer = {
        "Bucket": bucket.name,
        "Key": upload.key,
        "UploadId": upload.id,
        "PartNumberMarker": int(marker),
        "MaxParts": limit,
        "IsTruncated": len(found) > limit,
        "NextPartNumberMarker": shown[-1]["PartNumber"] if shown else 0,
        "StorageClass": upload.said.get("StorageClass", "STANDARD"),
        "Owner": owner(ownership.owner_of(bucket, upload)),
        "Initiator": _initiator(bucket, upload),
    }
    return answer | _asked(upload) | lifecycles.aborting(bucket, upload) | ({"Parts": shown} if shown else {})


def _part(upload: Upload, part: Part) -> Response:
    entry: Response = {
        "PartNumber": part.number,
        "LastModified": int(part.modified_at),
        "ETag": shapes.quoted(part.etag),
        "Size": part.piece.size,
    }
    return entry | ({f"Checksum{upload.asked}": part.piece.checksum} if upload.asked else {})


def _initiator(bucket: Bucket, upload: Upload) -> Response:
    """Who began it: the owner by the canonical id, others by their ARN."""
    account, name = upload.begun_by.rpartition(":")[0].rpartition(":")[2], upload.begun_by.rpartition("/")[2]
    if upload.begun_by.endswith(":root"):
        return owner(bucket.account) | {"DisplayName": account}
    return {"ID": upload.begun_by, "DisplayName": name}


@operation(on_bucket("s3:ListBucketMultipartUploads"))
def list_multipart_uploads(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    def fetch(low: str, after: tuple | None, limit: int) -> list[Upload]:
        return tx.range(Upload, bucket.name, low=low, after=after, limit=limit)

    prefix, delimiter, limit = request.get("Prefix", ""), request.get("Delimiter", ""), most(request, "MaxUploads")
    key, id = request.get("KeyMarker", ""), request.get("UploadIdMarker", "")
    if key and id and not parts.belongs(id, bucket.name, key):
        raise errors.InvalidArgument(
            reason="Invalid uploadId marker", ArgumentName="upload-id-marker", ArgumentValue=id
        )
    found = pages.page(fetch, prefix, delimiter, (key, id or LAST_ID) if key else None, limit)
    answer: Response = {
        "Bucket": bucket.name, "KeyMarker": key, "UploadIdMarker": id if key else "",
        "MaxUploads": limit, "IsTruncated": found.truncated, "NextKeyMarker": "", "NextUploadIdMarker": "",
    }  # fmt: skip
    if found.last:
        answer |= {"NextKeyMarker": found.last, "NextUploadIdMarker": found.record.id if found.record else ""}
    answer |= {name: request[name] for name in ("Delimiter", "EncodingType", "Prefix") if request.get(name)}
    if found.records:
        answer["Uploads"] = [_upload(bucket, upload) for upload in found.records]
    if found.groups:
        answer["CommonPrefixes"] = [{"Prefix": group} for group in found.groups]
    return encoded(answer, request)


def _upload(bucket: Bucket, upload: Upload) -> Response:
    entry: Response = {
        "Key": upload.key,
        "UploadId": upload.id,
        "Initiated": int(upload.begun_at),
        "StorageClass": upload.said.get("StorageClass", "STANDARD"),
        "Owner": owner(ownership.owner_of(bucket, upload)),
        "Initiator": _initiator(bucket, upload),
    }
    return entry | _asked(upload)
