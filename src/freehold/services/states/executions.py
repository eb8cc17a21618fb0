"""Executions: what is kept of each, and of its history.

One idea: an execution is one record with the engine's state inside, so that a transition is one row replaced and one
row of history added. It may not know what tasks do, nor requests.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-state-machine-executions.html
"""

from collections.abc import Iterable
from math import ceil
from typing import Any, NamedTuple

import msgspec

from freehold.engines import asl, moments
from freehold.engines.asl.state import HISTORY_MAX
from freehold.kernel.store import Record, Tx
from freehold.services.states import definitions, names
from freehold.services.states.definitions import EXPRESS, STANDARD
from freehold.services.states.errors import ExecutionAlreadyExists, ExecutionDoesNotExist
from freehold.services.states.machines import DELETING, Settings, StateMachine, Target

RUNNING = "RUNNING"
TOKENS_MAX, TOKEN_S = 10, 900  # how many tokens of redrives are remembered, and how long
EXPRESS_MAX_S = 300  # how long an Express execution may take
RETENTION_S = 90 * 86_400  # how long a Standard execution is remembered after its end
BILLED_MS, BILLED_MB, BASE_MB = 100, 64, 50  # the steps in which Express executions are billed, and their least
STANDARD_ONLY = {"stateMachineVersionArn", "stateMachineAliasArn"}  # what is not told of an Express execution
SYNC_RETENTION_S = 60  # and an Express one whose caller waits for it


class Watcher(msgspec.Struct, frozen=True):
    """A task of another execution that waits for this one's end."""

    account: str
    region: str
    machine: str
    name: str
    task: str
    resource: str


class Child(NamedTuple):
    """An execution that a task started and waits for, and the role that started it."""

    arn: str
    role: str


class Place(NamedTuple):
    """Where a Map Run is found: the name of its children's machine, and its id."""

    machine: str
    id: str


class Execution(
    Record,
    table="states_executions",
    key="machine name",
    index=("machine_id started_at", "machine_id status started_at"),
):
    """An execution; the `name` of an Express one ends in `:` and a unique id, as its ARN does.

    `rows` are the promises and alarms that stand for the state's tasks and alarms, by the engine's ids; `tokens` the
    tokens of its open tasks; `children` the executions and `map_runs` the Map Runs that they wait for. Of a Map Run's
    child, `map_run` is the run's id, `number` its own, and `items` how many it is given.
    """

    machine: str
    name: str
    machine_id: str
    kind: str
    settings: Settings
    state: asl.State
    started_at: float
    revision: str = ""
    version: int = 0
    alias: str = ""
    trace_header: str = ""
    waited_for: bool = False
    redrive_at: float | None = None
    redrive_tokens: dict[str, float] = {}
    status: str = RUNNING
    stopped_at: float | None = None
    output: str | None = None
    error: str | None = None
    cause: str | None = None
    rows: dict[str, str] = {}
    tokens: list[str] = []
    children: dict[str, Child] = {}
    watchers: list[Watcher] = []
    map_runs: dict[str, Place] = {}
    map_run: str = ""
    number: int = 0
    items: int = 0


class Chapter(Record, table="states_history", key="machine name first"):
    """The history events that one transaction wrote; `first` is the id of the first."""

    machine: str
    name: str
    first: int
    events: list[dict[str, Any]]


class Order(NamedTuple):
    """What StartExecution asks for."""

    name: str
    input: str
    trace_header: str = ""
    waited_for: bool = False


class Wanted(NamedTuple):
    """Which executions a list shows: those of a machine or a Map Run, by its id; of one status, version or alias,
    and those that were redriven, or were not."""

    machine_id: str
    status: str = ""
    version: int = 0
    alias: str = ""
    redriven: bool | None = None

    def has(self, execution: Execution) -> bool:
        """Whether an execution of the machine and status is among them."""
        versioned = self.version in (0, execution.version) and self.alias in ("", execution.alias)
        return versioned and self.redriven in (None, execution.state.redrives > 0)


def arn(tx: Tx, execution: Execution) -> str:
    kind = names.EXPRESS if execution.kind == EXPRESS else names.EXECUTION
    return names.arn(tx, kind, execution.machine, execution.name)


def create(tx: Tx, target: Target, order: Order) -> tuple[Execution, bool]:
    """An execution that is still to be started, or the running one of that name and input; and whether it is new.

    Raises ExecutionAlreadyExists.
    """
    machine, express = target.machine, target.machine.kind == EXPRESS
    name = f"{order.name}:{tx.ids.uuid()}" if express else order.name
    execution = Execution(
        machine=machine.name, name=name, machine_id=machine.id, kind=machine.kind, settings=target.settings,
        started_at=tx.now, trace_header=order.trace_header,
        revision=target.version.revision if target.version else machine.revision,
        version=target.version.number if target.version else 0, alias=target.alias.name if target.alias else "",
        waited_for=order.waited_for, state=asl.State(input=order.input, context="{}"),
    )  # fmt: skip
    known = None if express else tx.get(Execution, machine.name, name)
    if known is not None:
        if (known.status, known.state.input) != (RUNNING, order.input):
            raise ExecutionAlreadyExists(arn=arn(tx, known))
        return known, False
    compiled = definitions.compiled(tx, target.settings.digest)
    limit = None if express else HISTORY_MAX
    execution.state = asl.begin(compiled, order.input, context(tx, execution, order.name), limit)
    return execution, True


def context(tx: Tx, execution: Execution, name: str) -> dict[str, Any]:
    """The context object's Execution and StateMachine.

    https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
    """
    machine = names.arn(tx, names.MACHINE, execution.machine)
    own = {
        "Id": arn(tx, execution),
        "Name": name,
        "RoleArn": execution.settings.role_arn,
        "StartTime": moments.iso_ms(tx.now),
        "RedriveCount": 0,
    }
    return {"Execution": own, "StateMachine": {"Id": machine, "Name": execution.machine}}


def opened(tx: Tx, arn: str) -> Execution:
    """The Standard execution of an ARN. Raises InvalidArn, ExecutionDoesNotExist."""
    named = names.read(arn, names.EXECUTION)
    here = (named.account, named.region) == (tx.account, tx.region)
    execution = tx.get(Execution, named.name, named.rest) if here else None
    if execution is None:
        raise ExecutionDoesNotExist(arn=arn)
    return execution


def awaited(tx: Tx, machine: str, name: str) -> Execution:
    """An execution that somebody waits for."""
    execution = tx.get(Execution, machine, name)
    assert execution, "an execution that is waited for outlives its end"
    return execution


def write(tx: Tx, execution: Execution, events: list[dict[str, Any]]) -> None:
    """Add what a step wrote to the history. Express executions have none."""
    if events and execution.kind == STANDARD:
        tx.put(Chapter(machine=execution.machine, name=execution.name, first=events[0]["id"], events=events))


def history(tx: Tx, execution: Execution, after: int, size: int, reverse: bool) -> list[dict[str, Any]]:
    """Up to `size` events behind the one with the id `after` (0: from the beginning), oldest or newest first."""
    where = (execution.machine, execution.name)
    if reverse:
        last: tuple | None = (after,) if after else None
        chapters = tx.range(Chapter, *where, after=last, reverse=True, limit=size)
        events = [event for chapter in chapters for event in reversed(chapter.events)]
        found = [event for event in events if not after or event["id"] < after]
    else:
        # The chapter that holds `after` may go on behind it.
        begun = tx.range(Chapter, *where, high=after, reverse=True, limit=1) if after else []
        low = begun[0].first if begun else None
        chapters = tx.range(Chapter, *where, low=low, limit=size + 1)
        found = [event for chapter in chapters for event in chapter.events if event["id"] > after]
    return found[:size]


def listed(tx: Tx, wanted: Wanted, after: tuple | None, limit: int) -> list[Execution]:
    """Up to `limit` executions of those wanted, the newest first."""
    prefix = (wanted.machine_id, wanted.status) if wanted.status else (wanted.machine_id,)
    index = "machine_id status started_at" if wanted.status else "machine_id started_at"
    found: list[Execution] = []
    while True:
        page = tx.range(Execution, *prefix, index=index, after=after, reverse=True, limit=limit)
        found += [one for one in page if wanted.has(one)]
        if len(page) < limit or len(found) >= limit:
            return found[:limit]
        after = place(page[-1])


def place(execution: Execution) -> tuple:
    """Where an execution stands in a list."""
    return (execution.started_at, execution.machine, execution.name)


def described(tx: Tx, execution: Execution) -> dict[str, Any]:
    """An execution as DescribeExecution and StartSyncExecution show it."""
    included = {"included": True}
    told = {
        "executionArn": arn(tx, execution),
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
        "mapRunArn": map_run_arn(tx, execution) if execution.map_run else None,
    }
    return told | {name: value for name, value in optional.items() if value is not None} | qualified(tx, execution)


def map_run_arn(tx: Tx, child: Execution) -> str:
    """The ARN of the Map Run whose child an execution is."""
    return names.arn(tx, names.MAP_RUN, child.machine, child.map_run)


def ended(tx: Tx, execution: Execution) -> dict[str, Any]:
    """An execution that is over, as who waited for it is told: a Standard one as by DescribeExecution, an Express one
    as by StartSyncExecution."""
    told = described(tx, execution)
    if execution.kind == STANDARD:
        return told | redriving(tx, execution)
    bare = {name: value for name, value in told.items() if name not in STANDARD_ONLY}
    return bare | {"billingDetails": billing(tx, execution)}


def billing(tx: Tx, execution: Execution) -> dict[str, int]:
    """What an Express execution that is over is billed for.

    https://aws.amazon.com/step-functions/pricing/
    """
    spent_ms = ((execution.stopped_at or tx.now) - execution.started_at) * 1_000
    size_mb = len(definitions.text(tx, execution.settings.digest)) / 2**20
    return {
        "billedDurationInMilliseconds": max(1, ceil(spent_ms / BILLED_MS)) * BILLED_MS,
        "billedMemoryUsedInMB": ceil((BASE_MB + size_mb) / BILLED_MB) * BILLED_MB,
    }


def redriving(tx: Tx, execution: Execution) -> dict[str, Any]:
    """How often an execution was redriven, and whether it may be."""
    told: dict[str, Any] = {"redriveCount": execution.state.redrives}
    if execution.redrive_at is not None:
        told["redriveDate"] = execution.redrive_at
    reason = unredrivable(tx, execution)
    if reason:
        return told | {"redriveStatus": "NOT_REDRIVABLE", "redriveStatusReason": reason}
    return told | {"redriveStatus": "REDRIVABLE_BY_MAP_RUN" if execution.map_run else "REDRIVABLE"}


def unredrivable(tx: Tx, execution: Execution) -> str | None:
    """Why an execution cannot be redriven; None if it can."""
    machine = tx.get(StateMachine, execution.machine.partition("/")[0])
    deleting = machine is not None and machine.status == DELETING
    return asl.unredrivable(execution.state, tx.now, execution.started_at, execution.stopped_at, deleting)


def qualified(tx: Tx, execution: Execution) -> dict[str, str]:
    """The version and the alias that an execution was started through, if any."""
    parts = {"stateMachineVersionArn": execution.version, "stateMachineAliasArn": execution.alias}
    return {name: names.arn(tx, names.MACHINE, execution.machine, str(part)) for name, part in parts.items() if part}


def whose(execution: Execution) -> dict[str, str]:
    """Which execution a promise or an alarm is about, for `running` to find it again."""
    return {"machine": execution.machine, "name": execution.name}


def kept_s(execution: Execution) -> int:
    """How long an execution is remembered after its end."""
    return SYNC_RETENTION_S if execution.kind == EXPRESS else RETENTION_S


def forget(tx: Tx, execution: Execution) -> None:
    """Remove an execution and its history."""
    for chapter in tx.range(Chapter, execution.machine, execution.name):
        tx.delete(Chapter, execution.machine, execution.name, chapter.first)
    tx.delete(Execution, execution.machine, execution.name)


def running(tx: Tx, machine: StateMachine) -> bool:
    """Whether any execution of the machine still runs."""
    return tx.count(Execution, machine.id, RUNNING, index="machine_id status started_at") > 0


def open_count(tx: Tx) -> int:
    """How many Standard executions of the account and region run."""
    index = "machine_id status started_at"
    machines = (machine.id for machine in tx.range(StateMachine) if machine.kind == STANDARD)
    return sum(tx.count(Execution, id, RUNNING, index=index) for id in machines)


def without_data(events: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events as GetExecutionHistory shows them where execution data is not wanted."""
    return [{name: _bare(value) for name, value in event.items()} for event in events]


DATA = {"input", "output", "parameters", "inputDetails", "outputDetails", "error", "cause", "assignedVariables"}


def _bare(value: Any) -> Any:
    return {name: one for name, one in value.items() if name not in DATA} if isinstance(value, dict) else value
