"""Stacks to test with: a client that waits without dawdling."""

import json

import pytest
from botocore.exceptions import ClientError

FAST = {"Delay": 0.02, "MaxAttempts": 1_000}


class Stacks:
    """CloudFormation of one account. `client` is boto3's."""

    def __init__(self, aws):
        self.aws, self.client = aws, aws("cloudformation")

    def create(self, name: str, body: str, **members) -> dict:
        self.client.create_stack(StackName=name, TemplateBody=body, **members)
        self.client.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig=FAST)
        return self.settled(name)

    def update(self, name: str, body: str, **members) -> dict:
        self.client.update_stack(StackName=name, TemplateBody=body, **members)
        return self.settled(name)

    def delete(self, name: str) -> dict:
        stack_id = self.settled(name)["StackId"]
        self.client.delete_stack(StackName=name)
        return self.settled(stack_id)

    def settled(self, name: str) -> dict:
        """The stack when nothing goes on with it any more."""
        for _ in range(3_000):
            stack = self.client.describe_stacks(StackName=name)["Stacks"][0]
            if not stack["StackStatus"].endswith("_IN_PROGRESS") or stack["StackStatus"] == "REVIEW_IN_PROGRESS":
                return stack
        raise AssertionError(stack["StackStatus"])

    def changeset(self, stack: str, name: str, **members) -> dict:
        """A change set when its plan is made, or is not."""
        made = self.client.create_change_set(StackName=stack, ChangeSetName=name, **members)
        for _ in range(3_000):
            found = self.client.describe_change_set(ChangeSetName=made["Id"])
            if found["Status"] not in ("CREATE_PENDING", "CREATE_IN_PROGRESS"):
                return found
        raise AssertionError(found["Status"])

    def events(self, name: str) -> list[dict]:
        """What happened, oldest first."""
        pages = self.client.get_paginator("describe_stack_events").paginate(StackName=name)
        return [event for page in pages for event in page["StackEvents"]][::-1]

    def story(self, name: str) -> list[tuple[str, str]]:
        """What happened, oldest first, as (logical id, status)."""
        return [(event["LogicalResourceId"], event["ResourceStatus"]) for event in self.events(name)]

    def reason(self, name: str, logical_id: str, status: str) -> str:
        found = [e for e in self.events(name) if (e["LogicalResourceId"], e["ResourceStatus"]) == (logical_id, status)]
        return found[0].get("ResourceStatusReason", "")

    def physical_ids(self, name: str) -> dict[str, str]:
        found = self.client.describe_stack_resources(StackName=name)["StackResources"]
        return {one["LogicalResourceId"]: one.get("PhysicalResourceId", "") for one in found}

    def queue_names(self) -> set[str]:
        return {url.rpartition("/")[2] for url in self.aws("sqs").list_queues().get("QueueUrls", [])}

    def refusal(self, operation: str, **members) -> tuple[str, str]:
        with pytest.raises(ClientError) as caught:
            getattr(self.client, operation)(**members)
        return caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]

    HANDLE = {"Type": "AWS::CloudFormation::WaitConditionHandle"}

    @staticmethod
    def template(resources: dict, **sections) -> str:
        return json.dumps({"Resources": resources, **sections})

    @staticmethod
    def queue(**properties) -> dict:
        return {"Type": "AWS::SQS::Queue", "Properties": properties}


@pytest.fixture
def stacks(aws):
    return Stacks(aws)


@pytest.fixture
def stacks_of():
    """Stacks of other accounts or clouds."""
    return Stacks


@pytest.fixture
def cloud_over(cloud, aws):
    """Start a cloud over a folder of data, for the same account each time."""
    return lambda data: type(aws)(type(cloud)(data), "123123123123")
