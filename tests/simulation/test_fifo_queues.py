"""FIFO queues: each message once however often it is sent within five minutes, and each group in its order."""

from tests.simulation.clients import Scenario

DEDUP_S, LENGTH = 300, 20
GROUPS = ("a", "b", "c")


class Lines(Scenario):
    """A producer for each group, who repeats what was not acknowledged; workers who forget some messages."""

    rooms = ("sqs",)

    def __init__(self) -> None:
        self.next = dict.fromkeys(GROUPS, 0)
        self.tried_at: dict[str, float] = {}
        self.acknowledged: dict[str, set[int]] = {group: set() for group in GROUPS}
        self.deleting: dict[str, set[int]] = {group: set() for group in GROUPS}
        self.deleted: dict[str, set[int]] = {group: set() for group in GROUPS}

    async def prepare(self, client):
        attributes = {"FifoQueue": "true", "VisibilityTimeout": "30"}
        self.url = (await client("sqs", "CreateQueue", QueueName="lines.fifo", Attributes=attributes))["QueueUrl"]

    def clients(self, client):
        return [*(self.produce(client, group) for group in GROUPS), *(self.work(client) for _ in range(3))]

    async def produce(self, client, group):
        while (number := self.next[group]) < LENGTH:
            body = f"{group} {number}"
            first_at = self.tried_at.setdefault(body, client.now)
            if client.now < first_at + DEDUP_S:  # later it would be another message
                await self.send(client, group, body)
                self.acknowledged[group].add(number)
                if client.chance.random() < 0.3 and client.now < first_at + DEDUP_S:
                    await self.send(client, group, body)
            self.next[group] = number + 1
            await client.sleep(client.chance.choice((0, 1)))

    async def send(self, client, group, body):
        await client(
            "sqs", "SendMessage", QueueUrl=self.url, MessageBody=body, MessageGroupId=group,
            MessageDeduplicationId=body.replace(" ", "-"),
        )  # fmt: skip

    async def work(self, client):
        while self.left() or await self.length(client):
            found = await client(
                "sqs", "ReceiveMessage", QueueUrl=self.url, MaxNumberOfMessages=client.chance.randint(1, 4),
                WaitTimeSeconds=client.chance.choice((0, 20)),
            )  # fmt: skip
            held_up: set[str] = set()
            for message in found.get("Messages", []):
                group, number = message["Body"].split()
                if group not in held_up and not await self.process(client, group, int(number), message):
                    held_up.add(group)

    def left(self) -> bool:
        return any(number < LENGTH for number in self.next.values())

    async def process(self, client, group, number, message) -> bool:
        """Whether the message was done; one that is forgotten holds up its group."""
        assert number not in self.deleted[group], "a deleted message came back"
        before = {earlier for earlier in self.acknowledged[group] if earlier < number}
        assert before <= self.deleting[group], f"{group} {number} came before its time"
        if client.chance.random() < 0.2:
            return False
        self.deleting[group].add(number)
        await client("sqs", "DeleteMessage", QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        self.deleted[group].add(number)
        return True

    async def length(self, client) -> int:
        asked = await client("sqs", "GetQueueAttributes", QueueUrl=self.url, AttributeNames=["All"])
        return sum(int(text) for name, text in asked["Attributes"].items() if name.startswith("ApproximateNumber"))

    async def check(self, client):
        assert await self.length(client) == 0
        for group in GROUPS:
            assert self.acknowledged[group] <= self.deleting[group], "a message was lost"


def test_groups_keep_their_order_and_repetitions_are_known(simulate):
    simulate(Lines())
