"""A definition is refused with every reason at once, worded as Step Functions words them."""

from typing import Any

import pytest

from freehold.engines import asl

OK = {"Type": "Pass", "End": True}
INVALID = "SCHEMA_VALIDATION_FAILED"


def machine(**states: Any) -> dict[str, Any]:
    return {"StartAt": next(iter(states)), "States": states}


REFUSED: list[tuple[Any, str]] = [
    ("", f"{INVALID}: Definition must be a valid JSON object"),
    ({}, f"{INVALID}: These fields are required: [States, StartAt] at /"),
    ({"StartAt": "A"}, f"{INVALID}: These fields are required: [States] at /"),
    ({"StartAt": "B", "States": {"A": OK}}, "MISSING_TRANSITION_TARGET: Missing 'StartAt' target: B at /StartAt"),
    (
        machine(A={"Type": "Nope"}),
        f"{INVALID}: The field 'Type' should have one of these values: "
        "[Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map] at /States/A/Type",
    ),
    (
        machine(A={"Type": "Pass", "Next": "B"}),
        "MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next",
    ),
    (machine(A=OK, B=OK), 'MISSING_TRANSITION_TARGET: State "B" is not reachable. at /States/B'),
    (machine(A={"Type": "Pass"}), f"{INVALID}: These fields are required: [Next] at /States/A"),
    (machine(A={**OK, "Nope": 1}), f"{INVALID}: Field is not supported at /States/A/Nope"),
    (machine(A={**OK, "ResultPath": "$..a"}), "is not a reference path at /States/A"),
    (machine(A={**OK, "Parameters": {"a.$": "b"}}), "must be a valid JSONPath or a valid intrinsic function call"),
    (machine(A={**OK, "Parameters": {"a.$": 1}}), "the value of 'a.$' is not a string at /States/A"),
    (machine(A={"Type": "Wait", "End": True}), "[Seconds, SecondsPath, Timestamp, TimestampPath] at /States/A"),
    (
        machine(A={"Type": "Wait", "End": True, "Timestamp": "2016-12-05 21:29:29Z"}),
        "String does not match RFC3339 timestamp at /States/A/Timestamp",
    ),
    (machine(A={"Type": "Parallel", "Branches": [], "End": True}), "Value cannot be empty at /States/A/Branches"),
    (machine(A={"Type": "Task", "Resource": "x", "End": True}), "The resource provided x is not recognized"),
    (
        machine(A={"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": 1, "Next": "B"}]}, B=OK),
        "The choice rule is not valid: 'IsNull' takes true or false at /States/A/Choices[0]",
    ),
    (
        machine(
            A={
                "Type": "Task",
                "Resource": "arn:aws:states:::sqs:sendMessage",
                "End": True,
                "Retry": [{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["X"]}],
            }
        ),
        "States.ALL must appear alone, and in the last of the rules at /States/A/Retry[0]/ErrorEquals",
    ),
    (
        machine(A={"Type": "Map", "End": True, "ItemProcessor": {"StartAt": "A", "States": {"A": OK}}}),
        "DUPLICATE_STATE_NAME: Duplicate State name: A at /States/A/ItemProcessor/States/A",
    ),
    (machine(A={**OK, "QueryLanguage": "JSONata"}), "Freehold does not run JSONata state machines yet at /States/A"),
    (
        machine(
            A={
                "Type": "Map",
                "End": True,
                "ItemProcessor": {**machine(I=OK), "ProcessorConfig": {"Mode": "DISTRIBUTED"}},
            }
        ),
        "Freehold does not run distributed Map states yet at /States/A",
    ),
]


@pytest.mark.parametrize(("definition", "reason"), REFUSED)
def test_a_definition_is_refused(definition: Any, reason: str) -> None:
    with pytest.raises(asl.InvalidDefinition) as refused:
        asl.compile(definition)
    assert any(str(problem).endswith(reason) or reason in str(problem) for problem in refused.value.problems)


def test_text_that_is_no_json_is_refused() -> None:
    with pytest.raises(asl.InvalidDefinition, match="INVALID_JSON_DESCRIPTION"):
        asl.compile("not a definition")


def test_all_problems_come_at_once() -> None:
    with pytest.raises(asl.InvalidDefinition) as refused:
        asl.compile(machine(A={"Type": "Nope"}, B={"Type": "Pass"}))
    assert len(refused.value.problems) == 3
    assert refused.value.message.startswith("Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: ")
