"""kill -9 between a pipe's batches: the pipe goes on where it was, and nothing acknowledged is lost."""

import json

import pytest
from tests.running import Freehold, wait_for

KILLS, MESSAGES = 3, 12
TRUST = {"Effect": "Allow", "Principal": {"Service": "pipes.amazonaws.com"}, "Action": "sts:AssumeRole"}
ALLOW = {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}

pytestmark = pytest.mark.xdist_group("kill")


def document(statement: dict) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def arn(name: str) -> str:
    return f"arn:aws:sqs:us-east-1:000000000000:{name}"


@pytest.fixture
def freehold(tmp_path):
    made = Freehold(tmp_path / "data")
    made.up()
    yield made
    made.down()


@pytest.fixture
def ends(freehold):
    """The URLs of a source and a target with a pipe between them, which takes messages one by one."""
    iam, sqs = freehold.client("iam"), freehold.client("sqs")
    role = iam.create_role(RoleName="plumber", AssumeRolePolicyDocument=document(TRUST))["Role"]["Arn"]
    iam.put_role_policy(RoleName="plumber", PolicyName="queues", PolicyDocument=document(ALLOW))
    fifo = {"FifoQueue": "true"}
    source = sqs.create_queue(QueueName="from.fifo", Attributes={**fifo, "VisibilityTimeout": "2"})["QueueUrl"]
    target = sqs.create_queue(QueueName="to.fifo", Attributes=fifo)["QueueUrl"]
    group = {"MessageGroupId": "all", "MessageDeduplicationId": "$.messageId"}
    pipes = freehold.client("pipes")
    pipes.create_pipe(
        Name="line", RoleArn=role, Source=arn("from.fifo"), Target=arn("to.fifo"),
        SourceParameters={"SqsQueueParameters": {"BatchSize": 1}},
        TargetParameters={"InputTemplate": "<$.body>", "SqsQueueParameters": group},
    )  # fmt: skip
    wait_for(lambda: pipes.describe_pipe(Name="line")["CurrentState"] == "RUNNING")
    return source, target


@pytest.mark.timeout(120)
def test_killed_while_it_carries(freehold, ends):
    source, target = ends
    for at in range(MESSAGES):
        freehold.client("sqs").send_message(
            QueueUrl=source, MessageBody=str(at), MessageGroupId="all", MessageDeduplicationId=str(at)
        )
        if at % (MESSAGES // KILLS) == 1:
            freehold.kill()
            freehold.up()
    heard: list[str] = []
    sqs = freehold.client("sqs")

    def everything():
        answer = sqs.receive_message(QueueUrl=target, MaxNumberOfMessages=10, WaitTimeSeconds=2)
        for message in answer.get("Messages", ()):
            heard.append(message["Body"])
            sqs.delete_message(QueueUrl=target, ReceiptHandle=message["ReceiptHandle"])
        return len(heard) == MESSAGES

    wait_for(everything)
    assert heard == [str(at) for at in range(MESSAGES)]
