"""State machines to run: small definitions, and a way to start them and to wait for their end."""

import json
import time

import pytest

ENDED = {"SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"}


class Workflows:
    """Step Functions of one account."""

    def __init__(self, aws):
        self.aws, self.client = aws, aws("stepfunctions")
        self.client.meta.config.inject_host_prefix = False  # sync-127.0.0.1 is no host
        self.role = f"arn:aws:iam::{aws.account}:role/service"
        try:
            allow = {"Effect": "Allow", "Action": "*", "Resource": "*"}
            self.role = aws.role("workflows", "states.amazonaws.com", allow)
        except aws("iam").exceptions.ClientError:
            pass

    def create(self, definition: str, name: str = "flow", **more) -> str:
        made = self.client.create_state_machine(name=name, definition=definition, roleArn=self.role, **more)
        return made["stateMachineArn"]

    def start(self, arn: str, value=None, **more) -> str:
        answer = self.client.start_execution(stateMachineArn=arn, input=json.dumps(value or {}), **more)
        return answer["executionArn"]

    def run(self, definition: str, value=None, **more) -> dict:
        """The description of a new machine's execution when it has ended."""
        return self.ended(self.start(self.create(definition, **more), value))

    def ended(self, arn: str) -> dict:
        return self.until(lambda: self.look(arn, ENDED))

    def look(self, arn: str, statuses: set[str]) -> dict | None:
        told = self.client.describe_execution(executionArn=arn)
        return told if told["status"] in statuses else None

    def until(self, found, seconds: float = 10):
        """What `found` returns once it is not None."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            value = found()
            if value:
                return value
            time.sleep(0.01)
        raise AssertionError("it did not come about")

    def events(self, arn: str, **more) -> list[dict]:
        return self.client.get_execution_history(executionArn=arn, **more)["events"]

    def types(self, arn: str) -> list[str]:
        return [event["type"] for event in self.events(arn)]

    def until_type(self, arn: str, kind: str) -> dict:
        return self.until(lambda: next((event for event in self.events(arn) if event["type"] == kind), None))


@pytest.fixture
def flows(aws):
    return Workflows(aws)


@pytest.fixture
def own_flows(own_cloud):
    return Workflows(own_cloud)
