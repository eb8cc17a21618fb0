"""A small world around the machine: it carries out commands at once, and lets its clock jump from alarm to alarm."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest

from freehold.engines import asl

CONTEXT = {
    "Execution": {
        "Id": "arn:aws:states:eu-west-1:123456789012:execution:m:e",
        "Name": "e",
        "RoleArn": "role",
        "RedriveCount": 0,
    },
    "StateMachine": {"Id": "arn:aws:states:eu-west-1:123456789012:stateMachine:m", "Name": "m"},
}
MAP_RUN = "arn:aws:states:eu-west-1:123456789012:mapRun:m/M:0b5f"
Answer = Callable[[asl.RunTask], asl.Event | None]


class FixedChance:
    """Chance that always falls the same way."""

    def random(self) -> float:
        return 0.5

    def uuid(self) -> str:
        return "b5f0f0f0-0000-4000-8000-000000000000"


@dataclass
class World:
    """One execution, and what has come of it."""

    machine: asl.Machine
    state: asl.State
    now: float = 0.0
    history: list[dict[str, Any]] = field(default_factory=list)
    tasks: list[asl.RunTask] = field(default_factory=list)
    maps: list[asl.RunMap] = field(default_factory=list)
    alarms: dict[str, float] = field(default_factory=dict)
    end: asl.Succeed | asl.Fail | None = None

    def send(self, event: asl.Event) -> asl.Decision:
        """Advance by one event."""
        return self.take(asl.advance(self.machine, self.state, event, self.now, FixedChance()))

    def take(self, decision: asl.Decision) -> asl.Decision:
        """Carry out what was decided. The state passes through msgpack before it is used again."""
        again = msgspec.msgpack.decode(msgspec.msgpack.encode(decision.state), type=asl.State)
        assert again == decision.state
        self.state = again
        self.history += decision.events
        for command in decision.commands:
            if isinstance(command, asl.RunTask):
                self.tasks.append(command)
            elif isinstance(command, asl.RunMap):
                self.maps.append(command)
            elif isinstance(command, asl.SetAlarm):
                self.alarms[command.id] = command.at
            elif isinstance(command, asl.Cancel):
                self.alarms.pop(command.id, None)
                self.tasks = [task for task in self.tasks if task.id != command.id]
                self.maps = [each for each in self.maps if each.id != command.id]
            else:
                self.end = command
        return decision

    def ring(self) -> None:
        """Jump to the next alarm."""
        alarm = min(self.alarms, key=lambda name: self.alarms[name])
        self.now = max(self.now, self.alarms.pop(alarm))
        self.send(asl.AlarmRang(alarm))

    def run(self, answer: Answer) -> "World":
        """Go on until the execution has ended, or nothing more can happen."""
        while self.end is None and (self.tasks or self.maps or self.alarms):
            if self.maps:
                self.run_map(self.maps.pop(0), answer)
                continue
            answers = [event for event in (answer(self.tasks.pop(0)) for _ in range(len(self.tasks))) if event]
            for event in answers:
                self.send(event)
            if not answers and self.end is None and self.alarms:
                self.ring()
        return self

    def run_map(self, command: asl.RunMap, answer: Answer) -> None:
        """Carry out a Map Run over items of the state's input, child after child."""
        self.send(asl.MapRunStarted(command.id, MAP_RUN))
        worlds = [self.child(command, child.input).run(answer) for child in self.inputs(command)]
        outcomes = [world.outcome() for world in worlds]
        failed = sum(one.status != "SUCCEEDED" for one in outcomes)
        if asl.maps.exceeded(command, failed, len(outcomes)):
            self.send(asl.MapRunFailed(command.id, "States.ExceedToleratedFailureThreshold", "too many"))
        else:
            self.send(asl.MapRunSucceeded(command.id, asl.maps.output(command, outcomes)))

    def inputs(self, command: asl.RunMap) -> list[asl.maps.Child]:
        """What the children of a Map Run are given."""
        items = msgspec.json.decode(command.items or "[]")
        return list(asl.maps.inputs(self.machine, command, items, self.now, FixedChance()))

    def child(self, command: asl.RunMap, input: str) -> "World":
        """A child execution, started."""
        world = World(self.machine, asl.begin(self.machine, input, CONTEXT, scope=command.processor), self.now)
        world.send(asl.Started())
        return world

    def outcome(self) -> asl.maps.Outcome:
        """How the execution ended, as a Map Run is told."""
        output = self.end.output if isinstance(self.end, asl.Succeed) else None
        return asl.maps.Outcome(self.state.status, output, {"status": self.state.status})

    @property
    def output(self) -> Any:
        """The value the execution ended with."""
        assert isinstance(self.end, asl.Succeed), self.end
        return msgspec.json.decode(self.end.output)

    @property
    def failure(self) -> tuple[str | None, str | None]:
        """The error and cause it ended with."""
        assert isinstance(self.end, asl.Fail), self.end
        return self.end.error, self.end.cause

    def types(self) -> list[str]:
        """The types of the history's events."""
        return [event["type"] for event in self.history]

    def previous(self) -> list[int]:
        """Which event each event follows."""
        return [event["previousEventId"] for event in self.history]


def echo(task: asl.RunTask) -> asl.Event | None:
    """Every task succeeds with what it was given."""
    return asl.TaskSucceeded(task.id, task.parameters)


@pytest.fixture(scope="session")
def start() -> Callable[..., World]:
    """Start an execution: start(definition, input as a value)."""

    def start(definition: Any, input: Any = None, **fields: Any) -> World:
        text = msgspec.json.encode({} if input is None else input).decode()
        machine = asl.compile(definition)
        world = World(machine, asl.begin(machine, text, CONTEXT, **fields))
        world.send(asl.Started())
        return world

    return start


@pytest.fixture(scope="session")
def play(start: Callable[..., World]) -> Callable[..., World]:
    """Run an execution to its end: play(definition, input, answer to tasks)."""

    def play(definition: Any, input: Any = None, answer: Answer = echo) -> World:
        return start(definition, input).run(answer)

    return play
