"""One step of one execution, underway: everything that the functions of a step share.

One idea: a Run is a machine, a state, a moment and chance, plus what the step has brought forth so far. It decides
nothing: how threads move is in `moves`, what a state does in `steps`, what a task's answer means in `tasks`.
"""

from collections import deque
from functools import partial
from typing import Literal

from freehold.engines import moments
from freehold.engines.jsonpath import Json

from . import errors, values
from .errors import Failure
from .frame import Frame
from .history import WHOLE, Journal
from .intrinsics import Chance
from .machine import Machine, Node
from .protocol import EXECUTION_TIMEOUT, Cancel, Command, Fail, SetAlarm, Succeed
from .state import State, Status, Thread, Waits
from .variables import STORED_MAX

Ending = Literal["FAILED", "TIMED_OUT", "ABORTED"]
ENDINGS: dict[Ending, str] = {
    "FAILED": "ExecutionFailed",
    "TIMED_OUT": "ExecutionTimedOut",
    "ABORTED": "ExecutionAborted",
}


class Run:
    """A step underway. The state is changed in place."""

    def __init__(self, machine: Machine, state: State, now: float, chance: Chance):
        self.machine = machine
        self.state = state
        self.now = now
        self.chance = chance
        self.journal = Journal(state, now)
        self.commands: list[Command] = []
        self.ready: deque[str] = deque()  # threads that have a state to do, and some that were given up since
        self.trace: dict[str, Json] | None = None  # of a trial: what the state's fields make
        self.given: Json | None = None  # of a trial: the context object, as it shall be seen
        self._seen: tuple[Thread | None, int, Frame | None] = (None, 0, None)
        self._values: dict[str, Json] = {}
        self._texts: dict[int, tuple[Json, str]] = {}  # by identity, which holds as long as the value is kept here

    @property
    def timeout_s(self) -> float | None:
        """How long the execution may take; a child of a Map Run has no limit of its own."""
        return self.machine.timeout_s if self.state.scope == "/" else None

    # Payloads

    def read(self, text: str) -> Json:
        """The value of a payload, parsed once a step."""
        if text not in self._values:
            value = self._values[text] = values.read(text)
            self._texts[id(value)] = (value, text)
        return self._values[text]

    def write(self, value: Json) -> str:
        """The text of a payload; one that passed through untouched keeps the text it came with."""
        if not isinstance(value, (dict, list)):
            return values.write(value)
        known = self._texts.get(id(value))
        if known is not None:
            return known[1]
        text = values.write(value)
        self._texts[id(value)] = (value, text)
        self._values[text] = value
        return text

    def keep(self, value: Json, text: str) -> None:
        """The value is written with this text from now on."""
        self._texts[id(value)] = (value, text)

    # What a thread sees

    def node(self, thread: Thread) -> Node:
        """The state that the thread is in."""
        return self.machine.scopes[thread.scope].nodes[thread.state]

    def frame(self, thread: Thread) -> Frame:
        """What expressions of the thread's state can see, on the raw input; made once while the thread is in it."""
        seen, entered_id, frame = self._seen
        if seen is not thread or entered_id != thread.entered_id or frame is None:
            frame = self._frame(thread)
            self._seen = (thread, thread.entered_id, frame)
        return frame

    def _frame(self, thread: Thread) -> Frame:
        variables: dict[str, Json] = {}
        for outer in self.state.lineage(thread):
            for name, text in outer.variables.items():
                variables.setdefault(name, self.read(text))
        context = partial(self.context, thread)
        return Frame(self.read(thread.input), context, variables, self.chance, self.now, thread.input, None, self.trace)

    def context(self, thread: Thread) -> Json:
        """The context object, `$$`."""
        if self.given is not None:
            return self.given
        fixed = self.read(self.state.context)
        entered: dict[str, Json] = {"EnteredTime": moments.iso_ms(thread.entered_at), "Name": thread.state}
        if self.node(thread).type in ("Task", "Parallel", "Map"):
            entered["RetryCount"] = sum(thread.retries)
        context = {
            **fixed,
            "Execution": {**fixed.get("Execution", {}), "Input": self.read(self.state.input)},
            "State": entered,
        }
        if thread.token:
            context["Task"] = {"Token": thread.token}
        if thread.item:
            context["Map"] = {"Item": {"Index": thread.item.index, "Value": self.read(thread.item.value)}}
        return context

    def assign(self, thread: Thread, variables: dict[str, str]) -> None:
        """Set variables of the thread's scope. Raises Failure if the execution then holds too much."""
        before = sum(len(thread.variables.get(name, "")) for name in variables)
        self.state.stored += sum(map(len, variables.values())) - before
        thread.variables = {**thread.variables, **variables}
        if self.state.stored > STORED_MAX:
            raise Failure(errors.DATA_LIMIT, errors.TOO_MANY_VARIABLES, fatal=True)

    def forget(self, thread: Thread) -> None:
        """The thread is no more."""
        self.state.stored -= sum(map(len, thread.variables.values()))
        self.state.threads.pop(thread.id, None)

    # Waiting

    def wait(self, thread: Thread, what: Waits) -> None:
        """The thread waits, under a new ticket."""
        thread.attempt += 1
        thread.waits = what

    def alarm(self, thread: Thread, purpose: str, at: float) -> None:
        """Set, or move, an alarm of the thread's present wait."""
        name = f"{thread.ticket}:{purpose}"
        if name not in thread.alarms:
            thread.alarms = [*thread.alarms, name]
        self.commands.append(SetAlarm(name, at))

    def wake(self, thread: Thread, rang: str | None = None) -> None:
        """The thread waits no more; its alarms, but for the one that rang, are off."""
        self.commands.extend(Cancel(name) for name in thread.alarms if name != rang)
        thread.alarms, thread.waits, thread.submitted, thread.heartbeat_s = [], "", False, None

    def cancel(self, thread: Thread) -> None:
        """The task that the thread waits for is wanted no more."""
        self.commands.append(Cancel(thread.ticket))

    def drop(self, thread: Thread) -> None:
        """Give up a thread, and the task or Map Run that it waits for."""
        if thread.waits in ("task", "map"):
            self.cancel(thread)
        self.wake(thread)
        self.forget(thread)

    # Ending

    def succeed(self, thread: Thread, output: str) -> None:
        """The execution succeeded."""
        self.journal.note("ExecutionSucceeded", thread.last_id, {"output": output, "outputDetails": WHOLE})
        self._over("SUCCEEDED", Succeed(output))

    def end(self, status: Ending, previous: int, error: str | None, cause: str | None) -> None:
        """The execution ended otherwise."""
        self.journal.note(ENDINGS[status], previous, {"error": error, "cause": cause})
        self._over(status, Fail(status, error, cause))

    def _over(self, status: Status, command: Command) -> None:
        threads = list(self.state.threads.values())
        if status != "SUCCEEDED" and self.state.history_max is not None:
            self.state.left = [thread for thread in threads if thread.parent is None]
        for thread in threads:
            if thread.parent is not None:
                self.state.threads[thread.parent].lost.append(thread)
        for thread in threads:
            self.drop(thread)
        if self.timeout_s is not None:
            self.commands.append(Cancel(EXECUTION_TIMEOUT))
        self.state.status = status
        self.commands.append(command)
