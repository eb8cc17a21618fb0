"""Inventories: what a report has of each version, and where its files lie.

It may not know when a report is due, nor how files are written.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html
"""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import quote

from freehold.services.s3.buckets import Bucket, canonical_id
from freehold.services.s3.contents import AES256, CUSTOMER, DSSE, KMS
from freehold.services.s3.versions import Version

DAILY, WEEKLY, ALL = "Daily", "Weekly", "All"
SUNDAY = 6
FORMAT_VERSION = "2016-11-30"
SEALED = {AES256: "SSE-S3", KMS: "SSE-KMS", DSSE: "DSSE-KMS", CUSTOMER: "SSE-C"}

Configuration = dict[str, Any]
Column = Callable[[Bucket, Version], Any]


def _method(_: Bucket, version: Version) -> str:
    return "" if version.marker else SEALED[version.sealing.method or AES256]


# What a report always has; what it has of all versions; and what may be asked for, in AWS's order.
ALWAYS: dict[str, Column] = {
    "Bucket": lambda bucket, _: bucket.name,
    "Key": lambda _, version: quote(version.key),
}
OF_VERSIONS: dict[str, Column] = {
    "VersionId": lambda bucket, version: version.id if bucket.versioned else "",
    "IsLatest": lambda _, version: not version.noncurrent_at,
    "IsDeleteMarker": lambda _, version: version.marker,
}
OPTIONAL: dict[str, Column] = {
    "Size": lambda _, version: "" if version.marker else version.size,
    "LastModifiedDate": lambda _, version: moment(version.modified_at),
    "ETag": lambda _, version: version.etag,
    "StorageClass": lambda _, version: "" if version.marker else version.storage_class,
    "IsMultipartUploaded": lambda _, version: bool(version.parts),
    "ReplicationStatus": lambda _, version: version.replication,
    "EncryptionStatus": _method,
    "ObjectLockRetainUntilDate": lambda _, version: version.said.get("ObjectLockRetainUntilDate", ""),
    "ObjectLockMode": lambda _, version: version.said.get("ObjectLockMode", ""),
    "ObjectLockLegalHoldStatus": lambda _, version: version.said.get("ObjectLockLegalHoldStatus", ""),
    "IntelligentTieringAccessTier": lambda _, version: "",
    "BucketKeyStatus": lambda _, version: "ENABLED" if version.sealing.bucket_key else "DISABLED",
    "ChecksumAlgorithm": lambda _, version: version.algorithm,
    "ObjectAccessControlList": lambda _, version: "",
    "ObjectOwner": lambda bucket, version: canonical_id(version.owner or bucket.account),
}


class File(NamedTuple):
    """A file of a report: its key, its bytes, its MD5 in hex."""

    key: str
    size: int
    md5: str


def columns(configuration: Configuration) -> dict[str, Column]:
    """The columns of a report, in order."""
    asked = set(configuration.get("OptionalFields", ()))
    more = OF_VERSIONS if configuration["IncludedObjectVersions"] == ALL else {}
    return ALWAYS | more | {name: column for name, column in OPTIONAL.items() if name in asked}


def wanted(configuration: Configuration, version: Version) -> bool:
    """Whether a report has a version at all: all of them, or only what is there now."""
    whole = configuration["IncludedObjectVersions"] == ALL
    prefix = configuration.get("Filter", {}).get("Prefix", "")
    return version.key.startswith(prefix) and (whole or bool(version.listed))


def row(bucket: Bucket, version: Version, found: Iterable[Column]) -> bytes:
    """A line of CSV, all of it quoted."""
    values = [column(bucket, version) for column in found]
    texts = [str(value).lower() if isinstance(value, bool) else str(value) for value in values]
    return (",".join('"' + text.replace('"', '""') + '"' for text in texts) + "\n").encode()


def manifest(bucket: Bucket, configuration: Configuration, now: float, files: list[File]) -> bytes:
    """What says which files a report has, and what stands in them."""
    told = {
        "sourceBucket": bucket.name,
        "destinationBucket": configuration["Destination"]["S3BucketDestination"]["Bucket"],
        "version": FORMAT_VERSION,
        "creationTimestamp": str(int(now * 1000)),
        "fileFormat": "CSV",
        "fileSchema": ", ".join(columns(configuration)),
        "files": [{"key": file.key, "size": file.size, "MD5checksum": file.md5} for file in files],
    }
    return json.dumps(told, indent=2).encode()


def folder(bucket: Bucket, configuration: Configuration) -> str:
    """What the keys of all its files begin with."""
    prefix = configuration["Destination"]["S3BucketDestination"].get("Prefix", "")
    return f"{prefix}/{bucket.name}/{configuration['Id']}" if prefix else f"{bucket.name}/{configuration['Id']}"


def stamp(now: float) -> str:
    """The moment of a report in its keys."""
    return f"{datetime.fromtimestamp(now, UTC):%Y-%m-%dT%H-%MZ}"


def moment(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%S}.000Z"


def due_at(configuration: Configuration, now: float) -> float:
    """The next midnight at which a report is due; a weekly one is on Sundays."""
    today = datetime.fromtimestamp(now, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    days = 1
    if configuration["Schedule"]["Frequency"] == WEEKLY:
        days = (SUNDAY - today.weekday() - 1) % 7 + 1
    return (today + timedelta(days=days)).timestamp()
