"""Operations: DescribeMapRun, ListMapRuns and UpdateMapRun.

It may not know how a run goes on.
"""

import msgspec

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.states import executions, mapruns, names, pages
from freehold.services.states.catalogue import member, states
from freehold.services.states.errors import ValidationException
from freehold.services.states.mapruns import Counts, MapRun
from freehold.services.states.maps import children

map_run_arn = member("mapRunArn")
SHOWN = {
    "pending": "PENDING",
    "running": "RUNNING",
    "succeeded": "SUCCEEDED",
    "failed": "FAILED",
    "timedOut": "TIMED_OUT",
    "aborted": "ABORTED",
}
# Which part of the command each member of UpdateMapRun changes.
CHANGED = {
    "maxConcurrency": "concurrency",
    "toleratedFailureCount": "failures_max",
    "toleratedFailurePercentage": "failures_percent_max",
}


def _counts(counts: Counts) -> Response:
    shown: Response = {name: counts.of(status) for name, status in SHOWN.items()}
    return shown | {"total": counts.total, "resultsWritten": counts.written}


def _row(tx: Tx, run: MapRun) -> Response:
    row: Response = {
        "executionArn": names.arn(tx, names.EXECUTION, run.parent, run.execution),
        "mapRunArn": mapruns.arn(tx, run),
        "stateMachineArn": names.arn(tx, names.MACHINE, run.machine),
        "startDate": run.started_at,
    }
    return row | ({"stopDate": run.stopped_at} if run.stopped_at is not None else {})


@states.operation(needs={"states:DescribeMapRun": map_run_arn})
def describe_map_run(call: Call, tx: Tx, request: Request) -> Response:
    run = mapruns.opened(tx, request["mapRunArn"])
    row = _row(tx, run)
    del row["stateMachineArn"]
    redriven = {"redriveCount": run.redrives, "redriveDate": run.redrive_at} if run.redrives else {}
    return (
        row
        | redriven
        | {
            "status": run.status,
            "maxConcurrency": run.command.concurrency,
            "toleratedFailurePercentage": run.command.failures_percent_max or 0.0,
            "toleratedFailureCount": run.command.failures_max or 0,
            "itemCounts": _counts(run.items),
            "executionCounts": _counts(run.executions),
        }
    )


@states.operation(needs={"states:ListMapRuns": member("executionArn")})
def list_map_runs(call: Call, tx: Tx, request: Request) -> Response:
    """The Map Runs of an execution, the oldest first."""
    page, execution = pages.asked(request), executions.opened(tx, request["executionArn"])
    found = mapruns.of(tx, execution, page.after, page.size + 1)
    return pages.shown(page, found, mapruns.place, "mapRuns", lambda run: _row(tx, run))


@states.operation(needs={"states:UpdateMapRun": map_run_arn})
def update_map_run(call: Call, tx: Tx, request: Request) -> None:
    """Let a run that still runs do more at once, or tolerate more, or less. Raises ValidationException."""
    run = mapruns.opened(tx, request["mapRunArn"])
    if run.status != mapruns.RUNNING:
        raise ValidationException(message=f"Map Run is not running: {request['mapRunArn']}")
    changes = {field: request[name] for name, field in CHANGED.items() if name in request}
    run.command = msgspec.structs.replace(run.command, **changes)
    children.go_on(call, tx, run)
