"""Stacks: each resource is made once, a failure takes everything back, a deletion leaves nothing."""

import json
from contextlib import suppress

from tests.simulation.clients import Scenario
from tests.simulation.shapes import TABLE, TRUST

from freehold.services.cloudformation.errors import AlreadyExistsException, ValidationError

IAM = {"Capabilities": ["CAPABILITY_IAM"]}
ROLE = {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [TRUST]}}


def resource(kind: str, **properties) -> dict:
    return {"Type": f"AWS::{kind}", "Properties": properties}


def resources(good: bool) -> dict:
    arn = {"Fn::GetAtt": ["Queue", "Arn"]}
    subscription = resource("SNS::Subscription", TopicArn={"Ref": "Topic"}, Protocol="sqs", Endpoint=arn)
    made = {
        "Dead": resource("SQS::Queue"),
        "Queue": resource(
            "SQS::Queue",
            RedrivePolicy={"deadLetterTargetArn": {"Fn::GetAtt": ["Dead", "Arn"]}, "maxReceiveCount": 3},
        ),
        "Topic": resource("SNS::Topic"),
        "Subscription": subscription,
        "Table": resource("DynamoDB::Table", **TABLE),
        "Role": resource("IAM::Role", **ROLE),
    }
    bad = {"Bad": resource("SQS::Queue", DelaySeconds=5_000) | {"DependsOn": ["Table", "Role", "Subscription"]}}
    return made if good else made | bad


class Stacks(Scenario):
    """Deployments of good and bad templates; the good ones are updated, and all are deleted in the end."""

    rooms = ("cloudformation", "sqs", "sns", "dynamodb")

    def __init__(self) -> None:
        self.todo = {"good": "make", "bad": "make"}

    def clients(self, client):
        return [self.see_through(client, name) for name in self.todo]

    async def see_through(self, client, name):
        """One phase after the other; each is begun again until its end was seen."""
        while self.todo[name] != "end":
            self.todo[name] = await getattr(self, self.todo[name])(client, name)

    async def make(self, client, name):
        body = json.dumps({"Resources": resources(name == "good")})
        with suppress(AlreadyExistsException):  # asked for in an earlier life
            await client("cloudformation", "CreateStack", StackName=name, TemplateBody=body, **IAM)
        ended = await self.ended(client, name)
        assert ended == {"good": "CREATE_COMPLETE", "bad": "ROLLBACK_COMPLETE"}[name]
        made = {"queues": 2, "topics": 1, "tables": 1, "roles": 1} if name == "good" else {}
        assert await self.census(client, name) == made
        return "update" if made else "delete"

    async def update(self, client, name):
        """One resource more, one less, and one replaced by another."""
        wanted = resources(good=True) | {"More": resource("SQS::Queue")}
        wanted["Topic"]["Properties"] = {"TopicName": "good-Topic-named"}
        del wanted["Role"]
        body = json.dumps({"Resources": wanted})
        try:
            await client("cloudformation", "UpdateStack", StackName=name, TemplateBody=body, **IAM)
        except ValidationError as refusal:
            assert "No updates are to be performed" in str(refusal) or "IN_PROGRESS" in str(refusal), refusal
        assert await self.ended(client, name) == "UPDATE_COMPLETE"
        assert await self.census(client, name) == {"queues": 3, "topics": 1, "tables": 1}
        return "delete"

    async def delete(self, client, name):
        await client("cloudformation", "DeleteStack", StackName=name)
        assert await self.ended(client, name) == ""
        assert await self.census(client, name) == {}
        return "end"

    async def status(self, client, name):
        try:
            [stack] = (await client("cloudformation", "DescribeStacks", StackName=name))["Stacks"]
        except ValidationError:
            return ""
        return stack["StackStatus"]

    async def ended(self, client, name):
        while (status := await self.status(client, name)).endswith("_IN_PROGRESS"):
            await client.sleep(5)
        return status

    async def census(self, client, name):
        """How many there are of each kind whose names begin with the stack's."""
        queues = [url.rpartition("/")[2] for url in (await client("sqs", "ListQueues")).get("QueueUrls", [])]
        topics = [one["TopicArn"].rpartition(":")[2] for one in (await client("sns", "ListTopics"))["Topics"]]
        tables = (await client("dynamodb", "ListTables"))["TableNames"]
        roles = [role["RoleName"] for role in (await client("iam", "ListRoles"))["Roles"]]
        found = {"queues": queues, "topics": topics, "tables": tables, "roles": roles}
        counts = {kind: sum(one.startswith(f"{name}-") for one in names) for kind, names in found.items()}
        return {kind: count for kind, count in counts.items() if count}

    async def check(self, client):
        assert set(self.todo.values()) == {"end"}


def test_each_resource_is_made_once_and_taken_back(simulate):
    simulate(Stacks())
