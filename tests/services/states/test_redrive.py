"""Redriving: executions and Map Runs that ended badly go on from there."""

import json

import pytest
from botocore.exceptions import ClientError

from .definitions import machine
from .test_maps import mapped


@pytest.fixture
def queue(aws):
    """The URL of a queue that is not there yet."""
    return aws("sqs").meta.endpoint_url + f"/{aws.account}/late"


def send(url: str) -> dict:
    parameters = {"QueueUrl": url, "MessageBody.$": "$.body"}
    return {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": parameters}


def test_an_execution_goes_on_from_where_it_failed(flows, aws, queue):
    first = {"Type": "Pass", "Result": {"body": "hello"}}
    told = flows.run(machine(("First", first), ("Send", send(queue))))
    arn = told["executionArn"]
    assert (told["status"], told["redriveStatus"]) == ("FAILED", "REDRIVABLE")
    aws("sqs").create_queue(QueueName="late")
    redriven = flows.client.redrive_execution(executionArn=arn, clientToken="once")
    again = flows.client.redrive_execution(executionArn=arn, clientToken="once")
    assert again["redriveDate"] == redriven["redriveDate"]
    told = flows.ended(arn)
    assert (told["status"], told["redriveCount"], told["redriveDate"]) == ("SUCCEEDED", 1, redriven["redriveDate"])
    types = flows.types(arn)
    assert types.count("PassStateEntered") == 1 and types.count("TaskSucceeded") == 1
    assert types[types.index("ExecutionFailed") + 1] == "ExecutionRedriven"
    listed = lambda which: flows.client.list_executions(  # noqa: E731
        stateMachineArn=told["stateMachineArn"], redriveFilter=which
    )["executions"]
    assert ([one["redriveCount"] for one in listed("REDRIVEN")], listed("NOT_REDRIVEN")) == ([1], [])


def test_what_succeeded_is_not_redriven(flows):
    told = flows.run(machine(("Done", {"Type": "Pass"})))
    with pytest.raises(ClientError, match=r"ExecutionNotRedrivable.*SUCCEEDED and cannot be redriven"):
        flows.client.redrive_execution(executionArn=told["executionArn"])


@pytest.mark.parametrize("kind", ["STANDARD", "EXPRESS"])
def test_a_map_run_does_again_what_failed(flows, aws, queue, kind):
    processor = {"StartAt": "Send", "States": {"Send": {**send(queue), "End": True}}}
    told = flows.run(mapped(processor, kind, ToleratedFailureCount=1), [{"body": "a"}, {"body": "b"}])
    assert told["error"] == "States.ExceedToleratedFailureThreshold"
    aws("sqs").create_queue(QueueName="late")
    flows.client.redrive_execution(executionArn=told["executionArn"])
    told = flows.ended(told["executionArn"])
    assert told["status"] == "SUCCEEDED"
    assert len(json.loads(told["output"])) == 2
    (run,) = flows.client.list_map_runs(executionArn=told["executionArn"])["mapRuns"]
    shown = flows.client.describe_map_run(mapRunArn=run["mapRunArn"])
    assert (shown["status"], shown["redriveCount"], shown["executionCounts"]["succeeded"]) == ("SUCCEEDED", 1, 2)
    assert "MapRunRedriven" in flows.types(told["executionArn"])
