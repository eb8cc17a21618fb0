"""What pipes tell their log groups, by level, with execution data and without."""

import json

import pytest

ENRICHING = [
    "EnrichmentStageEntered", "EnrichmentTransformationStarted", "EnrichmentTransformationSucceeded",
    "EnrichmentInvocationStarted", "EnrichmentInvocationSucceeded", "EnrichmentStageSucceeded",
]  # fmt: skip
HANDING = ["TargetStageEntered", "TargetInvocationStarted", "TargetInvocationSucceeded", "TargetStageSucceeded"]


@pytest.fixture
def lines(works, until):
    """The steps that were told when the last of them is there, as values, in order."""

    def read(last):
        def found():
            events = works.aws("logs").filter_log_events(logGroupName="/pipes")["events"]
            told = [json.loads(event["message"]) for event in events]
            return told if last in [one["messageType"] for one in told] else None

        return until(found)

    return read


@pytest.fixture
def logging(works):
    """A LogConfiguration of a level."""
    works.aws("logs").create_log_group(logGroupName="/pipes")
    destination = {"LogGroupArn": works.arn("logs", "log-group:/pipes:*")}
    return lambda level, **more: {"Level": level, "CloudwatchLogsLogDestination": destination, **more}


def test_every_step_with_its_data(works, logging, lines):
    (source, source_arn), (_, target_arn) = works.queue("from"), works.queue("to")
    arn = works.function("same", "return event")
    works.pipe(
        "p", source_arn, target_arn, Enrichment=arn, EnrichmentParameters={"InputTemplate": '{"n": <$.body>}'},
        LogConfiguration=logging("TRACE", IncludeExecutionData=["ALL"]),
    )  # fmt: skip
    assert works.pipes.describe_pipe(Name="p")["LogConfiguration"]["IncludeExecutionData"] == ["ALL"]
    works.send(source, "1")
    told = lines("ExecutionSucceeded")
    assert [one["messageType"] for one in told] == ["ExecutionStarted", *ENRICHING, *HANDING, "ExecutionSucceeded"]
    by = {one["messageType"]: one for one in told}
    assert {one["resourceArn"] for one in told} == {works.arn("pipes", "pipe/p")}
    assert len({one["executionId"] for one in told}) == 1
    assert json.loads(by["ExecutionStarted"]["payload"])[0]["body"] == "1"
    assert json.loads(by["EnrichmentStageSucceeded"]["payload"]) == [{"n": 1}]
    assert "awsRequest" in by["TargetInvocationSucceeded"] and "awsResponse" in by["TargetInvocationSucceeded"]
    assert by["ExecutionStarted"]["logLevel"] == "INFO" and by["TargetInvocationStarted"]["logLevel"] == "TRACE"


def test_some_steps_without_data(works, logging, lines):
    (source, source_arn), (_, target_arn) = works.queue("from"), works.queue("to")
    works.pipe("p", source_arn, target_arn, LogConfiguration=logging("INFO"))
    works.send(source, "1")
    told = lines("ExecutionSucceeded")
    steps = ["ExecutionStarted", "TargetStageEntered", "TargetStageSucceeded", "ExecutionSucceeded"]
    assert [one["messageType"] for one in told] == steps
    assert not any({"payload", "awsRequest", "awsResponse"} & set(one) for one in told)


def test_failures_alone(works, logging, lines):
    (source, source_arn) = works.queue("from", VisibilityTimeout="1")
    arn = works.function("picky", "assert len(event[0]['body']) < 4")
    works.pipe("p", source_arn, arn, LogConfiguration=logging("ERROR"))
    works.send(source, "good")
    told = lines("ExecutionFailed")
    assert [one["messageType"] for one in told][:3] == [
        "TargetInvocationFailed",
        "TargetStageFailed",
        "ExecutionFailed",
    ]
    assert told[0]["error"] == {
        "message": f"Target {arn} encountered an error while processing event(s).",
        "httpStatusCode": 200, "awsService": "lambda", "exceptionType": "BadRequest", "resourceArn": arn,
    }  # fmt: skip


def test_part_of_a_batch_that_failed(works, logging, lines):
    source, source_arn = works.queue("from", VisibilityTimeout="1")
    code = "return {'batchItemFailures': [{'itemIdentifier': one['messageId']} for one in event]}"
    works.pipe("p", source_arn, works.function("none", code), LogConfiguration=logging("ERROR"))
    works.send(source, "x")
    steps = [one["messageType"] for one in lines("ExecutionPartiallyFailed")][:3]
    assert steps == ["TargetInvocationPartiallyFailed", "TargetStagePartiallyFailed", "ExecutionPartiallyFailed"]


def test_no_pipe_writes_into_the_groups_of_others(works, logging):
    (_, source), (_, target) = works.queue("from"), works.queue("to")
    told = logging("TRACE")
    strange = told["CloudwatchLogsLogDestination"]["LogGroupArn"].replace(works.aws.account, "999988887777")
    with pytest.raises(works.pipes.exceptions.ValidationException, match="must be of the account"):
        works.pipe(
            "p", source, target, LogConfiguration=told | {"CloudwatchLogsLogDestination": {"LogGroupArn": strange}}
        )
