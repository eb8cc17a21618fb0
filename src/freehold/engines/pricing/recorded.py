"""What a recorded execution would cost as a Standard workflow, as an Express one, and nested.

One idea: a recording tells how many steps were made and how long they took; what is done at once (no waiting for
people, no jobs) may run in an Express workflow. It may not know where recordings come from.

https://docs.aws.amazon.com/step-functions/latest/dg/cost-opt-exp-workflows.html
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

from freehold.engines.charts import Visit, Way, scopes

from . import workflows

SLOW = (".sync", ".sync:2", ".waitForTaskToken")
ACTIVITY = ":activity:"


class Billed(NamedTuple):
    """What an Express execution was billed for."""

    duration_ms: int
    memory_mb: int


class Recorded(NamedTuple):
    """An execution that ended: its definition, the way it took, its spans and sizes, and the Express executions that it
    started and waited for."""

    definition: Mapping[str, Any]
    way: Way
    duration_ms: float
    data_bytes: int
    children: tuple[Billed, ...] = ()

    @property
    def memory_mb(self) -> float:
        """What it would hold as an Express execution: data counts for each step of a Map or Parallel state."""
        forks = sum(1 for visit in self.way.visits if visit.depth)
        return workflows.held_mb(len(repr(self.definition)), self.data_bytes, forks)

    @property
    def unfit(self) -> str:
        """Why it cannot be an Express workflow; empty if it can."""
        slow = next((name for name, state in states(self.definition) if waits(state)), "")
        if slow:
            return f"{slow} waits for a job, a callback or an activity"
        return "takes more than 5 minutes" if self.duration_ms > workflows.EXPRESS_MAX_MS else ""


class Nested(NamedTuple):
    """An execution with each stretch of quick states moved into an Express workflow of its own."""

    transitions: int
    children_ms: tuple[float, ...]


def children_price(children: Iterable[Billed], times: int) -> workflows.Express:
    """Dollars for so many of each of these Express executions."""
    requests = duration = Decimal(0)
    for child in children:
        price = workflows.express(times, child.duration_ms, child.memory_mb)
        requests, duration = requests + price.requests, duration + price.duration
    return workflows.Express(requests, duration)


def states(definition: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """All states, those inside others too."""
    for name, state in definition["States"].items():
        yield name, state
        for inner in scopes(state):
            yield from states(inner)


def waits(state: Mapping[str, Any]) -> bool:
    """Whether only a Standard workflow can have this state."""
    resource = str(state.get("Resource", ""))
    distributed = state.get("ItemProcessor", {}).get("ProcessorConfig", {}).get("Mode") == "DISTRIBUTED"
    return resource.endswith(SLOW) or ACTIVITY in resource or distributed


def nested(recorded: Recorded) -> Nested:
    """The recording, rearranged. A stretch is two or more steps of the outermost scope, one after the other, that
    neither wait nor hold what does; each becomes one step that starts an execution and waits for its end."""
    known = dict(recorded.definition["States"])
    quick = {name for name, state in known.items() if state["Type"] != "Wait" and not _slow_inside(name, state)}
    transitions, children = 0, []
    for is_quick, group in groupby(_steps(recorded.way), key=lambda step: step[0].name in quick):
        stretch = list(group)
        if is_quick and len(stretch) > 1:
            transitions += 1
            children.append(_span_ms(stretch[0][0], stretch[-1][0]))
        else:
            transitions += sum(count for _, count in stretch)
    return Nested(transitions, tuple(children))


def _slow_inside(name: str, state: Mapping[str, Any]) -> bool:
    return any(waits(one) or one["Type"] == "Wait" for _, one in states({"States": {name: state}}))


def _steps(way: Way) -> Iterator[tuple[Visit, int]]:
    """Each visit of the outermost scope, with the transitions that it and all inside it count."""
    step, count = None, 0
    for visit in way.visits:
        if visit.depth == 0:
            if step:
                yield step, count
            step, count = visit, 0
        count += max(visit.attempts, 1)
    if step:
        yield step, count


def _span_ms(first: Visit, last: Visit) -> float:
    return (last.ended_at - first.entered_at).total_seconds() * 1_000


def nested_price(recorded: Recorded, times: int) -> Decimal:
    """Dollars for so many of the execution, rearranged."""
    parts = nested(recorded)
    children = (workflows.express(times, span, recorded.memory_mb).total for span in parts.children_ms)
    return workflows.standard(parts.transitions * times) + sum(children, Decimal(0))
