"""AWS::Pipes::Pipe in stacks."""

import json

import pytest

FAST = {"Delay": 0.1, "MaxAttempts": 300}


@pytest.fixture
def deploy(works):
    """Create or update the stack `shop`; its outputs, or nothing if it failed."""
    client = works.aws("cloudformation")
    known = []

    def run(resources, outputs=None, **more):
        body = json.dumps({"Resources": resources, "Outputs": outputs or {}})
        way = "update" if known else "create"
        getattr(client, f"{way}_stack")(StackName="shop", TemplateBody=body, Capabilities=["CAPABILITY_IAM"], **more)
        known.append(body)
        client.get_waiter(f"stack_{way}_complete").wait(StackName="shop", WaiterConfig=FAST)
        (stack,) = client.describe_stacks(StackName="shop")["Stacks"]
        return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", ())}

    return run


def output(*path):
    return {"Value": {"Fn::GetAtt": list(path)} if len(path) > 1 else {"Ref": path[0]}}


def statement(**members):
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **members}]}


TRUST = statement(Principal={"Service": "pipes.amazonaws.com"}, Action="sts:AssumeRole")
ROLE = {
    "Type": "AWS::IAM::Role",
    "Properties": {
        "AssumeRolePolicyDocument": TRUST,
        "Policies": [{"PolicyName": "all", "PolicyDocument": statement(Action="sqs:*", Resource="*")}],
    },
}
QUEUE = {"Type": "AWS::SQS::Queue"}
OUTPUTS = {"Name": output("Pipe"), "Arn": output("Pipe", "Arn"), "State": output("Pipe", "CurrentState"),
           "At": output("Pipe", "CreationTime")}  # fmt: skip


def pipe(**more):
    members = {
        "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
        "Source": {"Fn::GetAtt": ["From", "Arn"]},
        "Target": {"Fn::GetAtt": ["To", "Arn"]},
        "TargetParameters": {"InputTemplate": "<$.body>"},
        **more,
    }
    return {"Type": "AWS::Pipes::Pipe", "Properties": members}


def test_a_pipe_changes_in_place_and_is_replaced(works, deploy):
    parts = {"Role": ROLE, "From": QUEUE, "To": QUEUE, "Other": QUEUE}
    window = {"BatchSize": "5", "MaximumBatchingWindowInSeconds": 0}
    made = deploy(
        {**parts, "Pipe": pipe(SourceParameters={"SqsQueueParameters": window}, Description="one", Tags={"a": "1"})},
        OUTPUTS,
    )  # fmt: skip
    assert made["State"] == "RUNNING" and made["Arn"] == works.arn("pipes", f"pipe/{made['Name']}")
    assert made["Name"].startswith("shop-Pipe-") and made["At"].endswith("Z")
    told = works.pipes.describe_pipe(Name=made["Name"])
    assert told["SourceParameters"]["SqsQueueParameters"]["BatchSize"] == 5
    assert told["Tags"] == {"a": "1"}

    changed = deploy({**parts, "Pipe": pipe(DesiredState="STOPPED", Tags={"b": "2"})}, OUTPUTS)
    assert (changed["Name"], changed["State"]) == (made["Name"], "STOPPED")
    told = works.pipes.describe_pipe(Name=made["Name"])
    assert "Description" not in told and told["Tags"] == {"b": "2"}

    other = pipe(Source={"Fn::GetAtt": ["Other", "Arn"]})
    replaced = deploy({**parts, "Pipe": other}, OUTPUTS)
    assert replaced["Name"] != made["Name"] and works.settled(made["Name"]) is None
    works.aws("cloudformation").delete_stack(StackName="shop")
    works.aws("cloudformation").get_waiter("stack_delete_complete").wait(StackName="shop", WaiterConfig=FAST)
    assert works.settled(replaced["Name"]) is None


def test_a_pipe_that_does_not_come_up(works):
    client = works.aws("cloudformation")
    role = {**ROLE, "Properties": {"AssumeRolePolicyDocument": TRUST}}
    body = json.dumps({"Resources": {"Role": role, "From": QUEUE, "To": QUEUE, "Pipe": pipe(Name="poor")}})
    client.create_stack(StackName="shop", TemplateBody=body, Capabilities=["CAPABILITY_IAM"])
    with pytest.raises(Exception, match="ROLLBACK"):
        client.get_waiter("stack_create_complete").wait(StackName="shop", WaiterConfig=FAST)
    events = client.describe_stack_events(StackName="shop")["StackEvents"]
    reasons = [one.get("ResourceStatusReason", "") for one in events if one["ResourceStatus"] == "CREATE_FAILED"]
    assert any(
        "Resource of type 'AWS::Pipes::Pipe' with identifier 'poor' did not stabilize. Status Reason is Input "
        "parameter is invalid from the request due to : The provided customer role does not have permissions to call "
        "ReceiveMessage on SQS" in reason
        for reason in reasons
    )


def test_another_start_is_another_pipe(works, deploy):
    table = {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "BillingMode": "PAY_PER_REQUEST",
            "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
        },
    }
    reading = statement(Action="*", Resource="*")
    role = {
        **ROLE,
        "Properties": {**ROLE["Properties"], "Policies": [{"PolicyName": "all", "PolicyDocument": reading}]},
    }

    def starting(position, **more):
        source = {"DynamoDBStreamParameters": {"StartingPosition": position, "MaximumRetryAttempts": "3", **more}}
        return pipe(Source={"Fn::GetAtt": ["Table", "StreamArn"]}, SourceParameters=source)

    parts = {"Role": role, "Table": table, "To": QUEUE}
    made = deploy({**parts, "Pipe": starting("LATEST")}, OUTPUTS)
    same = deploy({**parts, "Pipe": starting("LATEST", BatchSize=7)}, OUTPUTS)
    assert same["Name"] == made["Name"]
    told = works.pipes.describe_pipe(Name=made["Name"])["SourceParameters"]["DynamoDBStreamParameters"]
    assert told == {"StartingPosition": "LATEST", "BatchSize": 7, "MaximumRetryAttempts": 3}
    other = deploy({**parts, "Pipe": starting("TRIM_HORIZON")}, OUTPUTS)
    assert other["Name"] != made["Name"]
