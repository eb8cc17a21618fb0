"""Pipes: what is in the source reaches the target, at least once and no more often than the cloud died; groups and keys
keep their order; what a target never takes ends in the dead-letter queue.
"""

import asyncio
import json
from base64 import b64decode
from collections import Counter

from tests.simulation.clients import Scenario
from tests.simulation.functions import archive
from tests.simulation.shapes import arn, document
from tests.simulation.test_streams import shards_of, whole

from freehold.services.pipes.reading.positions import Position

ALLOW = {"Effect": "Allow", "Action": "*", "Resource": "*"}
KEYS = ("ann", "bob", "cid")


async def role(client, name, service):
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    made = await client("iam", "CreateRole", RoleName=name, AssumeRolePolicyDocument=document(trust))
    await client("iam", "PutRolePolicy", RoleName=name, PolicyName="all", PolicyDocument=document(ALLOW))
    return made["Role"]["Arn"]


async def queue(client, name, **attributes):
    """The URL of a new queue."""
    return (await client("sqs", "CreateQueue", QueueName=name, Attributes=attributes))["QueueUrl"]


class Line(Scenario):
    """Writers send to the groups of a FIFO queue; a pipe takes what is even to another."""

    rooms = ("pipes", "sqs")

    def __init__(self):
        self.todo = list(range(40))
        self.sent: dict[str, list[int]] = {key: [] for key in KEYS}
        self.asked: set[int] = set()

    async def prepare(self, client):
        fifo = {"FifoQueue": "true"}
        self.source, self.target = [await queue(client, f"{name}.fifo", **fifo) for name in ("from", "to")]
        even = [{"Pattern": json.dumps({"body": {"even": [True]}})}]
        group = {"MessageGroupId": "$.attributes.MessageGroupId", "MessageDeduplicationId": "$.messageId"}
        await client(
            "pipes", "CreatePipe", Name="line", RoleArn=await role(client, "plumber", "pipes.amazonaws.com"),
            Source=arn("sqs", "from.fifo"), Target=arn("sqs", "to.fifo"),
            SourceParameters={"FilterCriteria": {"Filters": even}, "SqsQueueParameters": {"BatchSize": 3}},
            TargetParameters={"InputTemplate": "<$.body.n>", "SqsQueueParameters": group},
        )  # fmt: skip

    def clients(self, client):
        return [self.write(client, key) for key in KEYS]

    async def write(self, client, key):
        while self.todo:
            n = self.todo.pop(0)
            self.asked.add(n)
            body = json.dumps({"n": n, "even": n % 2 == 0})
            await client(
                "sqs", "SendMessage", QueueUrl=self.source, MessageBody=body, MessageGroupId=key,
                MessageDeduplicationId=str(n),
            )  # fmt: skip
            self.sent[key].append(n)
            await client.sleep(client.chance.choice((0, 0, 1)))

    async def settled(self, client):
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        answer = await client("sqs", "GetQueueAttributes", QueueUrl=self.source, AttributeNames=names)
        return not any(int(count) for count in answer["Attributes"].values()) and await super().settled(client)

    async def check(self, client):
        arrived = list(dict.fromkeys(int(body) for body in await client.drained(self.target)))
        acknowledged = {n for numbers in self.sent.values() for n in numbers}
        assert {n for n in acknowledged if n % 2 == 0} <= set(arrived) <= {n for n in self.asked if n % 2 == 0}
        for numbers in self.sent.values():
            own = [n for n in arrived if n in numbers]
            assert own == [n for n in numbers if n % 2 == 0], "in the order of the group"


class Taken(Scenario):
    """Writers put records into two shards; a pipe hands them to a function, which fails now and then, and always on
    some, which are told to a queue."""

    rooms = ("kinesis", "lambda", "logs", "pipes", "sqs")
    lanes, batch = 1, 2

    def __init__(self):
        self.todo = list(range(50))
        self.asked: set[int] = set()
        self.acknowledged: set[int] = set()
        self.tried: Counter[int] = Counter()
        self.done: list[tuple[str, int]] = []
        self.lives = 0
        self.functions = {"taker": self.take}

    async def take(self, event):
        await asyncio.sleep(0)
        numbers = [int(b64decode(record["data"])) for record in event]
        self.tried.update(numbers)
        if any(n % 17 == 0 or (n % 10 == 0 and self.tried[n] < 2) for n in numbers):
            raise ValueError("not this")
        self.done += [(record["partitionKey"], n) for record, n in zip(event, numbers)]

    async def prepare(self, client):
        await client("kinesis", "CreateStream", StreamName="line", ShardCount=2)
        self.dead = await queue(client, "dead")
        await client(
            "lambda", "CreateFunction", FunctionName="taker", Role=await role(client, "taker", "lambda.amazonaws.com"),
            Code={"ZipFile": archive()}, Runtime="provided", Handler="index.handler",
        )  # fmt: skip
        reading = {
            "StartingPosition": "TRIM_HORIZON", "BatchSize": self.batch, "ParallelizationFactor": self.lanes,
            "MaximumRetryAttempts": 3, "OnPartialBatchItemFailure": "AUTOMATIC_BISECT",
            "DeadLetterConfig": {"Arn": arn("sqs", "dead")},
        }  # fmt: skip
        await client(
            "pipes", "CreatePipe", Name="line", RoleArn=await role(client, "plumber", "pipes.amazonaws.com"),
            Source=arn("kinesis", "stream/line"), Target=arn("lambda", "function:taker"),
            SourceParameters={"KinesisStreamParameters": reading},
        )  # fmt: skip
        self.pipe = None

    def clients(self, client):
        self.lives += 1
        return [self.write(client) for _ in range(3)]

    async def write(self, client):
        while self.todo:
            n = self.todo.pop(0)
            self.asked.add(n)
            key = client.chance.choice(KEYS)
            await client("kinesis", "PutRecord", StreamName="line", Data=str(n).encode(), PartitionKey=key)
            self.acknowledged.add(n)
            await client.sleep(client.chance.choice((0, 0, 1)))

    async def settled(self, client):
        wanted = {n for n in self.acknowledged if n % 17}
        return wanted <= {n for _, n in self.done} and await super().settled(client)

    async def check(self, client):
        await client.pass_time(1)  # what the last power cut took back is done again
        for _ in range(8):
            await client.pass_time(60)
        records: dict[str, list[int]] = {}
        positions = await client.transact(lambda tx: tx.range(Position))
        where = {one.shard: one for one in positions}
        for shard in await shards_of(client, "kinesis", StreamName="line"):
            found = await whole(client, "kinesis", StreamName="line", ShardId=shard["ShardId"])
            position = where[shard["ShardId"]]
            assert (position.after, position.page) == (found[-1]["SequenceNumber"] if found else "", None)
            for record in found:
                records.setdefault(record["PartitionKey"], []).append(int(record["Data"]))
        kept = {n for numbers in records.values() for n in numbers}
        assert self.acknowledged <= kept <= self.asked
        done = Counter(n for _, n in self.done)
        assert done.keys() == {n for n in kept if n % 17}, "each record reaches the function, but those it never takes"
        assert done.total() - len(done) <= self.lives * len(where) * self.batch * self.lanes, "only what was under way"
        letters = [json.loads(body) for body in await client.drained(self.dead)]
        assert sum(letter["KinesisBatchInfo"]["batchSize"] for letter in letters) == len(kept) - len(done)
        for key, numbers in records.items():
            first = list(dict.fromkeys(n for name, n in self.done if name == key))
            assert first == [n for n in numbers if n % 17], "in the order of the key"


class Lanes(Taken):
    """The same with several batches of a shard at a time."""

    lanes = 3


class Poison(Scenario):
    """A message that the target never takes shows again and again; the pipe tries it less and less often."""

    rooms = ("pipes", "sqs")

    async def prepare(self, client):
        source = await queue(client, "from", VisibilityTimeout="1")
        await client(
            "pipes", "CreatePipe", Name="line", RoleArn=await role(client, "plumber", "pipes.amazonaws.com"),
            Source=arn("sqs", "from"), Target=arn("sqs", "nowhere"),
        )  # fmt: skip
        await client("sqs", "SendMessage", QueueUrl=source, MessageBody="poison")
        for _ in range(60):
            await client.pass_time(1.1)
        while True:
            await client.pass_time(1.1)
            answer = await client("sqs", "ReceiveMessage", QueueUrl=source, MessageSystemAttributeNames=["All"])
            if answer.get("Messages"):
                break
        tries = int(answer["Messages"][0]["Attributes"]["ApproximateReceiveCount"]) - 1
        assert 6 <= tries <= 12, tries


def test_a_pipe_that_fails_backs_off(simulate):
    simulate(Poison())


def test_groups_keep_their_order(simulate):
    simulate(Line())


def test_each_record_is_taken_or_told(simulate):
    simulate(Taken())


def test_lanes_keep_the_order_of_keys(simulate):
    simulate(Lanes())
