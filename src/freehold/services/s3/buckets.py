"""Buckets: names that are unique in the cloud, who owns them, and what was set on them.

One idea: a setting is kept as it was said, under its AWS member's name, so that it is given back unchanged. It may not
know requests, nor objects.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
"""

import hashlib
import re
from functools import lru_cache
from typing import Any

from freehold.kernel.store import Record, Tx
from freehold.services.s3 import errors

NOBODY = "anonymous"  # whose objects are that nobody known put
NOBODYS_ID = "65a011a29cdf8ec533ec3d1ccaae921c"  # what AWS shows of them
HOME = "us-east-1"  # where buckets go that name no region
ENABLED, SUSPENDED = "Enabled", "Suspended"
PAYMENT = "RequestPaymentConfiguration"
BELL = "s3-bucket"  # rung with a bucket's name whenever it is written or removed

NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+")
PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
SUFFIXES = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")

CLOSED = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
AES256 = {
    "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}],
}


class Bucket(Record, table="s3_buckets", key="name", index="account name", scope="global"):
    """A bucket. `versioning` is empty until it is set. `settings`: {AWS member: its value as it was put}."""

    name: str
    account: str
    region: str
    created_at: float
    versioning: str = ""
    policy: str = ""
    acl: list[dict[str, Any]] | None = None  # as AWS writes grants; None is the owner's alone
    settings: dict[str, Any] = {}

    @property
    def arn(self) -> str:
        return bucket_arn(self.name)

    @property
    def versioned(self) -> bool:
        """Whether the bucket has ever been versioned, so that its objects' versions have names."""
        return bool(self.versioning)


def bucket_arn(name: str) -> str:
    return f"arn:aws:s3:::{name}"


@lru_cache(maxsize=4_096)
def canonical_id(account: str) -> str:
    """The owner's id as S3 shows it: 64 hex digits that follow from the account."""
    if account == NOBODY:
        return NOBODYS_ID
    return hashlib.sha256(f"canonical user of {account}".encode()).hexdigest()


def owner(account: str) -> dict[str, str]:
    return {"ID": canonical_id(account)}


def valid_name(name: str) -> bool:
    """Whether a new bucket may have this name."""
    if not NAME.fullmatch(name) or ".." in name or ADDRESS.fullmatch(name):
        return False
    return not name.startswith(PREFIXES) and not name.endswith(SUFFIXES)


def create(tx: Tx, name: str, region: str, settings: dict[str, Any], acl: list[dict[str, Any]] | None) -> Bucket:
    """A new bucket of the transaction's account; the existing one if it is in us-east-1 and the caller's own.

    Raises InvalidBucketName, BucketAlreadyOwnedByYou, BucketAlreadyExists.
    """
    if not valid_name(name):
        raise errors.InvalidBucketName(BucketName=name)
    taken = tx.get(Bucket, name)
    if taken is None:
        settings = {"PublicAccessBlockConfiguration": CLOSED} | settings
        bucket = Bucket(
            name=name, account=tx.account, region=region, created_at=tx.now, settings=settings, acl=acl,
            versioning=ENABLED if "ObjectLockConfiguration" in settings else "",
        )  # fmt: skip
        put_bucket(tx, bucket)
        return bucket
    if taken.account != tx.account:
        raise errors.BucketAlreadyExists(BucketName=name)
    if taken.region == region == HOME and not settings.get("Tagging"):
        return taken
    raise errors.BucketAlreadyOwnedByYou(BucketName=name)


def open_bucket(tx: Tx, name: str) -> Bucket:
    """Raises NoSuchBucket."""
    return opened(tx.get(Bucket, name), name)


def opened(bucket: Bucket | None, name: str) -> Bucket:
    """What was found under a name. Raises NoSuchBucket."""
    if bucket is None:
        raise errors.NoSuchBucket(BucketName=name)
    return bucket


def put_bucket(tx: Tx, bucket: Bucket) -> None:
    """Insert or replace a bucket; whoever has it at hand learns that it is another."""
    tx.put(bucket)
    tx.ring(BELL, bucket.name)


def remove_bucket(tx: Tx, name: str) -> None:
    tx.delete(Bucket, name)
    tx.ring(BELL, name)


def put_setting(tx: Tx, bucket: Bucket, member: str, value: Any) -> None:
    """Set it, or unset it with None."""
    settings = {name: each for name, each in bucket.settings.items() if name != member}
    bucket.settings = settings if value is None else settings | {member: value}
    put_bucket(tx, bucket)
