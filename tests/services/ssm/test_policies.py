"""Policies of parameters, under a clock that jumps, and what is told of parameters on the default bus."""

import json
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError

DAY_S = 86_400


@pytest.fixture
def bus(own_cloud):
    """Hears what Parameter Store tells: a function that gives so many details, by kind."""
    sqs, events = own_cloud("sqs"), own_cloud("events")
    arn = f"arn:aws:sqs:us-east-1:{own_cloud.account}:heard"
    allow = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    url = sqs.create_queue(QueueName="heard", Attributes={"Policy": policy})["QueueUrl"]
    events.put_rule(Name="heard", EventPattern=json.dumps({"source": ["aws.ssm"]}))
    events.put_targets(Rule="heard", Targets=[{"Id": "q", "Arn": arn}])

    def heard(count):
        found = []
        while len(found) < count:
            for message in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20).get("Messages", []):
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                found.append(json.loads(message["Body"]))
        return found

    return heard


def now(aws):
    return aws.running.get("/_freehold/clock")["now"]


def put(ssm, *policies, **more):
    request = {"Name": "/key", "Value": "v", "Type": "String", "Tier": "Advanced", "Overwrite": True, **more}
    return ssm.put_parameter(**request, **({"Policies": json.dumps(policies)} if policies else {}))


def policy(kind, **attributes):
    return {"Type": kind, "Version": "1.0", "Attributes": attributes}


def expiration(at):
    return policy("Expiration", Timestamp=datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds"))


def actions(told):
    return [one["detail"]["policy-type"] for one in told if one["detail-type"] == "Parameter Store Policy Action"]


def test_a_parameter_expires_and_its_owners_are_told_before(own_cloud, bus):
    ssm = own_cloud("ssm")
    put(ssm, expiration(now(own_cloud) + 30 * DAY_S), policy("ExpirationNotification", Before="15", Unit="Days"))
    [created] = bus(1)
    assert created["detail"] == {"operation": "Create", "name": "/key", "type": "String"}
    assert created["resources"] == [f"arn:aws:ssm:us-east-1:{own_cloud.account}:parameter/key"]
    put(ssm, Value="new")
    assert bus(1)[0]["detail"]["operation"] == "Update"
    own_cloud.advance(15 * DAY_S)
    assert actions(bus(1)) == ["ExpirationNotification"]
    [described] = ssm.describe_parameters()["Parameters"]
    assert [one["PolicyStatus"] for one in described["Policies"]] == ["Pending", "Finished"]
    own_cloud.advance(15 * DAY_S)
    told = bus(2)
    assert actions(told) == ["Expiration"]
    assert {one["detail"].get("operation") for one in told} == {None, "Delete"}
    with pytest.raises(ClientError, match="ParameterNotFound"):
        ssm.get_parameter(Name="/key")


def test_owners_are_told_of_what_has_not_changed(own_cloud, bus):
    ssm = own_cloud("ssm")
    put(ssm, policy("NoChangeNotification", After="20", Unit="Hours"))
    bus(1)
    own_cloud.advance(19 * 3_600)
    put(ssm, Value="new")
    bus(1)
    own_cloud.advance(19 * 3_600)
    ssm.label_parameter_version(Name="/key", Labels=["good"])
    assert bus(1)[0]["detail"]["operation"] == "LabelParameterVersion"
    own_cloud.advance(3_600)
    assert actions(bus(1)) == ["NoChangeNotification"]
    put(ssm, {})
    assert ssm.describe_parameters()["Parameters"][0]["Policies"] == []


@pytest.mark.parametrize(
    ("policies", "code"),
    [
        ([policy("Expiry", Timestamp="2030-01-01T00:00:00Z")], "InvalidPolicyTypeException"),
        ([policy("Expiration", Timestamp="tomorrow")], "InvalidPolicyAttributeException"),
        ([policy("Expiration")], "InvalidPolicyAttributeException"),
        ([policy("NoChangeNotification", After="20", Unit="Years")], "InvalidPolicyAttributeException"),
        ([expiration(2e9), expiration(2.1e9)], "IncompatiblePolicyException"),
        ([policy("ExpirationNotification", Before="1", Unit="Days")], "IncompatiblePolicyException"),
        (
            [policy("NoChangeNotification", After=str(n), Unit="Days") for n in range(11)],
            "PoliciesLimitExceededException",
        ),
    ],
)
def test_policies_that_may_not_be(aws, policies, code):
    with pytest.raises(ClientError) as refusal:
        put(aws("ssm"), *policies)
    assert refusal.value.response["Error"]["Code"] == code


def test_standard_parameters_have_no_policies(aws):
    ssm = aws("ssm")
    with pytest.raises(ClientError, match="advanced-parameter tier"):
        put(ssm, expiration(2e9), Tier="Standard")
    assert put(ssm, expiration(2e9), Tier="Intelligent-Tiering")["Tier"] == "Advanced"
