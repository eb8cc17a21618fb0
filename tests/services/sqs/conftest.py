"""Shorthand for tests of queues: a client and a queue of their own."""

import json

import pytest
from botocore.exceptions import ClientError


class Line:
    """A queue of one client, with the words that tests use of it."""

    def __init__(self, sqs, name, **attributes):
        self.sqs, self.name = sqs, name
        attributes = {key: value if isinstance(value, str) else json.dumps(value) for key, value in attributes.items()}
        if name.endswith(".fifo"):
            attributes["FifoQueue"] = "true"
        self.url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]

    def send(self, body, **more):
        return self.sqs.send_message(QueueUrl=self.url, MessageBody=body, **more)

    def receive(self, most=10, **more):
        """The messages received."""
        answer = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=most, **more)
        return answer.get("Messages", [])

    def bodies(self, most=10, **more):
        return [message["Body"] for message in self.receive(most, **more)]

    def delete(self, message):
        self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])

    def hide(self, message, seconds):
        handle = message["ReceiptHandle"]
        self.sqs.change_message_visibility(QueueUrl=self.url, ReceiptHandle=handle, VisibilityTimeout=seconds)

    def attributes(self, *names):
        return self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=names or ["All"]).get("Attributes", {})

    def set(self, **attributes):
        self.sqs.set_queue_attributes(QueueUrl=self.url, Attributes=attributes)

    @property
    def arn(self):
        return self.attributes("QueueArn")["QueueArn"]

    def counts(self):
        """Visible, in flight, delayed."""
        known = self.attributes()
        names = ("", "NotVisible", "Delayed")
        return tuple(int(known[f"ApproximateNumberOfMessages{name}"]) for name in names)


@pytest.fixture
def line(aws):
    """Makes a queue: line("orders", VisibilityTimeout="5")."""
    sqs = aws("sqs")
    return lambda name="orders", **attributes: Line(sqs, name, **attributes)


@pytest.fixture
def frozen_line(own_cloud):
    """Makes a queue of a cloud whose clock stands still."""
    sqs = own_cloud("sqs")
    return lambda name="orders", **attributes: Line(sqs, name, **attributes)


@pytest.fixture
def refused():
    """Expects a refusal: `with refused("Code", "words"):`."""

    class Refused:
        def __init__(self, code, words=""):
            self.code, self.words = code, words

        def __enter__(self):
            return self

        def __exit__(self, kind, error, _):
            assert isinstance(error, ClientError), "nothing was refused"
            told = error.response["Error"]
            assert told["Code"] == self.code, told
            assert self.words in told["Message"], told
            return True

    return Refused
