"""Queues that are read for functions."""

import json

import pytest
from tests.running import wait_for

from freehold.engines.sources.queues import record

LOOKS_MAX = 2_000
QUEUES = {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}
ECHO = """
import boto3, json
def handler(event, context):
    bodies = [record["body"] for record in event["Records"]]
    boto3.client("sqs").send_message(QueueUrl="{url}", MessageBody=json.dumps(bodies))
"""
FAILING = "def handler(event, context): raise ValueError('no')"
PICKY = """
def handler(event, context):
    failed = [record["messageId"] for record in event["Records"] if "bad" in record["body"]]
    return {"batchItemFailures": [{"itemIdentifier": id} for id in failed]}
"""


class Source:
    """A queue with a dead-letter queue behind it, and a queue for what functions tell."""

    def __init__(self, workshop):
        self.workshop, self.client = workshop, workshop.aws("sqs")
        self.told = self.make("told")
        self.dead = self.make("dead")
        redrive = json.dumps({"deadLetterTargetArn": self.arn("dead"), "maxReceiveCount": "1"})
        self.url = self.make("source", RedrivePolicy=redrive, VisibilityTimeout="1")
        self.role = workshop.role(QUEUES)

    def make(self, name, **attributes):
        return self.client.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]

    def arn(self, name="source"):
        return f"arn:aws:sqs:{self.workshop.aws.region}:{self.workshop.aws.account}:{name}"

    def map(self, code, **settings):
        self.workshop.make(code.replace("{url}", self.told), role=self.role, Timeout=1, MemorySize=256)
        return self.workshop.client.create_event_source_mapping(
            FunctionName="it", EventSourceArn=self.arn(), **settings
        )

    def send(self, *bodies):
        for body in bodies:
            self.client.send_message(QueueUrl=self.url, MessageBody=body)

    def read(self, url, count=1):
        """The bodies of the next messages."""
        bodies = []
        while len(bodies) < count:
            found = self.client.receive_message(QueueUrl=url, WaitTimeSeconds=10).get("Messages", [])
            assert found
            bodies += [one["Body"] for one in found]
        return bodies

    def state(self, uuid):
        return self.workshop.client.get_event_source_mapping(UUID=uuid)["State"]

    def until(self, uuid, state):
        """Look until the mapping is in a state; each look takes a request."""
        assert any(self.state(uuid) == state for _ in range(LOOKS_MAX)), self.state(uuid)


@pytest.fixture
def source(workshop):
    return Source(workshop)


def test_messages_reach_the_function_and_leave_the_queue(source):
    made = source.map(ECHO)
    assert (made["State"], made["BatchSize"]) == ("Creating", 10)
    source.send("one")
    assert source.read(source.told) == ['["one"]']
    source.until(made["UUID"], "Enabled")
    left = source.client.get_queue_attributes(QueueUrl=source.url, AttributeNames=["All"])["Attributes"]
    assert left["ApproximateNumberOfMessages"] == "0"


def test_a_window_gathers_a_batch(source):
    source.map(ECHO, MaximumBatchingWindowInSeconds=5, BatchSize=3)
    source.send("1", "2", "3")
    assert sorted(json.loads(source.read(source.told)[0])) == ["1", "2", "3"]


def test_what_a_function_fails_on_comes_to_the_dead_letter_queue(source):
    source.map(FAILING)
    source.send("bad")
    assert source.read(source.dead) == ["bad"]


def test_only_reported_messages_stay(source):
    source.map(PICKY, FunctionResponseTypes=["ReportBatchItemFailures"])
    source.send("good", "bad", "fine")
    assert source.read(source.dead) == ["bad"]


def test_filters_drop_what_does_not_match(source):
    pattern = json.dumps({"body": {"kind": ["wanted"]}})
    source.map(ECHO, FilterCriteria={"Filters": [{"Pattern": pattern}]}, BatchSize=1)
    source.send("no json", '{"kind": "other"}', '{"kind": "wanted"}')
    assert source.read(source.told) == ['["{\\"kind\\": \\"wanted\\"}"]']


def test_a_mapping_is_stopped_started_and_deleted(source):
    client = source.workshop.client
    uuid = source.map(ECHO)["UUID"]
    source.until(uuid, "Enabled")
    assert client.update_event_source_mapping(UUID=uuid, Enabled=False)["State"] == "Disabling"
    source.until(uuid, "Disabled")
    source.send("later")
    assert client.update_event_source_mapping(UUID=uuid, Enabled=True, BatchSize=1)["BatchSize"] == 1
    assert source.read(source.told) == ['["later"]']
    assert client.delete_event_source_mapping(UUID=uuid)["State"] == "Deleting"
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        source.until(uuid, "gone")


def test_what_cannot_work_is_refused(source):
    client = source.workshop.client
    uuid = source.map(ECHO)["UUID"]
    again = {"FunctionName": "it", "EventSourceArn": source.arn()}
    with pytest.raises(client.exceptions.ResourceConflictException, match=uuid):
        client.create_event_source_mapping(**again)
    invalid = client.exceptions.InvalidParameterValueException
    with pytest.raises(invalid, match="batch window"):
        client.create_event_source_mapping(**again, BatchSize=11)
    with pytest.raises(invalid, match="NonExistentQueue"):
        client.create_event_source_mapping(FunctionName="it", EventSourceArn=source.arn("none"))
    source.workshop.make(ECHO, name="slow", role=source.role, Timeout=60)
    with pytest.raises(invalid, match="Queue visibility timeout: 1 seconds is less than Function timeout: 60 seconds"):
        client.create_event_source_mapping(FunctionName="slow", EventSourceArn=source.arn())
    source.workshop.make(ECHO, name="weak", role=source.workshop.role(name="weak"))
    with pytest.raises(invalid, match="does not have permissions to call ReceiveMessage on SQS"):
        client.create_event_source_mapping(FunctionName="weak", EventSourceArn=source.arn("dead"))


@pytest.mark.parametrize(
    ("source", "settings", "words"),
    [
        ("sqs", {"StartingPosition": "LATEST"}, "Unsupported StartingPosition parameter for given event source"),
        ("dynamodb", {}, "Value null at 'startingPosition' failed to satisfy constraint"),
        ("dynamodb", {"StartingPosition": "AT_TIMESTAMP"}, "Unsupported starting position for arn type"),
        ("dynamodb", {"StartingPosition": "LATEST"}, "Cannot access stream arn:aws:dynamodb"),
        ("kinesis", {"StartingPosition": "LATEST", "ScalingConfig": {"MaximumConcurrency": 2}}, "Unsupported Scaling"),
        ("iam", {}, "Unrecognized event source."),
    ],
)
def test_what_a_kind_of_source_does_not_have(workshop, source, settings, words):
    workshop.make()
    arn = f"arn:aws:{source}:us-east-1:{workshop.aws.account}:table/t/stream/2025-02-22T03:03:25.490"
    with pytest.raises(workshop.client.exceptions.InvalidParameterValueException, match=words):
        workshop.client.create_event_source_mapping(FunctionName="it", EventSourceArn=arn, **settings)


def test_a_mapping_may_be_made_disabled(workshop):
    source = Source(workshop)
    workshop.make(role=source.role, Timeout=1)
    made = workshop.client.create_event_source_mapping(FunctionName="it", EventSourceArn=source.arn(), Enabled=False)
    assert made["State"] == "Disabled"


def test_messages_are_counted_where_it_is_asked_for(workshop):
    source = Source(workshop)
    source.map(FAILING, MetricsConfig={"Metrics": ["EventCount"]})
    source.client.send_message(QueueUrl=source.url, MessageBody="bad")
    metrics = workshop.aws("cloudwatch")

    def counted():
        found = metrics.list_metrics(Namespace="AWS/Lambda")["Metrics"]
        return {one["MetricName"] for one in found if one["Dimensions"][0]["Name"] == "EventSourceMappingUUID"}

    assert wait_for(lambda: counted() >= {"PolledEventCount", "InvokedEventCount", "FailedInvokeEventCount"})


def test_a_message_without_attributes_says_so_where_batches_are_gathered():
    message = {"MessageId": "m", "ReceiptHandle": "r", "Body": "b", "MD5OfBody": "5"}
    source = "arn:aws:sqs:us-east-1:111122223333:q"
    assert record(source, message, gathered=True)["md5OfMessageAttributes"] is None
    assert "md5OfMessageAttributes" not in record(source, message, gathered=False)
