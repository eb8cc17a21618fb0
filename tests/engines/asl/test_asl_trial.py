"""One state alone: what TestState tells of it, at every step of its data."""

from typing import Any

import pytest

from freehold.engines import asl
from freehold.engines.asl import values

from .conftest import FixedChance

CONTEXT = {"Execution": {"Name": "e"}, "State": {"Name": "StateName", "RetryCount": 0}}
LAMBDA = "arn:aws:states:::lambda:invoke"
MOCKED = asl.Mock(error="MockException", cause="why")
INNER = {
    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
    "StartAt": "I",
    "States": {"I": {"Type": "Pass", "End": True}},
}


def trial(state: dict[str, Any], input: str = "{}", **fields: Any) -> asl.Trial:
    machine = asl.compile(state, alone="StateName")
    return asl.Trial(machine, "StateName", input, CONTEXT, fields.pop("variables", {}), 0.0, FixedChance(), **fields)


def done(state: dict[str, Any], input: str = "{}", **fields: Any) -> asl.Result:
    result = trial(state, input, **fields).begin()
    assert isinstance(result, asl.Result)
    return result


def shown(result: asl.Result) -> dict[str, Any]:
    return {name: values.read(value) if isinstance(value, str) else value for name, value in result.inspection.items()}


def test_a_pass_shows_each_step() -> None:
    state = {
        "Type": "Pass",
        "InputPath": "$.a",
        "Parameters": {"b.$": "$.b", "c": 2},
        "ResultPath": "$.r",
        "OutputPath": "$.r.b",
        "Next": "Elsewhere",
    }
    result = done(state, '{"a": {"b": 1}}')
    assert (result.status, result.output, result.next, result.error) == ("SUCCEEDED", "1", "Elsewhere", None)
    assert shown(result) == {
        "input": {"a": {"b": 1}},
        "afterInputPath": {"b": 1},
        "afterParameters": {"b": 1, "c": 2},
        "afterResultSelector": {"b": 1, "c": 2},
        "afterResultPath": {"a": {"b": 1}, "r": {"b": 1, "c": 2}},
    }


def test_a_fixed_result_hides_what_came_in() -> None:
    result = done({"Type": "Pass", "Result": 1, "InputPath": "$.a", "End": True}, '{"a": 0}')
    assert shown(result) == {"input": {"a": 0}, "result": 1, "afterResultSelector": 1, "afterResultPath": 1}


SIMPLE: list[tuple[dict[str, Any], str, str | None]] = [
    ({"Type": "Succeed"}, "SUCCEEDED", None),
    ({"Type": "Wait", "Seconds": 5, "Next": "B"}, "SUCCEEDED", "B"),
    ({"Type": "Choice", "Choices": [{"Variable": "$.n", "IsPresent": True, "Next": "B"}]}, "SUCCEEDED", "B"),
    (
        {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsPresent": True, "Next": "B"}], "Default": "C"},
        "SUCCEEDED",
        "C",
    ),
    ({"Type": "Fail", "Error": "E", "Cause": "C"}, "FAILED", None),
]


@pytest.mark.parametrize(("state", "status", "next"), SIMPLE)
def test_states_without_work(state: dict[str, Any], status: str, next: str | None) -> None:
    result = done(state, '{"n":1}')
    assert (result.status, result.next) == (status, next)
    assert shown(result) == {"input": {"n": 1}, "afterInputPath": {"n": 1}}
    assert (result.output, result.error) == (('{"n":1}', None) if status == "SUCCEEDED" else (None, "E"))


def test_a_task_is_handed_out_and_answered() -> None:
    state = {"Type": "Task", "Resource": LAMBDA, "Parameters": {"n.$": "$.n"}, "ResultPath": "$.r", "End": True}
    one = trial(state, '{"n":1}')
    task = one.begin()
    assert isinstance(task, asl.RunTask) and task.parameters == '{"n":1}'
    result = one.succeeded("[2]")
    assert (result.status, result.output) == ("SUCCEEDED", '{"n":1,"r":[2]}')
    assert shown(result)["result"] == [2] and shown(result)["afterParameters"] == {"n": 1}
    again = trial(state, '{"n":1}')
    again.begin()
    assert again.failed(asl.Failure("E", "C"))[:4] == ("FAILED", None, "E", "C")


def test_a_mock_stands_for_the_work() -> None:
    state = {"Type": "Task", "Resource": LAMBDA, "ResultSelector": {"p.$": "$.Payload"}, "End": True}
    result = done(state, mock=asl.Mock('{"Payload": 1}'))
    assert (result.status, result.output) == ("SUCCEEDED", '{"p":1}')
    with pytest.raises(asl.WrongMock, match="Mocked result must be valid JSON"):
        done(state, mock=asl.Mock("no"))


def test_queries_show_arguments_result_and_variables() -> None:
    state = {
        "Type": "Task",
        "QueryLanguage": "JSONata",
        "Resource": LAMBDA,
        "Arguments": {"v": "{% $x %}"},
        "Output": "{% $states.context.Execution.Name & $states.result %}",
        "Assign": {"y": "{% $states.result %}"},
        "End": True,
    }
    result = done(state, "5", mock=asl.Mock('"!"'), variables={"x": "1"})
    assert result.output == '"e!"'
    assert shown(result) == {
        "input": 5,
        "afterArguments": {"v": 1},
        "result": "!",
        "variables": {"x": 1, "y": "!"},
    }


RETRY = [{"ErrorEquals": ["Other"]}, {"ErrorEquals": ["MockException"], "MaxAttempts": 5, "BackoffRate": 2.0}]
CATCH = [
    {"ErrorEquals": ["Other"], "Next": "B"},
    {"ErrorEquals": ["States.ALL"], "Next": "C", "ResultPath": "$.e"},
]


def test_a_failure_is_retriable_until_retries_are_used_up() -> None:
    state = {"Type": "Task", "Resource": LAMBDA, "Retry": RETRY, "End": True}
    result = done(state, mock=MOCKED, configuration=asl.Configuration(retries=4))
    assert (result.status, result.output, result.error, result.cause) == ("RETRIABLE", None, "MockException", "why")
    assert result.inspection["errorDetails"] == {"retryIndex": 1, "retryBackoffIntervalSeconds": 16}
    result = done(state, mock=MOCKED, configuration=asl.Configuration(retries=5))
    assert (result.status, result.inspection["errorDetails"]) == ("FAILED", {"retryIndex": 1})


def test_a_failure_is_caught() -> None:
    result = done({"Type": "Task", "Resource": LAMBDA, "Catch": CATCH, "End": True}, '{"a":1}', mock=MOCKED)
    assert (result.status, result.next, result.error) == ("CAUGHT_ERROR", "C", "MockException")
    assert result.inspection["errorDetails"] == {"catchIndex": 1}
    assert values.read(result.output or "") == {"a": 1, "e": {"Error": "MockException", "Cause": "why"}}


def test_what_is_broken_fails_whatever_catches() -> None:
    state = {"Type": "Task", "Resource": LAMBDA, "Parameters": {"a.$": "$.no"}, "Catch": CATCH, "End": True}
    result = done(state, mock=asl.Mock("1"))
    assert (result.status, result.error) == ("FAILED", "States.Runtime")
    assert shown(result) == {"input": {}, "afterInputPath": {}}


def test_parallel_takes_a_result_for_each_branch() -> None:
    branch = {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": True}}}
    state = {
        "Type": "Parallel",
        "Branches": [branch, {**branch, "States": {"J": branch["States"]["I"]}, "StartAt": "J"}],
    }
    state["End"] = True
    result = done(state, mock=asl.Mock('[1, "b"]'))
    assert result.output == '[1, "b"]'
    assert shown(result) == {"input": {}, "afterResultSelector": [1, "b"], "afterResultPath": [1, "b"]}
    for mock, words in (("{}", "must be an array"), ("[1]", "the same number of items as number of Parallel branches")):
        with pytest.raises(asl.WrongMock, match=words):
            done(state, mock=asl.Mock(mock))


def test_a_map_shows_its_items_and_limits() -> None:
    state = {
        "Type": "Map",
        "ItemsPath": "$.v",
        "ItemProcessor": INNER,
        "ItemSelector": {"i.$": "$$.Map.Item.Value"},
        "ItemBatcher": {"MaxItemsPerBatch": 2},
        "ToleratedFailureCount": 2,
        "MaxConcurrency": 3,
        "End": True,
    }
    result = done(state, '{"v": ["a", "b"]}', mock=asl.Mock("[1, 2]"))
    assert result.output == "[1, 2]"
    assert result.inspection["afterItemsPath"] == '["a", "b"]'  # as it was written
    assert shown(result) == {
        "input": {"v": ["a", "b"]},
        "afterInputPath": {"v": ["a", "b"]},
        "afterItemsPath": ["a", "b"],
        "afterItemSelector": [{"i": "a"}, {"i": "b"}],
        "afterItemBatcher": [{"Items": [{"i": "a"}, {"i": "b"}]}],
        "maxConcurrency": 3,
        "toleratedFailureCount": 2,
        "afterResultSelector": [1, 2],
        "afterResultPath": [1, 2],
    }


def test_iterations_may_fail_as_far_as_they_are_tolerated() -> None:
    def failing(count: int, **fields: Any) -> asl.Result:
        state = {"Type": "Map", "ItemProcessor": INNER, "End": True, **fields}
        return done(state, "[1,2,3]", mock=asl.Mock("[0,0,1]"), configuration=asl.Configuration(failures=count))

    assert failing(2).status == "SUCCEEDED"  # nothing is said of tolerance
    assert failing(1, ToleratedFailureCount=1).status == "SUCCEEDED"
    result = failing(2, ToleratedFailureCount=1)
    assert (result.status, result.error) == ("FAILED", "States.ExceedToleratedFailureThreshold")
    assert failing(2, ToleratedFailurePercentage=50).status == "FAILED"
    with pytest.raises(asl.WrongMock, match="less than or equal to the number of Map iterations"):
        failing(4)


def test_items_that_a_reader_would_find_are_given() -> None:
    reader = {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "JSON"}}
    state = {"Type": "Map", "ItemReader": reader, "ItemProcessor": INNER, "ItemSelector": {"n.$": "$$.Map.Item.Value"}}
    result = done({**state, "End": True}, mock=asl.Mock("[1]"), configuration=asl.Configuration(items="[7]"))
    assert shown(result)["afterItemSelector"] == [{"n": 7}]


def test_files_make_the_result_an_object() -> None:
    writer = {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b"}}
    state = {"Type": "Map", "ResultWriter": writer, "ItemProcessor": INNER, "End": True}
    assert done(state, "[]", mock=asl.Mock("{}")).status == "SUCCEEDED"
    with pytest.raises(asl.WrongMock, match="Mocked result must be a JSON object"):
        done(state, "[]", mock=asl.Mock("[]"))


def test_items_must_be_an_array() -> None:
    result = done({"Type": "Map", "ItemsPath": "$$.State", "ItemProcessor": INNER, "End": True}, mock=asl.Mock("[]"))
    assert result[:4] == ("FAILED", None, "States.Runtime", 'Reference path "$.State" must point to array.')


def test_a_state_is_found_however_deep() -> None:
    loop = {"Type": "Map", "ItemProcessor": {"StartAt": "Deep", "States": {"Deep": {"Type": "Pass", "End": True}}}}
    machine = asl.compile({"StartAt": "M", "States": {"M": {**loop, "End": True}}})
    result = asl.Trial(machine, "Deep", "7", CONTEXT, {}, 0.0, FixedChance()).begin()
    assert isinstance(result, asl.Result) and result.output == "7"
    with pytest.raises(KeyError):
        asl.where(machine, "Nowhere")


def test_a_lone_state_is_validated() -> None:
    with pytest.raises(asl.InvalidDefinition) as refused:
        asl.compile({"Type": "Parallel", "Branches": [], "End": True}, alone="StateName")
    told = ["SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/StateName/Branches"]
    assert list(map(str, refused.value.problems)) == told
