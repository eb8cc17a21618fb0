"""Children: the executions of a Map Run, from the first that is started to the last that ends.

One idea: a run is a count of rows by status; whenever one changes, as many as there is room for are started, a few a
transaction. It may not know where items come from, nor where results go.
"""

from freehold.engines import asl
from freehold.engines.asl import maps
from freehold.engines.asl.errors import TOLERANCE, TOLERANCE_EXCEEDED
from freehold.kernel.call import Call
from freehold.kernel.deliveries import promise
from freehold.kernel.service import Request
from freehold.kernel.store import Tx
from freehold.services.states import executions, mapruns
from freehold.services.states.catalogue import states
from freehold.services.states.executions import Execution
from freehold.services.states.mapruns import ABORTED, PENDING, RUNNING, MapChild, MapRun
from freehold.services.states.maps import results
from freehold.services.states.running import steps

AT_ONCE = 20  # children that one transaction starts or stops


def go_on(call: Call, tx: Tx, run: MapRun) -> None:
    """Start what there is room for, or end the run if all has ended; put the run."""
    waiting, space = run.executions.of(PENDING), mapruns.room(run)
    if run.status == RUNNING and run.ending is None and run.read:
        for child in mapruns.pending(tx, run, min(space, AT_ONCE)) if waiting and space > 0 else ():
            _start(call, tx, run, child)
        if not run.executions.of(PENDING, RUNNING):
            results.end(call, tx, run)
        elif run.executions.of(PENDING) and mapruns.room(run) > 0 and not run.starting:
            run.starting = True
            promise(tx, "states", "start_map_children", mapruns.whose(run))
    tx.put(run)


def _start(call: Call, tx: Tx, run: MapRun, child: MapChild) -> None:
    """Run a child: its execution goes on if it has one that can, and is a new one if not."""
    known = mapruns.known(tx, run, child)
    if known:
        mapruns.move(tx, run, child, RUNNING)
        steps.redrive(call, tx, known)
    else:
        steps.proceed(call, tx, mapruns.begun(tx, run, child), asl.Started(), passing=True)


@states.internal
def start_map_children(call: Call, tx: Tx, request: Request) -> None:
    """Start more children of a run: `machine`, `id`."""
    run = tx.get(MapRun, request["machine"], request["id"])
    if run:
        run.starting = False
        go_on(call, tx, run)


@states.internal
def map_child_ended(call: Call, tx: Tx, request: Request) -> None:
    """A child has ended: `machine`, `id`, `number`, `status`, `output`, `description`."""
    run = tx.get(MapRun, request["machine"], request["id"])
    child = tx.get(MapChild, request["id"], request["number"])
    if run is None or child is None or child.status != RUNNING:
        return
    child.output, child.description = request["output"], request["description"]
    mapruns.move(tx, run, child, request["status"])
    if run.ending is None and maps.exceeded(run.command, mapruns.failed_items(run), run.items.total):
        failure = asl.MapRunFailed(run.command.id, TOLERANCE, TOLERANCE_EXCEEDED)
        fail(call, tx, run, failure)
    else:
        go_on(call, tx, run)


def fail(call: Call, tx: Tx, run: MapRun, failure: asl.MapRunFailed) -> None:
    """End a run early: its children stop, and what they did is written."""
    run.ending = failure
    _stop(call, tx, run)
    results.end(call, tx, run)
    tx.put(run)


@states.internal
def stop_map_run(call: Call, tx: Tx, request: Request) -> None:
    """Nobody waits for a run any more: `machine`, `id`."""
    run = tx.get(MapRun, request["machine"], request["id"])
    if run and run.status == RUNNING:
        run.status, run.stopped_at = ABORTED, tx.now
        _stop(call, tx, run)
        tx.put(run)


@states.internal
def stop_map_children(call: Call, tx: Tx, request: Request) -> None:
    """A run is over, and has children that are not: `machine`, `id`."""
    run = tx.get(MapRun, request["machine"], request["id"])
    if run:
        _stop(call, tx, run)
        tx.put(run)


def _stop(call: Call, tx: Tx, run: MapRun) -> None:
    """Abort some children of a run that is over, and promise the rest."""
    for child in mapruns.pending(tx, run, AT_ONCE):
        mapruns.move(tx, run, child, ABORTED)
    for child in tx.range(MapChild, run.id, RUNNING, index="run status number", limit=AT_ONCE):
        execution = tx.get(Execution, run.machine, child.name)
        if execution and execution.status == executions.RUNNING:
            steps.proceed(call, tx, execution, asl.Stop())
            child.description = executions.described(tx, execution)
        mapruns.move(tx, run, child, ABORTED)
    if run.executions.of(PENDING, RUNNING):
        promise(tx, "states", "stop_map_children", mapruns.whose(run))
