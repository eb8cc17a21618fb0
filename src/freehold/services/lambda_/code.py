"""Code: zips as blobs, and the folders they are unpacked into.

One idea: code is named by the digest of its zip. The blob is what is kept; a folder is made of it when it is first
needed, under a name of its own and then renamed, so a folder that is there is whole. What no function or layer names is
cleared away by a keeper. It may not know what functions are.
"""

import asyncio
import hashlib
import shutil
from pathlib import Path

import msgspec

from freehold.kernel import blobs
from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError, NotImplementedHere
from freehold.kernel.store import Record, Tx
from freehold.sandbox import UnpackError, unpack
from freehold.services.lambda_ import errors, images

ZIPPED_MAX = 52_428_800
REFUSED = {"SourceKMSKeyArn": (), "S3ObjectStorageMode": ("REFERENCE",)}  # members, with the values that are not done
ZIP, IMAGE = "Zip", "Image"


class Code(Record, table="lambda_code", key="digest"):
    """A zip that versions or layers name. `size` in bytes, as uploaded."""

    digest: str
    blob: str
    size: int


class Upload(msgspec.Struct):
    """A zip that is on disk and can be unpacked, before a record names it."""

    digest: str
    size: int
    blob: blobs.Blob | None
    image: str = ""
    packed: images.Packed = {}


async def receive(call: Call, source: dict, architecture: str = "x86_64") -> Upload:
    """The zip of a FunctionCode, a LayerVersionContentInput or an update: ZipFile, or S3Bucket and S3Key; or the image
    of an ImageUri."""
    for member, wanted in REFUSED.items():
        if source.get(member) in wanted or (source.get(member) and not wanted):
            raise NotImplementedHere(service="lambda", operation=f"code with {member}")
    if source.get("ImageUri"):
        digest, packed = await images.receive(call, source["ImageUri"], architecture)
        return Upload(digest, 0, None, source["ImageUri"], packed)
    archive = await _fetched(call, source)
    if not archive:
        raise errors.EmptyZip()
    if "ZipFile" in source and len(archive) > ZIPPED_MAX:
        raise errors.RequestEntityTooLargeException(most=ZIPPED_MAX)
    digest = hashlib.sha256(archive).hexdigest()
    await _shelve(call, digest, archive)
    if await call.transact(lambda tx: tx.get(Code, digest)):
        return Upload(digest, len(archive), None)
    return Upload(digest, len(archive), await call.blobs.write(archive))


def check_kind(upload: Upload, package: str) -> None:
    """A function of zips takes no image, and the other way round."""
    if bool(upload.image) != (package == IMAGE):
        given = "ImageUri" if upload.image else "ZipFile"
        raise errors.CodeOfOtherKind(given=given, kind=package)


async def _fetched(call: Call, source: dict) -> bytes:
    if "ZipFile" in source:
        return source["ZipFile"]
    if not source.get("S3Bucket") or not source.get("S3Key"):
        raise errors.NoCode()
    request = {"Bucket": source["S3Bucket"], "Key": source["S3Key"]}
    if source.get("S3ObjectVersion"):
        request["VersionId"] = source["S3ObjectVersion"]
    try:
        body = (await call.ask("s3", "GetObject", request))["Body"]
    except AwsError as refusal:
        raise errors.CodeNotFetched(code=refusal.shape(), reason=refusal.message) from refusal
    return body if isinstance(body, bytes) else b"".join([chunk async for chunk in body])


def keep(tx: Tx, upload: Upload) -> None:
    """Name the zip in this transaction. One that was swept meanwhile must be uploaded again."""
    if upload.image or tx.get(Code, upload.digest):
        return
    if upload.blob is None:
        raise errors.NoCode()
    blobs.keep(tx, upload.blob)
    tx.put(Code(digest=upload.digest, blob=upload.blob.id, size=upload.size))


def shelf(call: Call) -> Path:
    """The folder of unpacked code, beside the blobs."""
    return call.blobs.root.with_name("code")


def folder(call: Call, digest: str) -> Path:
    """Where this account's code of that digest lies unpacked. Accounts share no folder."""
    return shelf(call) / call.account / digest


async def unpacked(call: Call, digest: str) -> Path:
    """The folder of a digest, made of its blob if it is not there."""
    place = folder(call, digest)
    if not place.is_dir():
        kept = await call.transact(lambda tx: tx.get(Code, digest))
        if kept is None:
            raise errors.NoCode()
        await _shelve(call, digest, call.blobs.path(kept.blob))
    return place


async def _shelve(call: Call, digest: str, archive: bytes | Path) -> None:
    """Unpack in a thread and rename; whoever comes second finds it done. Raises BadZip."""
    place = folder(call, digest)
    if place.is_dir():
        return
    making = place.with_name(f".{digest}-{call.ids.hex(8)}")
    try:
        await asyncio.to_thread(_unpack, archive, making, place)
    except UnpackError as fault:
        raise errors.BadZip(message=str(fault)) from fault


def _unpack(archive: bytes | Path, making: Path, place: Path) -> None:
    making.parent.mkdir(parents=True, exist_ok=True)
    unpack(archive, making)
    try:
        making.rename(place)
    except OSError:  # another invocation was faster
        shutil.rmtree(making, ignore_errors=True)
        if not place.is_dir():
            raise


def sweep(tx: Tx, used: set[str]) -> set[str]:
    """Forget the code of this account and region that nothing names; what is left."""
    left = set()
    for one in tx.range(Code):
        if one.digest in used:
            left.add(one.digest)
        else:
            tx.delete(Code, one.digest)
            blobs.drop(tx, one.blob)
    return left


def clear(place: Path) -> None:
    """Remove a folder of unpacked code, whole or not at all visible."""
    gone = place.with_name(f".gone-{place.name}")
    place.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)
