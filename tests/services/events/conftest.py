"""Shorthand for tests of EventBridge: a bus, rules with queues behind them, and what reached these."""

import json

import pytest
from botocore.exceptions import ClientError


class Town:
    """EventBridge of one account, with queues that rules may send to."""

    def __init__(self, aws):
        self.aws, self.events, self.sqs = aws, aws("events"), aws("sqs")

    def queue(self, name, policy=True, **attributes):
        """The URL and ARN of a new queue; EventBridge may send to it if `policy`."""
        if name.endswith(".fifo"):
            attributes |= {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
        if policy:
            statement = {
                "Effect": "Allow",
                "Principal": {"Service": "events.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": f"arn:aws:sqs:{self.aws.region}:{self.aws.account}:{name}",
            }
            attributes["Policy"] = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        url = self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        return url, f"arn:aws:sqs:{self.aws.region}:{self.aws.account}:{name}"

    def rule(self, name, pattern, *targets, bus="default", **more):
        """The ARN of a new rule."""
        arn = self.events.put_rule(Name=name, EventBusName=bus, EventPattern=json.dumps(pattern), **more)["RuleArn"]
        if targets:
            answer = self.events.put_targets(Rule=name, EventBusName=bus, Targets=list(targets))
            assert answer["FailedEntries"] == []
        return arn

    def hearer(self, name, pattern, bus="default", **members):
        """The URL of a queue that a rule of the same name sends to."""
        url, arn = self.queue(name)
        self.rule(name, pattern, {"Id": "q", "Arn": arn, **members}, bus=bus)
        return url

    def put(self, detail=None, source="shop", kind="sold", bus="default", **more):
        entry = {"Source": source, "DetailType": kind, "Detail": json.dumps(detail or {}), "EventBusName": bus, **more}
        answer = self.events.put_events(Entries=[entry])
        assert answer["FailedEntryCount"] == 0, answer
        return answer["Entries"][0]["EventId"]

    def heard(self, url, count=1, wait=20):
        """At least so many messages, as they come, taken off the queue; fewer when nothing comes."""
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
    """Expects a refusal: `with refused("Code", "words"):`."""

    class Refused:
        def __init__(self, code, words=""):
            self.code, self.words = code, words

        def __enter__(self):
            return self

        def __exit__(self, kind, error, _):
            assert isinstance(error, ClientError), f"nothing was refused: {error!r}"
            told = error.response["Error"]
            assert told["Code"] == self.code, told
            assert self.words in told["Message"], told
            return True

    return Refused
