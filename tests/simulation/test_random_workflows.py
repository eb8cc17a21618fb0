"""Workflows made up by chance end as they would have without any crash: same output, same events, same messages."""

import json
from collections import Counter
from contextlib import suppress
from itertools import count
from random import Random

from tests.simulation.clients import Scenario
from tests.simulation.shapes import TABLE, TRUST, document
from tests.simulation.workflows import Author
from tests.simulation.world import World

from freehold.services.states.errors import ExecutionAlreadyExists, TaskTimedOut

STRIDE = 12
ALLOW = {"Effect": "Allow", "Action": ["sqs:*", "dynamodb:*", "states:*"], "Resource": "*"}
ENDED = ("SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED")
ANSWERED = ("TaskSucceeded", "TaskFailed", "TaskTimedOut", "TaskSubmitFailed")


class RandomWorkflows(Scenario):
    """Clients start executions of a few machines, and answer the tasks that ask; then all is gathered."""

    rooms = ("states", "sqs", "dynamodb")

    def __init__(self, seed: int, machines: int = 3, each: int = 2) -> None:
        self.seed, self.machines = seed, machines
        self.todo = [f"{machine}-{number}" for machine in range(machines) for number in range(each)]
        self.started: list[str] = []
        self.found: dict[str, tuple] = {}

    async def prepare(self, client):
        await client("dynamodb", "CreateTable", TableName="notes", **TABLE)
        await client("dynamodb", "PutItem", TableName="notes", Item={"id": {"S": "taken"}})
        self.words = (await client("sqs", "CreateQueue", QueueName="words"))["QueueUrl"]
        self.calls = (await client("sqs", "CreateQueue", QueueName="calls"))["QueueUrl"]
        role = await client("iam", "CreateRole", RoleName="flow", AssumeRolePolicyDocument=document(TRUST))
        await client("iam", "PutRolePolicy", RoleName="flow", PolicyName="all", PolicyDocument=document(ALLOW))
        author = Author(Random(self.seed), self.words, self.calls)
        for number in range(self.machines):
            made = await client(
                "states", "CreateStateMachine", name=f"flow-{number}", definition=self.definition(author),
                roleArn=role["Role"]["Arn"],
            )  # fmt: skip
            self.prefix = made["stateMachineArn"].rpartition("-")[0]

    def definition(self, author):
        return author.definition()

    def clients(self, client):
        return [*(self.start(client, name) for name in self.todo), self.answer(client)]

    async def start(self, client, name):
        await client.sleep(client.chance.choice((0, 1, 60)))
        machine = name.partition("-")[0]
        arn = f"{self.prefix}-{machine}"
        with suppress(ExecutionAlreadyExists):  # it was started in an earlier life, and has ended
            text = json.dumps({"id": name, "n": len(name)})
            await client("states", "StartExecution", stateMachineArn=arn, name=name, input=text)
        self.started.append(name)
        self.todo.remove(name)

    async def answer(self, client):
        """Answer whoever asks, until nobody is left who might."""
        while self.todo or not await self.over(client):
            asked = await client("sqs", "ReceiveMessage", QueueUrl=self.calls, MaxNumberOfMessages=10)
            for message in asked.get("Messages", []):
                body = json.loads(message["Body"])
                with suppress(TaskTimedOut):  # it was answered before, and the answer to that was lost
                    output = json.dumps(body["n"] + 1)
                    await client("states", "SendTaskSuccess", taskToken=body["token"], output=output)
                await client("sqs", "DeleteMessage", QueueUrl=self.calls, ReceiptHandle=message["ReceiptHandle"])
            await client.sleep(7)

    async def over(self, client):
        told = [await client("states", "DescribeExecution", executionArn=self.arn(name)) for name in self.started]
        return all(one["status"] in ENDED for one in told)

    def arn(self, name):
        return f"{self.prefix.replace(':stateMachine:', ':execution:')}-{name.partition('-')[0]}:{name}"

    async def check(self, client):
        for name in self.started:
            self.found[name] = await self.ending(client, self.arn(name))
        self.found["words"] = tuple(sorted(await client.drained(self.words)))

    async def ending(self, client, arn):
        """How an execution ended: its output, how many events of each type it has, and its Map Runs' children."""
        told = await client("states", "DescribeExecution", executionArn=arn)
        history = await client("states", "GetExecutionHistory", executionArn=arn, maxResults=1_000)
        runs = (await client("states", "ListMapRuns", executionArn=arn))["mapRuns"]
        counts = []
        for run in runs:
            shown = await client("states", "DescribeMapRun", mapRunArn=run["mapRunArn"])
            children = (await client("states", "ListExecutions", mapRunArn=run["mapRunArn"]))["executions"]
            assert len(children) == shown["executionCounts"]["total"]
            counts.append((shown["status"], sorted(shown["executionCounts"].items())))
        return told["status"], told.get("output"), well_formed(history["events"]), sorted(counts)


def well_formed(events):
    """How many events of each type a history has, which is checked: ids are dense, each event follows an earlier one,
    time does not run back, and each task that was started is answered once."""
    assert [event["id"] for event in events] == list(range(1, len(events) + 1))
    assert all(event["previousEventId"] < event["id"] for event in events)
    moments = [event["timestamp"] for event in events]
    assert moments == sorted(moments)
    types = Counter(event["type"] for event in events)
    assert types["TaskScheduled"] == types["TaskStarted"] == sum(types[kind] for kind in ANSWERED)
    return types


def test_workflows_end_as_they_would_have_without_crashes(seed, tmp_path_factory):
    calm, rough = RandomWorkflows(seed), RandomWorkflows(seed)
    World(seed, tmp_path_factory.mktemp("calm"), deaths=0).run(calm)
    World(seed, tmp_path_factory.mktemp("rough")).run(rough)
    assert rough.found == calm.found
    assert all(calm.found[name][0] == "SUCCEEDED" for name in calm.started)


class OneOfEach(RandomWorkflows):
    """One execution with one piece of each kind."""

    def __init__(self) -> None:
        super().__init__(0, machines=1, each=1)

    def definition(self, author):
        return author.one_of_each()


def test_a_workflow_goes_on_wherever_it_is_killed(seed, tmp_path_factory):
    """The first life ends at a commit or flush, then at a later one, and so on, until it sees the end. So many seeds
    as the stride try every one."""
    calm = OneOfEach()
    World(seed, tmp_path_factory.mktemp("calm"), deaths=0).run(calm)
    for moments in count(1 + seed, STRIDE):
        rough = OneOfEach()
        world = World(seed, tmp_path_factory.mktemp("rough"), deaths=1, moments=moments)
        world.run(rough)
        assert rough.found == calm.found, f"killed at {moments}"
        if not world.deaths:
            break
