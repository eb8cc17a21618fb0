"""Rules: what was put reaches each target that wants it once, or its dead-letter queue; each due time is told once."""

import json
from collections import Counter
from datetime import datetime

from tests.simulation.clients import Client, Scenario
from tests.simulation.shapes import arn, document

ANYBODY = document({"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"})
PERIOD_S = 3_600


async def queue(client: Client, name: str, policy: str = ANYBODY) -> str:
    """The URL of a new queue."""
    attributes = {"Policy": policy} if policy else {}
    return (await client("sqs", "CreateQueue", QueueName=name, Attributes=attributes))["QueueUrl"]


async def rule(client: Client, name: str, pattern: dict, *targets: dict) -> None:
    await client("events", "PutRule", Name=name, EventPattern=json.dumps(pattern))
    await client("events", "PutTargets", Rule=name, Targets=list(targets))


class Fair(Scenario):
    """Events of two kinds; one rule for each and one for both. Of the latter one target is closed to EventBridge."""

    rooms = ("events", "sqs")

    def __init__(self) -> None:
        self.todo = [(kind, number) for number in range(15) for kind in ("red", "blue")]
        self.acknowledged: set[tuple[str, int]] = set()

    async def prepare(self, client):
        self.urls = {name: await queue(client, name) for name in ("red", "blue", "both", "dead", "twice")}
        await queue(client, "closed", policy="")
        await client("events", "CreateEventBus", Name="fair")
        for kind in ("red", "blue"):
            await rule(client, kind, {"detail-type": [kind]}, {"Id": "1", "Arn": arn("sqs", kind)})
        closed = {"Id": "2", "Arn": arn("sqs", "closed"), "DeadLetterConfig": {"Arn": arn("sqs", "dead")}}
        both = {"Id": "1", "Arn": arn("sqs", "both"), "InputPath": "$"}
        await rule(client, "all", {"source": ["fair"]}, both, closed)

    def clients(self, client):
        return [self.put(client) for _ in range(3)]

    async def put(self, client):
        while self.todo:
            some, self.todo[:3] = self.todo[:3], []
            entries = [
                {"Source": "fair", "DetailType": kind, "Detail": json.dumps({"n": number})} for kind, number in some
            ]
            answer = await client("events", "PutEvents", Entries=entries)
            assert answer["FailedEntryCount"] == 0
            self.acknowledged.update(some)

    async def check(self, client):
        arrived = {}
        for name, url in self.urls.items():
            told = [json.loads(body) for body in await client.drained(url)]
            arrived[name] = Counter((one["detail-type"], one["detail"]["n"]) for one in told)
            assert not [event for event, times in arrived[name].items() if times > 1], name
        for kind in ("red", "blue"):
            assert {event for event in self.acknowledged if event[0] == kind} <= arrived[kind].keys()
            assert {told for told, _ in arrived[kind]} <= {kind}
        assert self.acknowledged <= arrived["both"].keys() == arrived["dead"].keys()
        assert not arrived["twice"]


class Bells(Scenario):
    """A schedule, while the cloud dies again and again."""

    rooms = ("events", "sqs")

    async def prepare(self, client):
        self.url = await queue(client, "bells")
        await client("events", "PutRule", Name="bells", ScheduleExpression="rate(1 hour)")
        await client("events", "PutTargets", Rule="bells", Targets=[{"Id": "1", "Arn": arn("sqs", "bells")}])
        self.began = client.now
        self.hours = 0

    def clients(self, client):
        return [self.wait(client)]

    async def wait(self, client):
        while client.now < self.began + 12 * PERIOD_S:
            await client.sleep(PERIOD_S)

    async def settled(self, client):
        return True  # a schedule never ends

    async def check(self, client):
        last = client.now
        told = [json.loads(body)["time"] for body in await client.drained(self.url)]
        moments = sorted(datetime.fromisoformat(time).timestamp() for time in told)
        assert len(set(moments)) == len(moments)
        due = [self.began + hour * PERIOD_S for hour in range(1, int((last - self.began) // PERIOD_S) + 1)]
        assert len(moments) >= len(due) - 1 and moments == [moments[0] + n * PERIOD_S for n in range(len(moments))]


def test_each_event_reaches_each_target_once_or_its_dead_letter_queue(simulate):
    simulate(Fair())


def test_each_due_time_is_told_once(simulate):
    simulate(Bells())
