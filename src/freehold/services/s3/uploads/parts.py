"""Uploads in parts: begun, filled in any order, and made one object.

One idea: the parts' contents become the object's pieces as they are; only their checksums are put together. It may not
know requests.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
"""

import base64
import hashlib
from collections.abc import Iterable
from itertools import pairwise
from typing import Any, NamedTuple

from freehold.engines.checksums import CYCLIC, checksum, joined
from freehold.kernel.ids import Ids
from freehold.kernel.store import Record, Tx
from freehold.services.s3 import contents, errors, proofs
from freehold.services.s3.contents import OPEN, Piece, Sealing
from freehold.services.s3.versions import COMPOSITE, FULL

PART_MIN = 5 * 1024**2  # bytes of every part but the last
ID_LENGTH, SIGN_LENGTH = 128, 10


class Upload(Record, table="s3_uploads", key="bucket key id", scope="global"):
    """An upload under way. `asked` is the checksum algorithm asked for, if any; `said` what is said of the object."""

    bucket: str
    key: str
    id: str
    begun_at: float
    begun_by: str = ""
    asked: str = ""
    checksum_type: str = FULL
    said: dict[str, Any] = {}
    sealing: Sealing = OPEN
    tags: dict[str, str] = {}
    owner: str = ""
    acl: list[dict[str, Any]] | None = None

    @property
    def algorithm(self) -> str:
        return self.asked or proofs.OWN


class Part(Record, table="s3_parts", key="upload number", scope="global"):
    """One part of an upload; put again, it takes the former's place. `etag` is its MD5 in hex."""

    upload: str
    number: int
    piece: Piece
    etag: str
    modified_at: float


class Wanted(NamedTuple):
    """A part as the client who completes an upload names it; `checksums` {algorithm: base64}, at most one."""

    number: int
    etag: str
    checksums: dict[str, str]


class Whole(NamedTuple):
    """What parts come to: `etag` and `checksum` as S3 writes those of uploads."""

    pieces: list[Piece]
    etag: str
    checksum: str

    @property
    def size(self) -> int:
        return sum(piece.size for piece in self.pieces)


def checksum_type(algorithm: str, asked: str | None) -> str:
    """How the checksum of the whole follows. Raises InvalidRequest for what an algorithm cannot do."""
    if not algorithm:
        return FULL
    usual = FULL if algorithm == proofs.OWN else COMPOSITE
    found = asked or usual
    if (found == FULL and algorithm not in CYCLIC) or (found == COMPOSITE and algorithm == proofs.OWN):
        raise errors.InvalidRequest(
            reason=f"The {found} checksum type cannot be used with the {algorithm.lower()} checksum algorithm."
        )
    return found


def new_id(ids: Ids, bucket: str, key: str, now: float) -> str:
    """An upload's id. Ids of a key sort as their uploads were begun, and tell whose they are."""
    return f"{int(now * 1_000_000):014x}{_sign(bucket, key)}{ids.text(ID_LENGTH - 14 - SIGN_LENGTH)}"


def belongs(id: str, bucket: str, key: str) -> bool:
    """Whether an upload of this key could have this id."""
    return len(id) == ID_LENGTH and id[14 : 14 + SIGN_LENGTH] == _sign(bucket, key)


def _sign(bucket: str, key: str) -> str:
    return hashlib.sha256(f"{bucket}/{key}".encode()).hexdigest()[:SIGN_LENGTH]


def open_upload(tx: Tx, bucket: str, key: str, id: str) -> Upload:
    """Raises NoSuchUpload."""
    upload = tx.get(Upload, bucket, key, id)
    if upload is None:
        raise errors.NoSuchUpload(UploadId=id)
    return upload


def put_part(tx: Tx, upload: Upload, part: Part) -> None:
    former = tx.get(Part, upload.id, part.number)
    if former:
        contents.release(tx, former.piece)
    contents.hold(tx, part.piece)
    tx.put(part)


def abort(tx: Tx, upload: Upload) -> None:
    """Give up an upload and everything that was put."""
    for part in tx.range(Part, upload.id):
        contents.release(tx, part.piece)
    forget(tx, upload)


def abort_all(tx: Tx, bucket: str) -> None:
    for upload in tx.range(Upload, bucket):
        abort(tx, upload)


def forget(tx: Tx, upload: Upload) -> None:
    """Remove the upload's rows; its contents have another owner."""
    for part in tx.range(Part, upload.id):
        tx.delete(Part, upload.id, part.number)
    tx.delete(Upload, upload.bucket, upload.key, upload.id)


def complete(tx: Tx, upload: Upload, wanted: list[Wanted]) -> Whole:
    """Put the wanted parts together and end the upload; parts that are not wanted are dropped.

    Raises InvalidPartOrder, InvalidPart, EntityTooSmall, InvalidRequest.
    """
    if any(one.number >= other.number for one, other in pairwise(wanted)):
        raise errors.InvalidPartOrder(UploadId=upload.id)
    there = {part.number: part for part in tx.range(Part, upload.id)}
    parts = [_chosen(upload, there.get(one.number), one) for one in wanted]
    for part in parts[:-1]:
        if part.piece.size < PART_MIN:
            raise errors.EntityTooSmall(
                ETag=part.etag, MinSizeAllowed=PART_MIN, PartNumber=part.number, ProposedSize=part.piece.size
            )
    for number in there.keys() - {part.number for part in parts}:
        contents.release(tx, there[number].piece)
    forget(tx, upload)
    pieces = [part.piece for part in parts]
    return Whole(pieces, etag(part.etag for part in parts), _checksum(upload, pieces))


def _chosen(upload: Upload, part: Part | None, wanted: Wanted) -> Part:
    if part is None or part.etag != wanted.etag.strip('"'):
        raise errors.InvalidPart(UploadId=upload.id, PartNumber=wanted.number, ETag=wanted.etag.strip('"'))
    for algorithm, value in wanted.checksums.items():
        if upload.asked and algorithm != upload.asked:
            raise errors.BadPartDigest(algorithm=algorithm.lower(), number=wanted.number)
        if algorithm != upload.algorithm or value != part.piece.checksum:
            raise errors.InvalidPart(UploadId=upload.id, PartNumber=wanted.number, ETag=part.etag)
    if upload.asked and upload.checksum_type == COMPOSITE and not wanted.checksums:
        raise errors.InvalidRequest(
            reason=f"The upload was created using a {upload.asked.lower()} checksum. The complete request must include "
            f"the checksum for each part. It was missing for part {wanted.number} in the request."
        )
    return part


def etag(md5s: Iterable[str]) -> str:
    """The entity tag of parts: the MD5 of their MD5s, and how many they are."""
    digests = [bytes.fromhex(md5) for md5 in md5s]
    return f"{hashlib.md5(b''.join(digests), usedforsecurity=False).hexdigest()}-{len(digests)}"


def _checksum(upload: Upload, pieces: list[Piece]) -> str:
    digests = [base64.b64decode(piece.checksum) for piece in pieces]
    if upload.checksum_type == FULL:
        sized = [(digest, piece.size) for digest, piece in zip(digests, pieces)]
        return base64.b64encode(joined(upload.algorithm, sized)).decode()
    running = checksum(upload.algorithm)
    running.update(b"".join(digests))
    return f"{running.base64()}-{len(digests)}"
