"""Objects written: put, copied, deleted.

One idea: content is taken in first, and becomes an object in one transaction that looks at everything again; whatever
is refused leaves nothing behind. It may not know how content lies.
"""

from collections.abc import Awaitable
from typing import Any

from freehold.engines.frames import SALT_BYTES
from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.s3 import at_hand, conditions, contents, errors, proofs, replication, tags, versions
from freehold.services.s3.access import ownership
from freehold.services.s3.buckets import ENABLED, Bucket
from freehold.services.s3.contents import Body, Keys, Piece, Received
from freehold.services.s3.encryption import asked as encryption
from freehold.services.s3.encryption import keys
from freehold.services.s3.locks import operations as locking
from freehold.services.s3.locks import retention
from freehold.services.s3.news import notifications
from freehold.services.s3.service import shapes
from freehold.services.s3.service.catalogue import on_object, on_written, operation, weigh_one
from freehold.services.s3.versions import Version, find, newest

SIZE_MAX = 5 * 1024**3  # bytes put at once
DELETED_MAX = 1_000  # objects at once

# Conditions that S3 takes in directory buckets only.
OF_DIRECTORIES = {
    "IfMatchLastModifiedTime": "x-amz-if-match-last-modified-time", "IfMatchSize": "x-amz-if-match-size",
}  # fmt: skip


@operation(on_written, find=at_hand.look)
async def put_object(call: Call, bucket: Bucket, request: Request) -> Response:
    return await put(call, bucket, request, "ObjectCreated:Put")


async def put(call: Call, bucket: Bucket, request: Request, event: str) -> Response:
    """Write an object at once, and tell of it as this event."""
    said, claim, wanted = shapes.said(request), proofs.claim(request), encryption.wanted(bucket, request)
    if request.get("ContentLength", 0) > SIZE_MAX:
        raise errors.EntityTooLarge(ProposedSize=request["ContentLength"], MaxSizeAllowed=SIZE_MAX)
    put_tags = tags.read_header(request["Tagging"]) if "Tagging" in request else {}
    body = request.get("Body", b"")
    lock = await keys.lock(call, bucket, request["Key"], wanted)
    received = await take(call, body, proofs.algorithms(claim, lock.sealing), lock.keys)
    try:
        algorithm, checksum = proofs.prove(claim, body, received)
        version = Version(
            bucket=bucket.name, key=request["Key"], modified_at=0.0, size=received.piece.size,
            etag=proofs.etag(received, lock.sealing, call.ids), sealing=lock.sealing,
            algorithm=algorithm, checksum=checksum, said=said, tags=put_tags,
        )  # fmt: skip
        bucket, version = await call.transact(store, call, version, [received.piece], request, event)
    except AwsError:
        contents.discard(call.blobs, received.piece)
        raise
    answer = {"ETag": shapes.quoted(version.etag)} | keys.told_writer(version.sealing) | shapes.checksums(version)
    return answer | shapes.expiration(bucket, version) | new_id(bucket, version)


def take(call: Call, body: Body, algorithms: set[str], keys: Keys) -> Awaitable[Received]:
    """Take in a body, to be sealed under these keys."""
    return contents.receive(call.blobs, body, algorithms, keys, call.ids.bytes(SALT_BYTES))


def store(
    tx: Tx, call: Call, version: Version, pieces: list[Piece], request: Request, event: str
) -> tuple[Bucket, Version]:
    """Make it the current version of its key, if the writer's conditions hold still."""
    bucket = at_hand.open_bucket(call, tx, version.bucket)
    current = newest(tx, bucket.name, version.key)
    there = current if current and not current.marker else None
    conditions.judge_write(request, there.etag if there else None, version.key)
    if "UploadId" not in request:
        version.owner, version.acl = ownership.claim(tx, call, bucket, request)
    version.said = version.said | retention.claim(bucket, request, version.said, tx.now)
    version.modified_at = tx.now
    versions.lay(tx, version, pieces)
    versions.put(tx, bucket, version, current)
    replication.sending.send(tx, bucket, version)
    notifications.tell(call, tx, bucket, event, version)
    return bucket, version


def new_id(bucket: Bucket, version: Version) -> Response:
    """The id of a version that was just made, unless it has the name of those that have none."""
    return {"VersionId": version.id} if bucket.versioning == ENABLED else {}


# Deleting


_deletes = on_object("s3:DeleteObject", versioned="s3:DeleteObjectVersion")


@operation(_deletes, find=at_hand.look)
def delete_object(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    for member, header in OF_DIRECTORIES.items():
        if request.get(member) is not None:
            raise errors.HeaderNotImplemented(Header=header)
    _check_bypass(bucket, request)
    return _delete(call, tx, bucket, request["Key"], request, request)


def _check_bypass(bucket: Bucket, request: Request) -> None:
    if "BypassGovernanceRetention" in request and not retention.enabled(bucket):
        raise errors.InvalidArgument(
            reason=retention.BYPASS_NOT_HERE, ArgumentName="x-amz-bypass-governance-retention"
        )  # fmt: skip


def _delete(call: Call, tx: Tx, bucket: Bucket, key: str, wanted: dict[str, Any], bypassing: Request) -> Response:
    """Delete the current object, or the version that is wanted. What is not there counts as deleted. `bypassing` says
    whether a lock is to be bypassed."""
    id = wanted.get("VersionId")
    version = newest(tx, bucket.name, key) if id is None else find(tx, bucket.name, key, id)
    _judge_deletion(wanted, version, key)
    if id is None:
        marker = versions.delete(tx, bucket, key)
        if marker:
            replication.sending.send(tx, bucket, marker)
            notifications.tell(call, tx, bucket, "ObjectRemoved:DeleteMarkerCreated", marker)
            return {"DeleteMarker": True, "VersionId": marker.id}
        if version:
            notifications.tell(call, tx, bucket, "ObjectRemoved:Delete", version)
        return {}
    versions.check_form(id)
    if version:
        locking.guard(tx, call, bucket, version, bypassing)
        versions.remove(tx, version)
        notifications.tell(call, tx, bucket, "ObjectRemoved:Delete", version)
    marker_gone = {"DeleteMarker": True} if version and version.marker else {}
    return marker_gone | {"VersionId": id}


def _judge_deletion(wanted: dict[str, Any], version: Version | None, key: str) -> None:
    """Hold the object to what its deleter says it is: IfMatch; in DeleteObjects ETag, LastModifiedTime, Size."""
    match = wanted.get("IfMatch", wanted.get("ETag"))
    modified, size = wanted.get("LastModifiedTime"), wanted.get("Size")
    if match is None and modified is None and size is None:
        return
    if version is None or version.marker:
        raise errors.NoSuchKey(Key=key)
    held = match is None or conditions.names(match, version.etag)
    held = held and (modified is None or int(modified) == int(version.modified_at))
    if not held or (size is not None and size != version.size):
        raise errors.PreconditionFailed(Condition="If-Match")


def _check_version(tx: Tx, bucket: Bucket, each: dict[str, Any]) -> None:
    """Raise NoSuchVersion for a version that DeleteObjects names and that is not there; DeleteObject lets that pass."""
    id = each.get("VersionId")
    if id is not None and find(tx, bucket.name, each["Key"], id) is None:
        raise errors.NoSuchVersion()


@operation(lambda request: [])
def delete_objects(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    """Each object is weighed and deleted by itself, or told why it is not."""
    _check_bypass(bucket, request)
    asked = request["Delete"]["Objects"]
    if not 0 < len(asked) <= DELETED_MAX:
        raise errors.MalformedXML()
    deleted, failed = [], []
    for each in asked:
        named = {name: each[name] for name in ("Key", "VersionId") if name in each}
        try:
            weigh_one(tx, call, bucket, _deletes({"Bucket": bucket.name} | named), request, named)
            _check_version(tx, bucket, each)
            outcome = _delete(call, tx, bucket, each["Key"], each, request)
        except AwsError as refusal:
            failed.append(named | {"Code": refusal.shape(), "Message": refusal.message})
            continue
        if outcome.get("DeleteMarker"):
            named |= {"DeleteMarker": True, "DeleteMarkerVersionId": outcome["VersionId"]}
        deleted.append(named)
    shown: Response = {"Deleted": deleted} if deleted and not request["Delete"].get("Quiet") else {}
    return shown | ({"Errors": failed} if failed else {})
