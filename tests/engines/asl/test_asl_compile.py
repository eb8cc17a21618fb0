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
    (machine(A={**OK, "Nope": 1}), f"{INVALID}: Field 'Nope' is not supported at /States/A"),
    (machine(A={**OK, "ResultPath": "$..a"}), "Value is not a Reference Path at /States/A/ResultPath"),
    (
        machine(A={**OK, "Parameters": {"a.$": "b"}}),
        "The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call "
        "at /States/A/Parameters",
    ),
    (
        machine(A={**OK, "Parameters": {"a.$": 1}}),
        "The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call "
        "at /States/A/Parameters",
    ),
    (machine(A={"Type": "Wait", "End": True}), "[Seconds, SecondsPath, Timestamp, TimestampPath] at /States/A"),
    (
        machine(A={"Type": "Wait", "End": True, "Timestamp": "2016-12-05 21:29:29Z"}),
        "String does not match RFC3339 timestamp at /States/A/Timestamp",
    ),
    (machine(A={"Type": "Parallel", "Branches": [], "End": True}), "Value cannot be empty at /States/A/Branches"),
    (machine(A={"Type": "Task", "Resource": "x", "End": True}), "The resource provided x is not recognized"),
    (
        machine(A={"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": 1, "Next": "B"}]}, B=OK),
        "Expected value of type Boolean at /States/A/Choices[0]/IsNull",
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
    (
        {**machine(A={**OK, "QueryLanguage": "JSONPath"}), "QueryLanguage": "JSONata"},
        "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine at /States/A",
    ),
    (
        machine(A={**OK, "Output": 1}),
        "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage "
        "at /States/A",
    ),
    (
        machine(A={**OK, "QueryLanguage": "JSONata", "InputPath": "$"}),
        "The QueryLanguage is set to 'JSONata', but field 'InputPath' is only supported for the 'JSONPath' "
        "QueryLanguage at /States/A",
    ),
    (
        machine(A={**OK, "QueryLanguage": "JSONata", "Output": {"a": ["{% 1 + %}"]}}),
        "INVALID_JSONATA_EXPRESSION: Unexpected end of expression at /States/A/Output/a[0]",
    ),
]


@pytest.mark.parametrize(("definition", "reason"), REFUSED)
def test_a_definition_is_refused(definition: Any, reason: str) -> None:
    with pytest.raises(asl.InvalidDefinition) as refused:
        asl.compile(definition)
    assert any(str(problem).endswith(reason) or reason in str(problem) for problem in refused.value.problems)


def test_text_that_is_no_json_is_refused() -> None:
    with pytest.raises(asl.InvalidDefinition, match="INVALID_JSON_DESCRIPTION") as refused:
        asl.compile("not a definition")
    (problem,) = refused.value.problems
    assert problem.location == '[Source: (String)"not a definition"; line: 1, column: 4]'
    assert problem.message == (
        "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or "
        "'false')\n at " + problem.location
    )


@pytest.mark.parametrize("text", ["", " ", "[]", '"x"'])
def test_json_that_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(asl.InvalidDefinition, match="Definition must be a valid JSON object"):
        asl.compile(text)


def test_without_a_start_nothing_is_called_unreachable() -> None:
    with pytest.raises(asl.InvalidDefinition) as refused:
        asl.compile({"States": {"A": OK}})
    assert [problem.message for problem in refused.value.problems] == ["These fields are required: [StartAt]"]


def test_all_problems_come_at_once() -> None:
    with pytest.raises(asl.InvalidDefinition) as refused:
        asl.compile(machine(A={"Type": "Nope"}, B={"Type": "Pass"}))
    assert len(refused.value.problems) == 3
    assert refused.value.message.startswith("Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: ")


def test_the_language_of_a_map_is_its_own_whatever_the_states_inside_speak() -> None:
    inside = {"StartAt": "In", "States": {"In": {"Type": "Pass", "InputPath": "$", "End": True}}}
    fields = {"Type": "Map", "Items": "{% $states.input.many %}", "MaxConcurrency": "{% 2 %}", "ItemProcessor": inside}
    asl.compile(machine(Each={**fields, "QueryLanguage": "JSONata", "End": True}))
    with pytest.raises(asl.InvalidDefinition, match="MaxConcurrency"):
        asl.compile(machine(Each={**fields, "ItemsPath": "$", "End": True}))
