"""Workflows: each execution that was acknowledged succeeds, and each of its steps is done once, whatever dies."""

import json
from collections import Counter
from contextlib import suppress

from tests.simulation.clients import Scenario
from tests.simulation.shapes import TABLE, TRUST, document

from freehold.services.states.errors import ExecutionAlreadyExists

ALLOW = {"Effect": "Allow", "Action": ["sqs:*", "dynamodb:*", "states:*"], "Resource": "*"}


def send(url: str, word: str, **following) -> dict:
    message = {"QueueUrl": url, "MessageBody.$": f"States.Format('{word} {{}}', $.id)"}
    return {
        "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": message, "ResultPath": None,
        **following,
    }  # fmt: skip


def put(**following) -> dict:
    item = {"TableName": "notes", "Item": {"id": {"S.$": "$.id"}}, "ConditionExpression": "attribute_not_exists(id)"}
    return {
        "Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": item, "ResultPath": None,
        **following,
    }  # fmt: skip


def definition(url: str) -> str:
    """Two branches that wait and do, a refusal that is retried and caught, an hour's rest, and a last word."""
    slow = {"Nap": {"Type": "Wait", "Seconds": 30, "Next": "Tell"}, "Tell": send(url, "told", End=True)}
    fast = {"Note": put(Next="Doze"), "Doze": {"Type": "Wait", "Seconds": 5, "End": True}}
    retry = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 10, "MaxAttempts": 2}]
    catch = [{"ErrorEquals": ["States.ALL"], "ResultPath": None, "Next": "Rest"}]
    branches = [{"StartAt": "Nap", "States": slow}, {"StartAt": "Note", "States": fast}]
    states = {
        "Both": {"Type": "Parallel", "Branches": branches, "ResultPath": None, "Next": "Again"},
        "Again": put(Retry=retry, Catch=catch, Next="Rest"),
        "Rest": {"Type": "Wait", "Seconds": 3_600, "Next": "Done"},
        "Done": send(url, "done", End=True),
    }
    return json.dumps({"StartAt": "Both", "States": states})


class Workflows(Scenario):
    """Clients start executions by name, and again until it is acknowledged."""

    rooms = ("states", "sqs", "dynamodb")
    expected = {"ParallelStateEntered": 1, "TaskSucceeded": 3, "TaskFailed": 3, "WaitStateExited": 3}

    def __init__(self) -> None:
        self.todo = [f"order-{number}" for number in range(8)]
        self.acknowledged: list[str] = []

    async def prepare(self, client):
        await client("dynamodb", "CreateTable", TableName="notes", **TABLE)
        self.url = (await client("sqs", "CreateQueue", QueueName="words"))["QueueUrl"]
        role = await client("iam", "CreateRole", RoleName="flow", AssumeRolePolicyDocument=document(TRUST))
        await client("iam", "PutRolePolicy", RoleName="flow", PolicyName="all", PolicyDocument=document(ALLOW))
        made = await client(
            "states", "CreateStateMachine", name="flow", definition=definition(self.url), roleArn=role["Role"]["Arn"]
        )  # fmt: skip
        self.machine = made["stateMachineArn"]

    def clients(self, client):
        return [self.start(client, name) for name in self.todo]

    async def start(self, client, name):
        await client.sleep(client.chance.choice((0, 1, 60)))
        text = json.dumps({"id": name})
        with suppress(ExecutionAlreadyExists):  # it was started in an earlier life, and has ended
            await client("states", "StartExecution", stateMachineArn=self.machine, name=name, input=text)
        self.acknowledged.append(name)
        self.todo.remove(name)

    async def check(self, client):
        for name in self.acknowledged:
            await self.check_execution(client, name)
        words = Counter(await client.drained(self.url))
        assert words == {f"{word} {name}": 1 for name in self.acknowledged for word in ("told", "done")}
        notes = (await client("dynamodb", "Scan", TableName="notes"))["Items"]
        assert sorted(note["id"]["S"] for note in notes) == sorted(self.acknowledged)

    async def check_execution(self, client, name):
        arn = self.machine.replace(":stateMachine:", ":execution:") + f":{name}"
        told = await client("states", "DescribeExecution", executionArn=arn)
        assert told["status"] == "SUCCEEDED"
        history = await client("states", "GetExecutionHistory", executionArn=arn, maxResults=1_000)
        events = history["events"]
        assert [event["id"] for event in events] == list(range(1, len(events) + 1))
        moments = [event["timestamp"] for event in events]
        assert moments == sorted(moments)
        assert all(event["previousEventId"] < event["id"] for event in events)
        types = Counter(event["type"] for event in events)
        assert {kind: types[kind] for kind in self.expected} == self.expected


def test_each_step_of_each_acknowledged_execution_is_done_once(simulate):
    simulate(Workflows())
