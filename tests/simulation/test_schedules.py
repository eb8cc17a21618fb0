"""Schedules: each due time reaches its queue once, whatever dies before, between and after."""

from collections import Counter
from datetime import UTC, datetime

from tests.simulation.clients import ACCOUNT, Client, Scenario
from tests.simulation.shapes import arn, document
from tests.simulation.world import DAWN

ROLE = f"arn:aws:iam::{ACCOUNT}:role/clock"
TRUST = document(
    {"Effect": "Allow", "Principal": {"Service": "scheduler.amazonaws.com"}, "Action": "sts:AssumeRole"}
)  # fmt: skip
MAY_SEND = document({"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"})
START, LASTING = DAWN + 40_000, 10_800


def told(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def every(seconds: int) -> list[float]:
    return [START + passed for passed in range(0, LASTING + 1, seconds)]


def hours() -> list[float]:
    return [START + passed for passed in range(LASTING + 1) if (START + passed) % 3_600 == 0]


# By name: an expression, the moments that it means, and what else is said of the schedule.
SCHEDULES = {
    "minutes": ("rate(7 minutes)", every(420), {}),
    "hours": ("rate(1 hour)", every(3_600), {}),
    "calendar": ("cron(0 * * * ? *)", hours(), {"ScheduleExpressionTimezone": "Europe/Berlin"}),
    "once": (f"at({told(START + 900)})", [START + 900], {}),
    "gone": (f"at({told(START + 1_234)})", [START + 1_234], {"ActionAfterCompletion": "DELETE"}),
    "window": ("rate(20 minutes)", every(1_200), {
        "FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 30}}),
    "last": ("rate(30 minutes)", every(1_800), {"ActionAfterCompletion": "DELETE"}),
}  # fmt: skip


class Clockwork(Scenario):
    rooms = ("scheduler", "sqs", "iam", "sts")

    def __init__(self) -> None:
        self.todo = list(SCHEDULES)

    async def prepare(self, client):
        await client("iam", "CreateRole", RoleName="clock", AssumeRolePolicyDocument=TRUST)
        await client("iam", "PutRolePolicy", RoleName="clock", PolicyName="send", PolicyDocument=MAY_SEND)
        self.url = (await client("sqs", "CreateQueue", QueueName="due"))["QueueUrl"]

    def clients(self, client):
        return [self.put(client)]

    async def put(self, client: Client) -> None:
        """Schedules are put until it is known that they are, and then time passes."""
        while self.todo:
            name = self.todo[0]
            expression, _, members = SCHEDULES[name]
            target = {"Arn": arn("sqs", "due"), "RoleArn": ROLE, "Input": f"{name} <aws.scheduler.scheduled-time>"}
            request = {"FlexibleTimeWindow": {"Mode": "OFF"}, "StartDate": START, "EndDate": START + LASTING, **members}
            await client(
                "scheduler", "CreateSchedule", Name=name, ScheduleExpression=expression, Target=target,
                ClientToken=name, **request,
            )  # fmt: skip
            self.todo.pop(0)
        await client.sleep(START + LASTING + 3_600 - client.now)

    async def check(self, client):
        found = Counter(await client.drained(self.url))
        wanted = {f"{name} {told(at)}Z" for name, (_, times, _) in SCHEDULES.items() for at in times}
        assert found == Counter(wanted)
        left = await client("scheduler", "ListSchedules")
        kept = {name for name, (_, _, more) in SCHEDULES.items() if "ActionAfterCompletion" not in more}
        assert {schedule["Name"] for schedule in left["Schedules"]} == kept


def test_each_due_time_is_delivered_once(simulate):
    simulate(Clockwork())
