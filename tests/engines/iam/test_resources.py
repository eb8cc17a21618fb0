"""Policies on resources: weighed by themselves, read and written."""

import json

import msgspec

from freehold.engines import iam
from freehold.kernel.identity import Principal, root, service

ARN = "arn:aws:sqs:us-east-1:111111111111:q"
STRANGER = Principal("User", "222222222222", "arn:aws:iam::222222222222:user/a", "AIDA")


def policy(**more):
    statement = iam.sharing("s", ["222222222222"], ["SQS:SendMessage"], ARN) | more
    return json.dumps({"Version": "2012-10-17", "Statement": statement})


def allowed(who, text, action="sqs:SendMessage", **more):
    return iam.weigh(who, action, ARN, iam.resource_policy(text), iam.facts_of(who), **more).allowed


def test_what_a_policy_does_not_share_is_refused():
    assert allowed(STRANGER, policy())
    assert not allowed(STRANGER, policy(), "sqs:ReceiveMessage")
    assert not allowed(root("333333333333"), policy())
    assert not allowed(STRANGER, "") and allowed(root("111111111111"), "", same_account=True)


def test_a_service_is_let_in_for_what_it_acts_for():
    condition = {"Principal": {"Service": "sns.amazonaws.com"}, "Condition": {"ArnLike": {"aws:SourceArn": "arn:t"}}}
    topic = msgspec.structs.replace(service("sns.amazonaws.com", "222222222222"), issuer="arn:t")
    assert allowed(topic, policy(**condition))
    assert not allowed(msgspec.structs.replace(topic, issuer="arn:other"), policy(**condition))


def test_a_statement_alone_is_read_as_a_list():
    document = iam.read(policy())
    assert document["Statement"] == [iam.sharing("s", ["222222222222"], ["SQS:SendMessage"], ARN)]
    assert iam.read(json.dumps(document)) == document
    both = iam.sharing("s", ["1", "2"], ["a", "b"], ARN)
    assert both["Principal"]["AWS"] == ["arn:aws:iam::1:root", "arn:aws:iam::2:root"] and both["Action"] == ["a", "b"]
