"""Buckets: made, found, listed, removed. It may not know what lies in them."""

import re

from freehold.kernel.call import Call
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.service import Need, Request, Response
from freehold.kernel.store import Tx
from freehold.services.s3 import errors, tags
from freehold.services.s3.access import facts, grants, ownership
from freehold.services.s3.buckets import HOME, Bucket, bucket_arn, create, owner, remove_bucket
from freehold.services.s3.listing import pages
from freehold.services.s3.locks import retention
from freehold.services.s3.service.catalogue import on_bucket, operation, refuse_absent, s3
from freehold.services.s3.service.tagging import SETTING
from freehold.services.s3.uploads.parts import abort_all
from freehold.services.s3.versions import Version

BUCKETS_MAX = 10_000
REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
EUROPE, IRELAND = "EU", "eu-west-1"  # a constraint older than regions, which is shown as it was said
LOCKS = "s3:PutBucketObjectLockConfiguration"


def _creates(call: Call, request: Request) -> list[Need]:
    """Setting more than the name of a bucket takes the permission to set it."""
    arn, known = bucket_arn(request["Bucket"]), facts.of_creation(request)
    also = {"ObjectOwnership": "s3:PutBucketOwnershipControls", "ObjectLockEnabledForBucket": LOCKS} | dict.fromkeys(
        grants.ASKING, "s3:PutBucketAcl"
    )
    actions = ["s3:CreateBucket", *(action for member, action in also.items() if request.get(member))]
    return [(action, arn, known) for action in dict.fromkeys(actions)]


@s3.operation(needs=_creates)
def create_bucket(call: Call, tx: Tx, request: Request) -> Response:
    refuse_absent(request)
    name, wanted = request["Bucket"], request.get("CreateBucketConfiguration", {})
    if wanted.get("Location") or wanted.get("Bucket"):
        raise NotImplementedHere(service="s3", operation="directory buckets")
    settings: dict = {ownership.SETTING: ownership.at_creation(request.get("ObjectOwnership"))}
    if request.get("ObjectLockEnabledForBucket"):
        settings[retention.SETTING] = retention.ON
    acl = ownership.granted_at_creation(request, tx.account, settings[ownership.SETTING])
    if wanted.get("Tags"):
        settings[SETTING] = tags.read_new(wanted["Tags"], tags.BUCKET_MAX)
    constraint = wanted.get("LocationConstraint")
    if constraint == EUROPE:
        settings["LocationConstraint"] = EUROPE
    create(tx, name, _region(call.region, constraint), settings, acl)
    return {"Location": f"/{name}", "BucketArn": bucket_arn(name)}


def _region(asked: str, constraint: str | None) -> str:
    """The region of a new bucket, asked for at one region's endpoint. us-east-1's endpoint makes buckets anywhere."""
    meant = IRELAND if constraint == EUROPE else constraint
    if not REGION.fullmatch(asked):  # s3cmd signs for `US` until it is told better
        raise errors.OtherRegion(asked=asked, Region=HOME)
    if asked != HOME and meant != asked:
        raise errors.IllegalLocationConstraintException(constraint=constraint or "unspecified")
    if meant and (not REGION.fullmatch(meant) or meant == HOME):
        raise errors.InvalidLocationConstraint(LocationConstraint=constraint)
    return meant or asked


@operation(on_bucket("s3:ListBucket"))
def head_bucket(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    return {"BucketArn": bucket.arn, "BucketRegion": bucket.region, "AccessPointAlias": False}


@operation(on_bucket("s3:GetBucketLocation"))
def get_bucket_location(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    return {"LocationConstraint": bucket.settings.get("LocationConstraint") or bucket.region.replace(HOME, "")}


@s3.operation(needs={"s3:ListAllMyBuckets": "*"})
def list_buckets(call: Call, tx: Tx, request: Request) -> Response:
    prefix, most = request.get("Prefix", ""), request.get("MaxBuckets", BUCKETS_MAX)
    token, region = request.get("ContinuationToken"), request.get("BucketRegion")
    after = (pages.read_token(token),) if token else None
    mine = tx.range(Bucket, tx.account, index="account name", low=prefix, after=after)
    found = [each for each in mine if each.name.startswith(prefix) and region in (None, each.region)]
    answer: Response = {"Buckets": [_shown(each) for each in found[:most]], "Owner": owner(tx.account)}
    if "Prefix" in request:
        answer["Prefix"] = prefix
    if len(found) > most:
        answer["ContinuationToken"] = pages.token(found[most - 1].name)
    return answer


def _shown(bucket: Bucket) -> dict:
    return {
        "Name": bucket.name, "CreationDate": int(bucket.created_at),
        "BucketRegion": bucket.region, "BucketArn": bucket.arn,
    }  # fmt: skip


@operation(on_bucket("s3:DeleteBucket"))
def delete_bucket(call: Call, tx: Tx, bucket: Bucket, request: Request) -> None:
    if tx.range(Version, bucket.name, limit=1):
        empty = errors.VersionedBucketNotEmpty if bucket.versioned else errors.BucketNotEmpty
        raise empty(BucketName=bucket.name)
    abort_all(tx, bucket.name)
    remove_bucket(tx, bucket.name)
