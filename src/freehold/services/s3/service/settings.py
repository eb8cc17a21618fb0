"""What is set on buckets: versioning, policy, encryption, rules of all kinds.

One idea: most settings are put, shown and removed alike, so each is a row of a table that says what is its own; only
those with a meaning of their own are functions. It may not know objects.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError, NotImplementedHere
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.s3 import errors
from freehold.services.s3.access import blocks
from freehold.services.s3.buckets import AES256, ENABLED, SUSPENDED, Bucket, put_setting
from freehold.services.s3.locks import retention
from freehold.services.s3.locks.errors import VersioningNeeded
from freehold.services.s3.service.catalogue import on_bucket, operation

CORS_METHODS = {"GET", "PUT", "HEAD", "POST", "DELETE"}
CORS_RULES_MAX = 100


def _cors(value: dict[str, Any]) -> dict[str, Any]:
    rules = value["CORSRules"]
    if not 0 < len(rules) <= CORS_RULES_MAX:
        raise errors.MalformedXML()
    for method in (each for rule in rules for each in rule["AllowedMethods"]):
        if method not in CORS_METHODS:
            raise errors.InvalidRequest(
                reason=f"Found unsupported HTTP method in CORS config. Unsupported method is {method}"
            )
    return value


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


def _website(value: dict[str, Any]) -> dict[str, Any]:
    index, everything = value.get("IndexDocument"), value.get("RedirectAllRequestsTo")
    if everything and len(value) > 1:
        raise errors.InvalidArgument(
            reason="RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.",
            ArgumentName="RedirectAllRequestsTo",
        )
    if not everything and not index:
        raise errors.InvalidArgument(
            reason="A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty",
            ArgumentName="IndexDocument",
        )
    if index and (not index["Suffix"] or "/" in index["Suffix"]):
        raise errors.InvalidArgument(reason="The IndexDocument Suffix is not well formed", ArgumentName="IndexDocument")
    return value


def _logging(value: dict[str, Any]) -> dict[str, Any]:
    if value.get("LoggingEnabled"):
        raise NotImplementedHere(service="s3", operation="server access logging")
    return value


class Setting(NamedTuple):
    """A setting: its name in operations, its AWS member, and the words of its actions.

    `shown` is the member of the answer it stands under, none if its own members are the answer. Where nothing is set
    the answer is `usual`, or `missing` is raised. `deletes`: its action, if there is an operation that removes it.
    """

    name: str
    member: str
    action: str
    check: Callable[[dict[str, Any]], dict[str, Any]]
    shown: str = ""
    usual: dict[str, Any] | None = None
    missing: type[AwsError] | None = None
    deletes: str = ""


SETTINGS = (
    Setting(
        "bucket_cors", "CORSConfiguration", "BucketCORS", _cors,
        missing=errors.NoSuchCORSConfiguration, deletes="PutBucketCORS",
    ),
    Setting(
        "bucket_encryption", "ServerSideEncryptionConfiguration", "EncryptionConfiguration", _encryption,
        shown="ServerSideEncryptionConfiguration", usual=AES256, deletes="PutEncryptionConfiguration",
    ),
    Setting(
        "public_access_block", "PublicAccessBlockConfiguration", "BucketPublicAccessBlock", blocks.checked,
        shown="PublicAccessBlockConfiguration", missing=errors.NoSuchPublicAccessBlockConfiguration,
        deletes="PutBucketPublicAccessBlock",
    ),
    Setting(
        "bucket_website", "WebsiteConfiguration", "BucketWebsite", _website,
        missing=errors.NoSuchWebsiteConfiguration, deletes="DeleteBucketWebsite",
    ),
    Setting("bucket_logging", "BucketLoggingStatus", "BucketLogging", _logging, usual={}),
)  # fmt: skip


def _declare(setting: Setting) -> None:
    """Answer the operations of a setting."""

    def put(call: Call, tx: Tx, bucket: Bucket, request: Request) -> None:
        put_setting(tx, bucket, setting.member, setting.check(request[setting.member]))

    def get(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
        value = bucket.settings.get(setting.member, setting.usual)
        if value is None and setting.missing:
            raise setting.missing(BucketName=bucket.name)
        return {setting.shown: value} if setting.shown else dict(value or {})

    def delete(call: Call, tx: Tx, bucket: Bucket, request: Request) -> None:
        put_setting(tx, bucket, setting.member, None)

    named: list[tuple[Callable, str, str]] = [
        (put, "put", f"Put{setting.action}"), (get, "get", f"Get{setting.action}"), (delete, "delete", setting.deletes)
    ]  # fmt: skip
    for run, verb, action in named:
        if action:
            run.__name__ = f"{verb}_{setting.name}"
            operation(on_bucket(f"s3:{action}"))(run)


for _each in SETTINGS:
    _declare(_each)


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
    bucket.versioning = wanted["Status"]
    tx.put(bucket)


@operation(on_bucket("s3:GetBucketVersioning"))
def get_bucket_versioning(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    return {"Status": bucket.versioning} if bucket.versioning else {}


# What is never other than usual


@operation(on_bucket("s3:GetAccelerateConfiguration"))
def get_bucket_accelerate_configuration(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    return {}


@operation(on_bucket("s3:GetBucketRequestPayment"))
def get_bucket_request_payment(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    return {"Payer": "BucketOwner"}
