"""Queues: no message is lost, none is seen more often than allowed, and none comes back once it was deleted."""

import json
from collections import Counter

from tests.simulation.clients import Scenario
from tests.simulation.shapes import arn

HIDDEN_S, RECEIVES_MAX = 30, 3


class Work(Scenario):
    """Workers who forget some messages, and some messages that nobody can work on."""

    rooms = ("sqs",)

    def __init__(self) -> None:
        self.todo = [f"{'poison' if number % 5 == 0 else 'job'} {number}" for number in range(25)]
        self.acknowledged: set[str] = set()
        self.seen: Counter[str] = Counter()
        self.deleting: set[str] = set()
        self.deleted: set[str] = set()

    async def prepare(self, client):
        self.dead = (await client("sqs", "CreateQueue", QueueName="dead"))["QueueUrl"]
        redrive = {"deadLetterTargetArn": arn("sqs", "dead"), "maxReceiveCount": RECEIVES_MAX}
        attributes = {"VisibilityTimeout": str(HIDDEN_S), "RedrivePolicy": json.dumps(redrive)}
        self.url = (await client("sqs", "CreateQueue", QueueName="jobs", Attributes=attributes))["QueueUrl"]

    def clients(self, client):
        return [*(self.produce(client) for _ in range(2)), *(self.work(client) for _ in range(3))]

    async def produce(self, client):
        while self.todo:
            body = self.todo.pop(0)
            delay_s = client.chance.choice((0, 0, 10))
            await client("sqs", "SendMessage", QueueUrl=self.url, MessageBody=body, DelaySeconds=delay_s)
            self.acknowledged.add(body)
            await client.sleep(client.chance.choice((0, 1)))

    async def work(self, client):
        while self.todo or await self.length(client):
            found = await client(
                "sqs", "ReceiveMessage", QueueUrl=self.url, MaxNumberOfMessages=client.chance.randint(1, 3),
                WaitTimeSeconds=client.chance.choice((0, 20)),
            )  # fmt: skip
            for message in found.get("Messages", []):
                await self.process(client, message["Body"], message["ReceiptHandle"])
            await client.sleep(client.chance.choice((0, 1)))

    async def process(self, client, body, handle):
        assert body not in self.deleted, "a deleted message came back"
        self.seen[body] += 1
        if body.startswith("poison") or client.chance.random() < 0.2:
            if client.chance.random() < 0.5:
                await client(
                    "sqs", "ChangeMessageVisibility", QueueUrl=self.url, ReceiptHandle=handle, VisibilityTimeout=0
                )  # fmt: skip
            return
        self.deleting.add(body)
        await client("sqs", "DeleteMessage", QueueUrl=self.url, ReceiptHandle=handle)
        self.deleted.add(body)

    async def length(self, client) -> int:
        asked = await client("sqs", "GetQueueAttributes", QueueUrl=self.url, AttributeNames=["All"])
        return sum(int(text) for name, text in asked["Attributes"].items() if name.startswith("ApproximateNumber"))

    async def check(self, client):
        assert await self.length(client) == 0
        buried = Counter(await client.drained(self.dead))
        assert max(buried.values()) == 1
        assert not self.deleted & buried.keys()
        assert not self.acknowledged - self.deleting - buried.keys(), "a message was lost"
        assert {body for body in self.acknowledged if body.startswith("poison")} <= buried.keys()
        assert max(self.seen.values()) <= RECEIVES_MAX


def test_each_message_is_processed_or_buried(simulate):
    simulate(Work())
