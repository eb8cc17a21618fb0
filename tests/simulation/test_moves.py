"""Dead-letter queues: the dead say where they died, and are moved back once, at the rate asked for."""

import json
from collections import Counter

from tests.simulation.clients import Scenario
from tests.simulation.shapes import arn

RATE, SENT = 7, 40


class Redrive(Scenario):
    """Messages die of one receipt, and are moved on to another queue."""

    rooms = ("sqs",)

    def __init__(self) -> None:
        self.todo = [f"job {number}" for number in range(SENT)]
        self.acknowledged: set[str] = set()
        self.moving = False

    async def prepare(self, client):
        self.dead = await self.queue(client, "dead")
        self.target = await self.queue(client, "target")
        policy = json.dumps({"deadLetterTargetArn": arn("sqs", "dead"), "maxReceiveCount": 1})
        self.jobs = await self.queue(client, "jobs", RedrivePolicy=policy, VisibilityTimeout="1")

    async def queue(self, client, name, **attributes) -> str:
        return (await client("sqs", "CreateQueue", QueueName=name, Attributes=attributes))["QueueUrl"]

    def clients(self, client):
        return [self.produce(client), self.fail(client), self.move(client)]

    async def produce(self, client):
        while self.todo:
            body = self.todo.pop(0)
            await client("sqs", "SendMessage", QueueUrl=self.jobs, MessageBody=body)
            self.acknowledged.add(body)

    async def fail(self, client):
        """Receive until everything has died."""
        while self.todo or await self.length(client, self.jobs):
            await client("sqs", "ReceiveMessage", QueueUrl=self.jobs, MaxNumberOfMessages=10, WaitTimeSeconds=5)

    async def move(self, client):
        while not self.moving:
            await client.sleep(3)
            if await self.length(client, self.dead):
                tasks = await client("sqs", "ListMessageMoveTasks", SourceArn=arn("sqs", "dead"), MaxResults=10)
                self.moving = bool(tasks.get("Results")) or await self.start(client)

    async def start(self, client) -> bool:
        await client(
            "sqs", "StartMessageMoveTask", SourceArn=arn("sqs", "dead"), DestinationArn=arn("sqs", "target"),
            MaxNumberOfMessagesPerSecond=RATE,
        )  # fmt: skip
        return True

    async def length(self, client, url) -> int:
        asked = await client("sqs", "GetQueueAttributes", QueueUrl=url, AttributeNames=["All"])
        return sum(int(text) for name, text in asked["Attributes"].items() if name.startswith("ApproximateNumber"))

    async def check(self, client):
        [task] = (await client("sqs", "ListMessageMoveTasks", SourceArn=arn("sqs", "dead")))["Results"]
        assert task["Status"] == "COMPLETED"
        moved = await client.drained(self.target)
        assert len(moved) == task["ApproximateNumberOfMessagesMoved"] == task["ApproximateNumberOfMessagesToMove"]
        left = await self.dead_letters(client)
        found = Counter(moved + left)
        assert not {body for body, times in found.items() if times > 1}, "a message was moved twice"
        assert not self.acknowledged - found.keys(), "a message was lost"

    async def dead_letters(self, client) -> list[str]:
        """What still lies in the dead-letter queue, each with where it came from."""
        bodies = []
        while found := await client(
            "sqs", "ReceiveMessage", QueueUrl=self.dead, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
        ):
            for message in found["Messages"]:
                assert message["Attributes"]["DeadLetterQueueSourceArn"] == arn("sqs", "jobs")
                assert int(message["Attributes"]["ApproximateReceiveCount"]) >= 2
                bodies.append(message["Body"])
                await client("sqs", "DeleteMessage", QueueUrl=self.dead, ReceiptHandle=message["ReceiptHandle"])
        return bodies


def test_the_dead_are_moved_once(simulate):
    simulate(Redrive())
