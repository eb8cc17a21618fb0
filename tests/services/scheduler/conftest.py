"""Shorthand for tests of EventBridge Scheduler: a role, queues to be told, and what reached these."""

import json
import time
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError

ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
OFF = {"Mode": "OFF"}


class Town:
    """EventBridge Scheduler of one account, with a role that it may use."""

    def __init__(self, aws, *statements):
        self.aws, self.scheduler, self.sqs = aws, aws("scheduler"), aws("sqs")
        self.role = aws.role("runs", "scheduler.amazonaws.com", *(statements or (ALL,)))

    def arn(self, service, resource):
        return f"arn:aws:{service}:{self.aws.region}:{self.aws.account}:{resource}"

    def queue(self, name, **attributes):
        """The URL and ARN of a new queue."""
        if name.endswith(".fifo"):
            attributes |= {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
        return self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"], self.arn("sqs", name)

    def target(self, arn, **members):
        return {"Arn": arn, "RoleArn": self.role, **members}

    def schedule(self, name, expression, arn, window=OFF, target=None, **members):
        """The ARN of a new schedule."""
        return self.scheduler.create_schedule(
            Name=name, ScheduleExpression=expression, FlexibleTimeWindow=window,
            Target=self.target(arn, **(target or {})), **members,
        )["ScheduleArn"]  # fmt: skip

    @property
    def now(self):
        return self.aws.running.cloud.clock.now()

    def at(self, seconds):
        """A one-time expression for so many seconds from now, and that moment as Scheduler tells it."""
        told = datetime.fromtimestamp(int(self.now + seconds), UTC).strftime("%Y-%m-%dT%H:%M:%S")
        return f"at({told})", f"{told}Z"

    def heard(self, url, count=1, wait=20):
        """At least so many messages, taken off the queue; fewer when nothing comes."""
        found = []
        while len(found) < count:
            answer = self.sqs.receive_message(
                QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=wait, MessageAttributeNames=["All"],
                MessageSystemAttributeNames=["All"],
            )  # fmt: skip
            found += answer.get("Messages", [])
            for message in answer.get("Messages", []):
                self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            if not answer.get("Messages"):
                break
        return found

    def told(self, url, count=1, wait=20):
        return [json.loads(message["Body"]) for message in self.heard(url, count, wait)]


@pytest.fixture
def town(aws):
    return Town(aws)


@pytest.fixture
def own_town(own_cloud):
    return Town(own_cloud)


@pytest.fixture
def refused():
    """The code and the words of a refusal."""

    def ask(operation, **request):
        with pytest.raises(ClientError) as refusal:
            operation(**request)
        error = refusal.value.response["Error"]
        return error["Code"], error["Message"]

    return ask


@pytest.fixture
def until():
    """Ask until the answer is true, for at most ten seconds."""

    def wait(ask):
        end = time.monotonic() + 10
        while not (answer := ask()) and time.monotonic() < end:
            time.sleep(0.02)
        return answer

    return wait
