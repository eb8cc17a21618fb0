"""Executions: what is kept of each, and of its history.

One idea: an execution is one record with the engine's state inside, so that a transition is one row replaced and one
row of history added. It may not know what tasks do, nor requests.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-state-machine-executions.html
"""

from collections.abc import Iterable
from math import ceil
from typing import Any, NamedTuple

import msgspec

from freehold.engines import asl
from freehold.engines.asl import values
from freehold.engines.asl.state import HISTORY_MAX
from freehold.kernel.store import Record, Tx
from freehold.services.states import definitions, names
from freehold.services.states.definitions import EXPRESS, STANDARD
from freehold.services.states.errors import ExecutionAlreadyExists, ExecutionDoesNotExist
from freehold.services.states.machines import Settings, StateMachine, Target

RUNNING = "RUNNING"
REDRIVABLE = ("FAILED", "TIMED_OUT", "ABORTED")
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


class Execution(
    Record,
    table="states_executions",
    key="machine name",
    index=("machine_id started_at", "machine_id status started_at"),
):
    """An execution; the `name` of an Express one ends in `:` and a unique id, as its ARN does.

    `rows` are the promises and alarms that stand for the state's tasks and alarms, by the engine's ids; `tokens` the
    tokens of its open tasks; `children` the executions that tasks wait for.
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
    status: str = RUNNING
    stopped_at: float | None = None
    output: str | None = None
    error: str | None = None
    cause: str | None = None
    rows: dict[str, str] = {}
    tokens: list[str] = []
    children: dict[str, Child] = {}
    watchers: list[Watcher] = []


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
    execution.state = asl.begin(compiled, order.input, _context(tx, execution, order.name), limit)
    return execution, True


def _context(tx: Tx, execution: Execution, name: str) -> dict[str, Any]:
    """The context object's Execution and StateMachine.

    https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
    """
    machine = names.arn(tx, names.MACHINE, execution.machine)
    own = {
        "Id": arn(tx, execution),
        "Name": name,
        "RoleArn": execution.settings.role_arn,
        "StartTime": values.timestamp(tx.now),
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


def listed(
    tx: Tx, machine: StateMachine, status: str, after: tuple | None, limit: int, version: int = 0, alias: str = ""
) -> list[Execution]:
    """Up to `limit` executions of a machine, the newest first; if asked for, only those of a version or an alias."""
    index = "machine_id status started_at" if status else "machine_id started_at"
    prefix = (machine.id, status) if status else (machine.id,)
    found: list[Execution] = []
    while True:
        page = tx.range(Execution, *prefix, index=index, after=after, reverse=True, limit=limit)
        found += [one for one in page if version in (0, one.version) and alias in ("", one.alias)]
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
    }
    return told | {name: value for name, value in optional.items() if value is not None} | qualified(tx, execution)


def ended(tx: Tx, execution: Execution) -> dict[str, Any]:
    """An execution that is over, as who waited for it is told: a Standard one as by DescribeExecution, an Express one
    as by StartSyncExecution."""
    told = described(tx, execution)
    if execution.kind == STANDARD:
        return told | redriving(execution)
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


def redriving(execution: Execution) -> dict[str, Any]:
    """How often an execution was redriven, and whether it may be."""
    if execution.status in REDRIVABLE:
        return {"redriveCount": 0, "redriveStatus": "REDRIVABLE"}
    reason = f"Execution is {execution.status} and cannot be redriven"
    return {"redriveCount": 0, "redriveStatus": "NOT_REDRIVABLE", "redriveStatusReason": reason}


def qualified(tx: Tx, execution: Execution) -> dict[str, str]:
    """The version and the alias that an execution was started through, if any."""
    parts = {"stateMachineVersionArn": execution.version, "stateMachineAliasArn": execution.alias}
    return {name: names.arn(tx, names.MACHINE, execution.machine, str(part)) for name, part in parts.items() if part}


def whose(execution: Execution) -> dict[str, str]:
    """Which execution a promise or an alarm is about, for `running` to find it again."""
    return {"machine": execution.machine, "name": execution.name}


def forget(tx: Tx, execution: Execution) -> None:
    """Remove an execution and its history."""
    for chapter in tx.range(Chapter, execution.machine, execution.name):
        tx.delete(Chapter, execution.machine, execution.name, chapter.first)
    tx.delete(Execution, execution.machine, execution.name)


def running(tx: Tx, machine: StateMachine) -> bool:
    """Whether any execution of the machine still runs."""
    return tx.count(Execution, machine.id, RUNNING, index="machine_id status started_at") > 0


def without_data(events: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events as GetExecutionHistory shows them where execution data is not wanted."""
    return [{name: _bare(value) for name, value in event.items()} for event in events]


DATA = {"input", "output", "parameters", "inputDetails", "outputDetails", "error", "cause", "assignedVariables"}


def _bare(value: Any) -> Any:
    return {name: one for name, one in value.items() if name not in DATA} if isinstance(value, dict) else value
