"""Execution logs: what reaches CloudWatch Logs, by level, with and without data."""

import json

import pytest
from botocore.exceptions import ClientError

from .definitions import machine

GROUP = "/aws/vendedlogs/states/flows"
PASS = machine(("Say", {"Type": "Pass", "Result": {"a": 1}}))
FAIL = machine(("No", {"Type": "Fail", "Error": "Bad", "Cause": "luck"}))


@pytest.fixture
def destination(aws):
    aws("logs").create_log_group(logGroupName=GROUP)
    (group,) = aws("logs").describe_log_groups(logGroupNamePrefix=GROUP)["logGroups"]
    return [{"cloudWatchLogsLogGroup": {"logGroupArn": group["arn"]}}]


def logged(flows, count: int) -> list[dict]:
    """The records of the newest stream once there are so many."""

    def look():
        streams = flows.aws("logs").describe_log_streams(logGroupName=GROUP)["logStreams"]
        name = streams[-1]["logStreamName"]
        events = flows.aws("logs").get_log_events(logGroupName=GROUP, logStreamName=name, startFromHead=True)["events"]
        return [json.loads(event["message"]) for event in events] if len(events) == count else None

    return flows.until(look)


def test_every_event_with_its_data(flows, destination):
    logging = {"level": "ALL", "includeExecutionData": True, "destinations": destination}
    told = flows.run(PASS, {"n": 1}, loggingConfiguration=logging)
    records = logged(flows, 4)
    assert [record["type"] for record in records] == flows.types(told["executionArn"])
    assert records[2] == {
        "id": "3",
        "type": "PassStateExited",
        "details": {"name": "Say", "output": '{"a":1}', "outputDetails": {"truncated": False}},
        "previous_event_id": "2",
        "event_timestamp": records[2]["event_timestamp"],
        "execution_arn": told["executionArn"],
        "redrive_count": "0",
    }


LEVELS = [("ALL", 3), ("ERROR", 2), ("FATAL", 1)]


@pytest.mark.parametrize(("level", "count"), LEVELS)
def test_levels(flows, destination, level, count):
    flows.run(FAIL, loggingConfiguration={"level": level, "destinations": destination})
    records = logged(flows, count)
    assert records[-1]["type"] == "ExecutionFailed"
    assert records[-1]["details"] == {"error": "Bad", "cause": "luck"}
    assert all("input" not in record["details"] for record in records)


def test_an_express_execution(flows, destination):
    logging = {"level": "ALL", "destinations": destination}
    arn = flows.start(flows.create(PASS, type="EXPRESS", loggingConfiguration=logging))
    records = logged(flows, 4)
    assert {record["execution_arn"] for record in records} == {arn} and ":express:" in arn


def test_the_group_must_be_there(flows, aws):
    arn = f"arn:aws:logs:{aws.region}:{aws.account}:log-group:none:*"
    logging = {"level": "ALL", "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": arn}}]}
    with pytest.raises(ClientError, match="not authorized to access the Log Destination"):
        flows.create(PASS, loggingConfiguration=logging)


def test_there_is_one_destination(flows, destination):
    with pytest.raises(ClientError, match="Must specify exactly one Log Destination"):
        flows.create(PASS, loggingConfiguration={"level": "ALL"})
