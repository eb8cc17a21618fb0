"""Distributed Map states: items from S3 and from the input, children, tolerance, results, and the API of Map Runs."""

import json

import pytest
from botocore.exceptions import ClientError

from .definitions import machine

PASS = {"StartAt": "Do", "States": {"Do": {"Type": "Pass", "End": True}}}
PICKY = {
    "StartAt": "Judge",
    "States": {
        "Judge": {
            "Type": "Choice",
            "Choices": [{"Variable": "$", "NumericGreaterThan": 2, "Next": "No"}],
            "Default": "Yes",
        },
        "Yes": {"Type": "Pass", "End": True},
        "No": {"Type": "Fail", "Error": "Big", "Cause": "too big"},
    },
}
SLEEPY = {"StartAt": "Sleep", "States": {"Sleep": {"Type": "Wait", "Seconds": 10_000, "End": True}}}


def mapped(processor=PASS, kind: str = "STANDARD", **more) -> str:
    config = {"Mode": "DISTRIBUTED", "ExecutionType": kind}
    return machine(("Each", {"Type": "Map", "ItemProcessor": {"ProcessorConfig": config, **processor}, **more}))


def reader(kind: str, **config) -> dict:
    place = {"Bucket.$": "$.bucket", "Key.$": "$.key"}
    return {
        "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": {"InputType": kind, **config},
        "Parameters": place,
    }


class Bucket:
    """A bucket of one account, whose name is no other's."""

    def __init__(self, aws):
        self.client, self.name = aws("s3"), f"things-{aws.account}"
        self.client.create_bucket(Bucket=self.name)

    def put(self, key: str, text: str) -> dict:
        """The input that names the object, once it is there."""
        self.client.put_object(Bucket=self.name, Key=key, Body=text.encode())
        return {"bucket": self.name, "key": key}

    def json(self, key: str):
        return json.loads(self.client.get_object(Bucket=self.name, Key=key)["Body"].read())


@pytest.fixture
def bucket(aws):
    return Bucket(aws)


@pytest.mark.parametrize("kind", ["STANDARD", "EXPRESS"])
def test_items_of_the_input(flows, kind):
    told = flows.run(mapped(kind=kind), [1, {"a": 2}, "three"])
    assert json.loads(told["output"]) == [1, {"a": 2}, "three"]
    assert flows.types(told["executionArn"])[1:-1] == [
        "MapStateEntered",
        "MapStateStarted",
        "MapRunStarted",
        "MapRunSucceeded",
        "MapStateSucceeded",
        "MapStateExited",
    ]


def test_more_children_than_run_at_once(flows):
    told = flows.run(mapped(MaxConcurrency=7), list(range(100)))
    assert json.loads(told["output"]) == list(range(100))


FILES = [
    ("CSV", "a,b\n1,2\n3,4\n", {"CSVHeaderLocation": "FIRST_ROW"}, [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]),
    ("JSON", '[1, {"x": [2]}]', {}, [1, {"x": [2]}]),
    ("JSONL", '{"n": 1}\n{"n": 2}\n', {}, [{"n": 1}, {"n": 2}]),
    ("CSV", "1;2\n", {"CSVHeaderLocation": "GIVEN", "CSVHeaders": ["a", "b"], "CSVDelimiter": "SEMICOLON"},
     [{"a": "1", "b": "2"}]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "config", "items"), FILES)
def test_items_of_a_file(flows, bucket, kind, text, config, items):
    told = flows.run(mapped(ItemReader=reader(kind, **config)), bucket.put("file", text))
    assert json.loads(told["output"]) == items


def test_items_of_a_list_of_objects(flows, bucket):
    for name in ("in/1", "in/2", "out/3"):
        bucket.put(name, name)
    listing = {"Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": {"Bucket": bucket.name, "Prefix": "in/"}}
    output = json.loads(flows.run(mapped(ItemReader=listing))["output"])
    assert [(one["Key"], one["Size"]) for one in output] == [("in/1", 4), ("in/2", 4)]


def test_a_file_that_is_not_there(flows, bucket):
    told = flows.run(mapped(ItemReader=reader("JSON")), {"bucket": bucket.name, "key": "none"})
    assert told["error"] == "States.ItemReaderFailed"
    assert "MapRunFailed" in flows.types(told["executionArn"])


def test_batches_and_selected_items(flows):
    batcher = {"MaxItemsPerBatch": 2, "BatchInput": {"of": "me"}}
    selector = {"n.$": "$$.Map.Item.Value", "at.$": "$$.Map.Item.Index"}
    output = json.loads(flows.run(mapped(ItemBatcher=batcher, ItemSelector=selector), [5, 6, 7])["output"])
    assert [one["BatchInput"] for one in output] == [{"of": "me"}] * 2
    assert [len(one["Items"]) for one in output] == [2, 1]
    assert output[1]["Items"] == [{"n": 7, "at": 2}]


def test_a_failure_that_is_not_tolerated_ends_the_run(flows):
    told = flows.run(mapped(PICKY, MaxConcurrency=1), [1, 3, 2])
    assert told["error"] == "States.ExceedToleratedFailureThreshold"
    (run,) = flows.client.list_map_runs(executionArn=told["executionArn"])["mapRuns"]
    shown = flows.client.describe_map_run(mapRunArn=run["mapRunArn"])
    counts = shown["executionCounts"]
    assert (shown["status"], counts["succeeded"], counts["failed"], counts["aborted"]) == ("FAILED", 1, 1, 1)


def test_failures_that_are_tolerated_are_left_out(flows):
    told = flows.run(mapped(PICKY, ToleratedFailureCount=2), [1, 3, 2, 4])
    assert json.loads(told["output"]) == [1, 2]


def test_results_are_written(flows, bucket):
    writer = {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": bucket.name, "Prefix": "done"}}
    told = flows.run(mapped(PICKY, ToleratedFailureCount=1, ResultWriter=writer), [1, 3])
    output = json.loads(told["output"])
    place = output["ResultWriterDetails"]
    assert place["Bucket"] == bucket.name
    manifest = bucket.json(place["Key"])
    assert manifest["MapRunArn"] == output["MapRunArn"]
    (succeeded,), (failed,) = manifest["ResultFiles"]["SUCCEEDED"], manifest["ResultFiles"]["FAILED"]
    (child,) = bucket.json(succeeded["Key"])
    assert (child["Output"], child["Status"]) == ("1", "SUCCEEDED")
    (child,) = bucket.json(failed["Key"])
    assert (child["Error"], child["Status"]) == ("Big", "FAILED")


def test_a_run_that_fails_writes_what_there_is(flows, bucket):
    sleep = {"Type": "Wait", "Seconds": 10_000, "End": True}
    processor = {"StartAt": "Judge", "States": {**PICKY["States"], "Yes": sleep}}
    writer = {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": bucket.name, "Prefix": "done"}}
    told = flows.run(mapped(processor, ResultWriter=writer), [1] * 60 + [3])
    assert told["error"] == "States.ExceedToleratedFailureThreshold"
    (run,) = flows.client.list_map_runs(executionArn=told["executionArn"])["mapRuns"]
    keys = [one["Key"] for one in bucket.client.list_objects_v2(Bucket=bucket.name)["Contents"]]
    assert f"done/{run['mapRunArn'].rpartition(':')[2]}/manifest.json" in keys
    shown = lambda: flows.client.describe_map_run(mapRunArn=run["mapRunArn"])["executionCounts"]  # noqa: E731
    flows.until(lambda: shown()["aborted"] == 60)


def test_the_children_of_a_run(flows):
    told = flows.run(mapped(Label="All"), [1, 2])
    (run,) = flows.client.list_map_runs(executionArn=told["executionArn"])["mapRuns"]
    assert ":mapRun:flow/All:" in run["mapRunArn"] and run["stateMachineArn"].endswith(":stateMachine:flow/All")
    listed = flows.client.list_executions(mapRunArn=run["mapRunArn"])["executions"]
    assert [(one["status"], one["itemCount"]) for one in listed] == [("SUCCEEDED", 1)] * 2
    child = flows.client.describe_execution(executionArn=listed[0]["executionArn"])
    assert (child["mapRunArn"], child["stateMachineArn"]) == (run["mapRunArn"], run["stateMachineArn"])
    assert flows.types(child["executionArn"]) == [
        "ExecutionStarted",
        "PassStateEntered",
        "PassStateExited",
        "ExecutionSucceeded",
    ]
    shown = flows.client.describe_state_machine_for_execution(executionArn=child["executionArn"])
    assert (shown["label"], shown["mapRunArn"]) == ("All", run["mapRunArn"])
    assert [one["name"] for one in flows.client.list_executions(stateMachineArn=told["stateMachineArn"])["executions"]]


def test_a_run_whose_parent_is_stopped_stops_its_children(flows):
    arn = flows.start(flows.create(mapped(SLEEPY)), [1] * 50)
    flows.until_type(arn, "MapRunStarted")
    (run,) = flows.client.list_map_runs(executionArn=arn)["mapRuns"]
    shown = lambda: flows.client.describe_map_run(mapRunArn=run["mapRunArn"])  # noqa: E731
    flows.until(lambda: shown()["executionCounts"]["running"] == 50)
    flows.client.stop_execution(executionArn=arn)
    flows.until(lambda: shown()["executionCounts"]["aborted"] == 50)
    assert shown()["status"] == "ABORTED"


def test_express_children_wait_for_answers_only(flows):
    task = {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync", "End": True}
    processor = {"StartAt": "Child", "States": {"Child": {**task, "Parameters": {"StateMachineArn": "x"}}}}
    flows.create(mapped(processor))
    with pytest.raises(ClientError, match=r"Express state machine does not support '.sync' service integration"):
        flows.create(mapped(processor, "EXPRESS"), "fast")
    with pytest.raises(ClientError, match="Express state machine does not support Distributed Map state"):
        flows.create(mapped(), "fast", type="EXPRESS")


def test_a_run_may_do_more_at_once(flows):
    arn = flows.start(flows.create(mapped(SLEEPY, MaxConcurrency=1)), [1] * 3)
    flows.until_type(arn, "MapRunStarted")
    (run,) = flows.client.list_map_runs(executionArn=arn)["mapRuns"]
    shown = lambda: flows.client.describe_map_run(mapRunArn=run["mapRunArn"])  # noqa: E731
    flows.until(lambda: shown()["executionCounts"]["running"] == 1)
    flows.client.update_map_run(mapRunArn=run["mapRunArn"], maxConcurrency=3)
    flows.until(lambda: shown()["executionCounts"]["running"] == 3)
    flows.client.stop_execution(executionArn=arn)
    flows.until(lambda: shown()["status"] == "ABORTED")
    with pytest.raises(ClientError, match="ValidationException"):
        flows.client.update_map_run(mapRunArn=run["mapRunArn"], maxConcurrency=1)
