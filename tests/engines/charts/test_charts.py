"""Charts: what is in them, how they are coloured, and that any definition can be drawn."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from freehold.engines import asl, charts
from freehold.engines.charts.graph import END
from freehold.engines.charts.layout import layout

LAMBDA = "arn:aws:states:::lambda:invoke"
ORDER = {
    "StartAt": "Check",
    "States": {
        "Check": {
            "Type": "Choice",
            "Choices": [
                {"Variable": "$.total", "NumericGreaterThan": 100, "Next": "Ask"},
                {"Not": {"Variable": "$.kind", "StringEquals": "x"}, "Next": "Each"},
                {"Or": [{"Variable": "$.a", "IsPresent": False}, {"Variable": "$.b", "IsNull": True}], "Next": "Ask"},
            ],
            "Default": "No",
        },
        "Ask": {
            "Type": "Task", "Resource": LAMBDA, "Next": "Each",
            "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 1}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "No"}],
        },
        "Each": {
            "Type": "Map", "ItemsPath": "$.items", "Next": "Both",
            "ItemProcessor": {"StartAt": "Load", "States": {"Load": {"Type": "Task", "Resource": LAMBDA, "End": True}}},
        },
        "Both": {
            "Type": "Parallel", "Next": "Again",
            "Branches": [
                {"StartAt": "Left", "States": {"Left": {"Type": "Pass", "End": True}}},
                {"StartAt": "Right", "States": {"Right": {"Type": "Wait", "Seconds": 3, "Next": "Last"},
                                                 "Last": {"Type": "Succeed"}}},
            ],
        },
        "Again": {"Type": "Choice", "Choices": [{"Variable": "$.again", "IsPresent": True, "Next": "Check"}],
                  "Default": "Yes"},
        "Yes": {"Type": "Succeed"},
        "No": {"Type": "Fail", "Error": "Refused"},
    },
}  # fmt: skip


def test_a_chart_says_where_each_state_leads_and_why():
    chart = charts.chart(ORDER)
    told = {(edge.source, edge.target, edge.kind): edge.label for edge in chart.edges}
    assert told["Check", "Ask", "choice"] in ("$.total > 100", "$.a is not present or $.b is nu…")
    assert told["Check", "Each", "choice"] == "not ($.kind = x)"
    assert told["Check", "No", "default"] == "otherwise"
    assert told["Ask", "No", "catch"] == "States.ALL"
    assert ("Yes", END, "next") in told
    assert chart.nodes["Ask"].note == "lambda:invoke"
    assert [list(inner.nodes) for inner in chart.nodes["Both"].inside] == [["Left"], ["Right", "Last"]]


def outcomes(world: Any) -> tuple[charts.Way, dict[str, str]]:
    way = charts.way([{**event, "previousEventId": event.get("previousEventId", 0)} for event in world.history])
    return way, way.statuses


def test_a_way_tells_how_each_state_ended(play):
    tries = []

    def answer(task: asl.RunTask) -> asl.Event:
        if "total" not in task.parameters:
            return asl.TaskSucceeded(task.id, "1")
        tries.append(task.id)
        return (
            asl.TaskFailed(task.id, "Busy", "later") if len(tries) < 3 else asl.TaskSucceeded(task.id, task.parameters)
        )

    world = play(ORDER, {"total": 200, "items": [{"item": 1}, {"item": 2}]}, answer)
    way, statuses = outcomes(world)
    assert statuses == dict.fromkeys(
        ("Check", "Ask", "Each", "Load", "Both", "Left", "Right", "Last", "Again", "Yes"), "succeeded"
    )
    assert [(visit.name, visit.item) for visit in way.visits if visit.name == "Load"] == [("Load", 0), ("Load", 1)]
    assert [visit.attempts for visit in way.visits if visit.name == "Ask"] == [3]
    assert way.transitions == len(way.visits) + 2
    assert {("Check", "Ask"), ("Ask", "Each"), ("Right", "Last"), ("Again", "Yes")} <= way.taken
    assert ("Check", "No") not in way.taken
    assert way.ended == "succeeded"
    right = next(visit for visit in way.visits if visit.name == "Right")
    assert right.ended_at - right.entered_at == 3


def test_what_was_caught_and_what_failed_are_told_apart(play):
    world = play(ORDER, {"total": 200}, lambda task: asl.TaskFailed(task.id, "Broken", "why"))
    way, statuses = outcomes(world)
    assert statuses == {"Check": "succeeded", "Ask": "caught", "No": "failed"}
    assert way.ended == "failed" and ("Ask", "No") in way.taken
    [ask] = [visit for visit in way.visits if visit.name == "Ask"]
    assert (ask.error, ask.cause) == ("Broken", "why")


def test_what_still_runs_and_what_was_given_up(start):
    world = start(ORDER, {"total": 200})
    assert outcomes(world)[1] == {"Check": "succeeded", "Ask": "running"}
    world.send(asl.Stop("Stopped", "by hand"))
    assert outcomes(world)[1] == {"Check": "succeeded", "Ask": "aborted"}


def test_a_failing_item_fails_its_map_and_gives_up_the_others(play):
    def answer(task: asl.RunTask) -> asl.Event | None:
        return asl.TaskFailed(task.id, "Broken", "") if '"item":2' in task.parameters else None

    world = play(ORDER, {"total": 1, "kind": "y", "items": [{"item": 1}, {"item": 2}]}, answer)
    way, statuses = outcomes(world)
    assert statuses["Each"] == "failed" and statuses["Load"] == "failed"
    assert [visit.status for visit in way.visits if visit.name == "Load"] == ["aborted", "failed"]


def test_mermaid_names_everything_and_colours_the_way(play):
    chart, world = charts.chart(ORDER), play(ORDER, {"total": 1, "kind": "y", "items": []})
    text = charts.mermaid(chart, outcomes(world)[0])
    assert text.startswith("flowchart TD\n")
    assert all(f'"{name}' in text for name in ("Check", "Ask", "Load", "Left", "Right", "Last", "Yes", "No"))
    assert text.count("subgraph") == text.count("\n  end") + text.count("\n    end") + text.count("\n      end") == 4
    assert re.search(r"classDef succeeded fill:#\w+", text)
    assert "==>" in text and "-.->" in text


@pytest.mark.parametrize("name", ['with "quotes"', "<b>", "a & b", "#1", "-- > ]"])
def test_names_never_break_a_drawing(name):
    chart = charts.chart({"StartAt": name, "States": {name: {"Type": "Pass", "End": True}}})
    ElementTree.fromstring(charts.svg(chart))
    assert not re.search(r'"[^"\n]*["<>][^"\n]*"\]', charts.mermaid(chart).replace("<br/>", ""))


NAMES = st.sampled_from(["A", "B", "C", "D", "E", "F", "G"])


@st.composite
def machines(draw: Any, depth: int = 2) -> dict[str, Any]:
    """Definitions of any shape: circles, dead ends, states that nothing leads to, forks in forks."""
    names = draw(st.lists(NAMES, min_size=1, max_size=7, unique=True))
    states = {}
    for name in names:
        kind = draw(
            st.sampled_from(["Pass", "Choice", "Succeed", "Parallel"] if depth else ["Pass", "Choice", "Succeed"])
        )
        target = st.sampled_from(names)
        if kind == "Choice":
            rules = draw(st.lists(target, min_size=1, max_size=3))
            states[name] = {
                "Type": kind,
                "Choices": [{"Variable": "$.x", "IsNull": True, "Next": one} for one in rules],
            }
        elif kind == "Succeed":
            states[name] = {"Type": kind}
        else:
            way = {"Next": draw(target)} if draw(st.booleans()) else {"End": True}
            inner = (
                {"Branches": draw(st.lists(machines(depth - 1), min_size=1, max_size=3))} if kind == "Parallel" else {}
            )
            states[name] = {"Type": kind, **way, **inner}
    return {"StartAt": draw(st.sampled_from(names)), "States": states}


@settings(max_examples=60, deadline=None)
@given(machines())
def test_any_definition_is_laid_out_without_overlap(definition):
    chart = charts.chart(definition)
    check(layout(chart))
    ElementTree.fromstring(charts.svg(chart))


def check(plan: Any) -> None:
    boxes = list(plan.boxes.values())
    for at, one in enumerate(boxes):
        assert one.x >= -0.01 and one.y >= -0.01 and one.x + one.w <= plan.w + 0.01 and one.y + one.h <= plan.h + 0.01
        for other in boxes[at + 1 :]:
            apart = one.x + one.w <= other.x + 0.01 or other.x + other.w <= one.x + 0.01
            assert apart or one.y + one.h <= other.y + 0.01 or other.y + other.h <= one.y + 0.01
    for name, parts in plan.inside.items():
        for part, x, y in parts:
            assert x >= 0 and x + part.w <= plan.boxes[name].w + 0.01 and y + part.h <= plan.boxes[name].h + 0.01
            check(part)
