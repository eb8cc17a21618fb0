"""Data protection policies of log groups. It may not know how anything is found.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutDataProtectionPolicy.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/data-protection-policy-permissions.html
"""

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.identity import root
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.logs import errors, findings, guards
from freehold.services.logs.groups import Group, open_group
from freehold.services.logs.service.catalogue import group_arn, logs

DELIVER = ("logs:CreateLogDelivery", "*")
TO_GROUP = ("logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups")
TO_BUCKET = ("s3:GetBucketPolicy", "s3:PutBucketPolicy")

Needs = list[tuple[str, str]]


def delivery_needs(call: Call, document: str) -> Needs:
    """What AWS does in the caller's name to have findings delivered."""
    try:
        place = guards.destination(guards.read(document))
    except errors.ProtectionMalformed:  # which is said to those who may put one
        return []
    needs = [DELIVER] if any(place) else []
    needs += [(action, "*") for action in TO_GROUP if place.log_group]
    if place.stream:
        needs.append(("firehose:TagDeliveryStream", _stream_arn(call, place.stream)))
    return needs + [(action, f"arn:aws:s3:::{place.bucket}") for action in TO_BUCKET if place.bucket]


def _stream_arn(call: Call, name: str) -> str:
    return arns.arn("firehose", call.region, call.account, f"deliverystream/{name}")


def _put_needs(call: Call, request: Request) -> Needs:
    own = ("logs:PutDataProtectionPolicy", group_arn(call, request))
    return [own, *delivery_needs(call, request["policyDocument"])]


@logs.operation(needs=_put_needs)
def put_data_protection_policy(call: Call, tx: Tx, request: Request) -> Response:
    group, document = open_group(tx, request["logGroupIdentifier"]), request["policyDocument"]
    check_destination(call, tx, document)
    findings.prepare(call, guards.read(document))
    return _told(request, guards.guard(tx, group, document))


@logs.operation(needs={"logs:GetDataProtectionPolicy": group_arn})
def get_data_protection_policy(call: Call, tx: Tx, request: Request) -> Response:
    return _told(request, guards.own(tx, open_group(tx, request["logGroupIdentifier"])))


@logs.operation(needs={"logs:DeleteDataProtectionPolicy": group_arn})
def delete_data_protection_policy(call: Call, tx: Tx, request: Request) -> None:
    guards.unguard(tx, open_group(tx, request["logGroupIdentifier"]))


def _told(request: Request, guard: guards.Guard | None) -> Response:
    told: Response = {"logGroupIdentifier": request["logGroupIdentifier"]}
    return told | ({"policyDocument": guard.document, "lastUpdatedTime": guard.updated_at} if guard else {})


def check_destination(call: Call, tx: Tx, document: str) -> None:
    """Raise InvalidParameterException for a document that is no policy, or whose findings could go nowhere."""
    place = guards.destination(guards.read(document))
    if place.log_group and not tx.get(Group, place.log_group):
        raise errors.DestinationNotFound(destination=place.log_group)
    if place.stream:
        _check_other(call, tx, place.stream, "firehose", "DescribeDeliveryStream", "DeliveryStreamName")
    if place.bucket:
        _check_other(call, tx, place.bucket, "s3", "HeadBucket", "Bucket")


def _check_other(call: Call, tx: Tx, name: str, service: str, operation: str, member: str) -> None:
    try:
        call.acting(root(tx.account)).ask_within(tx, service, operation, {member: name})
    except AwsError as refusal:
        raise errors.DestinationNotFound(destination=name) from refusal


@logs.internal
def mark_groups(call: Call, tx: Tx, request: Request) -> None:
    """Go on noting which groups inherit the account's policy, behind the name `after`."""
    guards.mark(tx, request["after"])
