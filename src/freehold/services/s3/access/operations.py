"""Who may enter: policies and access control lists, put and shown. It may not know what lies in a bucket."""

import orjson

from freehold.engines import iam
from freehold.engines.patterns.globs import glob, wild_parts
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.s3 import errors
from freehold.services.s3.access import policies
from freehold.services.s3.buckets import Bucket, owner
from freehold.services.s3.service.catalogue import on_bucket, on_object, operation
from freehold.services.s3.versions import open_version

# Policy


@operation(on_bucket("s3:PutBucketPolicy"))
def put_bucket_policy(call: Call, tx: Tx, bucket: Bucket, request: Request) -> None:
    document = request["Policy"]
    _check_policy(bucket, document)
    block = bucket.settings.get("PublicAccessBlockConfiguration", {})
    if block.get("BlockPublicPolicy") and policies.public(document):
        raise errors.PublicPolicyBlocked(who=call.principal.arn, arn=bucket.arn)
    bucket.policy = document
    tx.put(bucket)


def _check_policy(bucket: Bucket, document: str) -> None:
    """Raise MalformedPolicy unless it is a policy that is about this bucket."""
    if not document.startswith("{"):
        raise errors.MalformedPolicy(reason="Policies must be valid JSON and the first byte must be '{'")
    try:
        policies.parsed(document)
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
    return {"PolicyStatus": {"IsPublic": policies.public(bucket.policy)}}


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
