"""A trial: one state done alone, with all that its fields made of the data on the way (TestState).

One idea: the state's own flow and work are asked what they are asked in an execution, but nothing follows: no history,
no next state, no retry; what would follow is told instead. A Task without a mock is handed out, and its answer awaited.

https://docs.aws.amazon.com/step-functions/latest/dg/test-state-isolation.html
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import msgspec

from freehold.engines.jsonpath import Json

from . import errors, steps, values
from .errors import Failure
from .frame import Frame
from .intrinsics import Chance
from .language import Flow
from .machine import Catcher, Choice, Fail, Machine, Map, Parallel, Pass, Succeed, Task, Wait
from .maps.inputs import inputs
from .protocol import RunMap, RunTask, View
from .run import Run
from .state import ROOT, State, Thread
from .tasks import schedule

# What each type of state shows of its data, by language; the rest of what was traced is not AWS's to show.
SHAPED = ("afterResultSelector", "afterResultPath")
LIMITS = ("maxConcurrency", "toleratedFailureCount", "toleratedFailurePercentage")
ITEMS = ("afterItemSelector", "afterItemBatcher", "afterItemsPointer", *LIMITS)
SHOWN: Final[dict[tuple[str, type], tuple[str, ...]]] = {
    ("JSONPath", Pass): ("afterInputPath", "afterParameters", "result", *SHAPED),
    ("JSONPath", Task): ("afterInputPath", "afterParameters", "result", *SHAPED),
    ("JSONPath", Parallel): SHAPED,
    ("JSONPath", Map): ("afterInputPath", "afterItemsPath", *ITEMS, *SHAPED),
    ("JSONPath", Choice): ("afterInputPath",),
    ("JSONPath", Succeed): ("afterInputPath",),
    ("JSONPath", Wait): ("afterInputPath",),
    ("JSONPath", Fail): ("afterInputPath",),
    ("JSONata", Task): ("afterArguments", "result"),
    ("JSONata", Map): ITEMS,
}
NUMBERS = frozenset(LIMITS)


class WrongMock(Exception):
    """The mock does not fit the state; the text says why, as ValidationException does."""


class Mock(NamedTuple):
    """What the work shall come to: a result (JSON), or an error."""

    result: str | None = None
    error: str | None = None
    cause: str | None = None


class Configuration(NamedTuple):
    """stateConfiguration: how often the retrier has tried, how many iterations failed, what the ItemReader found."""

    retries: int = 0
    failures: int | None = None
    items: str | None = None


DEFAULT = Configuration()


class Result(NamedTuple):
    """How a trial ended. `inspection` holds InspectionData's members: JSON texts, numbers, and `errorDetails`."""

    status: str  # SUCCEEDED, FAILED, RETRIABLE, CAUGHT_ERROR
    output: str | None
    error: str | None
    cause: str | None
    next: str | None
    inspection: dict[str, Any]


@dataclass
class Trial:
    """One state of a machine, about to be done alone. `context` is the whole context object."""

    machine: Machine
    state: str
    input: str  # JSON
    context: Json
    variables: Mapping[str, str]  # JSON by name
    now: float
    chance: Chance
    configuration: Configuration = DEFAULT
    mock: Mock | None = None
    trace: dict[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        scope = where(self.machine, self.state)
        thread = Thread(ROOT, None, scope, self.state, self.input, variables=dict(self.variables))
        self.run = Run(self.machine, State(self.input, "{}", scope, threads={ROOT: thread}), self.now, self.chance)
        self.run.given, self.run.trace = self.context, self.trace
        self.thread, self.node = thread, self.machine.scopes[scope].nodes[self.state]
        self._keep(self.run.read(self.input), self.input)

    def _keep(self, value: Json, text: str) -> None:
        """Whatever is taken out of a JSON text as it is shall be written as it was."""
        self.run.keep(value, text)
        if isinstance(value, dict):
            for name, part in msgspec.json.decode(text, type=dict[str, msgspec.Raw]).items():
                self._keep(value[name], bytes(part).decode())
        elif isinstance(value, list):
            for item, part in zip(value, msgspec.json.decode(text, type=list[msgspec.Raw])):
                self._keep(item, bytes(part).decode())

    def begin(self) -> Result | RunTask:
        """Do the state: its result, or the task to carry out and answer. Raises WrongMock."""
        try:
            done = WORKS[type(self.node.work)](self, self.node.work)
        except Failure as failure:
            return self.failed(failure)
        return done if isinstance(done, RunTask) else self._finish(*done)

    def succeeded(self, output: str) -> Result:
        """The task ended well; `output` is JSON."""
        try:
            return self._finish(self.node.flow, self.noted(output), self.node.next)
        except Failure as failure:
            return self.failed(failure)

    def failed(self, failure: Failure) -> Result:
        """The work failed: it would be tried again, is caught, or ends the execution."""
        names = set() if failure.fatal else failure.names()
        details: dict[str, Any] = {}
        for index, retrier in enumerate(self.node.retriers):
            if names & retrier.errors:
                details["retryIndex"] = index
                if self.configuration.retries < retrier.attempts_max:
                    delay = retrier.delay_s(self.configuration.retries, self.chance.random)
                    details["retryBackoffIntervalSeconds"] = int(delay)
                    return self._told("RETRIABLE", None, failure, None, details)
                break
        for index, catcher in enumerate(self.node.catchers):
            if names & catcher.errors:
                return self._caught(catcher, failure, {"catchIndex": index})
        return self._told("FAILED", None, failure, None, details)

    def _caught(self, catcher: Catcher, failure: Failure, details: dict[str, Any]) -> Result:
        self.run.trace = None  # what was shown is the state's, not the catcher's
        try:
            output = self._left(catcher.flow, failure.output())
        except Failure as again:
            return self._told("FAILED", None, again, None, {})
        return self._told("CAUGHT_ERROR", output, failure, catcher.next, details)

    def _finish(self, flow: Flow, result: Json, to: str | None) -> Result:
        return self._told("SUCCEEDED", self._left(flow, result), None, to, {})

    def _left(self, flow: Flow, result: Json) -> str:
        """The output, once the variables are set. Raises Failure."""
        frame = self.run.frame(self.thread)
        assigned = {name: self.run.write(value) for name, value in flow.assign(frame, result).items()}
        text = self.run.write(flow.leave(frame, result))
        if values.oversize(text) or values.oversize("".join(assigned.values())):
            raise Failure(errors.DATA_LIMIT, errors.TOO_LARGE.format(name=self.state), fatal=True)
        self.thread.variables = {**self.thread.variables, **assigned}
        return text

    def _told(
        self, status: str, output: str | None, failure: Failure | None, to: str | None, details: dict[str, Any]
    ) -> Result:
        shown: dict[str, Any] = {"input": self.input}
        for name in SHOWN.get((self.node.language, type(self.node.work)), ()):
            if name in self.trace:
                value = self.trace[name]
                shown[name] = value if name in NUMBERS else self.run.write(value)
        if self.thread.variables:
            members = (f"{values.write(name)}:{text}" for name, text in self.thread.variables.items())
            shown["variables"] = "{" + ",".join(members) + "}"
        if details:
            shown["errorDetails"] = details
        error, cause = (failure.error, failure.cause) if failure else (None, None)
        return Result(status, output, error, cause, to, shown)

    # What works ask for

    def noted(self, text: str) -> Json:
        """The result of the work, which the inspection shows."""
        result = self.run.read(text)
        self.trace["result"] = result
        return result

    def mocked(self) -> Json:
        """The mock's result. Raises Failure if the mock is an error, WrongMock if it is no JSON."""
        assert self.mock is not None, "a mock is asked for where there is one"
        if self.mock.result is None:
            raise Failure(self.mock.error, self.mock.cause)
        try:
            return self.noted(self.mock.result)
        except msgspec.DecodeError:
            raise WrongMock("Mocked result must be valid JSON") from None

    def effective(self) -> Frame:
        """What the state's expressions see."""
        return steps.effective(self.run, self.thread, self.node)


def where(machine: Machine, state: str) -> str:
    """The location of the scope that a state is in, however deep. Raises KeyError."""
    for location, scope in machine.scopes.items():
        if state in scope.nodes:
            return location
    raise KeyError(state)


# What each type of state does: the flow to leave through, the result, and where to go; or the task to carry out.

Done = tuple[Flow, Json, str | None]


def _pass(trial: Trial, work: Pass) -> Done:
    frame, node = trial.effective(), trial.node
    if work.result is None:
        return node.flow, node.flow.arguments(frame), node.next
    trial.trace.clear()
    result = trial.trace["result"] = work.result(frame)
    return node.flow, result, node.next


def _hand_on(trial: Trial, _work: Any) -> Done:
    return trial.node.flow, trial.effective().input, trial.node.next


def _wait(trial: Trial, work: Wait) -> Done:
    frame = trial.effective()
    work.until(frame, trial.now)  # it may be refused
    return trial.node.flow, frame.input, trial.node.next


def _choice(trial: Trial, work: Choice) -> Done:
    frame = trial.effective()
    rule = next((rule for rule in work.rules if rule.holds(frame)), None)
    to = rule.next if rule else work.default
    if to is None:
        raise errors.broken(errors.NO_NEXT)
    return rule.flow if rule else trial.node.flow, frame.input, to


def _fail(trial: Trial, work: Fail) -> Done:
    frame = trial.effective()
    raise Failure(steps.text(work.error, frame), steps.text(work.cause, frame))


def _task(trial: Trial, work: Task) -> Done | RunTask:
    schedule(trial.run, trial.thread, trial.node, work, trial.effective())
    if trial.mock is not None:
        return trial.node.flow, trial.mocked(), trial.node.next
    return next(command for command in trial.run.commands if isinstance(command, RunTask))


def _parallel(trial: Trial, work: Parallel) -> Done:
    trial.node.flow.arguments(trial.effective())
    result = trial.mocked()
    if not isinstance(result, list):
        raise WrongMock("Mocked result must be an array.")
    if len(result) != len(work.branches):
        raise WrongMock("Mocked result must contain the same number of items as number of Parallel branches.")
    return trial.node.flow, result, trial.node.next


def _map(trial: Trial, work: Map) -> Done:
    frame, share = trial.effective(), work.distribution
    reads = share is not None and share.reader is not None
    items = msgspec.json.decode(trial.configuration.items or "[]") if reads else steps.items_of(work, trial.node, frame)
    _look_at_items(trial, work, frame, items)
    _look_at_limits(trial, work, frame)
    result = None if trial.mock is None or trial.mock.result is None else trial.mocked()
    writes = share is not None and share.writer is not None
    if result is not None and not isinstance(result, dict if writes else list):
        raise WrongMock(f"Mocked result must be {'a JSON object' if writes else 'an array'}.")
    failures = trial.configuration.failures or 0
    if isinstance(result, list) and failures > len(result):
        raise WrongMock("Map iteration failure count must be less than or equal to the number of Map iterations")
    tolerated = steps.tolerated(work, frame, len(items))
    if tolerated is not None and failures > tolerated:
        raise Failure(errors.TOLERANCE, errors.TOLERANCE_EXCEEDED)
    return trial.node.flow, trial.mocked(), trial.node.next


def _look_at_items(trial: Trial, work: Map, frame: Frame, items: Json) -> None:
    """Note what the fields about items make of them."""
    share = work.distribution
    command = RunMap(
        id="", thread=ROOT, scope=trial.thread.scope, state=trial.state, label="", processor="", execution_type="",
        view=View(trial.run.write(frame.input), values.write(frame.context()), dict(trial.thread.variables)),
    )  # fmt: skip
    if work.selector is not None:
        selected = [
            values.read(child.input) for child in inputs(trial.machine, command, items, trial.now, trial.chance)
        ]
        trial.trace["afterItemSelector"] = selected
    if share is not None and share.batcher is not None:
        command = msgspec.structs.replace(command, batcher=share.batcher(frame))
        batches = inputs(trial.machine, command, items, trial.now, trial.chance)
        trial.trace["afterItemBatcher"] = [values.read(child.input) for child in batches]


def _look_at_limits(trial: Trial, work: Map, frame: Frame) -> None:
    """Note the numbers that the state sets."""
    trial.trace["maxConcurrency"] = work.concurrency(frame) if work.concurrency else 0
    if work.failures_max:
        trial.trace["toleratedFailureCount"] = work.failures_max(frame)
    if work.failures_percent_max:
        trial.trace["toleratedFailurePercentage"] = float(work.failures_percent_max(frame))


WORKS: dict[type, Callable[[Trial, Any], Done | RunTask]] = {
    Pass: _pass,
    Task: _task,
    Choice: _choice,
    Wait: _wait,
    Succeed: _hand_on,
    Fail: _fail,
    Parallel: _parallel,
    Map: _map,
}
