"""Outcomes: what promises and alarms come back as.

One idea: each finds its execution again by machine and name, if it still runs, and takes it one step on by an event of
the engine. It may not know what a step does.
"""

import msgspec

from freehold.engines import asl
from freehold.kernel.call import Call
from freehold.kernel.service import Request
from freehold.kernel.store import Tx
from freehold.services.states import executions, mapruns, names
from freehold.services.states.catalogue import states
from freehold.services.states.executions import Child, Execution, Watcher
from freehold.services.states.integrations import answers, calls, refusals
from freehold.services.states.running import ends
from freehold.services.states.running.steps import proceed, send


def running(tx: Tx, request: Request) -> Execution | None:
    """The execution that a promise or an alarm is about, if it still runs."""
    execution = tx.get(Execution, request["machine"], request["name"])
    return execution if execution and execution.status == executions.RUNNING else None


@states.internal
def alarm_rang(call: Call, tx: Tx, request: Request) -> None:
    """The moment of an alarm has come: `machine`, `name`, `alarm`."""
    execution = running(tx, request)
    if execution:
        execution.rows.pop(request["alarm"], None)
        proceed(call, tx, execution, asl.AlarmRang(request["alarm"]))


@states.internal
def task_done(call: Call, tx: Tx, request: Request) -> None:
    """A task's call was answered: `machine`, `name`, `task`, `resource`, `room`, `operation`, `outcome`; if the task
    has a role of its own, also `role`, and `home`, the execution's account."""
    tx = tx.within(request.get("home", tx.account), tx.region)
    execution = running(tx, request)
    if execution is None:
        return
    task, resource, outcome, rooms = request["task"], request["resource"], request["outcome"], call.door.rooms
    execution.rows.pop(task, None)
    if "error" in outcome:
        event = refusals.refused(rooms, task, resource, outcome["error"], tx.ids.uuid())
    else:
        room = rooms[request["room"]]
        event = answers.succeeded(tx, room, request["operation"], task, resource, outcome["result"])
        if isinstance(event, asl.TaskSubmitted) and calls.called(resource).pattern.startswith("sync"):
            child = Child(outcome["result"]["executionArn"], request.get("role", execution.settings.role_arn))
            _watch(tx, execution, task, resource, child)
    proceed(call, tx, execution, event)


def _watch(tx: Tx, execution: Execution, task: str, resource: str, started: Child) -> None:
    """Have the task told when the execution that it started ends, which may have been already."""
    named = names.read(started.arn, names.EXECUTION, names.EXPRESS)
    there = tx.within(named.account, named.region)
    child = executions.awaited(there, named.name, named.rest)
    watcher = Watcher(tx.account, tx.region, execution.machine, execution.name, task, resource)
    if child.status == executions.RUNNING:
        execution.children[task] = started
        child.watchers = [*child.watchers, watcher]
        there.put(child)
    else:
        ends.tell(there, child, watcher)


@states.internal
def child_ended(call: Call, tx: Tx, request: Request) -> None:
    """The execution that a task waits for has ended: `machine`, `name`, `task`, `resource`, `description`."""
    execution = running(tx, request)
    if execution:
        execution.children.pop(request["task"], None)
        event = answers.child_ended(request["task"], request["resource"], request["description"])
        proceed(call, tx, execution, event)


@states.internal
def role_assumed(call: Call, tx: Tx, request: Request) -> None:
    """STS let the machine's role act as the one that a task's Credentials name, or refused to."""
    execution = running(tx, request)
    if execution is None:
        return
    task = msgspec.convert(request["task"], asl.RunTask)
    execution.rows.pop(task.id, None)
    error = request["outcome"].get("error")
    if error:
        event: asl.Event | None = asl.TaskFailed(task.id, calls.TASK_FAILED, error["message"])
    else:
        event = send(call, tx, execution, task, task.role or "")
    if event:
        proceed(call, tx, execution, event)
    else:
        tx.put(execution)


@states.internal
def forget(call: Call, tx: Tx, request: Request) -> None:
    """An execution has been over for as long as it is remembered: `machine`, `name`. A redriven one ends anew."""
    execution = tx.get(Execution, request["machine"], request["name"])
    if execution and execution.stopped_at is not None and execution.stopped_at <= tx.now - executions.kept_s(execution):
        mapruns.forget(tx, execution)
        executions.forget(tx, execution)
