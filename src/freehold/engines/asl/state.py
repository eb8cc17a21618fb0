"""An execution between two steps: its live threads, and nothing that the definition or the history already says.

One idea: a plain tree of structs that goes through msgpack and comes back the same. Payloads are JSON texts.
It knows no definition; a thread says where it is by a scope's location and a state's name.
"""

from collections.abc import Iterator
from typing import Literal

import msgspec

ROOT = "0"  # the id of the execution's own thread
HISTORY_MAX = 25_000  # events of a Standard execution

Status = Literal["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"]
Waits = Literal["", "task", "map", "moment", "retry", "threads"]


class Item(msgspec.Struct):
    """The context object's Map.Item."""

    index: int
    value: str


class Fork(msgspec.Struct):
    """What a thread in a Parallel or Map state waits for.

    `items` are the inputs of branches or iterations, `outputs` their results (None: not there yet, or tolerated).
    """

    items: list[str]
    outputs: list[str | None]
    values: list[str] | None = None  # of a Map: each item as ItemsPath found it
    concurrency: int = 0  # 0: no limit
    started: int = 0
    ended: int = 0
    failures: int = 0
    failures_max: float | None = None


class Thread(msgspec.Struct):
    """One line of execution: the root's, a branch's or an iteration's.

    Its id never changes and is never used again: `parent#attempt.index`. `attempt` counts what the thread has waited
    for, so that an answer to an earlier wait is recognised as late.
    """

    id: str
    parent: str | None
    scope: str
    state: str
    input: str
    index: int = 0
    item: Item | None = None
    entered_id: int = 0
    entered_at: float = 0.0
    before_id: int = 0  # the event that the state's entry followed
    last_id: int = 0  # the event that the thread's next one follows
    attempt: int = 0
    waits: Waits = ""
    alarms: list[str] = []
    retries: list[int] = []  # how often each retrier of the state has been used
    variables: dict[str, str] = {}
    token: str | None = None
    submitted: bool = False
    heartbeat_s: int | None = None
    fork: Fork | None = None
    map_run: str | None = None  # the ARN of the Map Run of a distributed Map
    wreck: Fork | None = None  # what it waited for when that failed, until the state is left or tried again
    lost: list["Thread"] = []  # the threads of its fork that did not succeed, and those that they waited for

    @property
    def ticket(self) -> str:
        """The id of what the thread waits for at present."""
        return f"{self.id}#{self.attempt}"


class State(msgspec.Struct):
    """An execution. `context` is the JSON of the context object's Execution (less its Input) and StateMachine."""

    input: str
    context: str
    scope: str = "/"  # where it starts: the machine's own scope, or the processor of a distributed Map
    status: Status = "RUNNING"
    events: int = 0  # how many history events there are
    history_max: int | None = HISTORY_MAX
    threads: dict[str, Thread] = {}
    stored: int = 0  # characters of all the variables
    left: list[Thread] = []  # of an execution that did not succeed: the threads that it had, for a redrive
    redrives: int = 0

    def lineage(self, thread: Thread) -> Iterator[Thread]:
        """The thread, its parent, and so on to the root."""
        yield thread
        while thread.parent is not None:
            thread = self.threads[thread.parent]
            yield thread

    def children(self, thread: Thread) -> list[Thread]:
        """The live threads that the thread waits for."""
        return [child for child in self.threads.values() if child.parent == thread.id]
