"""The way of an execution: which states it visited, for how long, with which outcome, and over which edges.

One idea: each event of a history is inside the visits that the event before it (`previousEventId`) was inside; a state
that is left closes its visit and all within. It may not know definitions.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

RUNNING, SUCCEEDED, CAUGHT, FAILED, ABORTED = STATUSES = ("running", "succeeded", "caught", "failed", "aborted")
ENTERED, EXITED = "StateEntered", "StateExited"
BAD = ("Failed", "TimedOut")
ENDS = {"ExecutionFailed": FAILED, "ExecutionTimedOut": FAILED, "ExecutionAborted": ABORTED}
Event = Mapping[str, Any]
Within = tuple["Visit", ...]


@dataclass
class Visit:
    """One stay in a state. Moments are as the history tells them; `attempts` counts the starts of its task."""

    name: str
    type: str
    depth: int
    entered_at: Any
    ended_at: Any = None
    status: str = RUNNING
    attempts: int = 0
    error: str = ""
    cause: str = ""
    item: int | None = None


@dataclass
class Way:
    """All visits in the order they began, and the edges that were taken as (source, target)."""

    visits: list[Visit] = field(default_factory=list)
    taken: set[tuple[str, str]] = field(default_factory=set)
    ended: str = ""

    @property
    def statuses(self) -> dict[str, str]:
        """The outcome of each state that was visited; of several visits the most telling."""
        weight = (SUCCEEDED, CAUGHT, ABORTED, RUNNING, FAILED)
        found: dict[str, str] = {}
        for visit in self.visits:
            found[visit.name] = max(found.get(visit.name, SUCCEEDED), visit.status, key=weight.index)
        return found

    @property
    def transitions(self) -> int:
        """What a Standard execution is billed for: each step, and each retry once more."""
        return sum(max(visit.attempts, 1) for visit in self.visits)


def way(events: Iterable[Event]) -> Way:
    """Read a history, oldest event first and from its beginning."""
    found, within, left = Way(), dict[int, Within](), dict[int, str]()
    items: dict[int, int | None] = {}
    for event in events:
        id, previous, kind = event["id"], event.get("previousEventId", 0), event["type"]
        stack, item = within.get(previous, ()), items.get(previous)
        if kind.endswith(ENTERED):
            stack = (*stack, _enter(found, event, stack, item, left.get(previous)))
        elif kind.endswith(EXITED):
            name = event["stateExitedEventDetails"]["name"]
            item = next((visit.item for visit in stack if visit.name == name), item)
            stack, left[id] = _leave(stack, name, event["timestamp"]), name
        elif kind == "MapIterationStarted":
            item = event["mapIterationStartedEventDetails"]["index"]
        elif kind.startswith("Execution") and kind != "ExecutionStarted" and kind != "ExecutionRedriven":
            _end(found, kind, event["timestamp"], stack)
        elif stack:
            _note(stack[-1], kind, event)
        within[id], items[id] = stack, item
    return found


def _enter(found: Way, event: Event, stack: Within, item: int | None, left: str | None) -> Visit:
    name = event["stateEnteredEventDetails"]["name"]
    visit = Visit(name, event["type"].removesuffix(ENTERED), len(stack), event["timestamp"], item=item)
    if left is not None:
        found.taken.add((left, name))
    found.visits.append(visit)
    return visit


def _leave(stack: Within, name: str, at: Any) -> Within:
    """Close the visit of that name and all within it."""
    depth = max((place for place, visit in enumerate(stack) if visit.name == name), default=len(stack))
    for visit in stack[depth:]:
        visit.ended_at = at
        if visit.name != name:
            visit.status = FAILED if visit.error else ABORTED
        else:
            visit.status = CAUGHT if visit.error else SUCCEEDED
    return stack[:depth]


def _note(visit: Visit, kind: str, event: Event) -> None:
    """What an event in the midst of a visit tells of it."""
    details: Mapping[str, Any] = next((value for key, value in event.items() if key.endswith("EventDetails")), {})
    if kind.endswith("Scheduled"):
        visit.attempts += 1
    elif kind.endswith(BAD):
        visit.error, visit.cause = details.get("error") or "States.Timeout", details.get("cause") or ""
    elif kind.endswith("Succeeded"):
        visit.error = visit.cause = ""


def _end(found: Way, kind: str, at: Any, stack: Within) -> None:
    """The execution is over: so is every visit."""
    found.ended = ENDS.get(kind, SUCCEEDED)
    for visit in found.visits:
        if visit.ended_at is None:
            visit.ended_at = at
            visit.status = FAILED if visit in stack or visit.error else ABORTED
            if found.ended == ABORTED or kind == "ExecutionSucceeded":
                visit.status = ABORTED if found.ended == ABORTED else SUCCEEDED
