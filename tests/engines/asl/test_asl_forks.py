"""Parallel and Map: how threads part and join, what their histories look like, and that order does not matter."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from freehold.engines import asl

LAMBDA = "arn:aws:lambda:eu-west-1:123456789012:function:f"


def task(name: str, **fields: Any) -> dict[str, Any]:
    return {"StartAt": name, "States": {name: {"Type": "Task", "Resource": LAMBDA, "End": True, **fields}}}


def passing(name: str) -> dict[str, Any]:
    return {"StartAt": name, "States": {name: {"Type": "Pass", "End": True}}}


def boom(name: str = "Boom") -> dict[str, Any]:
    return {"StartAt": name, "States": {name: {"Type": "Fail", "Error": "MyError", "Cause": "my cause"}}}


def parallel(*branches: Any, name: str = "P", **fields: Any) -> dict[str, Any]:
    return {"StartAt": name, "States": {name: {"Type": "Parallel", "Branches": list(branches), "End": True, **fields}}}


def mapping(processor: Any, **fields: Any) -> dict[str, Any]:
    return {"StartAt": "M", "States": {"M": {"Type": "Map", "ItemProcessor": processor, "End": True, **fields}}}


# The chains that Step Functions writes, as recorded from it: types, and which event each follows.
CHAINS: list[tuple[Any, Any, str, list[int]]] = [
    (
        parallel(passing("A")),
        {},
        "ExecutionStarted ParallelStateEntered ParallelStateStarted PassStateEntered PassStateExited "
        "ParallelStateSucceeded ParallelStateExited ExecutionSucceeded",
        [0, 0, 2, 3, 4, 5, 5, 7],
    ),
    (
        parallel(boom()),
        {},
        "ExecutionStarted ParallelStateEntered ParallelStateStarted FailStateEntered ParallelStateFailed "
        "ExecutionFailed",
        [0, 0, 2, 3, 4, 5],
    ),
    (
        parallel(boom(), Retry=[{"ErrorEquals": ["States.ALL"], "MaxAttempts": 1}]),
        {},
        "ExecutionStarted ParallelStateEntered ParallelStateStarted FailStateEntered ParallelStateStarted "
        "FailStateEntered ParallelStateFailed ExecutionFailed",
        [0, 0, 2, 3, 4, 5, 6, 7],
    ),
    (
        mapping(passing("I"), MaxConcurrency=1),
        [1, 2],
        "ExecutionStarted MapStateEntered MapStateStarted MapIterationStarted PassStateEntered PassStateExited "
        "MapIterationSucceeded MapIterationStarted PassStateEntered PassStateExited MapIterationSucceeded "
        "MapStateSucceeded MapStateExited ExecutionSucceeded",
        [0, 0, 2, 3, 4, 5, 6, 6, 8, 9, 10, 11, 11, 13],
    ),
    (
        mapping(passing("I")),
        [],
        "ExecutionStarted MapStateEntered MapStateStarted MapStateSucceeded MapStateExited ExecutionSucceeded",
        [0, 0, 2, 3, 3, 5],
    ),
    (
        mapping(boom(), MaxConcurrency=1),
        [1, 2],
        "ExecutionStarted MapStateEntered MapStateStarted MapIterationStarted FailStateEntered MapIterationFailed "
        "MapStateFailed ExecutionFailed",
        [0, 0, 2, 3, 4, 5, 5, 7],
    ),
    (
        parallel({"StartAt": "A", "States": {"A": {"Type": "Pass", "InputPath": "$.nope", "End": True}}}),
        {},
        "ExecutionStarted ParallelStateEntered ParallelStateStarted PassStateEntered ExecutionFailed",
        [0, 0, 2, 3, 4],
    ),
]


@pytest.mark.parametrize(("definition", "input", "types", "previous"), CHAINS)
def test_histories_chain_as_recorded(play: Any, definition: Any, input: Any, types: str, previous: list[int]) -> None:
    world = play(definition, input)
    assert world.types() == types.split()
    assert world.previous() == previous


def test_a_failed_iteration_aborts_its_siblings(start: Any) -> None:
    world = start(mapping(task("T")), [1, 2])
    before = len(world.history)
    failed_follows = world.history[-3]["id"]
    world.send(asl.TaskFailed(world.tasks[0].id, "E", "c"))
    assert world.types()[before:] == [
        "LambdaFunctionFailed",
        "MapIterationFailed",
        "TaskStateAborted",
        "MapIterationAborted",
        "TaskStateAborted",
        "MapStateFailed",
        "ExecutionFailed",
    ]
    cause = before + 1
    assert world.previous()[before:] == [failed_follows, cause, cause, cause, cause, cause, cause + 5]
    assert len(world.tasks) == 1  # the sibling's task was cancelled


def test_a_failed_branch_is_caught_by_its_parallel(play: Any) -> None:
    definition = parallel(boom(), passing("A"), Catch=[{"ErrorEquals": ["MyError"], "Next": "H"}])
    definition["States"]["H"] = {"Type": "Succeed"}
    assert play(definition).output == {"Error": "MyError", "Cause": "my cause"}


def test_a_runtime_error_in_a_branch_cannot_be_caught(play: Any) -> None:
    inner = {"StartAt": "A", "States": {"A": {"Type": "Pass", "InputPath": "$.nope", "End": True}}}
    definition = parallel(inner, Catch=[{"ErrorEquals": ["States.ALL"], "Next": "H"}])
    definition["States"]["H"] = {"Type": "Succeed"}
    assert play(definition).failure[0] == "States.Runtime"


def test_items_are_selected_one_by_one(play: Any) -> None:
    selector = {"i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value", "all.$": "$.k"}
    definition = mapping(passing("I"), ItemsPath="$.items", ItemSelector=selector, ResultPath="$.out")
    out = [{"i": 0, "v": "a", "all": 9}, {"i": 1, "v": "b", "all": 9}]
    assert play(definition, {"items": ["a", "b"], "k": 9}).output == {"items": ["a", "b"], "k": 9, "out": out}


def test_the_older_names_of_a_map(play: Any) -> None:
    state = {"Type": "Map", "Iterator": passing("I"), "Parameters": {"v.$": "$$.Map.Item.Value"}, "End": True}
    assert play({"StartAt": "M", "States": {"M": state}}, [1, 2]).output == [{"v": 1}, {"v": 2}]


def test_no_more_iterations_at_once_than_allowed(start: Any) -> None:
    world = start(mapping(task("T"), ItemsPath="$.i", MaxConcurrencyPath="$.c"), {"i": [1, 2, 3, 4], "c": 2})
    assert len(world.tasks) == 2
    world.send(asl.TaskSucceeded(world.tasks.pop(0).id, "1"))
    assert len(world.tasks) == 2


@pytest.mark.parametrize(("tolerated", "failure"), [(1, "States.ExceedToleratedFailureThreshold"), (2, None)])
def test_failures_are_tolerated_up_to_a_count(play: Any, tolerated: int, failure: str | None) -> None:
    def answer(run: asl.RunTask) -> asl.Event:
        return asl.TaskSucceeded(run.id, "1") if run.parameters == "1" else asl.TaskFailed(run.id, "E")

    world = play(mapping(task("T"), ToleratedFailureCount=tolerated), [1, 2, 3], answer)
    assert world.output == [1] if failure is None else world.failure[0] == failure


NESTED = parallel(
    mapping(
        parallel(
            task("T", Retry=[{"ErrorEquals": ["Again"], "MaxAttempts": 1, "IntervalSeconds": 1}]),
            {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 2, "End": True}}},
            name="Q",
        ),
        ItemsPath="$.items",
        MaxConcurrency=2,
    ),
    task("U"),
)
FINAL = [[[1, 1], [2, 2], [3, 3]], {"items": [1, 2, 3]}]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_order_of_answers_ends_the_same(start: Any, data: st.DataObject) -> None:
    """Tasks are answered or tried again, and alarms ring, in any order; and each answer comes twice."""
    world = start(NESTED, {"items": [1, 2, 3]})
    again: set[str] = set()  # the threads whose task has failed once
    while world.end is None:
        waiting = {run.id: run for run in world.tasks}
        name = data.draw(st.sampled_from(sorted([*waiting, *world.alarms])))
        run = waiting.get(name)
        event: asl.Event = asl.AlarmRang(name)
        if run is None:
            world.now = max(world.now, world.alarms.pop(name))
        else:
            world.tasks.remove(run)
            event = asl.TaskSucceeded(run.id, run.parameters)
            if run.state == "T" and run.thread not in again and data.draw(st.booleans()):
                again.add(run.thread)
                event = asl.TaskFailed(run.id, "Again")
        world.send(event)
        assert world.send(event).events == []
    assert world.output == FINAL
    assert [event["id"] for event in world.history] == list(range(1, len(world.history) + 1))
    assert all(event["previousEventId"] < event["id"] for event in world.history)
