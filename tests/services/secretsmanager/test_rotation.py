"""Rotation by functions: four steps in order, by request and by the clock."""

import io
import json
import zipfile

import pytest
from botocore.exceptions import ClientError
from tests.running import wait_for

from freehold.services.secretsmanager.secrets import Secret

DAY_S = 86_400

ROTATOR = """
import os
from datetime import timedelta
import boto3
import botocore.auth

# Where the cloud's clock has jumped, calls signed by this machine's would be refused by their dates.
now, ahead = botocore.auth.get_current_datetime, timedelta(seconds=int(os.environ.get("AHEAD_S", 0)))
botocore.auth.get_current_datetime = lambda *some, **more: now(*some, **more) + ahead

def handler(event, context):
    sm = boto3.client("secretsmanager")
    secret, token, step = event["SecretId"], event["ClientRequestToken"], event["Step"]
    if step == os.environ.get("FAILS_AT"):
        raise ValueError(step)
    if step == "createSecret":
        said = sm.get_secret_value(SecretId=secret)["SecretString"]
        sm.put_secret_value(SecretId=secret, ClientRequestToken=token, SecretString=said + "+",
                            VersionStages=["AWSPENDING"])
    if step == "finishSecret":
        stages = sm.describe_secret(SecretId=secret)["VersionIdsToStages"]
        current = next(id for id, labels in stages.items() if "AWSCURRENT" in labels)
        sm.update_secret_version_stage(SecretId=secret, VersionStage="AWSCURRENT", MoveToVersionId=token,
                                       RemoveFromVersionId=current)
        sm.update_secret_version_stage(SecretId=secret, VersionStage="AWSPENDING", RemoveFromVersionId=token)
"""


def function(aws, name="rotator", trusts=True, **variables):
    allowed = {"Effect": "Allow", "Action": "secretsmanager:*", "Resource": "*"}
    role = aws.role(f"{name}-role", "lambda.amazonaws.com", allowed)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("index.py", ROTATOR)
    client = aws("lambda")
    arn = client.create_function(
        FunctionName=name, Role=role, Runtime="python3.12", Handler="index.handler", Timeout=20,
        Code={"ZipFile": buffer.getvalue()}, Environment={"Variables": variables},
    )["FunctionArn"]  # fmt: skip
    client.get_waiter("function_active_v2").wait(FunctionName=name)
    if trusts:
        client.add_permission(
            FunctionName=name, StatementId="rotation", Action="lambda:InvokeFunction",
            Principal="secretsmanager.amazonaws.com",
        )  # fmt: skip
    return arn


@pytest.fixture
def heard(own_cloud):
    """Hears what Secrets Manager tells: a function that gives so many details."""
    sqs, events = own_cloud("sqs"), own_cloud("events")
    allow = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    url = sqs.create_queue(QueueName="heard", Attributes={"Policy": policy})["QueueUrl"]
    events.put_rule(Name="heard", EventPattern=json.dumps({"source": ["aws.secretsmanager"]}))
    arn = f"arn:aws:sqs:us-east-1:{own_cloud.account}:heard"
    events.put_targets(Rule="heard", Targets=[{"Id": "q", "Arn": arn, "InputPath": "$.detail"}])

    def take(count):
        found = []
        while len(found) < count:
            for message in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20).get("Messages", []):
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                found.append(json.loads(message["Body"]))
        return found

    return take


def value(sm):
    return sm.get_secret_value(SecretId="turning")["SecretString"]


def rotation(aws):
    """How the secret's rotation stands."""

    async def look():
        call = aws.running.cloud.door.call(aws.account, aws.region)
        [secret] = await call.transact(lambda tx: tx.range(Secret))
        return secret.rotation

    return aws.running.run(look())


def labels(sm):
    return sm.describe_secret(SecretId="turning")["VersionIdsToStages"]


def test_a_function_makes_the_new_version_and_is_called_again_by_the_clock(own_cloud):
    sm, arn = own_cloud("secretsmanager"), function(own_cloud)
    old = sm.create_secret(Name="turning", SecretString="s")["VersionId"]
    new = sm.rotate_secret(SecretId="turning", RotationLambdaARN=arn, RotationRules={"AutomaticallyAfterDays": 10})
    wait_for(lambda: value(sm) == "s+" and "LastRotatedDate" in sm.describe_secret(SecretId="turning"))
    told = sm.describe_secret(SecretId="turning")
    assert told["VersionIdsToStages"] == {old: ["AWSPREVIOUS"], new["VersionId"]: ["AWSCURRENT"]}
    assert told["RotationEnabled"] and told["RotationRules"] == {"AutomaticallyAfterDays": 10}
    own_cloud.advance(10 * DAY_S + 1)  # the function's own clock stays behind, so its calls are refused by their dates
    stages = wait_for(lambda: (found := labels(sm)) and len(found) == 3 and found)
    assert ["AWSPENDING"] in stages.values() and value(sm) == "s+"
    sm.cancel_rotate_secret(SecretId="turning")
    assert "RotationEnabled" not in sm.describe_secret(SecretId="turning")


def test_a_step_that_fails_leaves_the_current_version(aws):
    sm, arn = aws("secretsmanager"), function(aws, FAILS_AT="setSecret")
    sm.create_secret(Name="turning", SecretString="s")
    sm.rotate_secret(SecretId="turning", RotationLambdaARN=arn, RotationRules={"ScheduleExpression": "rate(4 hours)"})
    wait_for(lambda: len(sm.list_secret_version_ids(SecretId="turning")["Versions"]) == 2)
    assert value(sm) == "s"
    with pytest.raises(ClientError, match="A previous rotation isn't complete"):
        sm.rotate_secret(SecretId="turning")


@pytest.mark.parametrize(
    ("schedule", "spans_h"), [("rate(4 hours)", (4, 4)), ("cron(0 8 * * ? *)", (24, 24))], ids=("rate", "cron")
)
def test_the_clock_turns_a_secret_again_and_again(own_cloud, schedule, spans_h):
    sm, client, arn = own_cloud("secretsmanager"), own_cloud("lambda"), function(own_cloud)
    sm.create_secret(Name="turning", SecretString="s")
    rules = {"ScheduleExpression": schedule, "Duration": "1h"}
    sm.rotate_secret(SecretId="turning", RotationLambdaARN=arn, RotationRules=rules, RotateImmediately=False)
    wait_for(lambda: not rotation(own_cloud).token)
    assert value(sm) == "s"
    turns = [sm.describe_secret(SecretId="turning")["NextRotationDate"]]
    for turn, hours in enumerate(spans_h, 1):
        ahead = {"AHEAD_S": str(sum(spans_h[:turn]) * 3_600)}
        client.update_function_configuration(FunctionName="rotator", Environment={"Variables": ahead})
        client.get_waiter("function_updated_v2").wait(FunctionName="rotator")
        own_cloud.advance(hours * 3_600)
        wait_for(lambda wanted="s" + "+" * turn: value(sm) == wanted and not rotation(own_cloud).token)
        turns.append(sm.describe_secret(SecretId="turning")["NextRotationDate"])
    assert len(set(turns)) == len(turns) and turns == sorted(turns)
    assert sorted(labels(sm).values()) == [["AWSCURRENT"], ["AWSPREVIOUS"]]


def test_a_rotation_that_failed_is_begun_again(own_cloud, heard):
    sm, arn = own_cloud("secretsmanager"), function(own_cloud, FAILS_AT="setSecret")
    sm.create_secret(Name="turning", SecretString="s")
    sm.rotate_secret(SecretId="turning", RotationLambdaARN=arn, RotationRules={"ScheduleExpression": "rate(4 hours)"})
    wait_for(lambda: rotation(own_cloud).tries == 1)
    assert len(sm.list_secret_version_ids(SecretId="turning")["Versions"]) == 2
    client = own_cloud("lambda")
    client.update_function_configuration(FunctionName="rotator", Environment={"Variables": {}})
    client.get_waiter("function_updated_v2").wait(FunctionName="rotator")
    assert value(sm) == "s"
    own_cloud.advance(60)
    wait_for(lambda: value(sm) == "s+")
    started, succeeded = heard(2)
    assert (started["eventName"], succeeded["eventName"]) == ("RotationStarted", "RotationSucceeded")
    assert started["additionalEventData"]["SecretId"] == sm.describe_secret(SecretId="turning")["ARN"]


def test_a_rotation_that_goes_on_failing_is_given_up(own_cloud, heard):
    sm, arn = own_cloud("secretsmanager"), function(own_cloud, FAILS_AT="createSecret")
    sm.create_secret(Name="turning", SecretString="s")
    sm.rotate_secret(SecretId="turning", RotationLambdaARN=arn, RotationRules={"ScheduleExpression": "rate(4 hours)"})
    for number in range(4):
        wait_for(lambda count=number + 1: rotation(own_cloud).tries == count)
        own_cloud.advance(60 * 2**number)
    assert [told["eventName"] for told in heard(2)] == ["RotationStarted", "RotationFailed"]
    assert value(sm) == "s"


def test_functions_that_may_not_be_called_change_nothing(aws):
    sm, arn = aws("secretsmanager"), function(aws, trusts=False)
    sm.create_secret(Name="turning", SecretString="s")
    with pytest.raises(ClientError, match="AccessDeniedException"):
        sm.rotate_secret(SecretId="turning", RotationLambdaARN=arn, RotationRules={"AutomaticallyAfterDays": 1})
    with pytest.raises(ClientError, match="No Lambda rotation function"):
        sm.rotate_secret(SecretId="turning")
    assert "RotationRules" not in sm.describe_secret(SecretId="turning")
    bad = {"ScheduleExpression": "rate(4 weeks)"}
    with pytest.raises(ClientError, match="InvalidParameterException"):
        sm.rotate_secret(SecretId="turning", RotationLambdaARN=arn, RotationRules=bad)


def test_a_template_schedules_rotation(aws):
    cfn, sm, arn = aws("cloudformation"), aws("secretsmanager"), function(aws)
    sm.create_secret(Name="turning", SecretString="s")
    schedule = {
        "Type": "AWS::SecretsManager::RotationSchedule",
        "Properties": {
            "SecretId": "turning",
            "RotationLambdaARN": arn,
            "RotationRules": {"ScheduleExpression": "cron(0 8 1 * ? *)"},
        },
    }
    cfn.create_stack(StackName="turns", TemplateBody=json.dumps({"Resources": {"Schedule": schedule}}))
    cfn.get_waiter("stack_create_complete").wait(StackName="turns", WaiterConfig={"Delay": 0.1})
    wait_for(lambda: value(sm) == "s+")
    assert sm.describe_secret(SecretId="turning")["NextRotationDate"].day == 1
