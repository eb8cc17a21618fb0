"""The CloudFormation types: their steps, carried out by a client."""

import json

import pytest
from botocore.exceptions import ClientError

from freehold.kernel.resources import Refused, Want
from freehold.kernel.service import snake
from freehold.services.cloudformation.steps import handler_code
from freehold.services.logs import logs as catalogue


@pytest.fixture
def logs(aws):
    return aws("logs")


@pytest.fixture
def carry_out(aws, logs):
    """Carry out a step of a type; the outcome."""

    def run(type_name, step, properties, **more):
        want = Want(aws.account, aws.region, "arn:stack", "shop", "Log", "ABCDEFGHIJKL", properties, **more)
        steps = catalogue.resources[f"AWS::Logs::{type_name}"].steps[step](want)
        answer, refusal = None, None
        while True:
            try:
                asked = steps.throw(refusal) if refusal else steps.send(answer)
            except StopIteration as end:
                return end.value
            except Refused as refused:
                if step == "delete" and handler_code(refused.code, 400) == "NotFound":
                    return None
                raise
            try:
                answer, refusal = getattr(logs, snake(asked.operation))(**asked.request), None
            except ClientError as fault:
                refusal = Refused(fault.response["Error"]["Code"], fault.response["Error"]["Message"])

    return run


def test_a_group_is_made_changed_and_removed(carry_out, logs, aws):
    properties = {"RetentionInDays": "7", "Tags": [{"Key": "a", "Value": "1"}]}
    made = carry_out("LogGroup", "create", properties, tags={"stack": "shop"})
    arn = f"arn:aws:logs:us-east-1:{aws.account}:log-group:shop-Log-ABCDEFGHIJKL"
    assert (made.id, made.attributes["Arn"]) == ("shop-Log-ABCDEFGHIJKL", f"{arn}:*")
    [told] = logs.describe_log_groups()["logGroups"]
    assert told["retentionInDays"] == 7
    carry_out("LogGroup", "update", {"DeletionProtectionEnabled": "true"}, old=properties, id=made.id)
    [told] = logs.describe_log_groups()["logGroups"]
    assert "retentionInDays" not in told and told["deletionProtectionEnabled"]
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"stack": "shop"}
    carry_out("LogGroup", "update", {}, old={"DeletionProtectionEnabled": True}, id=made.id)
    for _ in range(2):
        carry_out("LogGroup", "delete", {}, id=made.id)
    assert logs.describe_log_groups()["logGroups"] == []


def test_a_stream_and_a_policy(carry_out, logs):
    logs.create_log_group(logGroupName="g")
    place = {"LogGroupName": "g", "LogStreamName": "s"}
    assert carry_out("LogStream", "create", place).id == "s"
    assert logs.describe_log_streams(logGroupName="g")["logStreams"]
    for _ in range(2):
        carry_out("LogStream", "delete", place, id="s")
    allow = {"Effect": "Allow", "Principal": {"Service": "es.amazonaws.com"}, "Action": "logs:Put*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    assert carry_out("ResourcePolicy", "create", {"PolicyName": "p", "PolicyDocument": document}).id == "p"
    for _ in range(2):
        carry_out("ResourcePolicy", "delete", {}, id="p")


CARDS = {
    "Name": "p",
    "Version": "2021-06-01",
    "Statement": [
        {"DataIdentifier": ["arn:aws:dataprotection::aws:data-identifier/CreditCardNumber"], "Operation": operation}
        for operation in ({"Audit": {"FindingsDestination": {}}}, {"Deidentify": {"MaskConfig": {}}})
    ],
}


def test_a_group_with_a_data_protection_policy(carry_out, logs):
    def kept():
        document = logs.get_data_protection_policy(logGroupIdentifier=made.id).get("policyDocument")
        return document and json.loads(document)

    made = carry_out("LogGroup", "create", {"DataProtectionPolicy": CARDS})
    assert kept() == CARDS
    changed = CARDS | {"Name": "q"}
    carry_out("LogGroup", "update", {"DataProtectionPolicy": changed}, old={"DataProtectionPolicy": CARDS}, id=made.id)
    assert kept() == changed
    carry_out("LogGroup", "update", {}, old={"DataProtectionPolicy": changed}, id=made.id)
    assert kept() is None


def test_a_policy_of_the_account(carry_out, logs, aws):
    given = {"PolicyName": "all", "PolicyType": "DATA_PROTECTION_POLICY", "PolicyDocument": json.dumps(CARDS)}
    made = carry_out("AccountPolicy", "create", given | {"Scope": "ALL"})
    assert (made.id, made.attributes) == (f"{aws.account}|DATA_PROTECTION_POLICY|all", {"AccountId": aws.account})
    changed = given | {"PolicyDocument": json.dumps(CARDS | {"Name": "q"})}
    carry_out("AccountPolicy", "update", changed, old=given, id=made.id)
    [told] = logs.describe_account_policies(policyType="DATA_PROTECTION_POLICY")["accountPolicies"]
    assert json.loads(told["policyDocument"])["Name"] == "q"
    for _ in range(2):
        carry_out("AccountPolicy", "delete", changed, id=made.id)
    assert logs.describe_account_policies(policyType="DATA_PROTECTION_POLICY")["accountPolicies"] == []
