"""What requests say of an object, and how answers tell of one.

One idea: what a client said is kept and given back under the same names. It may not know the store.
"""

from freehold.kernel.service import Request, Response
from freehold.services.s3 import errors
from freehold.services.s3.aging import lifecycles
from freehold.services.s3.buckets import Bucket, owner
from freehold.services.s3.encryption import keys
from freehold.services.s3.versions import FULL, STANDARD, Version

# Members of a request that say something of an object, and those of them a copy takes from its source.
CONTENT_HEADERS = (
    "CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "ContentType", "Expires", "Metadata",
)  # fmt: skip
KEEPING = ("StorageClass", "WebsiteRedirectLocation")
SAYING = frozenset(CONTENT_HEADERS + KEEPING)

METADATA_MAX = 2_048  # bytes
CONTENT_TYPE = "binary/octet-stream"
CHUNKED = "aws-chunked"
STORAGE_CLASSES = {
    STANDARD, "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER", "DEEP_ARCHIVE",
    "GLACIER_IR",
}  # fmt: skip


def said(request: Request, members: tuple[str, ...] = CONTENT_HEADERS + KEEPING) -> dict:
    """What a request says of an object. Raises MetadataTooLarge, InvalidStorageClass, InvalidRedirectLocation."""
    if SAYING.isdisjoint(request):
        return {}
    found = {member: request[member] for member in members if request.get(member) not in (None, "")}
    coding = found.pop("ContentEncoding", CHUNKED)
    if coding != CHUNKED and (kept := _unchunked(coding)):
        found["ContentEncoding"] = kept
    if not found:
        return {}
    size = sum(len(key.encode()) + len(value.encode()) for key, value in found.get("Metadata", {}).items())
    if size > METADATA_MAX:
        raise errors.MetadataTooLarge(Size=size, MaxSizeAllowed=METADATA_MAX)
    if found.get("StorageClass", STANDARD) not in STORAGE_CLASSES:
        raise errors.InvalidStorageClass(StorageClassRequested=found["StorageClass"])
    if not found.get("WebsiteRedirectLocation", "/").startswith(("/", "http://", "https://")):
        raise errors.InvalidRedirectLocation()
    return found


def _unchunked(codings: str) -> str:
    """A Content-Encoding without what the body only came in."""
    named = [each.strip() for each in codings.split(",")]
    return ",".join(each for each in named if each and each != CHUNKED)


def version_id(bucket: Bucket, version: Version) -> Response:
    """The version's id, where the bucket has versions."""
    return {"VersionId": version.id} if bucket.versioned else {}


def expiration(bucket: Bucket, version: Version) -> Response:
    """When the object will expire, if a lifecycle rule says so."""
    if lifecycles.SETTING not in bucket.settings or not version.listed:
        return {}
    told = lifecycles.header(lifecycles.rules_of(bucket), version)
    return {"Expiration": told} if told else {}


def checksums(version: Version) -> Response:
    """The checksum under its own member, with its type."""
    if not version.checksum:
        return {}
    return {f"Checksum{version.algorithm}": version.checksum, "ChecksumType": version.checksum_type}


def described(bucket: Bucket, version: Version) -> Response:
    """What a reader is told of an object, besides its content and checksum."""
    answer: Response = {
        "AcceptRanges": "bytes",
        "LastModified": int(version.modified_at),
        "ContentLength": version.size,
        "ETag": quoted(version.etag),
        "ContentType": CONTENT_TYPE,
        **version.said,
        **keys.told(version.sealing),
        **version_id(bucket, version),
        **expiration(bucket, version),
    }
    if "Metadata" in answer:
        answer["Metadata"] = _printable(answer["Metadata"])
    if version.storage_class == STANDARD:
        answer.pop("StorageClass", None)
    if version.replication:
        answer["ReplicationStatus"] = version.replication
    if version.tags:
        answer["TagCount"] = len(version.tags)
    return answer


def _printable(metadata: dict[str, str]) -> dict[str, str]:
    """Metadata as headers can carry it: RFC 2047 for what is not ASCII.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
    """
    return {name: value if value.isascii() else _encoded_word(value) for name, value in metadata.items()}


def _encoded_word(value: str) -> str:
    coded = "".join(
        letter if letter.isascii() and letter not in "=?_ " else "".join(f"={byte:02X}" for byte in letter.encode())
        for letter in value
    )
    return f"=?UTF-8?Q?{coded}?="


def listed(version: Version, account: str = "") -> Response:
    """An object as listings show it; with its owner, if an account is given."""
    entry: Response = {
        "Key": version.key,
        "LastModified": int(version.modified_at),
        "ETag": quoted(version.etag),
        "Size": version.size,
        "StorageClass": version.storage_class,
    }
    if version.algorithm:
        entry["ChecksumAlgorithm"], entry["ChecksumType"] = [version.algorithm], version.checksum_type or FULL
    if account:
        entry["Owner"] = owner(account)
    return entry


def quoted(etag: str) -> str:
    return f'"{etag}"'
