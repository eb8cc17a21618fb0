"""Ends: what follows when an execution is over.

One idea: whoever waits for it is told in the same transaction, and the record is forgotten in its time. It may not know
how executions go on.
"""

from typing import Any

import msgspec

from freehold.kernel.announcements import announce
from freehold.kernel.call import Call
from freehold.kernel.deliveries import promise
from freehold.kernel.journal import Figure
from freehold.kernel.store import Tx
from freehold.kernel.timers import at, cancel
from freehold.services.states import executions, machines, names
from freehold.services.states.definitions import EXPRESS
from freehold.services.states.executions import Execution, Watcher

NAMESPACE = "AWS/States"
ANNOUNCED = (
    *("executionArn", "stateMachineArn", "stateMachineVersionArn", "stateMachineAliasArn", "name", "status"),
    *("startDate", "stopDate", "input", "inputDetails", "output", "outputDetails", "error", "cause"),
    *("redriveCount", "redriveDate", "redriveStatus", "redriveStatusReason"),
)
MOMENTS = ("startDate", "stopDate", "redriveDate")
METRICS = {
    "SUCCEEDED": "ExecutionsSucceeded",
    "FAILED": "ExecutionsFailed",
    "TIMED_OUT": "ExecutionsTimedOut",
    "ABORTED": "ExecutionsAborted",
}


def end(call: Call, tx: Tx, execution: Execution, recorded: bool = True) -> None:
    """What follows an execution's end: whoever waits is told, and the record, if there is one, is forgotten in its
    time."""
    spent_ms = (tx.now - execution.started_at) * 1_000
    measure(call, tx, execution, (METRICS[execution.status], 1, "Count"), ("ExecutionTime", spent_ms, "Milliseconds"))
    changed(tx, execution)
    for row in execution.rows.values():
        cancel(tx, row)
    execution.rows = {}
    for watcher in execution.watchers:
        tell(tx, execution, watcher)
    if execution.map_run:
        _tell_map_run(tx, execution)
    if execution.kind == EXPRESS and not (recorded and execution.waited_for):
        if recorded:
            executions.forget(tx, execution)
    else:
        tx.put(execution)
        tx.ring("states-ended", execution.machine, execution.name)
        at(tx, tx.now + executions.kept_s(execution), "states", "forget", **executions.whose(execution))
    machine = tx.get(machines.StateMachine, execution.machine)
    if machine and machine.status == machines.DELETING and not executions.running(tx, machine):
        machines.remove(tx, machine)


def changed(tx: Tx, execution: Execution) -> None:
    """Announce the status of a Standard execution.

    https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
    """
    if execution.kind == EXPRESS or execution.map_run:
        return
    arn = executions.arn(tx, execution)
    announce(tx, "aws.states", "Step Functions Execution Status Change", [arn], lambda: _announced(tx, execution))


def _announced(tx: Tx, execution: Execution) -> dict[str, Any]:
    """An execution as by DescribeExecution, with null for what it has not; moments in milliseconds."""
    told = executions.described(tx, execution) | executions.redriving(tx, execution)
    told |= {name: int(told[name] * 1_000) for name in MOMENTS if told.get(name) is not None}
    return {name: told.get(name) for name in ANNOUNCED}


def tell(tx: Tx, child: Execution, watcher: Watcher) -> None:
    """Tell the task that waits for an execution that it has ended."""
    description = executions.ended(tx, child)
    request = {**msgspec.structs.asdict(watcher), "description": description}
    promise(tx.within(watcher.account, watcher.region), "states", "child_ended", request)


def _tell_map_run(tx: Tx, child: Execution) -> None:
    """Tell the Map Run whose child an execution is that it has ended."""
    run = {"machine": child.machine, "id": child.map_run, "number": child.number}
    told = {"status": child.status, "output": child.output, "description": executions.described(tx, child)}
    promise(tx, "states", "map_child_ended", run | told)


def measure(call: Call, tx: Tx, execution: Execution, *figures: Figure) -> None:
    """Tell CloudWatch of an execution."""
    machine = names.arn(tx, names.MACHINE, execution.machine)
    call.within(tx.account, tx.region).measure_all(NAMESPACE, figures, StateMachineArn=machine)
