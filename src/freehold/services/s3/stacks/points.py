"""AWS::S3::AccessPoint. It may not know the store.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-accesspoint.html
"""

from freehold.engines.coerce import json_text
from freehold.kernel.resources import Ask, Ending, Made, Properties, Refused, Steps, Want
from freehold.services.s3.service.catalogue import s3
from freehold.services.s3.stacks import templates

NAME_MAX = 50
GONE = ("NoSuchAccessPoint", "NoSuchAccessPointPolicy")
FIXED = ("Bucket", "BucketAccountId", "Name", "PublicAccessBlockConfiguration", "VpcConfiguration")

point = s3.resource("AWS::S3::AccessPoint", replaces=FIXED, attributes=("Alias", "Arn", "Name", "NetworkOrigin"))


def _named(want: Want, name: str) -> Properties:
    return {"AccountId": want.account, "Name": name}


@point.create
def create_point(want: Want) -> Steps:
    given = want.properties
    named = _named(want, want.name(given.get("Name"), NAME_MAX, lower=True))
    more = {member: templates.same(given[member]) for member in FIXED if member != "Name" and member in given}
    made = yield Ask("s3control", "CreateAccessPoint", named | more)
    if given.get("Policy"):
        yield Ask("s3control", "PutAccessPointPolicy", named | {"Policy": json_text(given["Policy"])})
    return _made(want, named["Name"], made["AccessPointArn"], made["Alias"])


@point.update
def update_point(want: Want) -> Steps:
    named, policy = _named(want, want.id), want.properties.get("Policy")
    if want.changed("Policy"):
        if policy:
            yield Ask("s3control", "PutAccessPointPolicy", named | {"Policy": json_text(policy)})
        else:
            yield Ask("s3control", "DeleteAccessPointPolicy", named)
    found = yield Ask("s3control", "GetAccessPoint", named)
    return _made(want, want.id, found["AccessPointArn"], found["Alias"])


@point.delete
def delete_point(want: Want) -> Ending:
    try:
        yield Ask("s3control", "DeleteAccessPoint", _named(want, want.id))
    except Refused as refusal:
        if refusal.code not in GONE:
            raise


def _made(want: Want, name: str, arn: str, alias: str) -> Made:
    origin = "VPC" if want.properties.get("VpcConfiguration") else "Internet"
    return Made(name, {"Alias": alias, "Arn": arn, "Name": name, "NetworkOrigin": origin})
