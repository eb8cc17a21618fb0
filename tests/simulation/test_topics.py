"""Topics: what was published reaches each queue once, and in order where order was promised; what was found in it is
told once, also of what was refused."""

import gzip
import json
from collections import Counter

import pytest
from tests.simulation.clients import REGION, Client, Scenario
from tests.simulation.shapes import arn, document
from tests.simulation.test_objects import body

from freehold.services.sns.errors import MessageProhibited

QUEUES = ("left", "right")
GROUPS = ("a", "b")
ANYBODY = document({"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"})


async def subscribe(client: Client, topic: str, queue: str, **attributes: str) -> str:
    """The URL of a new queue that gets what the topic is told, as it is."""
    attributes |= {"Policy": ANYBODY}
    url = (await client("sqs", "CreateQueue", QueueName=queue, Attributes=attributes))["QueueUrl"]
    await client(
        "sns", "Subscribe", TopicArn=topic, Protocol="sqs", Endpoint=arn("sqs", queue),
        Attributes={"RawMessageDelivery": "true"},
    )  # fmt: skip
    return url


class Broadcast(Scenario):
    rooms = ("sns", "sqs")

    def __init__(self) -> None:
        self.todo = [f"notice {number}" for number in range(30)]
        self.acknowledged: set[str] = set()

    async def prepare(self, client):
        self.topic = (await client("sns", "CreateTopic", Name="news"))["TopicArn"]
        self.urls = [await subscribe(client, self.topic, queue) for queue in QUEUES]

    def clients(self, client):
        return [self.publish(client) for _ in range(3)]

    async def publish(self, client):
        while self.todo:
            text = self.todo.pop(0)
            await client("sns", "Publish", TopicArn=self.topic, Message=text)
            self.acknowledged.add(text)

    async def check(self, client):
        for url in self.urls:
            arrived = Counter(await client.drained(url))
            assert not {text for text, times in arrived.items() if times > 1}
            assert not self.acknowledged - arrived.keys()


class Ordered(Scenario):
    """One publisher for each group of a FIFO topic, who publishes each text once, in order."""

    rooms = ("sns", "sqs")

    def __init__(self) -> None:
        self.todo = {group: list(range(20)) for group in GROUPS}
        self.acknowledged: dict[str, set[int]] = {group: set() for group in GROUPS}

    async def prepare(self, client):
        named = {"Name": "news.fifo", "Attributes": {"FifoTopic": "true", "ContentBasedDeduplication": "true"}}
        self.topic = (await client("sns", "CreateTopic", **named))["TopicArn"]
        self.url = await subscribe(client, self.topic, "news.fifo", FifoQueue="true")

    def clients(self, client):
        return [self.publish(client, group) for group in GROUPS]

    async def publish(self, client, group):
        todo = self.todo[group]
        while todo:
            number = todo.pop(0)
            text = f"{group} {number}"
            await client("sns", "Publish", TopicArn=self.topic, Message=text, MessageGroupId=group)
            self.acknowledged[group].add(number)

    async def check(self, client):
        arrived: dict[str, list[int]] = {group: [] for group in GROUPS}
        for text in await client.drained(self.url):
            group, number = text.split()
            arrived[group].append(int(number))
        for group, numbers in arrived.items():
            assert numbers == sorted(set(numbers)), f"group {group} lost its order"
            assert not self.acknowledged[group] - set(numbers)


class Audited(Scenario):
    """A topic that refuses every other message, and tells of those that it audits in a log group and in a bucket."""

    rooms = ("sns", "logs", "s3")
    group, bucket = "/aws/vendedlogs/audit", "findings"

    def __init__(self) -> None:
        self.todo = list(range(30))
        self.taken: set[str] = set()
        self.refused = 0

    async def prepare(self, client):
        await client(
            "s3", "CreateBucket", Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": REGION}
        )  # fmt: skip
        places = {"CloudWatchLogs": {"LogGroup": self.group}, "S3": {"Bucket": self.bucket}}
        audit = {"SampleRate": 99, "FindingsDestination": places, "NoFindingsDestination": places}
        statements = [
            {"DataDirection": "Inbound", "Principal": ["*"], "DataIdentifier": ["Odd"], "Operation": operation}
            for operation in ({"Audit": audit}, {"Deny": {}})
        ]
        custom = {"CustomDataIdentifier": [{"Name": "Odd", "Regex": r"odd \d+"}]}
        policy = {"Name": "p", "Version": "2021-06-01", "Configuration": custom, "Statement": statements}
        made = await client("sns", "CreateTopic", Name="news", DataProtectionPolicy=json.dumps(policy))
        self.topic = made["TopicArn"]

    def clients(self, client):
        client.cloud.ids.random = lambda: 0.5  # so that every message is in the sample
        return [self.publish(client) for _ in range(3)]

    async def publish(self, client):
        while self.todo:
            number = self.todo.pop(0)
            if number % 2:
                with pytest.raises(MessageProhibited):
                    await client("sns", "Publish", TopicArn=self.topic, Message=f"odd {number}")
                self.refused += 1
            else:
                answer = await client("sns", "Publish", TopicArn=self.topic, Message=f"even {number}")
                self.taken.add(answer["MessageId"])

    async def check(self, client):
        records = [json.loads(line) for line in await self.logged(client)]
        ids = Counter(record["messageId"] for record in records)
        assert set(ids.values()) == {1}
        assert not self.taken - ids.keys()
        assert sum(bool(record["dataIdentifiers"]) for record in records) >= self.refused
        assert Counter(json.loads(line)["messageId"] for line in await self.filed(client)) == ids

    async def logged(self, client):
        answer = await client("logs", "FilterLogEvents", logGroupName=self.group)
        return [event["message"] for event in answer["events"]]

    async def filed(self, client):
        lines = []
        for file in (await client("s3", "ListObjectsV2", Bucket=self.bucket))["Contents"]:
            answer = await client("s3", "GetObject", Bucket=self.bucket, Key=file["Key"])
            lines += gzip.decompress(await body(answer)).splitlines()
        return lines


def test_each_acknowledged_notice_reaches_each_queue_once(simulate):
    simulate(Broadcast())


def test_a_fifo_topic_keeps_its_order(simulate):
    simulate(Ordered())


def test_what_is_audited_is_told_once_whatever_becomes_of_it(simulate):
    simulate(Audited())
