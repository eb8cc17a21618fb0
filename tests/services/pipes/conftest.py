"""Shorthand for tests of EventBridge Pipes: a role, sources, targets, and what reached these."""

import io
import json
import time
import zipfile

import pytest
from botocore.exceptions import ClientError

ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
BUSY = {"CREATING", "UPDATING", "STARTING", "STOPPING", "DELETING"}


class Works:
    """Pipes of one account, with a role that they may use."""

    def __init__(self, aws, *statements):
        self.aws, self.pipes, self.sqs = aws, aws("pipes"), aws("sqs")
        self.role = aws.role("plumber", "pipes.amazonaws.com", *(statements or (ALL,)))

    def arn(self, service, resource):
        return f"arn:aws:{service}:{self.aws.region}:{self.aws.account}:{resource}"

    def queue(self, name, **attributes):
        """The URL and ARN of a new queue."""
        if name.endswith(".fifo"):
            attributes = {"FifoQueue": "true", "ContentBasedDeduplication": "true"} | attributes
        return self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"], self.arn("sqs", name)

    def function(self, name, code):
        """The ARN of a new function with this body of `handler(event, context)`."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as package:
            package.writestr("index.py", f"def handler(event, context):\n    {code}\n")
        role = self.aws.role(f"{name}-runs", "lambda.amazonaws.com", ALL)
        return self.aws("lambda").create_function(
            FunctionName=name, Role=role, Code={"ZipFile": buffer.getvalue()}, Runtime="python3.11",
            Handler="index.handler", Timeout=10,
        )["FunctionArn"]  # fmt: skip

    def pipe(self, name, source, target, **members):
        """A new pipe, as it is when it has settled."""
        request = {"Name": name, "RoleArn": self.role, "Source": source, "Target": target, **members}
        self.pipes.create_pipe(**request)
        return self.settled(name)

    def settled(self, name):
        """A pipe as soon as nothing is under way; nothing if it is gone."""
        end = time.monotonic() + 15
        while time.monotonic() < end:
            try:
                found = self.pipes.describe_pipe(Name=name)
            except ClientError:
                return None
            if found["CurrentState"] not in BUSY:
                return found
            time.sleep(0.02)
        raise AssertionError(found)

    def send(self, url, *bodies, **more):
        for body in bodies:
            text = body if isinstance(body, str) else json.dumps(body)
            self.sqs.send_message(QueueUrl=url, MessageBody=text, **more)

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

    def left(self, url):
        """How many messages a queue holds, hidden ones too."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return sum(int(found[name]) for name in names)


@pytest.fixture
def works(aws):
    return Works(aws)


@pytest.fixture
def own_works(own_cloud):
    return Works(own_cloud)


@pytest.fixture
def until():
    """Ask until the answer is true, for at most fifteen seconds."""

    def wait(ask):
        end = time.monotonic() + 15
        while not (answer := ask()) and time.monotonic() < end:
            time.sleep(0.02)
        return answer

    return wait


@pytest.fixture
def refused():
    """The code and the words of a refusal."""

    def ask(operation, **request):
        with pytest.raises(ClientError) as refusal:
            operation(**request)
        error = refusal.value.response["Error"]
        return error["Code"], error["Message"]

    return ask
