"""A compiled state machine: scopes of nodes, ready to be stepped through.

One idea: all that can be known from the definition is computed once. It holds no execution, and is never changed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from freehold.engines.jsonpath import Json

from .errors import Problem
from .frame import Expression, Frame
from .language import Condition, Flow, Until
from .protocol import Batcher, Reader, Writer


class Service(NamedTuple):
    """What a Resource ARN says: which family of history events its task writes, and which service it calls.

    `pattern` is "", "sync", "sync:2" or "waitForTaskToken".
    """

    family: str  # Task, LambdaFunction or Activity
    resource_type: str  # such as sqs, aws-sdk:dynamodb
    action: str  # such as sendMessage.waitForTaskToken
    pattern: str


@dataclass(frozen=True, slots=True)
class Pass:
    """Hands on its input, or a fixed Result."""

    result: Expression | None


@dataclass(frozen=True, slots=True)
class Task:
    """Work done elsewhere."""

    resource: str
    service: Service
    credentials: Expression | None
    timeout: Expression | None
    heartbeat: Expression | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A choice: where to go, and what to hand on, if the condition holds."""

    holds: Condition
    next: str
    flow: Flow


@dataclass(frozen=True, slots=True)
class Choice:
    """The first rule that holds decides."""

    rules: tuple[Rule, ...]
    default: str | None


@dataclass(frozen=True, slots=True)
class Wait:
    """Waits; `until` computes the moment from the frame and the present one (epoch seconds)."""

    until: Until


@dataclass(frozen=True, slots=True)
class Succeed:
    """Ends its scope well."""


@dataclass(frozen=True, slots=True)
class Fail:
    """Ends its scope with an error."""

    error: Expression | None
    cause: Expression | None


@dataclass(frozen=True, slots=True)
class Parallel:
    """Runs each branch (the location of its scope) on a copy of the input."""

    branches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Distribution:
    """How a distributed Map has its items run by child executions."""

    label: str
    execution_type: str  # STANDARD or EXPRESS
    reader: Callable[[Frame], Reader] | None
    batcher: Callable[[Frame], Batcher] | None
    writer: Callable[[Frame], Writer] | None


@dataclass(frozen=True, slots=True)
class Map:
    """Runs the processor (the location of its scope) on each item."""

    processor: str
    items: Expression
    selector: Expression | None
    concurrency: Expression | None
    failures_max: Expression | None
    failures_percent_max: Expression | None
    distribution: Distribution | None = None  # None: the items run inside the execution


Work = Pass | Task | Choice | Wait | Succeed | Fail | Parallel | Map


@dataclass(frozen=True, slots=True)
class Retrier:
    """Which errors are tried again, when, and how often. Spans in seconds."""

    errors: frozenset[str]
    interval_s: float
    attempts_max: int
    backoff: float
    delay_max_s: float | None
    full_jitter: bool

    def delay_s(self, attempt: int, random: Callable[[], float]) -> float:
        """How long to wait before the given retry, counted from 0."""
        try:
            delay = self.interval_s * self.backoff**attempt
        except OverflowError:
            delay = float("inf")
        delay = min(delay, self.delay_max_s or DELAY_MAX_S)
        return delay * random() if self.full_jitter else delay


DELAY_MAX_S = 31_622_400  # MaxDelaySeconds stays below a leap year


@dataclass(frozen=True, slots=True)
class Catcher:
    """Where to go on which errors."""

    errors: frozenset[str]
    next: str
    flow: Flow


@dataclass(frozen=True, slots=True)
class Node:
    """A state of the definition. `next` is None where the scope ends."""

    name: str
    type: str
    language: str  # JSONPath or JSONata
    next: str | None
    flow: Flow
    work: Work
    retriers: tuple[Retrier, ...] = ()
    catchers: tuple[Catcher, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """The states that may transition to one another: the machine's own, a branch's, or an item processor's."""

    start: str
    nodes: dict[str, Node]


@dataclass(frozen=True, slots=True)
class Machine:
    """A state machine. `scopes` is keyed by location, the machine's own being "/"."""

    definition: dict[str, Any]
    scopes: dict[str, Scope]
    timeout_s: float | None
    comment: Json = None
    warnings: tuple[Problem, ...] = ()
    modern: bool = False  # whether it has queries or variables, which are younger than the language
    references: Mapping[str, list[str]] = field(default_factory=dict)  # state → the variables that it refers to
