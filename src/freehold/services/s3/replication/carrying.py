"""Carrying: a version is read as the role may and written as the role may, and keeps its id, its time and what was said
of it.

It may not know rules, but for what the one that sends it says of its destination.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
"""

from copy import copy
from typing import Any

import msgspec

from freehold.engines.frames import SALT_BYTES
from freehold.kernel import roles
from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.store import Tx
from freehold.services.s3 import contents, errors, versions
from freehold.services.s3.access import weighing
from freehold.services.s3.buckets import ENABLED, Bucket, open_bucket
from freehold.services.s3.contents import DSSE, KMS, Piece
from freehold.services.s3.encryption import asked as encryption
from freehold.services.s3.encryption import keys
from freehold.services.s3.encryption.ring import Lock
from freehold.services.s3.replication import sending
from freehold.services.s3.replication.rules import REPLICA
from freehold.services.s3.service.catalogue import s3
from freehold.services.s3.versions import Version

SESSION = "s3-replication"
NOT_VERSIONED = "Destination bucket must have versioning enabled."


@s3.internal
async def carry_version(call: Call, request: dict[str, Any]) -> None:
    """Bring one version to one bucket. Raises what the role is refused."""
    acting = (await roles.assume(call, request["role"], sending.S3, SESSION)).call
    taken = await call.transact(_taken, acting, request)
    if taken is None:
        return  # gone since: there is nothing to bring
    bucket, version, pieces = taken
    if await acting.transact(_updated, acting, request, version):
        return
    carried: list[Piece] = []
    try:
        lock = await _carry(acting, request, bucket, version, pieces, carried)
        await acting.transact(_written, acting, request, version, carried, lock)
    except AwsError:
        for piece in carried:
            contents.discard(call.blobs, piece)
        raise


async def _carry(
    acting: Call, request: dict[str, Any], bucket: Bucket, version: Version, pieces: list[Piece], carried: list[Piece]
) -> Lock | None:
    """Bring the content, piece by piece, from under the source's key under the destination's."""
    if version.marker:
        return None
    there = await acting.transact(_target, acting, request, version)
    opened = await keys.unlock(acting, bucket, version.sealing, None)
    asked = {}
    if version.sealing.method in (KMS, DSSE):
        key = request["rule"]["Destination"].get("EncryptionConfiguration", {}).get("ReplicaKmsKeyID")
        asked = {"ServerSideEncryption": version.sealing.method} | ({"SSEKMSKeyId": key} if key else {})
    lock = await keys.lock(acting, there, version.key, encryption.wanted(there, asked))
    for piece in pieces:
        content = contents.read(acting.blobs, [piece], opened, 0, piece.size)
        received = await contents.receive(acting.blobs, content, set(), lock.keys, acting.ids.bytes(SALT_BYTES))
        carried.append(msgspec.structs.replace(received.piece, number=piece.number, checksum=piece.checksum))
    return lock


@s3.internal
def settle_replication(call: Call, tx: Tx, request: dict[str, Any]) -> None:
    sending.settle(tx, request, request["outcome"])


def _taken(tx: Tx, acting: Call, request: dict[str, Any]) -> tuple[Bucket, Version, list[Piece]] | None:
    """The version and its content, as the role may read them; None if it is gone."""
    bucket = tx.get(Bucket, request["bucket"])
    version = versions.find(tx, request["bucket"], request["key"], request["id"]) if bucket else None
    if bucket is None or version is None:
        return None
    if not version.marker:
        needs = [("s3:GetObjectVersionForReplication", f"{bucket.arn}/{version.key}")]
        weighing.weigh(tx, acting, bucket, needs, {})
    return bucket, version, [] if version.marker else versions.pieces_of(tx, version)


def _updated(tx: Tx, acting: Call, request: dict[str, Any], version: Version) -> bool:
    """Whether the version is there already; then only what may change of it is brought."""
    there = _target(tx, acting, request, version)
    replica = versions.find(tx, there.name, version.key, version.id)
    if replica is None:
        return False
    replica.tags, replica.acl = version.tags, version.acl
    tx.put(replica)
    return True


def _target(tx: Tx, acting: Call, request: dict[str, Any], version: Version) -> Bucket:
    """The destination, as the role may write into it."""
    bucket = open_bucket(tx, request["target"])
    if bucket.versioning != ENABLED:
        raise errors.InvalidRequest(reason=NOT_VERSIONED)
    action = "s3:ReplicateDelete" if version.marker else "s3:ReplicateObject"
    weighing.weigh(tx, acting, bucket, [(action, f"{bucket.arn}/{version.key}")], {})
    return bucket


def _written(
    tx: Tx, acting: Call, request: dict[str, Any], version: Version, pieces: list[Piece], lock: Lock | None
) -> None:
    """The replica: the version as it is, but for whom it belongs to and its storage class, if the rule says so."""
    there = _target(tx, acting, request, version)
    wanted = request["rule"]["Destination"]
    said = version.said | ({"StorageClass": wanted["StorageClass"]} if "StorageClass" in wanted else {})
    own = wanted.get("AccessControlTranslation", {}).get("Owner") == "Destination"
    owner = version.owner or acting.account
    replica = copy(version)
    replica.bucket, replica.said, replica.replication, replica.noncurrent_at = there.name, said, REPLICA, 0.0
    replica.thaw = None
    replica.acl, replica.owner = None if own else version.acl, "" if own or owner == there.account else owner
    if lock:
        replica.sealing = lock.sealing
        versions.lay(tx, replica, pieces)
    versions.put(tx, there, replica, versions.newest(tx, there.name, replica.key), version.id)
