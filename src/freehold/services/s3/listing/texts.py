"""Entries of a listing as XML: the same elements, in the same order, as the answer's model would give them.

It may not know pages, nor who asks.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import lru_cache

from freehold.engines.markup import Elements
from freehold.services.s3.buckets import canonical_id
from freehold.services.s3.versions import FULL, STANDARD, Version


def contents(
    versions: Iterable[Version], key_of: Callable[[str], str], owner_of: Callable[[Version], str]
) -> Elements:  # fmt: skip
    """Objects as listings show them. `key_of` writes a key; `owner_of` gives an account to show, or "" for none."""
    return Elements("".join([_object(each, key_of(each.key), owner_of(each)) for each in versions]))


def _object(version: Version, key: str, account: str) -> str:
    return (
        f"<Contents><Key>{key}</Key><LastModified>{_moment(int(version.modified_at))}</LastModified>"
        f"<ETag>&quot;{version.etag}&quot;</ETag>{_proof(version.algorithm, version.checksum_type)}"
        f"<Size>{version.size}</Size><StorageClass>{version.said.get('StorageClass', STANDARD)}</StorageClass>"
        f"{_owner(account)}</Contents>"
    )


@lru_cache(maxsize=4_096)
def _moment(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


@lru_cache
def _proof(algorithm: str, kind: str) -> str:
    told = f"<ChecksumAlgorithm>{algorithm}</ChecksumAlgorithm><ChecksumType>{kind or FULL}</ChecksumType>"
    return told if algorithm else ""


@lru_cache(maxsize=4_096)
def _owner(account: str) -> str:
    return f"<Owner><ID>{canonical_id(account)}</ID></Owner>" if account else ""
