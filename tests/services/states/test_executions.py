"""Executions: started, described, listed, stopped; and what their history shows."""

import json

import pytest
from botocore.exceptions import ClientError

from .definitions import machine

PASS = machine(("First", {"Type": "Pass", "Result": {"a": 1}}), ("Last", {"Type": "Succeed"}))
YEAR = 365 * 86_400


def test_history_of_two_states(flows):
    told = flows.run(PASS, {"x": True})
    assert (told["status"], json.loads(told["output"])) == ("SUCCEEDED", {"a": 1})
    assert told["redriveStatusReason"] == "Execution is SUCCEEDED and cannot be redriven"
    events = flows.events(told["executionArn"])
    assert [(event["id"], event["previousEventId"], event["type"]) for event in events] == [
        (1, 0, "ExecutionStarted"),
        (2, 0, "PassStateEntered"),
        (3, 2, "PassStateExited"),
        (4, 3, "SucceedStateEntered"),
        (5, 4, "SucceedStateExited"),
        (6, 5, "ExecutionSucceeded"),
    ]
    assert json.loads(events[0]["executionStartedEventDetails"]["input"]) == {"x": True}


def test_history_in_pages_and_backwards(flows):
    arn = flows.run(PASS)["executionArn"]
    pages = flows.client.get_paginator("get_execution_history")
    for backwards, ids in ((False, [1, 2, 3, 4, 5, 6]), (True, [6, 5, 4, 3, 2, 1])):
        found = pages.paginate(executionArn=arn, reverseOrder=backwards, maxResults=4)
        assert [event["id"] for page in found for event in page["events"]] == ids


def test_history_without_data(flows):
    arn = flows.run(PASS)["executionArn"]
    events = flows.events(arn, includeExecutionData=False)
    assert all("input" not in event.get("stateEnteredEventDetails", {}) for event in events)


def test_a_wait_of_a_year(own_flows, own_cloud):
    arn = own_flows.start(own_flows.create(machine(("Sleep", {"Type": "Wait", "Seconds": YEAR}))))
    own_cloud.advance(YEAR - 10)
    assert own_flows.look(arn, {"RUNNING"})
    own_cloud.advance(10)
    assert own_flows.ended(arn)["status"] == "SUCCEEDED"


def test_a_machine_that_takes_too_long(own_flows, own_cloud):
    definition = machine(("Sleep", {"Type": "Wait", "Seconds": 1_000}), TimeoutSeconds=100)
    arn = own_flows.start(own_flows.create(definition))
    own_cloud.advance(100)
    assert own_flows.ended(arn)["status"] == "TIMED_OUT"


def test_stop(flows):
    arn = flows.start(flows.create(machine(("Sleep", {"Type": "Wait", "Seconds": YEAR}))))
    flows.client.stop_execution(executionArn=arn, error="Enough", cause="of this")
    told = flows.ended(arn)
    assert (told["status"], told["error"], told["cause"]) == ("ABORTED", "Enough", "of this")
    assert flows.types(arn)[-1] == "ExecutionAborted"
    assert flows.client.stop_execution(executionArn=arn)["stopDate"] == told["stopDate"]


def test_starting_again_under_the_same_name(flows):
    arn = flows.create(machine(("Sleep", {"Type": "Wait", "Seconds": 60})))
    first = flows.client.start_execution(stateMachineArn=arn, name="one", input="{}")
    again = flows.client.start_execution(stateMachineArn=arn, name="one", input="{}")
    assert (first["executionArn"], first["startDate"]) == (again["executionArn"], again["startDate"])
    with pytest.raises(ClientError, match=r"Execution Already Exists: 'arn:aws:states:.*:execution:flow:one'"):
        flows.client.start_execution(stateMachineArn=arn, name="one", input='{"other": 1}')
    flows.client.stop_execution(executionArn=first["executionArn"])
    with pytest.raises(ClientError) as refusal:
        flows.client.start_execution(stateMachineArn=arn, name="one", input="{}")
    assert refusal.value.response["Error"]["Code"] == "ExecutionAlreadyExists"


@pytest.mark.parametrize(
    ("code", "request_"),
    [
        ("InvalidExecutionInput", {"input": "not JSON"}),
        ("InvalidName", {"name": "a b"}),
        ("StateMachineDoesNotExist", {"stateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:no"}),
        ("InvalidArn", {"stateMachineArn": "no_arn"}),
    ],
)
def test_starts_that_are_refused(flows, code, request_):
    with pytest.raises(ClientError) as refusal:
        flows.client.start_execution(**({"stateMachineArn": flows.create(PASS)} | request_))
    assert refusal.value.response["Error"]["Code"] == code


def test_lists(flows):
    arn = flows.create(machine(("Sleep", {"Type": "Wait", "Seconds": 60})))
    started = [flows.start(arn, name=f"run-{number}") for number in range(5)]
    flows.client.stop_execution(executionArn=started[0])
    pages = flows.client.get_paginator("list_executions").paginate(stateMachineArn=arn, maxResults=2)
    listed = [one["executionArn"] for page in pages for one in page["executions"]]
    assert sorted(listed) == sorted(started)
    running = flows.client.list_executions(stateMachineArn=arn, statusFilter="RUNNING")["executions"]
    assert {one["executionArn"] for one in running} == set(started[1:])
    with pytest.raises(ClientError, match="Invalid Token: 'Invalid token'"):
        flows.client.list_executions(stateMachineArn=arn, nextToken="nonsense")


def test_machines_that_are_deleted_let_executions_finish(own_flows, own_cloud):
    machine_arn = own_flows.create(machine(("Sleep", {"Type": "Wait", "Seconds": 10})))
    arn = own_flows.start(machine_arn)
    own_flows.client.delete_state_machine(stateMachineArn=machine_arn)
    assert own_flows.client.describe_state_machine(stateMachineArn=machine_arn)["status"] == "DELETING"
    with pytest.raises(ClientError) as refusal:
        own_flows.start(machine_arn)
    assert refusal.value.response["Error"]["Code"] == "StateMachineDeleting"
    own_cloud.advance(10)
    assert own_flows.ended(arn)["status"] == "SUCCEEDED"
    assert own_flows.client.list_state_machines()["stateMachines"] == []


# Express


def test_sync_express(flows):
    arn = flows.create(PASS, type="EXPRESS")
    told = flows.client.start_sync_execution(stateMachineArn=arn, input='{"x": 1}', name="me")
    assert (told["status"], json.loads(told["output"]), told["name"]) == ("SUCCEEDED", {"a": 1}, "me")
    assert told["billingDetails"] == {"billedMemoryUsedInMB": 64, "billedDurationInMilliseconds": 100}
    assert ":express:flow:me:" in told["executionArn"]
    with pytest.raises(ClientError, match="Resource type not valid in this context: express"):
        flows.client.describe_execution(executionArn=told["executionArn"])


def test_sync_express_that_waits(own_flows, own_cloud):
    """A wait is an alarm in Express machines as well, and five minutes are the most."""
    from concurrent.futures import ThreadPoolExecutor

    arn = own_flows.create(machine(("Sleep", {"Type": "Wait", "Seconds": 1_000})), type="EXPRESS")
    with ThreadPoolExecutor(1) as caller:
        told = caller.submit(own_flows.client.start_sync_execution, stateMachineArn=arn)
        own_flows.until(lambda: own_cloud.running.get("/_freehold/status")["promises"]["waiting"])
        own_cloud.advance(301)
        assert told.result()["status"] == "TIMED_OUT"


def test_what_express_machines_refuse(flows):
    standard, express = flows.create(PASS, "standard"), flows.create(PASS, "express", type="EXPRESS")
    assert ":express:" in flows.start(express)
    with pytest.raises(ClientError, match="not supported by this type of state machine"):
        flows.client.list_executions(stateMachineArn=express)
    with pytest.raises(ClientError, match="not supported by this type of state machine"):
        flows.client.start_sync_execution(stateMachineArn=standard)
