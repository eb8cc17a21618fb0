"""States in JSONata: what their fields see and make, how their failures are told, and what they may not say."""

from collections.abc import Callable
from typing import Any

import pytest

from freehold.engines import asl

LAMBDA = "arn:aws:lambda:eu-west-1:123456789012:function:f"
QUEUE = "arn:aws:states:::sqs:sendMessage"


def single(**state: Any) -> dict[str, Any]:
    return {"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"End": True, **state}}}


def failing(task: asl.RunTask) -> asl.Event:
    return asl.TaskFailed(task.id, "Broken", "why")


# What is a query, and what a query sees

OUTPUTS = [
    ("{% $states.input.n + 1 %}", 8),
    ("{%1%}", 1),
    (" {% 1 %}", " {% 1 %}"),
    ({"a": [1, "{% 2 %}", {"b.$": "{% $states.input.n %}"}], "$": "$.n"}, {"a": [1, 2, {"b.$": 7}], "$": "$.n"}),
    (None, None),
    ("{% $states.context.State.Name %}", "A"),
    ("{% $states.context.Execution.Input.n %}", 7),
    ("{% $uuid() %}", "b5f0f0f0-0000-4000-8000-000000000000"),
]


@pytest.mark.parametrize(("output", "expected"), OUTPUTS)
def test_output(play: Callable[..., Any], output: Any, expected: Any) -> None:
    assert play(single(Type="Pass", Output=output), {"n": 7}).output == expected


def test_without_output_the_result_goes_on(play: Callable[..., Any]) -> None:
    assert play(single(Type="Pass"), {"n": 7}).output == {"n": 7}
    assert play(single(Type="Task", Resource=LAMBDA, Arguments={"x": "{% $states.input.n %}"}), {"n": 7}).output == {
        "x": 7
    }
    end = {"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Succeed", "Output": "{% 7 %}"}}}
    assert play(end).output == 7


def test_a_task_sees_its_result_and_its_token(play: Callable[..., Any]) -> None:
    fields = {
        "Resource": QUEUE + ".waitForTaskToken",
        "Arguments": {"t": "{% $states.context.Task.Token %}"},
        "Output": {"r": "{% $states.result.t %}", "i": "{% $states.input %}", "v": "{% $v %}"},
        "Assign": {"w": "{% $states.result.t & '!' %}"},
    }
    work = {
        "StartAt": "S",
        "States": {
            "S": {"Type": "Pass", "Assign": {"v": 1}, "Next": "A"},
            "A": {"QueryLanguage": "JSONata", "Type": "Task", "End": True, **fields},
        },
    }
    token = "b5f0f0f0-0000-4000-8000-000000000000"
    world = play(work, 5)
    assert world.output == {"r": token, "i": 5, "v": 1}
    assert world.history[-2]["stateExitedEventDetails"]["assignedVariables"] == {"w": f'"{token}!"'}


def test_a_catcher_sees_the_error(play: Callable[..., Any]) -> None:
    def caught(**fields: Any) -> Any:
        catcher = {"ErrorEquals": ["States.ALL"], "Next": "B", **fields}
        work = single(Type="Task", Resource=LAMBDA, Catch=[catcher])
        work["States"]["B"] = {"Type": "Pass", "End": True}
        return play(work, 5, failing)

    error = {"Error": "Broken", "Cause": "why"}
    assert caught().output == error
    assert caught(Output={"e": "{% $states.errorOutput %}", "i": "{% $states.input %}"}).output == {"e": error, "i": 5}
    assigned = caught(Assign={"e": "{% $states.errorOutput.Error %}"}).history[-4]["stateExitedEventDetails"]
    assert assigned["assignedVariables"] == {"e": '"Broken"'}


def test_choices_take_their_own_output(play: Callable[..., Any]) -> None:
    def chosen(condition: Any, rule: dict[str, Any]) -> Any:
        state = {
            "Type": "Choice",
            "Choices": [{"Condition": condition, "Next": "B", **rule}],
            "Default": "B",
            "Output": "default",
            "Assign": {"d": 1},
        }
        end = {"Type": "Pass", "End": True}
        return play({"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": state, "B": end}}, {"ok": True}).output

    assert chosen("{% $states.input.ok %}", {"Output": "rule"}) == "rule"
    assert chosen(True, {}) == {"ok": True}
    assert chosen("{% $states.input.ok = false %}", {"Output": "rule"}) == "default"


def test_maps_run_over_items(play: Callable[..., Any]) -> None:
    processor = {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": True}}}
    fields = {
        "Items": "{% $states.input.list[$ > 1] %}",
        "ItemSelector": {"v": "{% $states.context.Map.Item.Value %}", "i": "{% $states.context.Map.Item.Index %}"},
        "MaxConcurrency": "{% 1 %}",
        "ItemProcessor": processor,
        "Output": "{% $states.result.v %}",
    }
    assert play(single(Type="Map", **fields), {"list": [1, 2, 3]}).output == [2, 3]
    assert play(single(Type="Map", Items=[1, "{% 2 %}"], ItemProcessor=processor)).output == [1, 2]
    assert play(single(Type="Map", ItemProcessor=processor), [4]).output == [4]


def test_states_inside_keep_a_language_of_their_own(play: Callable[..., Any]) -> None:
    processor = {"StartAt": "I", "States": {"I": {"Type": "Pass", "Parameters": {"v.$": "$"}, "End": True}}}
    work = {"Type": "Map", "QueryLanguage": "JSONata", "Items": "{% [1, 2] %}", "ItemProcessor": processor, "End": True}
    assert play({"StartAt": "M", "States": {"M": {**work, "Output": "{% $states.result.v %}"}}}).output == [1, 2]


def test_distributed_maps_compute_their_fields(start: Callable[..., Any]) -> None:
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
        "StartAt": "I",
        "States": {"I": {"Type": "Pass", "End": True}},
    }
    reader = {
        "Resource": "arn:aws:states:::s3:getObject",
        "Arguments": {"Bucket": "{% $states.input.b %}"},
        "ReaderConfig": {"InputType": "JSON", "MaxItems": "{% $states.input.n %}"},
    }
    batcher = {"MaxItemsPerBatch": "{% 2 %}", "BatchInput": {"b": "{% $states.input.b %}"}}
    world = start(
        single(Type="Map", ItemReader=reader, ItemBatcher=batcher, ItemProcessor=processor), {"b": "B", "n": 4}
    )
    (command,) = world.maps
    assert (command.reader.parameters, command.reader.items_max) == ('{"Bucket":"B"}', 4)
    assert command.batcher == asl.Batcher(items_max=2, input='{"b":"B"}')
    assert command.execution_type == "EXPRESS"


def test_waits_and_limits_are_computed(start: Callable[..., Any]) -> None:
    assert list(start(single(Type="Wait", Seconds="{% 2 + 3 %}")).alarms.values()) == [5.0]
    assert list(
        start(single(Type="Wait", Timestamp="{% $states.input %}"), "1970-01-01T00:01:00Z").alarms.values()
    ) == [60.0]
    (task,) = start(single(Type="Task", Resource=QUEUE, TimeoutSeconds="{% 9 %}", HeartbeatSeconds="{% 3 %}")).tasks
    assert (task.timeout_s, task.heartbeat_s) == (9, 3)


def test_fail_computes_its_error(play: Callable[..., Any]) -> None:
    work = {"Type": "Fail", "Error": "{% $states.input.e %}", "Cause": "{% 'since ' & $states.input.e %}"}
    world = play({"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": work}}, {"e": "E"})
    assert world.failure == ("E", "since E")


def test_languages_mix_state_by_state(play: Callable[..., Any]) -> None:
    states = {
        "A": {"Type": "Pass", "Assign": {"x": 1}, "Next": "B"},
        "B": {"Type": "Pass", "QueryLanguage": "JSONata", "Assign": {"y": "{% $x + 1 %}", "x": 5}, "Next": "C"},
        "C": {"Type": "Pass", "Parameters": {"x.$": "$x", "y.$": "$y"}, "End": True},
    }
    assert play({"StartAt": "A", "States": states}).output == {"x": 5, "y": 2}


# Failures

WHERE = "An error occurred while executing the state 'A' (entered at the event id #2). "
BROKEN = [
    (
        {"Type": "Pass", "Output": {"a": ["{% $no %}"]}},
        "Output/a[0]",
        "The JSONata expression '$no' specified for the field 'Output/a[0]' returned nothing (undefined).",
    ),
    (
        {"Type": "Pass", "Assign": {"a": "{% function($x){$x} %}"}},
        "Assign/a",
        "The JSONata expression 'function($x){$x}' specified for the field 'Assign/a' returned an unsupported result "
        "type.",
    ),
    (
        {"Type": "Pass", "Output": "{% $nothing(1) %}"},
        "Output",
        "The JSONata expression '$nothing(1)' specified for the field 'Output' threw an error during evaluation. "
        "T1006: Attempted to invoke a non-function",
    ),
    (
        {"Type": "Map", "Items": "{% {'a': 1} %}", "ItemProcessor": single(Type="Pass")},
        "Items",
        "The JSONata expression '{'a': 1}' specified for the field 'Items' returned an unexpected result type. "
        "Expected 'array', but was 'object' for value: {\"a\":1}",
    ),
    (
        {"Type": "Map", "ItemProcessor": single(Type="Pass")},
        None,
        'Map state input must be an array but was: {"n":1}',
    ),
    (
        {"Type": "Wait", "Timestamp": "{% '2016-12-05 21:29:29Z' %}"},
        "Timestamp",
        "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: "
        "2016-12-05 21:29:29Z",
    ),
    (
        {"Type": "Task", "Resource": QUEUE, "TimeoutSeconds": "{% 0 %}"},
        "TimeoutSeconds",
        "TimeoutSeconds must be between 1 and 99999999.",
    ),
    (
        {"Type": "Wait", "Seconds": "{% 1.5 %}"},
        "Seconds",
        'The Seconds field refers to value "1.5" which is not a valid integer',
    ),
]


@pytest.mark.parametrize(("state", "location", "words"), BROKEN)
def test_what_cannot_be_evaluated(play: Callable[..., Any], state: dict[str, Any], location: Any, words: str) -> None:
    if "ItemProcessor" in state:
        inner = {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": True}}}
        state = {**state, "ItemProcessor": inner}
    world = play(single(**state), {"n": 1})
    assert world.failure == ("States.QueryEvaluationError", WHERE + words)
    event = world.history[2]
    expected = {"error": "States.QueryEvaluationError", "cause": WHERE + words, "state": "A"}
    assert event["type"] == "EvaluationFailed"
    assert event["evaluationFailedEventDetails"] == expected | ({"location": location} if location else {})
    # As AWS has it, the event follows what was before the state, unless the value was found wrong in use.
    assert event["previousEventId"] == (2 if location == "Timestamp" else 0)
    assert world.history[-1]["previousEventId"] == len(world.history) - 1


def test_a_failed_query_can_be_tried_again_and_caught(play: Callable[..., Any]) -> None:
    retry = {"ErrorEquals": ["States.QueryEvaluationError"], "MaxAttempts": 1}
    catch = {"ErrorEquals": ["States.TaskFailed"], "Next": "B", "Output": "{% $states.errorOutput.Error %}"}
    work = single(Type="Task", Resource=LAMBDA, Output="{% $states.result.no %}", Retry=[retry], Catch=[catch])
    work["States"]["B"] = {"Type": "Pass", "End": True}
    world = play(work, {})
    assert world.output == "States.QueryEvaluationError"
    assert world.types().count("EvaluationFailed") == 2
    assert world.history[5]["previousEventId"] == 5  # after the task's success


def test_too_long_a_wait_is_refused(play: Callable[..., Any]) -> None:
    error, cause = play(single(Type="Wait", Timestamp="{% '3000-01-01T00:00:00Z' %}")).failure
    assert error == "States.Runtime"
    assert cause.endswith("Wait state delay is too long.")


# Refusals

REFUSED = [
    ({"Type": "Pass", "Result": 1}, "field 'Result' is only supported for the 'JSONPath' QueryLanguage at /States/A"),
    ({"Type": "Wait", "SecondsPath": "$.n"}, "field 'SecondsPath' is only supported for the 'JSONPath' QueryLanguage"),
    ({"Type": "Wait", "Seconds": "5"}, "Expected value of type Integer at /States/A/Seconds"),
    ({"Type": "Wait", "Timestamp": "soon"}, "String does not match RFC3339 timestamp at /States/A/Timestamp"),
    ({"Type": "Pass", "Output": {"a": "{% 1 + %}"}}, "INVALID_JSONATA_EXPRESSION: Unexpected end of expression at "),
    (
        {"Type": "Pass", "Output": '{% "x %}'},
        "String literal must be terminated by a matching quote at /States/A/Output",
    ),
    (
        {"Type": "Task", "Resource": LAMBDA, "Catch": [{"ErrorEquals": ["E"], "Next": "A", "ResultPath": "$"}]},
        "field 'ResultPath' is only supported for the 'JSONPath' QueryLanguage at /States/A/Catch[0]",
    ),
]


@pytest.mark.parametrize(("state", "words"), REFUSED)
def test_definitions_that_are_refused(state: dict[str, Any], words: str) -> None:
    with pytest.raises(asl.InvalidDefinition) as refused:
        asl.compile(single(**state))
    assert words in "\n".join(map(str, refused.value.problems))
