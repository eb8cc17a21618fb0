"""Tasks: handing work out, and what the answers, silences and signs of life from outside mean.

One idea: a task is a wait under a ticket; an answer that names another ticket is late and changes nothing. Which events
a task writes depends on the family its resource belongs to.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from . import errors, values
from .errors import Failure, HeartbeatLost
from .frame import Frame
from .history import WHOLE
from .machine import Node, Task
from .moves import fail, leave
from .protocol import HeartbeatSeen, RunTask, TaskFailed, TaskStarted, TaskSubmitted, TaskSucceeded
from .run import Run
from .state import Thread

REGION = 3  # which part of the execution's ARN names the region


def schedule(run: Run, thread: Thread, node: Node, work: Task, frame: Frame) -> None:
    """Hand out the task, and wait for its answer. Raises Failure."""
    run.wait(thread, "task")
    if work.service.pattern == "waitForTaskToken" or work.service.family == "Activity":
        thread.token = run.chance.uuid()
    parameters = run.write(node.flow.arguments(frame))
    timeout_s = work.timeout(frame) if work.timeout else None
    heartbeat_s = work.heartbeat(frame) if work.heartbeat else None
    role = (work.credentials(frame) or {}).get("RoleArn") if work.credentials else None
    if values.oversize(parameters):
        raise Failure(errors.DATA_LIMIT, errors.TOO_LARGE.format(name=node.name), fatal=True)
    _note_scheduled(run, thread, work, parameters, timeout_s, heartbeat_s, role)
    command = RunTask(
        id=thread.ticket,
        thread=thread.id,
        state=node.name,
        resource=work.resource,
        parameters=parameters,
        timeout_s=timeout_s,
        heartbeat_s=heartbeat_s,
        token=thread.token,
        role=role,
    )
    run.commands.append(command)
    thread.heartbeat_s = heartbeat_s
    if timeout_s is not None:
        run.alarm(thread, "timeout", run.now + timeout_s)
    heartbeat(run, thread)


def _note_scheduled(
    run: Run,
    thread: Thread,
    work: Task,
    parameters: str,
    timeout_s: int | None,
    heartbeat_s: int | None,
    role: str | None,
) -> None:
    family, credentials = work.service.family, {"roleArn": role} if role else None
    if family == "Task":
        arn = run.read(run.state.context).get("Execution", {}).get("Id", "").split(":")
        region = arn[REGION] if len(arn) > REGION else ""
        details: dict[str, Any] = {**_called(work), "region": region, "parameters": parameters}
        details |= {"timeoutInSeconds": timeout_s, "heartbeatInSeconds": heartbeat_s, "taskCredentials": credentials}
    else:
        details = {"resource": work.resource, "input": parameters, "inputDetails": WHOLE}
        details |= {"timeoutInSeconds": timeout_s}
        details |= {"heartbeatInSeconds": heartbeat_s} if family == "Activity" else {"taskCredentials": credentials}
    run.journal.add(thread, f"{family}Scheduled", details)
    if family != "Activity":  # a worker has yet to come for an activity
        run.journal.add(thread, f"{family}Started", _called(work) or None)


def _called(work: Task) -> dict[str, Any]:
    """The details that say which service a task calls; only tasks of the Task family have them."""
    if work.service.family != "Task":
        return {}
    return {"resourceType": work.service.resource_type, "resource": work.service.action}


def _note(run: Run, thread: Thread, work: Task, what: str, details: dict[str, Any]) -> None:
    run.journal.add(thread, work.service.family + what, {**_called(work), **details})


def heartbeat(run: Run, thread: Thread) -> None:
    """From now on the next sign of life is due within HeartbeatSeconds."""
    if thread.heartbeat_s is not None:
        run.alarm(thread, "heartbeat", run.now + thread.heartbeat_s)


def started(run: Run, thread: Thread, work: Task, event: TaskStarted) -> None:
    """A worker took the task of an activity."""
    if work.service.family == "Activity" and not thread.submitted:
        thread.submitted = True
        run.journal.add(thread, "ActivityStarted", {"workerName": event.worker})
        heartbeat(run, thread)


def submitted(run: Run, thread: Thread, work: Task, event: TaskSubmitted) -> None:
    """The service accepted the task."""
    if work.service.pattern and not thread.submitted:
        thread.submitted = True
        _note(run, thread, work, "Submitted", {"output": event.output, "outputDetails": WHOLE})
        heartbeat(run, thread)


def alive(run: Run, thread: Thread, _work: Task, _event: HeartbeatSeen) -> None:
    """The task's worker is alive."""
    heartbeat(run, thread)


def succeeded(run: Run, thread: Thread, work: Task, event: TaskSucceeded) -> None:
    """The task ended well; its result may still be no JSON, or too large."""
    if values.oversize(event.output):
        name = work.service.resource_type if work.service.family == "Task" else work.resource
        failed(run, thread, work, TaskFailed(event.task, errors.DATA_LIMIT, errors.TOO_LARGE.format(name=name)))
        return
    try:
        result = run.read(event.output)
    except msgspec.DecodeError:
        failed(run, thread, work, TaskFailed(event.task, errors.RUNTIME, errors.NOT_JSON))
        return
    run.wake(thread)
    _note(run, thread, work, "Succeeded", {"output": event.output, "outputDetails": WHOLE})
    leave(run, thread, result)


def failed(run: Run, thread: Thread, work: Task, event: TaskFailed) -> None:
    """The task ended with an error."""
    run.wake(thread)
    details = {"error": event.error, "cause": event.cause}
    _note(run, thread, work, "SubmitFailed" if event.submitting and work.service.pattern else "Failed", details)
    fail(run, thread, Failure(event.error, event.cause))


def timed_out(run: Run, thread: Thread, work: Task, failure: Failure, rang: str) -> None:
    """The task did not end, or gave no sign of life, in time."""
    run.cancel(thread)
    run.wake(thread, rang)
    _note(run, thread, work, "TimedOut", {"error": failure.error, "cause": failure.cause})
    fail(run, thread, failure)


# What an alarm of a task tells of, by its purpose.
LATENESS: dict[str, Callable[[], Failure]] = {
    "timeout": lambda: Failure(errors.TIMEOUT),
    "heartbeat": HeartbeatLost,
}
ANSWERS: dict[type, Callable[[Run, Thread, Task, Any], None]] = {
    TaskStarted: started,
    TaskSubmitted: submitted,
    HeartbeatSeen: alive,
    TaskSucceeded: succeeded,
    TaskFailed: failed,
}
