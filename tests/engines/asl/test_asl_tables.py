"""The tables are AWS's lists: state types, choice operators, intrinsics, history event members."""

from typing import Any

import botocore.session
import pytest

from freehold.engines import asl
from freehold.engines.asl.history import member
from freehold.engines.asl.works import WORKS

TYPES = "Task Wait Pass Succeed Fail Choice Parallel Map"
SIGNS = ["Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals"]
LISTED = {
    *(kind + sign + path for kind in ("String", "Numeric", "Timestamp") for sign in SIGNS for path in ("", "Path")),
    *["BooleanEquals", "BooleanEqualsPath", "StringMatches"],
    *["IsNull", "IsPresent", "IsNumeric", "IsString", "IsBoolean", "IsTimestamp"],
}
INTRINSICS = (
    "Array ArrayContains ArrayGetItem ArrayLength ArrayPartition ArrayRange ArrayUnique Base64Decode Base64Encode "
    "Format Hash JsonMerge JsonToString MathAdd MathRandom StringSplit StringToJson UUID"
)


def test_state_types() -> None:
    assert list(asl.STATE_TYPES) == TYPES.split()
    assert set(WORKS) == set(asl.STATE_TYPES)


def test_choice_operators() -> None:
    assert len(asl.OPERATORS) == 39
    assert set(asl.OPERATORS) == LISTED


def test_intrinsics() -> None:
    assert set(asl.INTRINSICS) == {f"States.{name}" for name in INTRINSICS.split()}


@pytest.fixture(scope="module")
def history_event() -> Any:
    return botocore.session.get_session().get_service_model("stepfunctions").shape_for("HistoryEvent")


EVERYTHING = {
    "StartAt": "W",
    "States": {
        "W": {"Type": "Wait", "Seconds": 1, "Next": "P"},
        "P": {
            "Type": "Parallel",
            "Branches": [
                {"StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": {"x": 1}, "End": True}}},
                {
                    "StartAt": "L",
                    "States": {"L": {"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:1:function:f", "End": True}},
                },
            ],
            "Next": "M",
        },
        "M": {
            "Type": "Map",
            "ItemProcessor": {
                "StartAt": "T",
                "States": {"T": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": True}},
            },
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "C"}],
            "Next": "C",
        },
        "C": {"Type": "Choice", "Choices": [{"Variable": "$", "IsNull": True, "Next": "S"}], "Default": "F"},
        "S": {"Type": "Succeed"},
        "F": {"Type": "Fail", "Error": "E", "Cause": "c"},
    },
}


@pytest.mark.parametrize("fails", [False, True])
def test_history_events_have_the_shape_of_the_model(play: Any, history_event: Any, fails: bool) -> None:
    def answer(task: asl.RunTask) -> asl.Event:
        failing = fails and task.state == "T"
        return asl.TaskFailed(task.id, "E", "c") if failing else asl.TaskSucceeded(task.id, task.parameters)

    world = play(EVERYTHING, [1], answer)
    assert [event["id"] for event in world.history] == list(range(1, len(world.history) + 1))
    for event in world.history:
        assert event["type"] in history_event.members["type"].enum
        for name in event:
            assert name in history_event.members, event
            shape = history_event.members[name]
            assert shape.type_name != "structure" or set(event[name]) <= set(shape.members), event


def test_details_stand_in_the_member_of_their_type(history_event: Any) -> None:
    # ...Details-less types name no member; each other type's member is in the model.
    for kind in history_event.members["type"].enum:
        if kind.endswith(("Entered", "Exited", "Scheduled", "TimedOut", "Submitted")):
            assert member(kind) in history_event.members
