"""A cloud that stops at any moment goes on with its executions when it runs again."""

import json
from contextlib import contextmanager

import pytest
from tests.conftest import Aws, RunningCloud

from .conftest import Workflows
from .definitions import machine

ACCOUNT = "123123123123"


@pytest.fixture
def life(tmp_path):
    """One life after another of a cloud on the same data."""

    @contextmanager
    def live():
        running = RunningCloud(tmp_path / "cloud", frozen=True)
        try:
            yield Workflows(Aws(running, ACCOUNT))
        finally:
            running.stop()

    return live


def test_waits_and_callbacks_outlive_the_cloud(life):
    with life() as flows:
        activity = flows.client.create_activity(name="dig")["activityArn"]
        definition = machine(
            ("Sleep", {"Type": "Wait", "Seconds": 3_600}), ("Dig", {"Type": "Task", "Resource": activity})
        )
        arn = flows.start(flows.create(definition))
    with life() as flows:
        flows.aws.advance(3_600)
        token = flows.client.get_activity_task(activityArn=activity)["taskToken"]
    with life() as flows:
        flows.client.send_task_success(taskToken=token, output='"dug"')
        assert flows.ended(arn)["output"] == '"dug"'
        ids = [event["id"] for event in flows.events(arn)]
        assert ids == list(range(1, len(ids) + 1))


def test_a_task_is_done_once_though_the_cloud_died_before_it(life):
    """The cloud is cut off after a commit and before anything that the commit promised."""
    with life() as flows:
        queue = flows.aws("sqs").create_queue(QueueName="jobs")["QueueUrl"]
        parameters = {"QueueUrl": queue, "MessageBody": "once"}
        send = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": parameters}
        made = flows.create(machine(("Send", send)))
        flows.aws.running.cloud.store.on_commit = lambda promised: None
        arn = flows.start(made)
        assert flows.look(arn, {"RUNNING"})
    with life() as flows:
        assert json.loads(flows.ended(arn)["output"])["MessageId"]
        messages = flows.aws("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
        assert [message["Body"] for message in messages] == ["once"]
