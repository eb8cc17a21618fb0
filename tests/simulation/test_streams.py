"""Streams: gap-free and in order, and each record reaches its function: at least once, and no more often than the cloud
died; whatever is acknowledged is in the stream, and whatever is in the stream was asked for.
"""

import asyncio
import base64
from collections import Counter
from itertools import pairwise

from tests.simulation.clients import Scenario
from tests.simulation.functions import archive
from tests.simulation.shapes import TABLE, arn, document

from freehold.services.lambda_.sources.positions import Position

ALLOW = {"Effect": "Allow", "Action": ["kinesis:*", "dynamodb:*"], "Resource": "*"}
TRUST = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
KEYS = ("ann", "bob", "cid")


async def whole(client, service, **shard):
    """All records of a shard."""
    found, iterator = [], (await client(service, "GetShardIterator", ShardIteratorType="TRIM_HORIZON", **shard))
    iterator = iterator["ShardIterator"]
    while iterator:
        page = await client(service, "GetRecords", ShardIterator=iterator, Limit=7)
        found += page["Records"]
        iterator = page.get("NextShardIterator") if page["Records"] else None
    return found


async def shards_of(client, service, **stream):
    return (await client(service, "DescribeStream", **stream))["StreamDescription"]["Shards"]


class Ledger(Scenario):
    """Writers change items of a table; its stream, replayed, must be the table."""

    rooms = ("dynamodb", "dynamodbstreams")

    def __init__(self):
        self.todo = list(range(40))
        self.acknowledged: dict[str, int] = {}

    async def prepare(self, client):
        wanted = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
        made = await client("dynamodb", "CreateTable", TableName="ledger", StreamSpecification=wanted, **TABLE)
        self.stream = made["TableDescription"]["LatestStreamArn"]

    def clients(self, client):
        return [self.write(client) for _ in range(3)]

    async def write(self, client):
        while self.todo:
            number = self.todo.pop()
            name, other = client.chance.sample(KEYS, 2)
            items = [{"id": {"S": one}, "n": {"N": str(number)}} for one in (name, other)]
            cut = {"Delete": {"TableName": "ledger", "Key": {"id": {"S": other}}}}
            put = [{"Put": {"TableName": "ledger", "Item": item}} for item in items]
            actions = [put[0], cut] if client.chance.random() < 0.3 else put
            await client("dynamodb", "TransactWriteItems", TransactItems=actions)
            await client.sleep(client.chance.choice((0, 1)))

    async def check(self, client):
        (shard,) = await shards_of(client, "dynamodbstreams", StreamArn=self.stream)
        records = await whole(client, "dynamodbstreams", StreamArn=self.stream, ShardId=shard["ShardId"])
        numbers = [int(record["dynamodb"]["SequenceNumber"]) for record in records]
        assert all(later == earlier + 1 for earlier, later in pairwise(numbers)), "the stream has a gap"
        replayed: dict[str, dict] = {}
        for record in records:
            told = record["dynamodb"]
            name = told["Keys"]["id"]["S"]
            assert told.get("OldImage") == replayed.get(name), "a change does not follow from the one before"
            assert (record["eventName"] == "INSERT") == (name not in replayed)
            replayed.pop(name, None)
            if "NewImage" in told:
                replayed[name] = told["NewImage"]
        items = (await client("dynamodb", "Scan", TableName="ledger"))["Items"]
        assert {item["id"]["S"]: item for item in items} == replayed


class Follow(Scenario):
    """Writers put records into two shards, one of which is split; a function reads them and fails now and then."""

    rooms = ("kinesis", "lambda", "logs")
    lanes, batch = 1, 2

    def __init__(self):
        self.todo = list(range(60))
        self.asked: set[int] = set()
        self.acknowledged: set[int] = set()
        self.tried: Counter[int] = Counter()
        self.done: list[tuple[str, int]] = []
        self.lives = 0
        self.split = False
        self.functions = {"reader": self.read}

    async def read(self, event):
        await asyncio.sleep(0)
        records = [record["kinesis"] for record in event["Records"]]
        numbers = [int(base64.b64decode(record["data"])) for record in records]
        self.tried.update(numbers)
        if any(number % 10 == 0 and self.tried[number] < 3 for number in numbers):
            raise ValueError("not yet")
        self.done += [(record["partitionKey"], number) for record, number in zip(records, numbers)]

    async def prepare(self, client):
        await client("kinesis", "CreateStream", StreamName="line", ShardCount=2)
        made = await client("iam", "CreateRole", RoleName="reader", AssumeRolePolicyDocument=document(TRUST))
        await client("iam", "PutRolePolicy", RoleName="reader", PolicyName="all", PolicyDocument=document(ALLOW))
        await client(
            "lambda", "CreateFunction", FunctionName="reader", Role=made["Role"]["Arn"], Code={"ZipFile": archive()},
            Runtime="provided", Handler="index.handler",
        )  # fmt: skip
        mapping = await client(
            "lambda", "CreateEventSourceMapping", FunctionName="reader", EventSourceArn=arn("kinesis", "stream/line"),
            StartingPosition="TRIM_HORIZON", BatchSize=self.batch, ParallelizationFactor=self.lanes,
            BisectBatchOnFunctionError=client.chance.random() < 0.5,
        )  # fmt: skip

        self.mapping = mapping["UUID"]

    def clients(self, client):
        self.lives += 1
        return [*(self.write(client) for _ in range(3)), self.reshard(client)]

    async def write(self, client):
        while self.todo:
            number = self.todo.pop(0)
            self.asked.add(number)
            key = client.chance.choice(KEYS)
            await client("kinesis", "PutRecord", StreamName="line", Data=str(number).encode(), PartitionKey=key)
            self.acknowledged.add(number)
            await client.sleep(client.chance.choice((0, 0, 1)))

    async def reshard(self, client):
        if not self.split and len(self.acknowledged) > 20:
            self.split = True
            at = str(2**126)
            await client(
                "kinesis", "SplitShard", StreamName="line", ShardToSplit="shardId-000000000000", NewStartingHashKey=at
            )  # fmt: skip

    async def settled(self, client):
        seen = {number for _, number in self.done}
        return self.acknowledged <= seen and await super().settled(client)

    async def check(self, client):
        await client.pass_time(1)  # what the last power cut took back is done again
        await client.pass_time(60)
        records = {}
        where = {one.shard: one for one in await client.transact(lambda tx: tx.range(Position, self.mapping))}
        for shard in await shards_of(client, "kinesis", StreamName="line"):
            found = await whole(client, "kinesis", StreamName="line", ShardId=shard["ShardId"])
            numbers = [int(record["SequenceNumber"]) for record in found]
            assert numbers == sorted(set(numbers))
            position = where[shard["ShardId"]]
            assert (position.after, position.page) == (found[-1]["SequenceNumber"] if found else "", None)
            assert position.ended == ("EndingSequenceNumber" in shard["SequenceNumberRange"])
            for record in found:
                records.setdefault(record["PartitionKey"], []).append(int(record["Data"]))
        kept = Counter(number for numbers in records.values() for number in numbers)
        assert set(kept.values()) <= {1} and self.acknowledged <= kept.keys() <= self.asked
        done = Counter(number for _, number in self.done)
        assert done.keys() == kept.keys(), "each record reaches the function"
        assert done.total() - len(done) <= self.lives * len(where) * self.batch * self.lanes, "only what was under way"
        for key, numbers in records.items():
            first = list(dict.fromkeys(number for name, number in self.done if name == key))
            assert first == numbers, "in the order of the key"


class Lanes(Follow):
    """The same with several batches of a shard at a time."""

    lanes = 3


class Undisturbed(Follow):
    """Nothing dies: each record is done exactly once."""

    async def prepare(self, client):
        await super().prepare(client)
        self.lives = 1
        writers = [asyncio.ensure_future(self.write(client)) for _ in range(3)]
        while not (all(one.done() for one in writers) and await self.settled(client)):
            await client.pass_time(client.chance.choice((0.25, 1.0, 5.0)))
        assert set(Counter(self.done).values()) == {1}


def test_a_stream_replayed_is_its_table(simulate):
    simulate(Ledger())


def test_each_record_reaches_its_function(simulate):
    simulate(Follow())


def test_lanes_keep_the_order_of_keys(simulate):
    simulate(Lanes())


def test_each_record_is_done_once_where_nothing_dies(simulate):
    simulate(Undisturbed())
