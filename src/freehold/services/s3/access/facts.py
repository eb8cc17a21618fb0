"""Facts of a request, as policies see them under the prefix `s3:`.

One idea: most are what the request itself says, so a table names the key of each member; what the object says of itself
is added where it is known. It may not know policies.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
"""

import math
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from freehold.services.s3.buckets import Bucket
from freehold.services.s3.versions import Version

Facts = dict[str, str | list[str]]
DAY_S = 86_400

KEYS = {
    "ACL": "s3:x-amz-acl",
    "CopySource": "s3:x-amz-copy-source",
    "Delimiter": "s3:delimiter",
    "GrantFullControl": "s3:x-amz-grant-full-control",
    "GrantRead": "s3:x-amz-grant-read",
    "GrantReadACP": "s3:x-amz-grant-read-acp",
    "GrantWrite": "s3:x-amz-grant-write",
    "GrantWriteACP": "s3:x-amz-grant-write-acp",
    "IfMatch": "s3:if-match",
    "IfNoneMatch": "s3:if-none-match",
    "MaxKeys": "s3:max-keys",
    "MetadataDirective": "s3:x-amz-metadata-directive",
    "ObjectLockLegalHoldStatus": "s3:object-lock-legal-hold",
    "ObjectLockMode": "s3:object-lock-mode",
    "ObjectOwnership": "s3:x-amz-object-ownership",
    "Prefix": "s3:prefix",
    "SSECustomerAlgorithm": "s3:x-amz-server-side-encryption-customer-algorithm",
    "SSEKMSKeyId": "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "ServerSideEncryption": "s3:x-amz-server-side-encryption",
    "StorageClass": "s3:x-amz-storage-class",
    "VersionId": "s3:VersionId",
    "WebsiteRedirectLocation": "s3:x-amz-website-redirect-location",
}

# Keys of what stands in a request's body: by the member it stands in.
WITHIN = {
    "CreateBucketConfiguration": ("s3:LocationConstraint", "LocationConstraint"),
    "LegalHold": ("s3:object-lock-legal-hold", "Status"),
    "Retention": ("s3:object-lock-mode", "Mode"),
}


def of_request(request: dict[str, Any], now: float) -> Facts:
    facts: Facts = {
        KEYS[member]: str(value) for member, value in request.items() if member in KEYS and value is not None
    }
    for outer in request.keys() & WITHIN.keys():
        key, inner = WITHIN[outer]
        value = (request[outer] or {}).get(inner)
        facts |= {key: value} if value else {}
    until = request.get("ObjectLockRetainUntilDate") or (request.get("Retention") or {}).get("RetainUntilDate")
    if until:
        facts["s3:object-lock-retain-until-date"] = datetime.fromtimestamp(until, UTC).isoformat()
        facts["s3:object-lock-remaining-retention-days"] = str(math.ceil((until - now) / DAY_S))
    tags = _tags(request.get("Tagging"))
    facts |= {f"s3:RequestObjectTag/{key}": value for key, value in tags.items()}
    return facts | ({"s3:RequestObjectTagKeys": list(tags)} if tags else {})


def of_creation(request: dict[str, Any]) -> dict[str, str]:
    """Those of a request for a new bucket."""
    return {key: value for key, value in of_request(request, 0.0).items() if isinstance(value, str)}


def _tags(said: Any) -> dict[str, str]:
    """The tags of a header, or of a body; whether they may be put is judged later."""
    if isinstance(said, str):
        return dict(parse_qsl(said, keep_blank_values=True))
    found = (said or {}).get("TagSet") or []
    return {each["Key"]: each["Value"] for each in found if "Key" in each and "Value" in each}


def of_bucket(bucket: Bucket) -> Facts:
    return {"s3:ResourceAccount": bucket.account, "aws:ResourceAccount": bucket.account}


def of_version(version: Version) -> Facts:
    return {f"s3:ExistingObjectTag/{key}": value for key, value in version.tags.items()}
