"""Shorthand for tests of topics: a topic, queues that hear it, and what reached them."""

import json
import re

import pytest
from botocore.exceptions import ClientError


class Talk:
    """A topic of one account, with queues that may hear it."""

    def __init__(self, aws, name, **attributes):
        self.sns, self.sqs = aws("sns"), aws("sqs")
        self.arn = self.sns.create_topic(Name=name, Attributes=attributes)["TopicArn"]

    def queue(self, name, hears=True, **attributes):
        """The URL and ARN of a new queue; `hears` if its policy lets the topic in."""
        if name.endswith(".fifo"):
            attributes["FifoQueue"] = "true"
        url = self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        arn = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        if hears:
            statement = {
                "Effect": "Allow",
                "Principal": {"Service": "sns.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": arn,
                "Condition": {"ArnEquals": {"aws:SourceArn": self.arn}},
            }
            policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
            self.sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        return url, arn

    def subscribe(self, protocol, endpoint, **attributes):
        answer = self.sns.subscribe(
            TopicArn=self.arn, Protocol=protocol, Endpoint=endpoint, Attributes=attributes, ReturnSubscriptionArn=True
        )
        return answer["SubscriptionArn"]

    def hearer(self, name, hears=True, **attributes):
        """The URL of a queue that is subscribed."""
        url, arn = self.queue(name, hears)
        self.subscribe("sqs", arn, **attributes)
        return url

    def publish(self, message, **more):
        return self.sns.publish(TopicArn=self.arn, Message=message, **more)

    def heard(self, url, count=1, wait=20):
        """At least so many messages, as they come; fewer when nothing comes."""
        found = []
        while len(found) < count:
            answer = self.sqs.receive_message(
                QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=wait, MessageAttributeNames=["All"],
                MessageSystemAttributeNames=["All"],
            )  # fmt: skip
            found += answer.get("Messages", [])
            if not answer.get("Messages"):
                break
        return found

    def bodies(self, url, count=1, wait=20):
        return [message["Body"] for message in self.heard(url, count, wait)]


@pytest.fixture
def talk(aws):
    return lambda name="news", **attributes: Talk(aws, name, **attributes)


@pytest.fixture
def letters(aws):
    """Waits for letters of an account: the outbox, when it holds so many."""

    def wait(count):
        while len(aws.outbox()) < count:
            pass
        return aws.outbox()

    return wait


@pytest.fixture
def link():
    """The link in a letter."""
    return lambda letter: re.search(r"http://\S+", letter["body"])[0]


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
