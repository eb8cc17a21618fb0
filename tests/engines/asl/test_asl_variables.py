"""Variables: who sees them, who may set them, how many there may be, and which states refer to them."""

from collections.abc import Callable
from typing import Any

import pytest

from freehold.engines import asl

SET = {"Type": "Pass", "Assign": {"x": 1, "items": [1, 2]}, "Next": "B"}


def inside(**state: Any) -> dict[str, Any]:
    return {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": True, **state}}}


def then(state: dict[str, Any]) -> dict[str, Any]:
    return {"StartAt": "A", "States": {"A": SET, "B": {"End": True, **state}}}


def test_the_next_state_sees_them_and_the_same_one_does_not(play: Callable[..., Any]) -> None:
    again = {"Type": "Pass", "Assign": {"x.$": "States.MathAdd($x, 1)", "y.$": "$x"}, "Next": "C"}
    seen = {"Type": "Pass", "Parameters": {"x.$": "$x", "y.$": "$y"}, "End": True}
    assert play({"StartAt": "A", "States": {"A": SET, "B": again, "C": seen}}).output == {"x": 2, "y": 1}


def test_scopes_inside_see_the_outer_ones_and_keep_their_own(play: Callable[..., Any]) -> None:
    work = then({"Type": "Map", "ItemsPath": "$items", "ItemProcessor": inside(Assign={"own.$": "$x"})})
    world = play(work)
    told = [event["stateExitedEventDetails"] for event in world.history if "stateExitedEventDetails" in event]
    assert [each.get("assignedVariables") for each in told] == [{"x": "1", "items": "[1,2]"}, *[{"own": "1"}] * 2, None]
    assert world.state.stored == 0


def test_a_branch_cannot_see_its_sibling(play: Callable[..., Any]) -> None:
    branches = [inside(Assign={"mine": 1}), {"StartAt": "J", "States": {"J": {"Type": "Pass", "End": True}}}]
    branches[1]["States"]["J"]["Parameters"] = {"v.$": "$mine"}
    error, cause = play(then({"Type": "Parallel", "Branches": branches})).failure
    assert error == "States.Runtime"
    assert "'$mine' specified for the field 'v.$' could not be found" in cause


def test_a_distributed_map_gives_its_children_none(play: Callable[..., Any]) -> None:
    processor = {
        **inside(Assign={"x": 5}, Parameters={"given.$": "$.given"}),
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
    }
    work = {"Type": "Map", "ItemsPath": "$items", "ItemSelector": {"given.$": "$x"}, "ItemProcessor": processor}
    assert play(then(work)).output == [{"given": 1}, {"given": 1}]


REFUSED = [
    ({"states": 1}, "The variable name 'states' is reserved"),
    ({"1st": 1}, "The variable name '1st' is not valid"),
    ({"a-b.$": "$"}, "The variable name 'a-b' is not valid"),
    ({"n" * 81: 1}, "is longer than 80 characters"),
]


@pytest.mark.parametrize(("assign", "words"), REFUSED)
def test_names_have_rules(assign: dict[str, Any], words: str) -> None:
    with pytest.raises(asl.InvalidDefinition) as refused:
        asl.compile({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True, "Assign": assign}}})
    (problem,) = refused.value.problems
    assert words in problem.message and problem.location == "/States/A/Assign"


@pytest.mark.parametrize("apart", [False, True])
def test_an_outer_name_may_be_assigned_only_in_an_execution_of_its_own(apart: bool) -> None:
    config = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"} if apart else {"Mode": "INLINE"}
    work = then({"Type": "Map", "ItemProcessor": {**inside(Assign={"x": 2}), "ProcessorConfig": config}})
    if apart:
        asl.compile(work)
        return
    with pytest.raises(asl.InvalidDefinition, match="assigned in an outer scope") as refused:
        asl.compile(work)
    assert refused.value.problems[0].location == "/States/B/ItemProcessor/States/I/Assign"


def test_one_assign_may_be_as_large_as_a_payload(play: Callable[..., Any]) -> None:
    big = {"Type": "Pass", "Assign": {"a.$": "$", "b.$": "$"}, "End": True}
    definition = {"StartAt": "A", "States": {"A": big}}
    assert play(definition, "x" * 100_000).state.status == "SUCCEEDED"
    assert play(definition, "x" * 200_000).failure[0] == "States.DataLimitExceeded"


def test_all_of_them_have_a_limit_too(play: Callable[..., Any]) -> None:
    count = 45
    states = {
        f"S{n}": {"Type": "Pass", "Assign": {f"v{n}.$": "$"}, **({"Next": f"S{n + 1}"} if n < count else {"End": True})}
        for n in range(count + 1)
    }
    assert play({"StartAt": "S0", "States": states}, "x" * 240_000).failure[0] == "States.DataLimitExceeded"
    assert play({"StartAt": "S0", "States": states}, "x" * 200_000).state.status == "SUCCEEDED"


def test_references_are_listed_by_state() -> None:
    choice = {
        "Type": "Choice",
        "Choices": [{"Variable": "$guess", "StringEqualsPath": "$answer", "Next": "C"}],
        "Default": "M",
    }
    loop = {
        "Type": "Map",
        "ItemsPath": "$items",
        "ItemSelector": {"v.$": "States.Format('$no {}', $$.Map.Item.Value, $tpl['$x'])", "plain": "$plain"},
        "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "Result": "$no", "End": True}}},
        "End": True,
    }
    other = {
        "Type": "Pass",
        "QueryLanguage": "JSONata",
        "Output": {"a": "{% $b + $states.input.c %}", "d": "$d"},
        "End": True,
    }
    machine = asl.compile({"StartAt": "A", "States": {"A": choice, "M": loop, "C": other}})
    assert machine.references == {"A": ["answer", "guess"], "M": ["items", "tpl"], "C": ["b"]}
