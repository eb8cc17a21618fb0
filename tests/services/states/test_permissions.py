"""Tasks act as the machine's role, and can do no more than it."""

import json

import pytest
from botocore.exceptions import ClientError

from .definitions import machine


def allow(*actions: str, on: str = "*") -> dict:
    return {"Effect": "Allow", "Action": list(actions), "Resource": on}


def test_a_role_that_may_not(flows, aws):
    queue = aws("sqs").create_queue(QueueName="jobs")["QueueUrl"]
    task = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage"}
    task["Parameters"] = {"QueueUrl": queue, "MessageBody": "hello"}
    flows.role = aws.role("weak", "states.amazonaws.com", allow("sqs:ReceiveMessage"))
    told = flows.run(machine(("Send", task)))
    assert told["error"] == "SQS.AmazonSQSException"
    assert "is not authorized to perform: sqs:SendMessage on resource: arn:aws:sqs" in told["cause"]
    flows.role = aws.role("strong", "states.amazonaws.com", allow("sqs:SendMessage"))
    assert flows.run(machine(("Send", task)), name="strong")["status"] == "SUCCEEDED"


def test_a_child_that_the_role_may_not_start(flows, aws):
    child = flows.create(machine(("Done", {"Type": "Pass"})), "child", type="EXPRESS")
    task = {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2"}
    task["Parameters"] = {"StateMachineArn": child}
    flows.role = aws.role("weak", "states.amazonaws.com", allow("states:DescribeExecution"))
    assert "is not authorized to perform: states:StartExecution" in flows.run(machine(("Child", task)))["cause"]
    flows.role = aws.role("strong", "states.amazonaws.com", allow("states:StartExecution", on=child))
    assert flows.run(machine(("Child", task)), name="strong")["status"] == "SUCCEEDED"


def test_who_makes_a_machine_must_be_allowed_to_pass_its_role(aws, flows):
    definition = machine(("One", {"Type": "Pass"}))
    builder = aws.as_role("stepfunctions", "builder", allow("states:CreateStateMachine"))
    with pytest.raises(ClientError, match="iam:PassRole"):
        builder.create_state_machine(name="flow", definition=definition, roleArn=flows.role)
    passer = aws.as_role("stepfunctions", "passer", allow("states:CreateStateMachine", "iam:PassRole"))
    arn = passer.create_state_machine(name="flow", definition=definition, roleArn=flows.role)["stateMachineArn"]
    with pytest.raises(ClientError, match="states:StartExecution"):
        passer.start_execution(stateMachineArn=arn)


def test_a_task_with_a_role_of_its_own(flows, aws):
    """Credentials name a role that the machine's role must be allowed to assume."""
    queue = aws("sqs").create_queue(QueueName="jobs")["QueueUrl"]
    sender = aws.role("sender", "states.amazonaws.com", allow("sqs:SendMessage"))
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage",
        "Parameters": {"QueueUrl": queue, "MessageBody": "hello"},
        "Credentials": {"RoleArn": sender},
    }
    flows.role = aws.role("weak", "states.amazonaws.com", allow("sqs:SendMessage"))
    told = flows.run(machine(("Send", task)))
    assert told["error"] == "States.TaskFailed" and "sts:AssumeRole" in told["cause"]
    trust = {"Effect": "Allow", "Principal": {"AWS": flows.role}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    aws("iam").update_assume_role_policy(RoleName="sender", PolicyDocument=document)
    flows.role = aws.role("borrower", "states.amazonaws.com", allow("sts:AssumeRole"))
    trust["Principal"]["AWS"] = flows.role
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    aws("iam").update_assume_role_policy(RoleName="sender", PolicyDocument=document)
    assert flows.run(machine(("Send", task)), name="borrowing")["status"] == "SUCCEEDED"


def test_a_machine_takes_no_role_of_another_account(aws, flows):
    role = "arn:aws:iam::999999999999:role/victim"
    with pytest.raises(ClientError, match="Cross-account pass role is not allowed"):
        aws("stepfunctions").create_state_machine(name="x", definition=machine(("One", {"Type": "Pass"})), roleArn=role)


def test_a_machine_takes_no_role_that_does_not_trust_step_functions(aws, flows):
    arn, stranger = flows.create(machine(("One", {"Type": "Pass"}))), aws.role("stranger", "lambda.amazonaws.com")
    words = "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume"
    with pytest.raises(ClientError, match=words) as refusal:
        flows.client.update_state_machine(stateMachineArn=arn, roleArn=stranger)
    assert refusal.value.response["Error"]["Code"] == "AccessDeniedException"
    assert flows.client.describe_state_machine(stateMachineArn=arn)["roleArn"] == flows.role
    for role in (stranger, f"{stranger}-that-is-not"):
        flows.role = role
        with pytest.raises(ClientError, match=words):
            flows.create(machine(("One", {"Type": "Pass"})), name="other")


def test_validating_needs_permission(aws):
    stranger = aws.as_role("stepfunctions", "stranger")
    with pytest.raises(ClientError, match="states:ValidateStateMachineDefinition"):
        stranger.validate_state_machine_definition(definition="{}")
