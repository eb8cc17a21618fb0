"""The operations of access points.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/creating-access-points.html
"""

import re
import string
from typing import Any

from freehold.engines import iam
from freehold.kernel.call import Call
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.pages import read_token, write_token
from freehold.services.s3.access import blocks, points, policies
from freehold.services.s3.access.points import ALIAS, INTERNET, VPC, AccessPoint, Alias
from freehold.services.s3.buckets import CLOSED, Bucket
from freehold.services.s3.control.blocks import own
from freehold.services.s3.control.catalogue import point_arn, s3control
from freehold.services.s3.control.errors import (
    AccessDenied,
    AccessPointAlreadyOwnedByYou,
    InvalidRequest,
    InvalidURI,
    MalformedPolicy,
    NoSuchAccessPoint,
    NoSuchAccessPointPolicy,
)

NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,48}[a-z0-9]")
RESERVED = ("-s3alias", "--ol-s3", "--x-s3", "--xa-s3")
ALIAS_LENGTH, ALIAS_LETTERS = 34, string.ascii_lowercase + string.digits
PAGE = 1_000
NO_BUCKET = "Amazon S3 AccessPoint can only be created for existing bucket"
ODD_POLICY = "This policy contains invalid Json"
HOST = "s3-accesspoint.{region}.amazonaws.com"


@s3control.operation(needs={"s3:CreateAccessPoint": point_arn})
def create_access_point(call: Call, tx: Tx, request: Request) -> Response:
    name = request["Name"]
    if not NAME.fullmatch(name) or name.endswith(RESERVED):
        raise InvalidURI(URI=name)
    if request.get("Scope"):
        raise NotImplementedHere(service="s3", operation="access points for directory buckets")
    bucket = own(tx, request).get(Bucket, request["Bucket"])
    if bucket is None or bucket.region != tx.region:
        raise InvalidRequest(reason=NO_BUCKET)
    if request.get("BucketAccountId", bucket.account) != bucket.account:
        raise AccessDenied()
    alias = f"{name[:20].rstrip('-')}-{tx.ids.text(ALIAS_LENGTH, ALIAS_LETTERS)}{ALIAS}"
    wanted = request.get("PublicAccessBlockConfiguration")
    point = AccessPoint(
        name=name, bucket=bucket.name, bucket_account=bucket.account, alias=alias, created_at=tx.now,
        vpc=request.get("VpcConfiguration", {}).get("VpcId", ""), blocks=blocks.checked(wanted) if wanted else CLOSED,
        tags={tag["Key"]: tag["Value"] for tag in request.get("Tags", ())},
    )  # fmt: skip
    if not tx.add(point):
        raise AccessPointAlreadyOwnedByYou(AccessPointName=name)
    tx.put(Alias(alias=alias, account=tx.account, region=tx.region, name=name))
    return {"AccessPointArn": points.arn_of(tx.account, tx.region, name), "Alias": alias}


def _open(tx: Tx, request: Request) -> AccessPoint:
    found = own(tx, request).get(AccessPoint, request["Name"])
    if found is None:
        raise NoSuchAccessPoint(AccessPointName=request["Name"])
    return found


@s3control.operation(needs={"s3:GetAccessPoint": point_arn})
def get_access_point(call: Call, tx: Tx, request: Request) -> Response:
    point = _open(tx, request)
    host = HOST.format(region=tx.region)
    endpoints = {"ipv4": host, "dualstack": host.replace("s3-accesspoint", "s3-accesspoint.dualstack")}
    return _listed(tx, point) | {
        "PublicAccessBlockConfiguration": point.blocks,
        "CreationDate": int(point.created_at),
        "Endpoints": endpoints | {"fips": f"s3-accesspoint-fips.{tx.region}.amazonaws.com"},
    }


def _listed(tx: Tx, point: AccessPoint) -> dict[str, Any]:
    told = {
        "Name": point.name,
        "NetworkOrigin": VPC if point.vpc else INTERNET,
        "Bucket": point.bucket,
        "AccessPointArn": points.arn_of(tx.account, tx.region, point.name),
        "Alias": point.alias,
        "BucketAccountId": point.bucket_account,
    }
    return told | ({"VpcConfiguration": {"VpcId": point.vpc}} if point.vpc else {})


@s3control.operation(needs={"s3:ListAccessPoints": "*"})
def list_access_points(call: Call, tx: Tx, request: Request) -> Response:
    most, token = request.get("MaxResults", PAGE), request.get("NextToken")
    after = (read_token(token, str, _odd_token),) if token else None
    bucket = request.get("Bucket")
    prefix, index = ((bucket,), "bucket name") if bucket else ((), "")
    found = own(tx, request).range(
        AccessPoint, *prefix, index=index, after=after, limit=most + 1
    )  # fmt: skip
    answer: Response = {"AccessPointList": [_listed(tx, each) for each in found[:most]]}
    return answer | ({"NextToken": write_token(found[most - 1].name)} if len(found) > most else {})


def _odd_token() -> InvalidRequest:
    return InvalidRequest(reason="The continuation token provided is incorrect")


@s3control.operation(needs={"s3:DeleteAccessPoint": point_arn})
def delete_access_point(call: Call, tx: Tx, request: Request) -> None:
    point = _open(tx, request)
    tx.delete(Alias, point.alias)
    tx.delete(AccessPoint, point.name)


# Policies


@s3control.operation(needs={"s3:PutAccessPointPolicy": point_arn})
def put_access_point_policy(call: Call, tx: Tx, request: Request) -> None:
    point, document = _open(tx, request), request["Policy"]
    try:
        policies.parsed(document)
    except iam.MalformedPolicyDocument as fault:
        raise MalformedPolicy(reason=fault.message) from None
    except ValueError:
        raise MalformedPolicy(reason=ODD_POLICY) from None
    if point.blocks.get("BlockPublicPolicy") and policies.public(document):
        raise AccessDenied()
    point.policy = document
    tx.put(point)


@s3control.operation(needs={"s3:GetAccessPointPolicy": point_arn})
def get_access_point_policy(call: Call, tx: Tx, request: Request) -> Response:
    point = _open(tx, request)
    if not point.policy:
        raise NoSuchAccessPointPolicy(AccessPointName=point.name)
    return {"Policy": point.policy}


@s3control.operation(needs={"s3:GetAccessPointPolicyStatus": point_arn})
def get_access_point_policy_status(call: Call, tx: Tx, request: Request) -> Response:
    point = _open(tx, request)
    if not point.policy:
        raise NoSuchAccessPointPolicy(AccessPointName=point.name)
    return {"PolicyStatus": {"IsPublic": policies.public(point.policy)}}


@s3control.operation(needs={"s3:DeleteAccessPointPolicy": point_arn})
def delete_access_point_policy(call: Call, tx: Tx, request: Request) -> None:
    point = _open(tx, request)
    point.policy = ""
    tx.put(point)
