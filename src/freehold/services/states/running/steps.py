"""Steps: an execution from one event to the next, in one transaction.

One idea: the engine decides, and its commands become rows beside the execution that it decided for: a task is a
promise, a wait is an alarm. So a crash loses neither, nothing is done twice, and there is no loop that drives
executions: each goes on because a promise was kept or an alarm rang. It may not know what the services called answer.
"""

from collections import deque
from collections.abc import Callable
from math import inf
from typing import Any

import msgspec

from freehold.engines import asl
from freehold.kernel.call import Call
from freehold.kernel.deliveries import promise
from freehold.kernel.roles import account_of, session
from freehold.kernel.store import Tx
from freehold.kernel.timers import at, cancel
from freehold.services.states import definitions, executions, machines, mapruns, names
from freehold.services.states.definitions import EXPRESS
from freehold.services.states.executions import Execution, Order, Place
from freehold.services.states.integrations import calls
from freehold.services.states.running import ends, logs
from freehold.services.states.tickets import Ticket

Carrier = Callable[[Call, Tx, Execution, Any], asl.Event | None]


def start(call: Call, tx: Tx, target: machines.Target, order: Order, held: bool = False) -> Execution:
    """Start an execution, unless the same one is running already. Raises ExecutionAlreadyExists.

    An Express one that ends at once, and that nobody waits for or whose caller holds what is returned (`held`), never
    has a record.
    """
    execution, new = executions.create(tx, target, order)
    if new:
        ends.measure(call, tx, execution, ("ExecutionsStarted", 1, "Count"))
        ends.changed(tx, execution)
        proceed(call, tx, execution, asl.Started(), passing=held or not order.waited_for)
    return execution


def proceed(call: Call, tx: Tx, execution: Execution, event: asl.Event, passing: bool = False) -> None:
    """Take an event: write the history, turn the commands into rows, and put the execution, or end it."""
    machine = definitions.compiled(tx, execution.settings.digest)
    _carry_out(call, tx, execution, asl.advance(machine, execution.state, event, tx.now, tx.ids), passing)


def redrive(call: Call, tx: Tx, execution: Execution) -> None:
    """Let an execution that ended badly go on from there. Who calls has asked whether it may."""
    machine = definitions.compiled(tx, execution.settings.digest)
    execution.status, execution.stopped_at, execution.redrive_at = executions.RUNNING, None, tx.now
    execution.error = execution.cause = None
    ends.measure(call, tx, execution, ("ExecutionsRedriven", 1, "Count"))
    ends.changed(tx, execution)
    _carry_out(call, tx, execution, asl.redrive(machine, execution.state, tx.now, tx.ids))


def _carry_out(call: Call, tx: Tx, execution: Execution, decision: asl.Decision, passing: bool = False) -> None:
    """Do what a decision wants, and what that leads to at once."""
    machine = definitions.compiled(tx, execution.settings.digest)
    events: deque[asl.Event] = deque()
    written = decision.events
    while True:
        for command in decision.commands:
            answer = CARRY[type(command)](call, tx, execution, command)
            if answer:
                events.append(answer)
        if not events:
            break
        decision = asl.advance(machine, execution.state, events.popleft(), tx.now, tx.ids)
        written = written + decision.events
    executions.write(tx, execution, written)
    logs.write(tx, execution, written)
    _close_tickets(tx, execution)
    if execution.stopped_at is not None:
        ends.end(call, tx, execution, recorded=not passing)
        return
    if execution.kind == EXPRESS and asl.EXECUTION_TIMEOUT not in execution.rows:
        _set_alarm(call, tx, execution, asl.SetAlarm(asl.EXECUTION_TIMEOUT, inf))
    tx.put(execution)


# Commands as rows


def _run_task(call: Call, tx: Tx, execution: Execution, task: asl.RunTask) -> asl.Event | None:
    """Promise the call that the task wants, or queue it for an activity's workers."""
    service = calls.called(task.resource)
    activity = names.read(task.resource, names.ACTIVITY).name if service.family == "Activity" else ""
    if task.token:
        tx.put(
            Ticket(
                token=task.token, machine=execution.machine, name=execution.name, task=task.id, opened_at=tx.now,
                activity=activity, input=task.parameters if activity else "",
            )
        )  # fmt: skip
        execution.tokens = [*execution.tokens, task.token]
    if activity:
        tx.ring("states-activity", activity)
        return None
    if task.role:
        _borrow(tx, execution, task, task.role)
        return None
    return send(call, tx, execution, task, execution.settings.role_arn)


def acting_as(tx: Tx, role_arn: str) -> Tx:
    """The transaction, acted in by a new session of a role, in that role's account."""
    return tx.within(account_of(role_arn), tx.region).acting(session(role_arn, tx.ids.uuid().replace("-", "")))


def send(call: Call, tx: Tx, execution: Execution, task: asl.RunTask, role: str) -> asl.Event | None:
    """Promise a task's call as a role. The Retry of the state is the only one: a refusal is told at once."""
    try:
        errand = calls.errand(call.door.rooms, task, names.arn(tx, names.MACHINE, execution.machine))
    except calls.Unknown as unknown:
        return asl.TaskFailed(task.id, calls.TASK_FAILED, str(unknown))
    to, operation, request = errand.asked
    about = {
        **executions.whose(execution),
        "task": task.id,
        "resource": task.resource,
        "room": errand.room,
        "operation": errand.operation,
    }
    if task.role:
        about |= {"home": tx.account, "role": role}
    if calls.called(task.resource).pattern.startswith("sync"):
        operation = "start_child"
    execution.rows[task.id] = promise(
        acting_as(tx, role), to, operation, request, then=("states", "task_done"), about=about, attempts=1
    )
    return None


def _borrow(tx: Tx, execution: Execution, task: asl.RunTask, role: str) -> None:
    """Assume the role that Credentials name, as the machine's own role, before the task is sent."""
    own = acting_as(tx, execution.settings.role_arn)
    request = {"RoleArn": role, "RoleSessionName": tx.ids.uuid()}
    about = {**executions.whose(execution), "task": msgspec.to_builtins(task)}
    execution.rows[task.id] = promise(
        own, "sts", "AssumeRole", request, then=("states", "role_assumed"), about=about, attempts=1
    )


def _run_map(call: Call, tx: Tx, execution: Execution, command: asl.RunMap) -> asl.Event:
    """Make the Map Run, or take up an earlier one, and promise that its items are read as the machine's role."""
    known = mapruns.opened(tx, command.map_run) if command.map_run else None
    run = mapruns.resume(tx, known, command) if known else mapruns.create(tx, execution, command)
    execution.map_runs = {**execution.map_runs, command.id: Place(run.machine, run.id)}
    promise(acting_as(tx, execution.settings.role_arn), "states", "read_map_items", mapruns.whose(run))
    arn = mapruns.arn(tx, run)
    return asl.MapRunRedriven(command.id, arn, run.redrives) if known else asl.MapRunStarted(command.id, arn)


def _set_alarm(call: Call, tx: Tx, execution: Execution, alarm: asl.SetAlarm) -> None:
    _cancel(call, tx, execution, asl.Cancel(alarm.id))
    when = alarm.at
    if execution.kind == EXPRESS and alarm.id == asl.EXECUTION_TIMEOUT:
        when = min(when, execution.started_at + executions.EXPRESS_MAX_S)
    execution.rows[alarm.id] = at(tx, when, "states", "alarm_rang", **executions.whose(execution), alarm=alarm.id)


def _cancel(call: Call, tx: Tx, execution: Execution, command: asl.Cancel) -> None:
    """Take a promise or alarm back; stop the Standard execution that a task waits for."""
    row = execution.rows.pop(command.id, None)
    if row:
        cancel(tx, row)
    run = execution.map_runs.pop(command.id, None)
    if run:
        promise(tx, "states", "stop_map_run", {"machine": run.machine, "id": run.id})
    child = execution.children.pop(command.id, None)
    if child and names.read(child.arn, names.EXECUTION, names.EXPRESS).kind == names.EXECUTION:
        promise(acting_as(tx, child.role), "states", "StopExecution", {"executionArn": child.arn})


def _succeed(call: Call, tx: Tx, execution: Execution, command: asl.Succeed) -> None:
    execution.status, execution.stopped_at, execution.output = "SUCCEEDED", tx.now, command.output


def _fail(call: Call, tx: Tx, execution: Execution, command: asl.Fail) -> None:
    execution.status, execution.stopped_at = command.status, tx.now
    execution.error, execution.cause = command.error, command.cause


CARRY: dict[type, Carrier] = {
    asl.RunMap: _run_map,
    asl.RunTask: _run_task,
    asl.SetAlarm: _set_alarm,
    asl.Cancel: _cancel,
    asl.Succeed: _succeed,
    asl.Fail: _fail,
}


def _close_tickets(tx: Tx, execution: Execution) -> None:
    """Tear up the tickets of tasks that nobody waits for any more."""
    if execution.tokens:
        live = {thread.token for thread in execution.state.threads.values() if thread.waits == "task"}
        for token in execution.tokens:
            if token not in live:
                tx.delete(Ticket, token)
        execution.tokens = [token for token in execution.tokens if token in live]
