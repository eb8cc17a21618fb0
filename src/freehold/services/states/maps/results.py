"""Results: what becomes of a Map Run's outcomes, and how its parent is told.

One idea: results are written to S3 before anybody is told, so a run that ended has them; one whose writing was cut off
writes them again. It may not know how children run.

https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
"""

from collections.abc import Iterable

from freehold.engines import asl
from freehold.engines.asl import maps, values
from freehold.kernel.call import Call
from freehold.kernel.deliveries import promise
from freehold.kernel.errors import AwsError
from freehold.kernel.service import Request
from freehold.kernel.store import Tx
from freehold.services.states import executions, mapruns
from freehold.services.states.catalogue import states
from freehold.services.states.executions import Execution
from freehold.services.states.integrations import errands, refusals
from freehold.services.states.mapruns import FAILED, RUNNING, SUCCEEDED, Ending, MapRun
from freehold.services.states.running import steps

RESULT_WRITER = "States.ResultWriterFailed"


def end(call: Call, tx: Tx, run: MapRun) -> None:
    """A run is over: write its results if that is wanted, and tell its parent. The caller puts the run."""
    command = run.command
    run.ending = run.ending or asl.MapRunSucceeded(command.id, "")
    if command.writer and command.writer.resource and run.read:
        role = steps.acting_as(tx, run.settings.role_arn)
        promise(role, "states", "write_map_results", mapruns.whose(run))
    elif isinstance(run.ending, asl.MapRunSucceeded):
        tell(call, tx, run, asl.MapRunSucceeded(command.id, maps.output(command, mapruns.outcomes(tx, run))))
    else:
        tell(call, tx, run, run.ending)


def tell(call: Call, tx: Tx, run: MapRun, event: Ending) -> None:
    """Let the parent know how a run ended. The caller puts the run."""
    succeeded = isinstance(event, asl.MapRunSucceeded)
    run.status, run.stopped_at, run.ending = SUCCEEDED if succeeded else FAILED, tx.now, event
    run.items.written, run.executions.written = run.items.of(SUCCEEDED), run.executions.of(SUCCEEDED)
    parent = tx.get(Execution, run.parent, run.execution)
    if parent and parent.status == executions.RUNNING:
        parent.map_runs.pop(run.command.id, None)
        steps.proceed(call, tx, parent, event)


@states.internal
async def write_map_results(call: Call, request: Request) -> None:
    """Write the result files and their manifest, as the machine's role, and tell the parent: `machine`, `id`."""
    run = await call.transact(lambda tx: tx.get(MapRun, request["machine"], request["id"]))
    if run is None or run.status != RUNNING:
        return
    event = run.ending
    try:
        output = await _write(call, run)
        if isinstance(event, asl.MapRunSucceeded):
            event = asl.MapRunSucceeded(run.command.id, output)
    except AwsError as refusal:
        if (refusal.status or 400) >= 500:
            raise
        cause = refusals.cause("Amazon S3", refusal, call.ids.uuid())
        event = asl.MapRunFailed(run.command.id, RESULT_WRITER, cause)
    await call.transact(_written, call, request, event)


async def _write(call: Call, run: MapRun) -> str:
    arn, found = await call.transact(lambda tx: (mapruns.arn(tx, run), mapruns.outcomes(tx, run)))
    written = maps.files(run.command, arn, found)
    manifest, output = maps.manifest(run.command, arn, written)
    await _put(call, run, [*written, manifest])
    return output


async def _put(call: Call, run: MapRun, files: Iterable[maps.File]) -> None:
    assert run.command.writer
    bucket = values.read(run.command.writer.parameters).get("Bucket")
    for file in files:
        request = {"Bucket": bucket, "Key": file.key, "Body": file.text.encode(), "ContentType": "application/json"}
        await errands.run_errand(call, {"room": "s3", "operation": "PutObject", "request": request})


def _written(tx: Tx, call: Call, request: Request, event: Ending) -> None:
    run = tx.get(MapRun, request["machine"], request["id"])
    if run and run.status == RUNNING:
        tell(call, tx, run, event)
        tx.put(run)
