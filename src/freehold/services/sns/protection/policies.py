"""Policies of topics: kept as they were written, and made ready for messages.

One idea: a policy is read and its scanner made once for each text. A topic without one costs a look at an empty field.
It may not know messages.

https://docs.aws.amazon.com/sns/latest/api/API_PutDataProtectionPolicy.html
"""

from functools import lru_cache
from typing import NamedTuple

from freehold import scans
from freehold.engines import protection
from freehold.engines.protection import INBOUND, OUTBOUND, SNS, Audit, BadPolicy, Policy, Statement
from freehold.kernel import arns
from freehold.kernel.store import Tx
from freehold.services.sns.errors import InvalidParameter
from freehold.services.sns.topics import Topic

ONLY_STANDARD = "Only standard topics may have a data protection policy"
DIFFERS = "Topic already exists with a different data protection policy"
READY_MAX = 256  # policies

PUT = "sns:PutDataProtectionPolicy"
DELIVERIES = tuple(f"logs:{verb}LogDelivery" for verb in ("Create", "Get", "Update", "Delete"))
DELIVER = (*DELIVERIES, "logs:ListLogDeliveries")
VENDED_GROUP = ("logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups")
BUCKET = ("s3:PutBucketPolicy", "s3:GetBucketPolicy")
LINKED_ROLE = "role/aws-service-role/delivery.logs.amazonaws.com/AWSServiceRoleForLogDelivery"


class Ready(NamedTuple):
    """The statements of a policy by direction, and the search for all their identifiers."""

    inbound: tuple[Statement, ...]
    outbound: tuple[Statement, ...]
    search: scans.Search


@lru_cache(maxsize=READY_MAX)
def ready(text: str) -> Ready:
    """The policy of a text that was put."""
    policy = protection.parse(text, SNS)
    inbound, outbound = (
        tuple(one for one in policy.statements if one.direction == direction) for direction in (INBOUND, OUTBOUND)
    )
    return Ready(inbound, outbound, scans.search(policy.managed, policy.custom))


def put(tx: Tx, topic: Topic, text: str) -> None:
    """Give the topic a policy, or take it away with an empty text; InvalidParameter if it is none."""
    try:
        if text:
            ready(text)
    except BadPolicy as fault:
        raise _refusal(fault.reason) from fault
    if text and topic.fifo:
        raise _refusal(ONLY_STANDARD)
    topic.protection = text
    tx.put(topic)


def put_new(tx: Tx, topic: Topic, text: str, new: bool) -> None:
    """Give a topic that is created its policy; one that is there already must have it."""
    if text != topic.protection:
        if not new:
            raise _refusal(DIFFERS)
        put(tx, topic, text)


def _refusal(reason: str) -> InvalidParameter:
    return InvalidParameter(reason=f"DataProtectionPolicy Reason: {reason}")


def needs(region: str, account: str, topic_arn: str, text: str) -> list[tuple[str, str]]:
    """What one must be allowed who puts a policy: AWS sets up the delivery of findings in the caller's name."""
    try:
        policy = protection.parse(text, SNS) if text else None
    except BadPolicy:  # which is said to those who may put one
        policy = None
    return [(PUT, topic_arn), *(_delivery_needs(region, account, policy) if policy else ())]


def _delivery_needs(region: str, account: str, policy: Policy) -> list[tuple[str, str]]:
    audits = [one.operation for one in policy.statements if isinstance(one.operation, Audit)]
    places = [place for audit in audits for place in (audit.findings, audit.no_findings)]
    found = [(action, "*") for action in DELIVER] if audits else []
    for place in places:
        if place.log_group:
            found += [(action, "*") for action in VENDED_GROUP]
        if place.stream:
            stream = arns.arn("firehose", region, account, f"deliverystream/{place.stream}")
            found.append(("iam:CreateServiceLinkedRole", f"arn:aws:iam::{account}:{LINKED_ROLE}"))
            found.append(("firehose:TagDeliveryStream", stream))
        if place.bucket:
            found += [(action, f"arn:aws:s3:::{place.bucket}") for action in BUCKET]
    return [*dict.fromkeys(found)]
