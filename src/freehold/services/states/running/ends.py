"""Ends: what follows when an execution is over.

One idea: whoever waits for it is told in the same transaction, and the record is forgotten in its time. It may not know
how executions go on.
"""

import msgspec

from freehold.kernel.call import Call
from freehold.kernel.deliveries import promise
from freehold.kernel.store import Tx
from freehold.kernel.timers import at, cancel
from freehold.services.states import executions, machines, names
from freehold.services.states.definitions import EXPRESS
from freehold.services.states.executions import Execution, Watcher

NAMESPACE = "AWS/States"
METRICS = {
    "SUCCEEDED": "ExecutionsSucceeded",
    "FAILED": "ExecutionsFailed",
    "TIMED_OUT": "ExecutionsTimedOut",
    "ABORTED": "ExecutionsAborted",
}


def end(call: Call, tx: Tx, execution: Execution) -> None:
    """What follows an execution's end: whoever waits is told, and the record is forgotten in its time."""
    measure(call, tx, execution, METRICS[execution.status], 1, "Count")
    measure(call, tx, execution, "ExecutionTime", (tx.now - execution.started_at) * 1_000, "Milliseconds")
    for row in execution.rows.values():
        cancel(tx, row)
    execution.rows = {}
    for watcher in execution.watchers:
        tell(tx, execution, watcher)
    if execution.kind == EXPRESS and not execution.waited_for:
        executions.forget(tx, execution)
    else:
        tx.put(execution)
        tx.ring("states-ended", execution.machine, execution.name)
        kept_s = executions.SYNC_RETENTION_S if execution.kind == EXPRESS else executions.RETENTION_S
        at(tx, tx.now + kept_s, "states", "forget", **executions.whose(execution))
    machine = tx.get(machines.StateMachine, execution.machine)
    if machine and machine.status == machines.DELETING and not executions.running(tx, machine):
        machines.remove(tx, machine)


def tell(tx: Tx, child: Execution, watcher: Watcher) -> None:
    """Tell the task that waits for an execution that it has ended."""
    description = executions.ended(tx, child)
    request = {**msgspec.structs.asdict(watcher), "description": description}
    promise(tx.within(watcher.account, watcher.region), "states", "child_ended", request)


def measure(call: Call, tx: Tx, execution: Execution, metric: str, value: float, unit: str) -> None:
    """Tell CloudWatch of an execution."""
    machine = names.arn(tx, names.MACHINE, execution.machine)
    call.within(tx.account, tx.region).measure(NAMESPACE, metric, value, unit, StateMachineArn=machine)
