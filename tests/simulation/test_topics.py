"""Topics: what was published reaches each queue once, and in order where order was promised."""

from collections import Counter

from tests.simulation.clients import Client, Scenario
from tests.simulation.shapes import arn, document

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


def test_each_acknowledged_notice_reaches_each_queue_once(simulate):
    simulate(Broadcast())


def test_a_fifo_topic_keeps_its_order(simulate):
    simulate(Ordered())
