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
from freehold.kernel.roles import session
from freehold.kernel.service import Request
from freehold.kernel.store import Tx
from freehold.kernel.timers import at, cancel
from freehold.services.states import answers, definitions, executions, integrations, machines, names
from freehold.services.states.catalogue import states
from freehold.services.states.definitions import EXPRESS
from freehold.services.states.executions import Execution, Order, Watcher
from freehold.services.states.tickets import Ticket

NAMESPACE = "AWS/States"
METRICS = {
    "SUCCEEDED": "ExecutionsSucceeded",
    "FAILED": "ExecutionsFailed",
    "TIMED_OUT": "ExecutionsTimedOut",
    "ABORTED": "ExecutionsAborted",
}
Carrier = Callable[[Call, Tx, Execution, Any], asl.Event | None]


def start(call: Call, tx: Tx, target: machines.Target, order: Order) -> Execution:
    """Start an execution, unless the same one is running already. Raises ExecutionAlreadyExists."""
    execution, new = executions.create(tx, target, order)
    if new:
        _measure(call, tx, execution, "ExecutionsStarted", 1, "Count")
        proceed(call, tx, execution, asl.Started())
    return execution


def proceed(call: Call, tx: Tx, execution: Execution, event: asl.Event) -> None:
    """Take an event: write the history, turn the commands into rows, and put the execution, or end it."""
    machine = definitions.compiled(tx, execution.settings.digest)
    events, written = deque([event]), []
    while events:
        decision = asl.advance(machine, execution.state, events.popleft(), tx.now, tx.ids)
        written += decision.events
        for command in decision.commands:
            answer = CARRY[type(command)](call, tx, execution, command)
            if answer:
                events.append(answer)
    executions.write(tx, execution, written)
    _close_tickets(tx, execution)
    if execution.stopped_at is not None:
        _end(call, tx, execution)
        return
    if execution.kind == EXPRESS and asl.EXECUTION_TIMEOUT not in execution.rows:
        _set_alarm(call, tx, execution, asl.SetAlarm(asl.EXECUTION_TIMEOUT, inf))
    tx.put(execution)


# Commands as rows


def _run_task(call: Call, tx: Tx, execution: Execution, task: asl.RunTask) -> asl.Event | None:
    """Promise the call that the task wants, or queue it for an activity's workers."""
    service = integrations.called(task.resource)
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
    return _send(call, tx, execution, task, execution.settings.role_arn)


def _as(tx: Tx, role_arn: str) -> Tx:
    """The transaction, acted in by a new session of a role."""
    return tx.acting(session(role_arn, tx.ids.uuid().replace("-", "")))


def _send(call: Call, tx: Tx, execution: Execution, task: asl.RunTask, role: str) -> asl.Event | None:
    """Promise a task's call as a role. The Retry of the state is the only one: a refusal is told at once."""
    try:
        errand = integrations.errand(call.door.rooms, task)
    except integrations.Unknown as unknown:
        return asl.TaskFailed(task.id, integrations.TASK_FAILED, str(unknown))
    to, operation, request = errand.room, errand.operation, errand.request
    about = {**_whose(execution), "task": task.id, "resource": task.resource, "room": to, "operation": operation}
    if errand.streams:
        request = {"room": to, "operation": operation, "request": request}
        to, operation = "states", "run_errand"
    execution.rows[task.id] = promise(
        _as(tx, role), to, operation, request, then=("states", "task_done"), about=about, attempts=1
    )
    return None


def _borrow(tx: Tx, execution: Execution, task: asl.RunTask, role: str) -> None:
    """Assume the role that Credentials name, as the machine's own role, before the task is sent."""
    own = _as(tx, execution.settings.role_arn)
    request = {"RoleArn": role, "RoleSessionName": tx.ids.uuid()}
    about = {**_whose(execution), "task": msgspec.to_builtins(task)}
    execution.rows[task.id] = promise(
        own, "sts", "AssumeRole", request, then=("states", "role_assumed"), about=about, attempts=1
    )


def _set_alarm(call: Call, tx: Tx, execution: Execution, alarm: asl.SetAlarm) -> None:
    _cancel(call, tx, execution, asl.Cancel(alarm.id))
    when = alarm.at
    if execution.kind == EXPRESS and alarm.id == asl.EXECUTION_TIMEOUT:
        when = min(when, execution.started_at + executions.EXPRESS_MAX_S)
    execution.rows[alarm.id] = at(tx, when, "states", "alarm_rang", **_whose(execution), alarm=alarm.id)


def _cancel(call: Call, tx: Tx, execution: Execution, command: asl.Cancel) -> None:
    """Take a promise or alarm back; stop the execution that a task waits for."""
    row = execution.rows.pop(command.id, None)
    if row:
        cancel(tx, row)
    child = execution.children.pop(command.id, None)
    if child:
        promise(_as(tx, execution.settings.role_arn), "states", "StopExecution", {"executionArn": child})


def _succeed(call: Call, tx: Tx, execution: Execution, command: asl.Succeed) -> None:
    execution.status, execution.stopped_at, execution.output = "SUCCEEDED", tx.now, command.output


def _fail(call: Call, tx: Tx, execution: Execution, command: asl.Fail) -> None:
    execution.status, execution.stopped_at = command.status, tx.now
    execution.error, execution.cause = command.error, command.cause


CARRY: dict[type, Carrier] = {
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


# The end


def _end(call: Call, tx: Tx, execution: Execution) -> None:
    """What follows an execution's end: whoever waits is told, and the record is forgotten in its time."""
    _measure(call, tx, execution, METRICS[execution.status], 1, "Count")
    _measure(call, tx, execution, "ExecutionTime", (tx.now - execution.started_at) * 1_000, "Milliseconds")
    for row in execution.rows.values():
        cancel(tx, row)
    execution.rows = {}
    for watcher in execution.watchers:
        tell(tx, execution, watcher)
    if execution.kind == EXPRESS and not execution.waited_for:
        executions.forget(tx, execution)
    else:
        tx.put(execution)
        tx.ring("states-ended", execution.machine, execution.name)
        kept_s = executions.SYNC_RETENTION_S if execution.kind == EXPRESS else executions.RETENTION_S
        at(tx, tx.now + kept_s, "states", "forget", **_whose(execution))
    machine = tx.get(machines.StateMachine, execution.machine)
    if machine and machine.status == machines.DELETING and not executions.running(tx, machine):
        machines.remove(tx, machine)


def tell(tx: Tx, child: Execution, watcher: Watcher) -> None:
    """Tell the task that waits for an execution that it has ended."""
    request = {**msgspec.structs.asdict(watcher), "description": described(tx, child)}
    promise(tx.within(watcher.account, watcher.region), "states", "child_ended", request)


def described(tx: Tx, execution: Execution) -> dict[str, Any]:
    """An execution as DescribeExecution and StartSyncExecution show it."""
    included = {"included": True}
    told = {
        "executionArn": executions.arn(tx, execution),
        "stateMachineArn": names.arn(tx, names.MACHINE, execution.machine),
        "name": execution.name.partition(":")[0],
        "status": execution.status,
        "startDate": execution.started_at,
        "input": execution.state.input,
        "inputDetails": included,
    }
    optional = {
        "stopDate": execution.stopped_at,
        "output": execution.output,
        "outputDetails": included if execution.output is not None else None,
        "error": execution.error,
        "cause": execution.cause,
        "traceHeader": execution.trace_header or None,
    }
    return told | {name: value for name, value in optional.items() if value is not None} | qualified(tx, execution)


def qualified(tx: Tx, execution: Execution) -> dict[str, str]:
    """The version and the alias that an execution was started through, if any."""
    parts = {"stateMachineVersionArn": execution.version, "stateMachineAliasArn": execution.alias}
    return {name: names.arn(tx, names.MACHINE, execution.machine, str(part)) for name, part in parts.items() if part}


def _whose(execution: Execution) -> dict[str, str]:
    return {"machine": execution.machine, "name": execution.name}


def _measure(call: Call, tx: Tx, execution: Execution, metric: str, value: float, unit: str) -> None:
    machine = names.arn(tx, names.MACHINE, execution.machine)
    call.within(tx.account, tx.region).measure(NAMESPACE, metric, value, unit, StateMachineArn=machine)


# What promises and alarms come back as


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
    """A task's call was answered: `machine`, `name`, `task`, `resource`, `room`, `operation`, `outcome`."""
    execution = running(tx, request)
    if execution is None:
        return
    task, resource, outcome, rooms = request["task"], request["resource"], request["outcome"], call.door.rooms
    execution.rows.pop(task, None)
    if "error" in outcome:
        event = integrations.refused(rooms, task, resource, outcome["error"], tx.ids.uuid())
    else:
        room = rooms[request["room"]]
        event = answers.succeeded(tx, room, request["operation"], task, resource, outcome["result"])
        if isinstance(event, asl.TaskSubmitted) and integrations.called(resource).pattern.startswith("sync"):
            _watch(tx, execution, task, resource, outcome["result"]["executionArn"])
    proceed(call, tx, execution, event)


def _watch(tx: Tx, execution: Execution, task: str, resource: str, arn: str) -> None:
    """Have the task told when the execution that it started ends, which may have been already."""
    named = names.read(arn, names.EXECUTION)
    there = tx.within(named.account, named.region)
    child = executions.opened(there, arn)
    watcher = Watcher(tx.account, tx.region, execution.machine, execution.name, task, resource)
    if child.status == executions.RUNNING:
        execution.children[task] = arn
        child.watchers = [*child.watchers, watcher]
        there.put(child)
    else:
        tell(there, child, watcher)


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
        event: asl.Event | None = asl.TaskFailed(task.id, integrations.TASK_FAILED, error["message"])
    else:
        event = _send(call, tx, execution, task, task.role or "")
    if event:
        proceed(call, tx, execution, event)
    else:
        tx.put(execution)


@states.internal
async def run_errand(call: Call, request: Request) -> dict[str, Any]:
    """Make a call whose bodies are streamed, and read the answer's to its end: `room`, `operation`, `request`."""
    streamed = {name: _chunks(part) if isinstance(part, bytes) else part for name, part in request["request"].items()}
    answer = await call.ask(request["room"], request["operation"], streamed)
    return {name: await _whole(part) if hasattr(part, "__aiter__") else part for name, part in answer.items()}


async def _chunks(body: bytes) -> Any:
    yield body


async def _whole(body: Any) -> bytes:
    return b"".join([chunk async for chunk in body])


@states.internal
def forget(call: Call, tx: Tx, request: Request) -> None:
    """An execution has been over for as long as it is remembered: `machine`, `name`."""
    execution = tx.get(Execution, request["machine"], request["name"])
    if execution and execution.stopped_at is not None:
        executions.forget(tx, execution)
