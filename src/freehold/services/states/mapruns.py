"""Map Runs: what a distributed Map state runs, and the children that it runs its items in.

One idea: a child is a row with its input until it is started, and with its outcome once it has ended; which it is, is
its status, and a run's counts move with it. It may not know how children are started, nor requests.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-examine-map-run.html
"""

from hashlib import sha256
from typing import Any

import msgspec

from freehold.engines import asl
from freehold.engines.asl import maps
from freehold.engines.asl.state import HISTORY_MAX
from freehold.kernel.store import Record, Tx
from freehold.services.states import definitions, executions, names
from freehold.services.states.definitions import EXPRESS
from freehold.services.states.errors import ResourceNotFound
from freehold.services.states.executions import Execution
from freehold.services.states.machines import Settings

PENDING, RUNNING, SUCCEEDED, FAILED, ABORTED = "PENDING", "RUNNING", "SUCCEEDED", "FAILED", "ABORTED"
STATUSES = (PENDING, RUNNING, SUCCEEDED, FAILED, "TIMED_OUT", ABORTED)
CONCURRENCY_MAX = 10_000  # children of one run that run at once

Ending = asl.MapRunSucceeded | asl.MapRunFailed


class Counts(msgspec.Struct):
    """How many items, or executions, there are of each status, and how many have their results written."""

    by_status: dict[str, int] = {}
    written: int = 0

    def move(self, number: int, to: str, from_: str = "") -> None:
        """Count so many under another status; under none before, if they are new."""
        if from_:
            self.by_status[from_] -= number
        self.by_status[to] = self.by_status.get(to, 0) + number

    def of(self, *statuses: str) -> int:
        return sum(self.by_status.get(status, 0) for status in statuses)

    @property
    def total(self) -> int:
        return sum(self.by_status.values())


class MapRun(Record, table="states_map_runs", key="machine id", index="parent execution started_at"):
    """A Map Run. `machine` is its children's, `parent/label`; `parent` and `execution` say for whom it runs.

    `read` once its children's inputs are there; `starting` while it is promised that more will be started; `ending` is
    what the parent is told once the results are written.
    """

    machine: str
    id: str
    parent: str
    execution: str
    command: asl.RunMap
    settings: Settings
    started_at: float
    stopped_at: float | None = None
    status: str = RUNNING
    read: bool = False
    starting: bool = False
    ending: Ending | None = None
    redrives: int = 0
    redrive_at: float | None = None
    items: Counts = msgspec.field(default_factory=Counts)
    executions: Counts = msgspec.field(default_factory=Counts)


class MapChild(Record, table="states_map_children", key="run number", index="run status number"):
    """One child of a run: so many items in one execution; `description` is DescribeExecution's answer at its end."""

    run: str
    number: int
    input: str
    items: int
    status: str = PENDING
    name: str = ""
    output: str | None = None
    description: dict[str, Any] = {}


def create(tx: Tx, execution: Execution, command: asl.RunMap) -> MapRun:
    """The run that a distributed Map state of an execution asks for, still without children."""
    label = command.label or _label(execution.settings.digest, command)
    run = MapRun(
        machine=f"{execution.machine}/{label}", id=tx.ids.uuid(), parent=execution.machine, execution=execution.name,
        command=command, settings=execution.settings, started_at=tx.now,
    )  # fmt: skip
    tx.put(run)
    return run


def resume(tx: Tx, run: MapRun, command: asl.RunMap) -> MapRun:
    """Make a run that ended badly do again what did not succeed, for a state that asks anew."""
    for status in (FAILED, "TIMED_OUT", ABORTED):
        for child in tx.range(MapChild, run.id, status, index="run status number"):
            move(tx, run, child, PENDING)
    run.command, run.status, run.ending, run.stopped_at = lean(command) if run.read else command, RUNNING, None, None
    run.redrives, run.redrive_at = run.redrives + 1, tx.now
    tx.put(run)
    return run


def lean(command: asl.RunMap) -> asl.RunMap:
    """A command without what is needed until its items are read, so that a run is cheap to put again."""
    return msgspec.structs.replace(command, items=None, view=asl.View("null", "{}"))


def _label(digest: str, command: asl.RunMap) -> str:
    """What a state without a Label has: the same for each of its runs."""
    mark = sha256(f"{digest}{command.scope}{command.state}".encode()).hexdigest()
    return f"{mark[:8]}-{mark[8:12]}-4{mark[12:15]}-8{mark[15:18]}-{mark[18:30]}"


def arn(tx: Tx, run: MapRun) -> str:
    return names.arn(tx, names.MAP_RUN, run.machine, run.id)


def opened(tx: Tx, arn: str) -> MapRun:
    """The run of an ARN. Raises InvalidArn, ResourceNotFound."""
    named = names.read(arn, names.MAP_RUN)
    here = (named.account, named.region) == (tx.account, tx.region)
    run = tx.get(MapRun, named.name, named.rest) if here else None
    if run is None:
        raise ResourceNotFound(resourceName=arn)
    return run


def place(run: MapRun) -> tuple:
    """Where a run stands in a list."""
    return (run.started_at, run.machine, run.id)


def of(tx: Tx, execution: Execution, after: tuple | None = None, limit: int | None = None) -> list[MapRun]:
    """The runs of an execution, the oldest first."""
    where = (execution.machine, execution.name)
    return tx.range(MapRun, *where, index="parent execution started_at", after=after, limit=limit)


def whose(run: MapRun) -> dict[str, str]:
    """Which run a promise is about."""
    return {"machine": run.machine, "id": run.id}


def fill(tx: Tx, run: MapRun, first: int, children: list[maps.Child]) -> None:
    """Write children's inputs down, from the number `first` on; again, if it was done before."""
    for number, child in enumerate(children, first):
        tx.put(MapChild(run=run.id, number=number, input=child.input, items=child.items))


def pending(tx: Tx, run: MapRun, limit: int) -> list[MapChild]:
    """Up to so many children that are still to be started, in their order."""
    return tx.range(MapChild, run.id, PENDING, index="run status number", limit=limit)


def room(run: MapRun) -> int:
    """How many more children may run now."""
    return min(run.command.concurrency or CONCURRENCY_MAX, CONCURRENCY_MAX) - run.executions.of(RUNNING)


def move(tx: Tx, run: MapRun, child: MapChild, status: str) -> None:
    """Give a child another status."""
    run.items.move(child.items, status, child.status)
    run.executions.move(1, status, child.status)
    child.status = status
    tx.put(child)


def known(tx: Tx, run: MapRun, child: MapChild) -> Execution | None:
    """The execution that a child had in an earlier try of the run, if it can go on."""
    found = tx.get(Execution, run.machine, child.name) if child.name else None
    return found if found and executions.unredrivable(tx, found) is None else None


def begun(tx: Tx, run: MapRun, child: MapChild) -> Execution:
    """The execution of a child, still to be started. The child is running."""
    name, express = tx.ids.uuid(), run.command.execution_type == EXPRESS
    execution = Execution(
        machine=run.machine, name=f"{name}:{tx.ids.uuid()}" if express else name, machine_id=run.id,
        kind=run.command.execution_type, settings=run.settings, started_at=tx.now, map_run=run.id, number=child.number,
        items=child.items, state=asl.State(input=child.input, context="{}"),
    )  # fmt: skip
    machine = definitions.compiled(tx, run.settings.digest)
    context, limit = executions.context(tx, execution, name), None if express else HISTORY_MAX
    execution.state = asl.begin(machine, child.input, context, limit, run.command.processor)
    child.name = execution.name
    move(tx, run, child, RUNNING)
    return execution


def failed_items(run: MapRun) -> int:
    return run.items.of(FAILED, "TIMED_OUT", ABORTED)


def outcomes(tx: Tx, run: MapRun) -> list[maps.Outcome]:
    """How each child ended, or did not, in the order of the items."""
    children = tx.range(MapChild, run.id)
    return [maps.Outcome(child.status, child.output, child.description) for child in children]


def forget(tx: Tx, execution: Execution) -> None:
    """Remove an execution's runs and their children."""
    for run in of(tx, execution):
        for child in tx.range(MapChild, run.id):
            tx.delete(MapChild, run.id, child.number)
        tx.delete(MapRun, run.machine, run.id)
