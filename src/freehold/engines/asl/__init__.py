"""Amazon States Language: a pure machine that runs Step Functions' definitions.

One idea: `compile` a definition once; `begin` an execution; `advance` it by an event and get a Decision: the state
after it, the history events it wrote, and the commands to carry out. It knows no clock, store, network or service.

`maps` has what a Map Run needs besides, `redrive` lets an execution that failed go on, and a `Trial` does one state.
"""

from . import maps
from .advance import Decision, advance, begin
from .choice import OPERATORS
from .compile import compile
from .errors import Failure, InvalidDefinition, Problem
from .fields import STATE_TYPES
from .intrinsics import INTRINSICS, Chance
from .machine import Machine
from .protocol import (
    EXECUTION_RESUME,
    EXECUTION_TIMEOUT,
    AlarmRang,
    Batcher,
    Cancel,
    Command,
    Event,
    Fail,
    HeartbeatSeen,
    MapRunFailed,
    MapRunRedriven,
    MapRunStarted,
    MapRunSucceeded,
    Reader,
    RunMap,
    RunTask,
    SetAlarm,
    Started,
    Stop,
    Succeed,
    TaskFailed,
    TaskStarted,
    TaskSubmitted,
    TaskSucceeded,
    View,
    Writer,
)
from .redrive import redrive, unredrivable
from .state import State, Thread
from .trial import Configuration, Mock, Result, Trial, WrongMock, where

__all__ = [
    "EXECUTION_RESUME",
    "EXECUTION_TIMEOUT",
    "INTRINSICS",
    "OPERATORS",
    "STATE_TYPES",
    "AlarmRang",
    "Batcher",
    "Cancel",
    "Chance",
    "Command",
    "Configuration",
    "Decision",
    "Event",
    "Fail",
    "Failure",
    "HeartbeatSeen",
    "InvalidDefinition",
    "Machine",
    "MapRunFailed",
    "MapRunRedriven",
    "MapRunStarted",
    "MapRunSucceeded",
    "Mock",
    "Problem",
    "Reader",
    "Result",
    "RunMap",
    "RunTask",
    "SetAlarm",
    "Started",
    "State",
    "Stop",
    "Succeed",
    "TaskFailed",
    "TaskStarted",
    "TaskSubmitted",
    "TaskSucceeded",
    "Thread",
    "Trial",
    "View",
    "Writer",
    "WrongMock",
    "advance",
    "begin",
    "compile",
    "maps",
    "redrive",
    "unredrivable",
    "where",
]
