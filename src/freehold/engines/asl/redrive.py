"""Redrive: an execution that did not succeed goes on from where it failed.

One idea: an execution that ends badly keeps the threads it had, and those that its forks lost; they are put back as
they were, and whatever was not waiting for others does its state again. What succeeded is not done again, and retries
count from nought. https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
"""

from typing import Final

from freehold.engines import moments

from . import values
from .advance import Decision, finish
from .intrinsics import Chance
from .machine import Machine
from .protocol import EXECUTION_TIMEOUT, SetAlarm
from .run import Run
from .state import HISTORY_MAX, State, Thread

PERIOD_S: Final = 14 * 86_400  # how long after its end an execution can be redriven
OPEN_MAX_S: Final = 365 * 86_400  # how long one may be open
ROOM: Final = 2  # events that must still fit in the history


def unredrivable(state: State, now: float, started_at: float, stopped_at: float | None, deleting: bool) -> str | None:
    """Why a Standard execution cannot be redriven, in the words of redriveStatusReason; None if it can.

    `deleting`: its state machine is being deleted. Moments in epoch seconds.
    """
    if deleting:
        return "State machine is in DELETING status"
    if state.status in ("RUNNING", "SUCCEEDED"):
        return f"Execution is {state.status} and cannot be redriven"
    if state.events > HISTORY_MAX - ROOM:
        return "Execution history event limit exceeded"
    if now - started_at > OPEN_MAX_S:
        return "Execution has exceeded the max execution time"
    if now - (stopped_at or now) > PERIOD_S:
        return "Execution redrivable period exceeded"
    return None


def redrive(machine: Machine, state: State, now: float, chance: Chance) -> Decision:
    """Let an execution that failed, timed out or was aborted go on. The state is changed in place.

    The history goes on with ExecutionRedriven; the context object counts redrives. Who calls asks `unredrivable` first.
    """
    run = Run(machine, state, now, chance)
    before = state.events
    state.status, state.redrives = "RUNNING", state.redrives + 1
    context = run.read(state.context)
    own = {**context.get("Execution", {}), "RedriveCount": state.redrives, "RedriveTime": moments.iso_ms(now)}
    state.context = values.write({**context, "Execution": own})
    noted = run.journal.note("ExecutionRedriven", before, {"redriveCount": state.redrives})
    if run.timeout_s is not None:
        run.commands.append(SetAlarm(EXECUTION_TIMEOUT, now + run.timeout_s))
    left, state.left = state.left, []
    for thread in left:
        _put_back(run, thread, noted)
    return finish(run)


def _put_back(run: Run, thread: Thread, noted: int) -> None:
    """A thread is live again, with all that its fork had lost. One that waits for no others does its state again."""
    run.state.threads[thread.id] = thread
    run.state.stored += sum(map(len, thread.variables.values()))
    thread.alarms, thread.retries, thread.token, thread.waits = [], [], None, ""
    thread.fork, thread.wreck = thread.wreck or thread.fork, None
    lost, thread.lost = thread.lost, []
    if thread.fork is None:
        thread.last_id = noted
        run.ready.append(thread.id)
        return
    thread.waits = "threads"
    thread.fork.ended -= thread.fork.failures
    thread.fork.failures = 0
    for child in lost:
        _put_back(run, child, noted)
