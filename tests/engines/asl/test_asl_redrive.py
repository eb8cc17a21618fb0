"""A redriven execution does again what failed, and nothing that succeeded."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from freehold.engines import asl
from freehold.engines.asl import values

from .conftest import FixedChance, World

QUEUE = "arn:aws:states:::sqs:sendMessage"


def task(name: str, **fields: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": QUEUE, "Parameters": {"name": name, "in.$": "$"}, "End": True, **fields}


class Flaky:
    """Answers tasks, failing each whose name is in `bad`; counts what was asked for."""

    def __init__(self, *bad: str):
        self.bad = set(bad)
        self.asked: Counter[str] = Counter()

    def __call__(self, command: asl.RunTask) -> asl.Event:
        name = values.read(command.parameters)["name"]
        self.asked[name] += 1
        if name in self.bad:
            return asl.TaskFailed(command.id, "Broken", name)
        return asl.TaskSucceeded(command.id, f'"{name}"')


def redriven(world: World) -> World:
    world.end, world.tasks, world.alarms = None, [], {}
    world.take(asl.redrive(world.machine, world.state, world.now, FixedChance()))
    return world


def details(world: World, kind: str) -> list[Any]:
    return [event for event in world.history if event["type"] == kind]


def test_a_failed_task_is_done_again_and_its_retries_count_anew(play: Callable[..., World]) -> None:
    retry = [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 1}]
    states = {
        "A": {**task("a"), "Next": "B", "ResultPath": "$.a"},
        "B": task("b", Retry=retry, Parameters={"name": "b", "n.$": "$$.Execution.RedriveCount"}),
    }
    states["A"].pop("End")
    answer = Flaky("b")
    world = play({"StartAt": "A", "States": states, "TimeoutSeconds": 50}, {}, answer)
    assert world.state.status == "FAILED" and answer.asked == {"a": 1, "b": 2}
    length = len(world.history)
    redriven(world)
    assert world.alarms == {asl.EXECUTION_TIMEOUT: world.now + 50}
    assert values.read(world.tasks[0].parameters)["n"] == 1
    answer.bad.clear()
    assert world.run(answer).output == "b"
    assert answer.asked == {"a": 1, "b": 3}
    assert world.types()[length:] == [
        *[
            "ExecutionRedriven",
            "TaskScheduled",
            "TaskStarted",
            "TaskSucceeded",
            "TaskStateExited",
            "ExecutionSucceeded",
        ],
    ]
    assert [event["id"] for event in world.history] == list(range(1, len(world.history) + 1))
    assert details(world, "ExecutionRedriven")[0]["executionRedrivenEventDetails"] == {"redriveCount": 1}


def test_it_can_fail_and_be_redriven_again(play: Callable[..., World]) -> None:
    answer = Flaky("a")
    world = play({"StartAt": "A", "States": {"A": task("a")}}, {}, answer)
    for _ in range(2):
        redriven(world).run(answer)
    answer.bad.clear()
    assert redriven(world).run(answer).output == "a"
    assert (world.state.redrives, world.state.left) == (3, [])


def test_branches_keep_what_succeeded(play: Callable[..., World]) -> None:
    branches = [
        {"StartAt": "A", "States": {"A": task("a")}},
        {"StartAt": "B", "States": {"B": {**task("b"), "Next": "C", "ResultPath": "$.b"}, "C": task("c")}},
        {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 9, "Next": "D"}, "D": task("d")}},
    ]
    branches[1]["States"]["B"].pop("End")
    work = {"Type": "Parallel", "Branches": branches, "End": True}
    answer = Flaky("c")
    world = play({"StartAt": "P", "States": {"P": work}}, {}, answer)
    assert world.failure == ("Broken", "c")
    answer.bad.clear()
    assert redriven(world).run(answer).output == ["a", "c", "d"]
    assert answer.asked == {"a": 1, "b": 1, "c": 2, "d": 1}
    assert len(details(world, "ParallelStateStarted")) == 1


def test_iterations_keep_what_succeeded_at_any_depth(play: Callable[..., World]) -> None:
    inner = {"StartAt": "I", "States": {"I": task("x", Parameters={"name.$": "$"})}}
    middle = {"StartAt": "N", "States": {"N": {"Type": "Map", "ItemProcessor": inner, "End": True}}}
    outer = {"Type": "Map", "ItemProcessor": middle, "MaxConcurrency": 1, "End": True}
    answer = Flaky("d")
    world = play({"StartAt": "M", "States": {"M": outer}}, [["a", "b"], ["c", "d"], ["e"]], answer)
    assert world.state.status == "FAILED"
    answer.bad.clear()
    assert redriven(world).run(answer).output == [["a", "b"], ["c", "d"], ["e"]]
    assert answer.asked == {"a": 1, "b": 1, "c": 1, "d": 2, "e": 1}


def test_tolerated_failures_are_done_again_too(play: Callable[..., World]) -> None:
    inner = {"StartAt": "I", "States": {"I": task("x", Parameters={"name.$": "$"})}}
    work = {"Type": "Map", "ItemProcessor": inner, "ToleratedFailureCount": 1, "MaxConcurrency": 1, "End": True}
    answer = Flaky("b", "d")
    world = play({"StartAt": "M", "States": {"M": work}}, ["a", "b", "c", "d"], answer)
    assert world.failure[0] == "States.ExceedToleratedFailureThreshold"
    answer.bad.clear()
    assert redriven(world).run(answer).output == ["a", "b", "c", "d"]
    assert answer.asked == {"a": 1, "b": 2, "c": 1, "d": 2}


@pytest.mark.parametrize("event", [asl.Stop("E", "why"), asl.AlarmRang(asl.EXECUTION_TIMEOUT)])
def test_what_was_stopped_goes_on(start: Callable[..., World], event: asl.Event) -> None:
    branches = [
        {"StartAt": "A", "States": {"A": task("a")}},
        {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 3, "Assign": {"v": 1}, "End": True}}},
    ]
    work = {"Type": "Parallel", "Branches": branches, "End": True}
    world = start({"StartAt": "P", "States": {"P": work}, "TimeoutSeconds": 5}, {})
    world.send(event)
    assert world.state.status in ("ABORTED", "TIMED_OUT")
    assert redriven(world).run(Flaky()).output == ["a", {}]


def test_a_map_run_goes_on_as_the_same(start: Callable[..., World]) -> None:
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "I",
        "States": {"I": {"Type": "Pass", "End": True}},
    }
    work = {"Type": "Map", "ItemProcessor": processor, "End": True}
    world = start({"StartAt": "M", "States": {"M": work}}, [1])
    command = world.maps.pop()
    world.send(asl.MapRunStarted(command.id, "run"))
    world.send(asl.MapRunFailed(command.id, "States.ExceedToleratedFailureThreshold"))
    again = redriven(world).maps.pop()
    assert (again.map_run, again.id == command.id) == ("run", False)
    world.send(asl.MapRunRedriven(again.id, "run", 1))
    world.send(asl.MapRunSucceeded(again.id, "[1]"))
    assert world.output == [1]
    told = {"mapRunArn": "run", "redriveCount": 1}
    assert details(world, "MapRunRedriven")[0]["mapRunRedrivenEventDetails"] == told
    assert len(details(world, "MapStateStarted")) == 1


def test_a_caught_failure_is_forgotten(play: Callable[..., World]) -> None:
    work = {
        "Type": "Parallel",
        "Branches": [{"StartAt": "A", "States": {"A": task("a")}}],
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B"}],
        "End": True,
    }
    answer = Flaky("a", "b")
    world = play({"StartAt": "P", "States": {"P": work, "B": task("b")}}, {}, answer)
    answer.bad.clear()
    assert redriven(world).run(answer).output == "b"
    assert answer.asked == {"a": 1, "b": 2}


REASONS = [
    ({"status": "RUNNING"}, {}, "Execution is RUNNING and cannot be redriven"),
    ({"status": "SUCCEEDED"}, {}, "Execution is SUCCEEDED and cannot be redriven"),
    ({}, {"deleting": True}, "State machine is in DELETING status"),
    ({"events": 24_999}, {}, "Execution history event limit exceeded"),
    ({}, {"now": 15 * 86_400.0}, "Execution redrivable period exceeded"),
    ({}, {"now": 367 * 86_400.0, "stopped_at": 366 * 86_400.0}, "Execution has exceeded the max execution time"),
    ({"events": 24_998}, {}, None),
]


@pytest.mark.parametrize(("state", "fields", "reason"), REASONS)
def test_why_not(state: dict[str, Any], fields: dict[str, Any], reason: str | None) -> None:
    given = {"now": 9.0, "started_at": 0.0, "stopped_at": 1.0, "deleting": False, **fields}
    assert asl.unredrivable(asl.State("{}", "{}", **{"status": "FAILED", **state}), **given) == reason
