"""What is set on buckets: versioning, policy, encryption, rules of all kinds.

One idea: most settings are put, shown and removed alike, so each is a row of a table; only those with a meaning of
their own are functions. It may not know objects.
"""

from typing import Any

from freehold.kernel.call import Call
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.s3 import errors, replication
from freehold.services.s3.access import blocks
from freehold.services.s3.buckets import AES256, ENABLED, SUSPENDED, Bucket, put_bucket
from freehold.services.s3.locks import retention
from freehold.services.s3.locks.errors import VersioningNeeded
from freehold.services.s3.service.catalogue import on_bucket, operation
from freehold.services.s3.service.declared import Setting, declare


def _encryption(value: dict[str, Any]) -> dict[str, Any]:
    rules = value.get("Rules", [])
    if len(rules) != 1 or not rules[0].get("ApplyServerSideEncryptionByDefault"):
        raise errors.MalformedXML()
    usual = rules[0]["ApplyServerSideEncryptionByDefault"]
    if usual["SSEAlgorithm"] == "AES256" and usual.get("KMSMasterKeyID"):
        raise errors.InvalidArgument(
            reason="a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
            ArgumentName="ApplyServerSideEncryptionByDefault",
        )
    return {"Rules": [{"BucketKeyEnabled": False} | rules[0]]}


SETTINGS = (
    Setting(
        "bucket_encryption", "ServerSideEncryptionConfiguration", "EncryptionConfiguration", _encryption,
        shown="ServerSideEncryptionConfiguration", usual=AES256, deletes="PutEncryptionConfiguration",
    ),
    Setting(
        "public_access_block", "PublicAccessBlockConfiguration", "BucketPublicAccessBlock", blocks.checked,
        shown="PublicAccessBlockConfiguration", missing=errors.NoSuchPublicAccessBlockConfiguration,
        deletes="PutBucketPublicAccessBlock",
    ),
)  # fmt: skip


for _each in SETTINGS:
    declare(_each)


# Versioning


@operation(on_bucket("s3:PutBucketVersioning"))
def put_bucket_versioning(call: Call, tx: Tx, bucket: Bucket, request: Request) -> None:
    wanted = request["VersioningConfiguration"]
    if wanted.get("MFADelete") == "Enabled":
        raise NotImplementedHere(service="s3", operation="MFADelete")
    if not wanted.get("Status"):
        raise errors.IllegalVersioningConfigurationException()
    if wanted["Status"] not in (ENABLED, SUSPENDED):
        raise errors.MalformedXML()
    if retention.enabled(bucket) and wanted["Status"] != ENABLED:
        raise VersioningNeeded()
    if wanted["Status"] != ENABLED and replication.rules.SETTING in bucket.settings:
        raise replication.errors.InvalidBucketState()
    bucket.versioning = wanted["Status"]
    put_bucket(tx, bucket)


@operation(on_bucket("s3:GetBucketVersioning"))
def get_bucket_versioning(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    return {"Status": bucket.versioning} if bucket.versioning else {}
