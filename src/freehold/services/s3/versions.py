"""Versions of objects: what a key holds now and held before.

One idea: every object is a version; each new one of a key stands before the others, and only the current one is listed.
What versioning means is in `put` and `delete` alone. It may not know requests, nor how content lies.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
"""

import string
from typing import Any

import msgspec

from freehold.kernel.store import Record, Tx
from freehold.services.s3 import contents, errors
from freehold.services.s3.buckets import ENABLED, Bucket
from freehold.services.s3.contents import BESIDE_MAX, OPEN, Content, Piece, Sealing

NULL = "null"
BEHIND_ALL = 1 << 62  # a place that no version has
ID_LENGTH = 32
ID_LETTERS = string.ascii_letters + string.digits + "._"
STANDARD = "STANDARD"
FULL, COMPOSITE = "FULL_OBJECT", "COMPOSITE"


class Thaw(msgspec.Struct):
    """A copy of an archived version that can be read from `ready_at` until `until`; `told`, whether that was told."""

    ready_at: float
    until: float
    told: bool = False


class Version(
    Record, table="s3_versions", key="bucket key place", index=("bucket listed key", "bucket key id"), scope="global"
):
    """One version of an object, or a delete marker. Newer versions of a key have a smaller `place`.

    `listed` is 1 for what a listing shows. `said` is what the client said of it, {AWS member: value}. `etag` without
    quotes. `piece` is its content if that is small; else `content` names it, `inline` if that has no files. `parts` is
    how many an upload had. `modified_at`: epoch seconds. `noncurrent_at`: when a newer one came. `owner` is the account
    it belongs to, "" the bucket's; `acl` its grants, None its owner's alone. `replication` is what
    x-amz-replication-status says.
    """

    bucket: str
    key: str
    place: int = 0
    id: str = NULL
    listed: int = 0
    marker: bool = False
    modified_at: float
    noncurrent_at: float = 0.0
    size: int = 0
    etag: str = ""
    piece: Piece | None = None
    content: str = ""
    inline: bool = False
    sealing: Sealing = OPEN
    parts: int = 0
    algorithm: str = ""
    checksum: str = ""
    checksum_type: str = FULL
    said: dict[str, Any] = {}
    tags: dict[str, str] = {}
    replication: str = ""
    owner: str = ""
    acl: list[dict[str, Any]] | None = None
    thaw: Thaw | None = None

    @property
    def storage_class(self) -> str:
        return self.said.get("StorageClass", STANDARD)


def newest(tx: Tx, bucket: str, key: str) -> Version | None:
    """The current version of a key, which may be a delete marker."""
    found = tx.range(Version, bucket, key, limit=1)
    return found[0] if found else None


def find(tx: Tx, bucket: str, key: str, id: str) -> Version | None:
    found = tx.range(Version, bucket, key, id, index="bucket key id", limit=1)
    return found[0] if found else None


def open_version(tx: Tx, bucket: Bucket, key: str, id: str | None = None) -> Version:
    """The current version of a key, or the one of an id. Raises NoSuchKey, NoSuchVersion; MethodNotAllowed for a
    delete marker that is asked for by its id."""
    if id is None:
        version = newest(tx, bucket.name, key)
        if version is None or version.marker:
            raise errors.NoSuchKey(Key=key)
        return version
    check_form(id)
    version = find(tx, bucket.name, key, id)
    if version is None:
        raise errors.NoSuchVersion(Key=key, VersionId=id)
    if version.marker:
        raise errors.MethodNotAllowed(Method="GET", ResourceType="DeleteMarker")
    return version


def check_form(id: str) -> None:
    """Raise InvalidArgument for what no version could have as its id."""
    if id != NULL and (len(id) != ID_LENGTH or not set(id) <= set(ID_LETTERS)):
        reason = "Invalid version id specified" if id else "Version id cannot be the empty string"
        raise errors.InvalidArgument(reason=reason, ArgumentName="versionId", ArgumentValue=id)


def put(tx: Tx, bucket: Bucket, version: Version, before: Version | None, id: str = "") -> Version:
    """Make this the current version of its key, where `before` was, given its id (or one that it has elsewhere) and
    place. Unversioned, it takes the former's place."""
    version.id = (id or tx.ids.text(ID_LENGTH, ID_LETTERS)) if bucket.versioning == ENABLED else NULL
    version.listed = 0 if version.marker else 1
    if before and version.id == before.id == NULL:  # in its very place, which costs the indexes nothing
        version.place = before.place
        _drop_content(tx, before)
    elif before:
        version.place = before.place - 1
        replaced = find(tx, bucket.name, version.key, NULL) if version.id == NULL else None
        if replaced:
            erase(tx, replaced)
        before.listed, before.noncurrent_at = 0, tx.now
        tx.put(before)
    tx.put(version)
    return version


def delete(tx: Tx, bucket: Bucket, key: str) -> Version | None:
    """Remove the current object: for good if the bucket is not versioned, else under a new delete marker."""
    version = newest(tx, bucket.name, key)
    if bucket.versioned:
        return put(tx, bucket, Version(bucket=bucket.name, key=key, modified_at=tx.now, marker=True), version)
    if version:
        erase(tx, version)
    return None


def remove(tx: Tx, version: Version) -> None:
    """Remove one version for good; the one behind it becomes current if this one was."""
    erase(tx, version)
    current = newest(tx, version.bucket, version.key)
    if current and not current.marker and not current.listed:
        current.listed, current.noncurrent_at = 1, 0.0
        tx.put(current)


def lay(tx: Tx, version: Version, pieces: list[Piece]) -> None:
    """Give a version its content: a small one in its own row, any other where listings do not read it."""
    first = pieces[0]
    if len(pieces) == 1 and first.inline and first.size <= BESIDE_MAX:
        version.piece, version.content = first, ""
        return
    version.piece, version.content = None, contents.keep(tx, pieces)
    version.inline = not any(piece.blob for piece in pieces)


def pieces_of(tx: Tx, version: Version) -> list[Piece]:
    """What the content of a version, which is no marker, lies in."""
    if version.piece:
        return [version.piece]
    content = tx.get(Content, version.content)
    assert content is not None, "a version that is no marker has a content"
    return content.pieces


def _drop_content(tx: Tx, version: Version) -> None:
    if version.content:
        contents.drop(tx, version.content, version.inline)


def erase(tx: Tx, version: Version) -> None:
    _drop_content(tx, version)
    tx.delete(Version, version.bucket, version.key, version.place)
