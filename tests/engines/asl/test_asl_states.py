"""Each state type, and the way of data through it."""

from typing import Any

import pytest

from freehold.engines import asl
from freehold.engines.asl import values

LAMBDA = "arn:aws:lambda:eu-west-1:123456789012:function:f"
WHERE = "An error occurred while executing the state 'A' (entered at the event id #2). "


def single(**fields: Any) -> dict[str, Any]:
    end = {} if {"Next", "Choices"} & fields.keys() or fields["Type"] in ("Fail", "Succeed") else {"End": True}
    return {"StartAt": "A", "States": {"A": {**fields, **end}}}


FLOWS: list[tuple[dict[str, Any], Any, Any]] = [
    ({}, {"a": 1}, {"a": 1}),
    ({"InputPath": "$.a"}, {"a": {"b": 1}}, {"b": 1}),
    ({"InputPath": None}, {"a": 1}, {}),
    ({"InputPath": "$$.StateMachine.Name"}, {}, "m"),
    ({"OutputPath": "$.a"}, {"a": 1}, 1),
    ({"OutputPath": None}, {"a": 1}, {}),
    ({"Result": {"x": 1}}, {"a": 1}, {"x": 1}),
    ({"Result": {"x.$": "$.a"}}, {"a": 1}, {"x.$": "$.a"}),
    ({"Result": 5, "ResultPath": "$.b.c"}, {"a": 1}, {"a": 1, "b": {"c": 5}}),
    ({"Result": 5, "ResultPath": None}, {"a": 1}, {"a": 1}),
    ({"InputPath": "$.a", "ResultPath": "$.b"}, {"a": 1}, {"a": 1, "b": 1}),
    ({"Parameters": {"k": [{"v.$": "$.a"}], "c": 1}}, {"a": 2}, {"k": [{"v": 2}], "c": 1}),
    ({"Parameters": {"v.$": "$$.Execution.Input.a"}}, {"a": 2}, {"v": 2}),
    ({"Parameters": {"v.$": "$.a[*].b"}}, {"a": [{"b": 1}, {}]}, {"v": [1]}),
]


@pytest.mark.parametrize(("fields", "input", "output"), FLOWS)
def test_data_flows_through_a_pass(play: Any, fields: dict[str, Any], input: Any, output: Any) -> None:
    assert play(single(Type="Pass", **fields), input).output == output


def test_data_flows_through_a_task(play: Any) -> None:
    fields = {
        "Parameters": {"in.$": "$.a"},
        "ResultSelector": {"picked.$": "$.in"},
        "ResultPath": "$.r",
        "OutputPath": "$.r",
    }
    assert play(single(Type="Task", Resource=LAMBDA, **fields), {"a": 1}).output == {"picked": 1}


@pytest.mark.parametrize("text", ["12345678901234567890123", "-0.0", "1e-7", "null", '{ "b" : [1 , 2] }', '"\\u00e9"'])
def test_payloads_pass_unchanged(text: str) -> None:
    machine = asl.compile(single(Type="Pass"))
    state = asl.begin(machine, text, {})
    decision = asl.advance(machine, state, asl.Started(), 0.0, None)  # type: ignore[arg-type]
    (end,) = decision.commands
    assert isinstance(end, asl.Succeed)
    value = values.read(text)
    assert values.read(end.output) == value and type(values.read(end.output)) is type(value)


BROKEN: list[tuple[dict[str, Any], Any, str]] = [
    (
        {"Type": "Pass", "Parameters": {"v.$": "$.x"}},
        {"a": 1},
        "The JSONPath '$.x' specified for the field 'v.$' could not be found in the input '{\"a\":1}'",
    ),
    ({"Type": "Pass", "InputPath": "$.x"}, {}, "Invalid path '$.x' : No results for path: $['x']"),
    ({"Type": "Pass", "OutputPath": "$.no.x"}, {}, "Invalid path '$.no.x' : Missing property in path $['no']"),
    (
        {"Type": "Fail", "CausePath": "$.x"},
        {},
        "The JSONPath '$.x' specified for the field 'CausePath' could not be found in the input '{}'",
    ),
    (
        {"Type": "Wait", "SecondsPath": "$.x"},
        {},
        "The SecondsPath parameter does not reference an input value: $.x",
    ),
    (
        {"Type": "Wait", "SecondsPath": "$.x"},
        {"x": 1.5},
        "The SecondsPath parameter cannot be parsed as a long value: $.x == 1.5",
    ),
    (
        {"Type": "Wait", "SecondsPath": "$.x"},
        {"x": -1},
        "The SecondsPath parameter references a negative value: $.x == -1",
    ),
    (
        {"Type": "Wait", "TimestampPath": "$.x"},
        {"x": "05-12-2016"},
        "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: "
        "$.x == 05-12-2016",
    ),
    ({"Type": "Wait", "Timestamp": "2999-01-01T00:00:00Z"}, {}, "Wait state delay is too long."),
    (
        {"Type": "Map", "ItemProcessor": single(Type="Pass") | {"StartAt": "I", "States": {"I": {"Type": "Succeed"}}}},
        {"a": 1},
        'Map state input must be an array but was: {"a":1}',
    ),
    (
        {
            "Type": "Map",
            "ItemsPath": "$.items",
            "MaxConcurrencyPath": "$.c",
            "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Succeed"}}},
        },
        {"items": [1], "c": "NoNumber"},
        'The MaxConcurrencyPath field refers to value "NoNumber" which is not a valid integer: $.c',
    ),
    (
        {
            "Type": "Map",
            "ItemsPath": "$.items",
            "MaxConcurrencyPath": "$.c",
            "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Succeed"}}},
        },
        {"items": [1], "c": -1},
        "MaxConcurrency cannot be negative.",
    ),
]


@pytest.mark.parametrize(("fields", "input", "reason"), BROKEN)
def test_a_state_that_cannot_be_executed(play: Any, fields: dict[str, Any], input: Any, reason: str) -> None:
    assert play(single(**fields), input).failure == ("States.Runtime", WHERE + reason)


WAITS = [
    ({"Seconds": 10}, {}, 10),
    ({"SecondsPath": "$.s"}, {"s": 7}, 7),
    ({"Timestamp": "1970-01-01T00:01:00Z"}, {}, 60),
    ({"TimestampPath": "$.t"}, {"t": "1970-01-01T01:00:30.5+01:00"}, 30.5),
    ({"Seconds": 0}, {}, 0),
    ({"Timestamp": "1969-01-01T00:00:00Z"}, {}, 0),
]


@pytest.mark.parametrize(("fields", "input", "at"), WAITS)
def test_waits(play: Any, fields: dict[str, Any], input: Any, at: float) -> None:
    world = play(single(Type="Wait", **fields), input)
    assert world.now == at
    assert world.output == input


def test_a_choice_takes_the_first_rule_that_holds(play: Any) -> None:
    def rule(over: int, to: str) -> dict[str, Any]:
        return {"Variable": "$.n", "NumericGreaterThan": over, "Next": to}

    states = {name: {"Type": "Pass", "Result": name, "End": True} for name in ("Big", "Some", "None")}
    choice = {"Type": "Choice", "Choices": [rule(10, "Big"), rule(0, "Some")], "Default": "None"}
    machine = {"StartAt": "A", "States": {"A": choice, **states}}
    assert [play(machine, {"n": n}).output for n in (11, 1, 0)] == ["Big", "Some", "None"]


def test_no_choice_and_no_default(play: Any) -> None:
    machine = single(Type="Choice", Choices=[{"Variable": "$.x", "IsNull": True, "Next": "B"}])
    machine["States"]["B"] = {"Type": "Succeed"}
    reason = "Failed to transition out of the state. The state does not point to a next state."
    assert play(machine, {"x": 1}).failure == ("States.Runtime", WHERE + reason)


@pytest.mark.parametrize(
    ("fields", "failure"),
    [
        ({"Error": "E", "Cause": "c"}, ("E", "c")),
        ({}, (None, None)),
        ({"ErrorPath": "$.e", "CausePath": "States.Format('by {}', $.e)"}, ("boom", "by boom")),
    ],
)
def test_fail(play: Any, fields: dict[str, Any], failure: Any) -> None:
    world = play(single(Type="Fail", **fields), {"e": "boom"})
    assert world.failure == failure
    assert world.types() == ["ExecutionStarted", "FailStateEntered", "ExecutionFailed"]


def test_variables_are_seen_from_the_next_state_on(play: Any) -> None:
    states = {
        "A": {"Type": "Pass", "Assign": {"x.$": "$.n", "y": 1}, "Next": "B"},
        "B": {"Type": "Pass", "Assign": {"x": 2, "y.$": "$x"}, "Parameters": {"x.$": "$x"}, "Next": "C"},
        "C": {"Type": "Pass", "Parameters": {"x.$": "$x", "y.$": "$y"}, "End": True},
    }
    world = play({"StartAt": "A", "States": states}, {"n": 1})
    assert world.output == {"x": 2, "y": 1}
    assert world.history[2]["stateExitedEventDetails"]["assignedVariables"] == {"x": "1", "y": "1"}


def test_inner_scopes_see_outer_variables_and_keep_their_own(play: Any) -> None:
    inner = {"I": {"Type": "Pass", "Parameters": {"v.$": "$x"}, "Assign": {"own": 1}, "End": True}}
    states = {
        "A": {"Type": "Pass", "Assign": {"x": 5}, "Next": "M"},
        "M": {"Type": "Map", "ItemProcessor": {"StartAt": "I", "States": inner}, "Next": "Z"},
        "Z": {"Type": "Choice", "Choices": [{"Variable": "$own", "IsPresent": True, "Next": "F"}], "Default": "S"},
        "F": {"Type": "Fail"},
        "S": {"Type": "Succeed"},
    }
    assert play({"StartAt": "A", "States": states}, [1, 2]).output == [{"v": 5}, {"v": 5}]


def test_too_large_an_output_ends_the_execution(play: Any) -> None:
    world = play(single(Type="Pass", Parameters={"v.$": "States.Array($.x, $.x)"}), {"x": "é" * 70_000})
    assert world.failure == (
        "States.DataLimitExceeded",
        "The state/task 'A' returned a result with a size exceeding the maximum number of bytes service limit.",
    )


LOOP = {
    "StartAt": "A",
    "States": {
        "A": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.end", "IsPresent": True, "Next": "C"}],
            "Default": "B",
        },
        "B": {"Type": "Pass", "Next": "A"},
        "C": {"Type": "Succeed"},
    },
}


def test_an_endless_loop_ends_with_its_history(start: Any) -> None:
    world = start(LOOP, history_max=100)
    assert world.failure == ("States.Runtime", "The execution reached the maximum number of history events (100).")
    assert len(world.history) == 100


def test_a_long_run_is_done_in_turns(start: Any) -> None:
    world = start(LOOP, history_max=None)
    assert world.end is None and set(world.alarms) == {asl.EXECUTION_RESUME}
    before = len(world.history)
    world.ring()
    assert len(world.history) > before and world.now == 0
    world.send(asl.AlarmRang(asl.EXECUTION_TIMEOUT))
    assert world.end == asl.Fail("TIMED_OUT")
