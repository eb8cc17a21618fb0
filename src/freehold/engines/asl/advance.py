"""begin and advance: an execution from one event to the next.

One idea: an event changes at most one thread, and then every thread that can go on does, until all wait or the
execution has ended. No clock, no randomness, no I/O: the moment and chance are given.
"""

from typing import Any

import msgspec

from freehold.engines import moments

from . import errors, mapruns, values
from .errors import Failure
from .history import WHOLE
from .intrinsics import Chance
from .machine import Machine, Task
from .moves import enter, fail
from .protocol import EXECUTION_RESUME, EXECUTION_TIMEOUT, AlarmRang, Cancel, Command, Event, SetAlarm, Started, Stop
from .run import Run
from .state import HISTORY_MAX, ROOT, State, Thread
from .steps import step, waited
from .tasks import ANSWERS, LATENESS, timed_out

STEPS_MAX = 1_000  # states done in one advance


class Decision(msgspec.Struct):
    """What an event led to: the state after it, the history events it added (HistoryEvent members, timestamps in epoch
    seconds), and what is to be done outside, in order."""

    state: State
    events: list[dict[str, Any]]
    commands: list[Command]


def begin(
    machine: Machine, input: str, context: dict[str, Any], history_max: int | None = HISTORY_MAX, scope: str = "/"
) -> State:
    """An execution that has not started: send it Started.

    `input` is a JSON text. `context` has the context object's Execution (Id, Name, RoleArn, StartTime …, but not Input)
    and StateMachine. `history_max` is None for Express executions. `scope` is RunMap's processor, for a child of a Map
    Run. Raises msgspec.DecodeError if the input is not JSON.
    """
    values.read(input)
    return State(input, values.write(context), scope, history_max=history_max)


def advance(machine: Machine, state: State, event: Event, now: float, chance: Chance) -> Decision:
    """Take an event, and run on until every thread waits or the execution has ended, but at most STEPS_MAX states: then
    the alarm EXECUTION_RESUME is set for `now`.

    The state is changed in place: keep its encoding if what was before is still needed. Events that are late (for a
    task or alarm no longer waited for), repeated, or after the end are ignored: no history events, no commands.
    """
    run = Run(machine, state, now, chance)
    if isinstance(event, Started):
        if state.events == 0:
            _start(run)
    elif state.status == "RUNNING":
        _take(run, event)
        _end_if_full(run)
    return finish(run)


def finish(run: Run) -> Decision:
    """Run on until every thread waits, the execution has ended, or STEPS_MAX states have been done."""
    state = run.state
    for _ in range(STEPS_MAX):
        if not run.ready:
            break
        _go_on(run, run.ready.popleft())
        _end_if_full(run)
    if run.ready and state.status == "RUNNING":
        run.commands.append(SetAlarm(EXECUTION_RESUME, run.now))
    return Decision(state, run.journal.events, run.commands)


def _start(run: Run) -> None:
    state, scope = run.state, run.machine.scopes[run.state.scope]
    context = run.read(state.context)
    execution = context.get("Execution", {})
    if "StartTime" not in execution:
        state.context = values.write({**context, "Execution": {**execution, "StartTime": moments.iso_ms(run.now)}})
    details = {"input": state.input, "inputDetails": WHOLE, "roleArn": execution.get("RoleArn")}
    run.journal.note("ExecutionStarted", 0, details)
    if run.timeout_s is not None:
        run.commands.append(SetAlarm(EXECUTION_TIMEOUT, run.now + run.timeout_s))
    thread = state.threads[ROOT] = Thread(ROOT, None, state.scope, scope.start, state.input)
    enter(run, thread, scope.start, state.input)  # its first event follows none, as AWS has it


def _go_on(run: Run, name: str) -> None:
    thread = run.state.threads.get(name)
    if thread is None:
        return
    try:
        step(run, thread)
    except Failure as failure:
        fail(run, thread, failure)


def _end_if_full(run: Run) -> None:
    """End an execution whose history has no room left; what it did beyond that has not happened."""
    limit = run.state.history_max
    if limit is None or run.state.events < limit or run.state.status != "RUNNING":
        return
    run.journal.cut(limit - 1)
    run.commands = [command for command in run.commands if isinstance(command, Cancel)]
    run.end("FAILED", limit - 1, errors.RUNTIME, errors.HISTORY_FULL.format(limit=limit))


def _take(run: Run, event: Event) -> None:
    if isinstance(event, Stop):
        run.end("ABORTED", 0, event.error, event.cause)
    elif isinstance(event, AlarmRang):
        _ring(run, event.alarm)
    elif not isinstance(event, Started):
        thread = _waiting(run, event.task)
        if thread and thread.waits == "map" and type(event) in mapruns.ANSWERS:
            mapruns.ANSWERS[type(event)](run, thread, event)
        work = run.node(thread).work if thread and thread.waits == "task" else None
        if thread and isinstance(work, Task) and type(event) in ANSWERS:
            ANSWERS[type(event)](run, thread, work, event)


def _waiting(run: Run, ticket: str) -> Thread | None:
    """The thread that waits under this ticket, or None if the ticket is an old one."""
    thread = run.state.threads.get(ticket.rpartition("#")[0])
    return thread if thread and thread.waits and thread.ticket == ticket else None


def _ring(run: Run, alarm: str) -> None:
    if alarm == EXECUTION_TIMEOUT:
        run.end("TIMED_OUT", 0, None, None)
        return
    if alarm == EXECUTION_RESUME:
        run.ready.extend(thread.id for thread in run.state.threads.values() if not thread.waits)
        return
    ticket, _, purpose = alarm.rpartition(":")
    thread = _waiting(run, ticket)
    if thread is None or alarm not in thread.alarms:
        return
    work = run.node(thread).work
    if purpose in LATENESS and isinstance(work, Task):
        timed_out(run, thread, work, LATENESS[purpose](), alarm)
        return
    run.wake(thread, alarm)
    if purpose == "retry":
        run.ready.append(thread.id)
    else:
        waited(run, thread)
