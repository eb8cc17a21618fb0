"""Whatever a definition or an input holds, the answer is a machine, a refusal, or an execution that ends or waits."""

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from freehold.engines import asl
from freehold.engines.asl import values

TASK = {
    "Type": "Task",
    "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:f",
    "TimeoutSecondsPath": "$.n",
    "HeartbeatSeconds": 3,
    "Credentials": {"RoleArn": "r"},
    "Retry": [{"ErrorEquals": ["E"], "BackoffRate": 1.5}],
    "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.e", "Next": "F"}],
    "Next": "M",
}
DEFINITION: dict[str, Any] = {
    "StartAt": "C",
    "TimeoutSeconds": 60,
    "States": {
        "C": {
            "Type": "Choice",
            "Choices": [{"And": [{"Variable": "$.n", "NumericEquals": 1}], "Next": "W", "Assign": {"v": 1}}],
            "Default": "P",
        },
        "W": {"Type": "Wait", "SecondsPath": "$.n", "Next": "P"},
        "P": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 0)", "i.$": "$.i"}, "Next": "T"},
        "T": TASK,
        "M": {
            "Type": "Map",
            "ItemsPath": "$.i",
            "MaxConcurrency": 1,
            "ToleratedFailurePercentagePath": "$.n",
            "ItemSelector": {"v.$": "$$.Map.Item.Value"},
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "INLINE"},
                "StartAt": "I",
                "States": {"I": {"Type": "Succeed"}},
            },
            "Next": "L",
        },
        "L": {
            "Type": "Parallel",
            "Branches": [{"StartAt": "B", "States": {"B": {"Type": "Pass", "Result": 1, "End": True}}}],
            "End": True,
        },
        "F": {"Type": "Fail", "CausePath": "States.Format('{}', $.n)"},
    },
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 2**70) | st.floats(-1e9, 1e9) | st.sampled_from(["", "$", "$.x", "F"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["n", "i", "Next", "a.$"]), inner),
    max_leaves=5,
)


class Fair:
    def random(self) -> float:
        return 0.5

    def uuid(self) -> str:
        return "u"


def places(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value inside a value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, item in inside for place in [(*here, key), *places(item, (*here, key))]]


def replaced(place: tuple[Any, ...], by: Any) -> dict[str, Any]:
    definition = copy.deepcopy(DEFINITION)
    target: Any = definition
    for key in place[:-1]:
        target = target[key]
    target[place[-1]] = by
    return definition


def run(machine: asl.Machine, input: Any) -> None:
    """Up to the end, or until nothing more than its own timeout could happen."""
    state = asl.begin(machine, asl_text(input), {})
    events: list[asl.Event] = [asl.Started()]
    while events and state.status == "RUNNING":
        for command in asl.advance(machine, state, events.pop(0), 0.0, Fair()).commands:
            if isinstance(command, asl.RunTask):
                events.append(asl.TaskSucceeded(command.id, command.parameters))
            elif isinstance(command, asl.SetAlarm) and command.id != asl.EXECUTION_TIMEOUT:
                events.append(asl.AlarmRang(command.id))


def asl_text(value: Any) -> str:
    return values.write(value)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(places(DEFINITION)), JSON)
def test_any_definition_compiles_or_is_refused(place: tuple[Any, ...], by: Any) -> None:
    try:
        machine = asl.compile(replaced(place, by))
    except asl.InvalidDefinition as refused:
        assert refused.problems
        return
    run(machine, {"n": 1, "i": [1, 2]})


@settings(max_examples=200, deadline=None)
@given(JSON)
def test_any_input_runs_to_an_end(input: Any) -> None:
    run(asl.compile(DEFINITION), input)
    run(asl.compile(DEFINITION), {"n": input, "i": [input]})
