"""What goes into the machine and what comes out: events and commands, as data.

One idea: whoever keeps the execution speaks these words only. All payloads are JSON texts, so that they pass through
unchanged; moments are epoch seconds. Events and commands are tagged msgspec structs and may be stored.
"""

from typing import Literal

import msgspec

# Events in.


class Started(msgspec.Struct, tag=True, frozen=True):
    """The execution begins."""


class TaskStarted(msgspec.Struct, tag=True, frozen=True):
    """A worker took an activity's task. Other tasks count as started when they are scheduled."""

    task: str
    worker: str | None = None


class TaskSubmitted(msgspec.Struct, tag=True, frozen=True):
    """The service accepted a .sync or .waitForTaskToken task and answered `output`; its end is still to come."""

    task: str
    output: str


class TaskSucceeded(msgspec.Struct, tag=True, frozen=True):
    """The task ended with the result `output`."""

    task: str
    output: str


class TaskFailed(msgspec.Struct, tag=True, frozen=True):
    """The task ended with an error; `submitting` if a .sync or .waitForTaskToken task was not even accepted."""

    task: str
    error: str | None = None
    cause: str | None = None
    submitting: bool = False


class HeartbeatSeen(msgspec.Struct, tag=True, frozen=True):
    """The task's worker is alive."""

    task: str


class AlarmRang(msgspec.Struct, tag=True, frozen=True):
    """The moment of a SetAlarm has come."""

    alarm: str


class Stop(msgspec.Struct, tag=True, frozen=True):
    """StopExecution."""

    error: str | None = None
    cause: str | None = None


Event = Started | TaskStarted | TaskSubmitted | TaskSucceeded | TaskFailed | HeartbeatSeen | AlarmRang | Stop

# Commands out.


class RunTask(msgspec.Struct, tag=True, frozen=True):
    """Do the work of a Task state, and answer with its id. An id is used once: a retry has another.

    `token` is the context object's $$.Task.Token, where the task has one. `role` is the role that Credentials name.
    """

    id: str
    thread: str
    state: str
    resource: str
    parameters: str
    timeout_s: int | None = None
    heartbeat_s: int | None = None
    token: str | None = None
    role: str | None = None


class SetAlarm(msgspec.Struct, tag=True, frozen=True):
    """Send AlarmRang at a moment. Setting an alarm again moves it."""

    id: str
    at: float


class Cancel(msgspec.Struct, tag=True, frozen=True):
    """The task or alarm of this id no longer matters. To send its event all the same does no harm."""

    id: str


class Succeed(msgspec.Struct, tag=True, frozen=True):
    """The execution succeeded."""

    output: str


class Fail(msgspec.Struct, tag=True, frozen=True):
    """The execution ended otherwise."""

    status: Literal["FAILED", "TIMED_OUT", "ABORTED"]
    error: str | None = None
    cause: str | None = None


Command = RunTask | SetAlarm | Cancel | Succeed | Fail
# Alarms of the execution itself: the machine's TimeoutSeconds (an Express execution's keeper may ring it too), and the
# next turn of an execution that has done many states without waiting.
EXECUTION_TIMEOUT = "execution:timeout"
EXECUTION_RESUME = "execution:resume"
