"""What is set on buckets: versioning, policy, encryption, rules of all kinds.

One idea: most settings are put, shown and removed alike, so each is a row of a table that says what is its own; only
those with a meaning of their own are functions. It may not know objects.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import orjson

from freehold.engines import iam
from freehold.engines.patterns.globs import glob, wild_parts
from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError, NotImplementedHere
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.s3 import access, errors, lifecycles
from freehold.services.s3.buckets import AES256, Bucket, owner, put_setting
from freehold.services.s3.service.catalogue import on_bucket, on_object, operation
from freehold.services.s3.versions import open_version

BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
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


def _block(value: dict[str, Any]) -> dict[str, Any]:
    return {name: bool(value.get(name)) for name in BLOCKS}


def _ownership(value: dict[str, Any]) -> dict[str, Any]:
    if len(value["Rules"]) != 1:
        raise errors.MalformedXML()
    return value


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
        "public_access_block", "PublicAccessBlockConfiguration", "BucketPublicAccessBlock", _block,
        shown="PublicAccessBlockConfiguration", missing=errors.NoSuchPublicAccessBlockConfiguration,
        deletes="PutBucketPublicAccessBlock",
    ),
    Setting(
        "bucket_ownership_controls", "OwnershipControls", "BucketOwnershipControls", _ownership,
        shown="OwnershipControls", missing=errors.OwnershipControlsNotFoundError,
        deletes="PutBucketOwnershipControls",
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
    bucket.versioning = wanted["Status"]
    tx.put(bucket)


@operation(on_bucket("s3:GetBucketVersioning"))
def get_bucket_versioning(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    return {"Status": bucket.versioning} if bucket.versioning else {}


# Policy


@operation(on_bucket("s3:PutBucketPolicy"))
def put_bucket_policy(call: Call, tx: Tx, bucket: Bucket, request: Request) -> None:
    document = request["Policy"]
    _check_policy(bucket, document)
    block = bucket.settings.get("PublicAccessBlockConfiguration", {})
    if block.get("BlockPublicPolicy") and access.public(document):
        raise errors.PublicPolicyBlocked(who=call.principal.arn, arn=bucket.arn)
    bucket.policy = document
    tx.put(bucket)


def _check_policy(bucket: Bucket, document: str) -> None:
    """Raise MalformedPolicy unless it is a policy that is about this bucket."""
    if not document.startswith("{"):
        raise errors.MalformedPolicy(reason="Policies must be valid JSON and the first byte must be '{'")
    try:
        access.parsed(document)
    except iam.MalformedPolicyDocument as fault:
        raise errors.MalformedPolicy(reason=fault.message) from None
    statements = orjson.loads(document)["Statement"]
    for each in statements if isinstance(statements, list) else [statements]:
        resources = each.get("Resource", [])
        for resource in resources if isinstance(resources, list) else [resources]:
            named = resource.partition("/")[0]
            if "${" not in named and not glob(wild_parts(named))(bucket.arn):
                raise errors.MalformedPolicy(reason="Policy has invalid resource", Detail=resource)


@operation(on_bucket("s3:GetBucketPolicy"))
def get_bucket_policy(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    if not bucket.policy:
        raise errors.NoSuchBucketPolicy(BucketName=bucket.name)
    return {"Policy": bucket.policy}


@operation(on_bucket("s3:DeleteBucketPolicy"))
def delete_bucket_policy(call: Call, tx: Tx, bucket: Bucket, request: Request) -> None:
    bucket.policy = ""
    tx.put(bucket)


@operation(on_bucket("s3:GetBucketPolicyStatus"))
def get_bucket_policy_status(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    if not bucket.policy:
        raise errors.NoSuchBucketPolicy(BucketName=bucket.name)
    return {"PolicyStatus": {"IsPublic": access.public(bucket.policy)}}


# Lifecycle


@operation(on_bucket("s3:PutLifecycleConfiguration"))
def put_bucket_lifecycle_configuration(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    rules = lifecycles.checked(request.get("LifecycleConfiguration", {}).get("Rules", []), tx.ids)
    least = request.get("TransitionDefaultMinimumObjectSize", lifecycles.LEAST_USUAL)
    put_setting(tx, bucket, lifecycles.SETTING, {"Rules": rules, "TransitionDefaultMinimumObjectSize": least})
    return {"TransitionDefaultMinimumObjectSize": least}


@operation(on_bucket("s3:GetLifecycleConfiguration"))
def get_bucket_lifecycle_configuration(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    found = bucket.settings.get(lifecycles.SETTING)
    if found is None:
        raise errors.NoSuchLifecycleConfiguration(BucketName=bucket.name)
    return dict(found)


@operation(on_bucket("s3:PutLifecycleConfiguration"))
def delete_bucket_lifecycle(call: Call, tx: Tx, bucket: Bucket, request: Request) -> None:
    put_setting(tx, bucket, lifecycles.SETTING, None)


# Access control lists: there is one, the owner's


def _own_acl(bucket: Bucket) -> Response:
    grantee = owner(bucket.account) | {"Type": "CanonicalUser"}
    return {"Owner": owner(bucket.account), "Grants": [{"Grantee": grantee, "Permission": "FULL_CONTROL"}]}


@operation(on_bucket("s3:GetBucketAcl"))
def get_bucket_acl(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    return _own_acl(bucket)


@operation(on_bucket("s3:PutBucketAcl"))
def put_bucket_acl(call: Call, tx: Tx, bucket: Bucket, request: Request) -> None:
    """The list that there is may be put again; any other is refused, as where ACLs are disabled."""
    wanted = request.get("AccessControlPolicy")
    if wanted is None and "ACL" not in request:
        raise errors.MissingSecurityHeader(MissingHeaderName="x-amz-acl")
    if wanted is not None and wanted.get("Grants") != _own_acl(bucket)["Grants"]:
        raise errors.AccessControlListNotSupported()


@operation(on_object("s3:GetObjectAcl", versioned="s3:GetObjectVersionAcl"))
def get_object_acl(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    open_version(tx, bucket, request["Key"], request.get("VersionId"))
    return _own_acl(bucket)


# What is never other than usual


@operation(on_bucket("s3:GetAccelerateConfiguration"))
def get_bucket_accelerate_configuration(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    return {}


@operation(on_bucket("s3:GetBucketRequestPayment"))
def get_bucket_request_payment(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    return {"Payer": "BucketOwner"}
