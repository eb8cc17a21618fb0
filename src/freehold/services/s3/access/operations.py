"""Who may enter: policies, lists of grants and controls of ownership, put and shown. It may not know how requests are
weighed."""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.s3.access import blocks, errors, grants, ownership, policies
from freehold.services.s3.buckets import Bucket, owner, put_bucket, put_setting
from freehold.services.s3.errors import (
    AccessDenied,
    MethodNotAllowed,
    MissingSecurityHeader,
    NoSuchBucketPolicy,
    OwnershipControlsNotFoundError,
)
from freehold.services.s3.news import notifications
from freehold.services.s3.service.catalogue import on_bucket, on_object, operation
from freehold.services.s3.versions import Version, newest, open_version

# Policies


@operation(on_bucket("s3:PutBucketPolicy"))
def put_bucket_policy(call: Call, tx: Tx, bucket: Bucket, request: Request) -> None:
    """Who puts a policy may shut himself out: the account's root can always mend it."""
    document = request.get("Policy", "")
    policies.check(document, bucket.arn)
    if policies.public(document) and blocks.blocked(tx, bucket, "BlockPublicPolicy"):
        raise errors.PublicPolicyBlocked(who=call.principal.arn, arn=bucket.arn)
    bucket.policy = document
    put_bucket(tx, bucket)


@operation(on_bucket("s3:GetBucketPolicy"))
def get_bucket_policy(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    if not bucket.policy:
        raise NoSuchBucketPolicy(BucketName=bucket.name)
    return {"Policy": bucket.policy}


@operation(on_bucket("s3:DeleteBucketPolicy"))
def delete_bucket_policy(call: Call, tx: Tx, bucket: Bucket, request: Request) -> None:
    bucket.policy = ""
    put_bucket(tx, bucket)


@operation(on_bucket("s3:GetBucketPolicyStatus"))
def get_bucket_policy_status(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    if not bucket.policy:
        raise NoSuchBucketPolicy(BucketName=bucket.name)
    return {"PolicyStatus": {"IsPublic": policies.public(bucket.policy)}}


# Ownership


@operation(on_bucket("s3:PutBucketOwnershipControls"))
def put_bucket_ownership_controls(call: Call, tx: Tx, bucket: Bucket, request: Request) -> None:
    controls = ownership.checked(request["OwnershipControls"])
    enforced = controls["Rules"][0]["ObjectOwnership"] == ownership.ENFORCED
    if enforced and ownership.grants_on(bucket) != grants.own(bucket.account):
        raise errors.InvalidBucketAclWithObjectOwnership(BucketName=bucket.name)
    put_setting(tx, bucket, ownership.SETTING, controls)


@operation(on_bucket("s3:GetBucketOwnershipControls"))
def get_bucket_ownership_controls(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    if ownership.SETTING not in bucket.settings:
        raise OwnershipControlsNotFoundError(BucketName=bucket.name)
    return {"OwnershipControls": bucket.settings[ownership.SETTING]}


@operation(on_bucket("s3:PutBucketOwnershipControls"))
def delete_bucket_ownership_controls(call: Call, tx: Tx, bucket: Bucket, request: Request) -> None:
    put_setting(tx, bucket, ownership.SETTING, None)


# Lists of grants


@operation(on_bucket("s3:GetBucketAcl"))
def get_bucket_acl(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    return {"Owner": owner(bucket.account), "Grants": ownership.grants_on(bucket)}


@operation(on_bucket("s3:PutBucketAcl"))
def put_bucket_acl(call: Call, tx: Tx, bucket: Bucket, request: Request) -> None:
    wanted = _wanted(tx, call, bucket, request, bucket.account, ("s3:PutBucketAcl", bucket.arn))
    bucket.acl = None if wanted == grants.own(bucket.account) else wanted
    put_bucket(tx, bucket)


def _wanted(
    tx: Tx, call: Call, bucket: Bucket, request: Request, account: str, need: tuple[str, str]
) -> list[grants.Grant]:
    """The list that a request puts on a thing of an account, if it may. A list cannot make it another's."""
    wanted = grants.asked(request, account, bucket.account)
    if wanted is None:
        raise MissingSecurityHeader(MissingHeaderName="x-amz-acl")
    if not ownership.lists_count(bucket):
        raise errors.AccessControlListNotSupported()
    said = request.get("AccessControlPolicy")
    if said and said["Owner"]["ID"] != owner(account)["ID"]:
        raise AccessDenied()
    blocks.refuse_public(tx, call, bucket, wanted, need[1], need[0])
    return wanted


@operation(on_object("s3:GetObjectAcl", versioned="s3:GetObjectVersionAcl"))
def get_object_acl(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    version = open_version(tx, bucket, request["Key"], request.get("VersionId"))
    return {
        "Owner": owner(ownership.owner_of(bucket, version)),
        "Grants": ownership.grants_on(bucket, version),
    }


@operation(on_object("s3:PutObjectAcl", versioned="s3:PutObjectVersionAcl"))
def put_object_acl(call: Call, tx: Tx, bucket: Bucket, request: Request) -> None:
    version = _granting(tx, bucket, request)
    account = ownership.owner_of(bucket, version)
    need = ("s3:PutObjectAcl", f"{bucket.arn}/{version.key}")
    wanted = _wanted(tx, call, bucket, request, account, need)
    changed = wanted != ownership.grants_on(bucket, version)
    version.acl = None if wanted == grants.own(account) else wanted
    tx.put(version)
    if changed:
        notifications.tell(call, tx, bucket, "ObjectAcl:Put", version)


def _granting(tx: Tx, bucket: Bucket, request: Request) -> Version:
    """The version that is granted on. Raises MethodNotAllowed for a delete marker, however it is named."""
    id = request.get("VersionId")
    current = newest(tx, bucket.name, request["Key"])
    if id is None and current and current.marker:
        raise MethodNotAllowed(Method="PUT", ResourceType="DeleteMarker")
    try:
        return open_version(tx, bucket, request["Key"], id)
    except MethodNotAllowed:
        raise MethodNotAllowed(Method="PUT", ResourceType="DeleteMarker") from None
