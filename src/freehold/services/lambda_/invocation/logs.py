"""What functions log reaches CloudWatch Logs, as far as their roles may write there.

One idea: events are put; only if their group or stream is missing are these made, and the events put again. It may not
know how functions run.
"""

from collections.abc import Iterator
from typing import Any

from freehold.kernel.call import Call
from freehold.kernel.deliveries import promise
from freehold.kernel.errors import AwsError
from freehold.kernel.service import Request
from freehold.kernel.store import Tx
from freehold.sandbox import Result
from freehold.services.lambda_.catalogue import lambda_
from freehold.services.lambda_.functions import Version
from freehold.services.lambda_.invocation import roles

EVENTS_MAX, BYTES_MAX, OVERHEAD = 10_000, 1_048_576, 26
MISSING = "ResourceNotFoundException"
FEW, SHORT = 1_000, 100_000  # events and characters that one put surely takes


def write_log(tx: Tx, version: Version, result: Result) -> None:
    """Promise the log events of an invocation to the function's log group, written with its role's permissions.

    An environment's first events find no stream; later ones do, and are put in the transaction that keeps the promise.
    """
    events = [{"timestamp": at, "message": text} for at, text in result.log]
    group, stream = version.settings["LoggingConfig"]["LogGroup"], result.log_stream
    about = {"group": group, "stream": stream, "events": events}
    role, lane = tx.acting(roles.role_of(version)), f"lambda-logs:{stream}"
    if result.cold or len(events) > FEW or sum(len(text) for _, text in result.log) > SHORT:
        promise(role, "lambda", "write_logs", about, lane=lane, width=1)
        return
    put = {"logGroupName": group, "logStreamName": stream, "logEvents": events}
    promise(role, "logs", "PutLogEvents", put, then=("lambda", "logs_put"), about=about, lane=lane, width=1)


@lambda_.internal
def logs_put(call: Call, tx: Tx, request: Request) -> None:
    """If the group or stream has been deleted meanwhile, it is made again."""
    if request["outcome"].get("error", {}).get("code") == MISSING:
        told = {name: request[name] for name in ("group", "stream", "events")}
        promise(tx, "lambda", "write_logs", told, lane=f"lambda-logs:{request['stream']}", width=1)


@lambda_.internal
async def write_logs(call: Call, request: Request) -> None:
    """Put `events` into `stream` of `group` as the calling role. Without permission nothing is written, as in AWS."""
    place = {"logGroupName": request["group"], "logStreamName": request["stream"]}
    try:
        for events in batches(request["events"]):
            await _put(call, place, events)
    except AwsError as refusal:
        if (refusal.status or 400) == 500:
            raise


async def _put(call: Call, place: dict[str, str], events: list[dict[str, Any]]) -> None:
    try:
        await call.ask("logs", "PutLogEvents", place | {"logEvents": events})
    except AwsError as refusal:
        if refusal.shape() != MISSING:
            raise
        await _make(call, "CreateLogGroup", {"logGroupName": place["logGroupName"]})
        await _make(call, "CreateLogStream", place)
        await call.ask("logs", "PutLogEvents", place | {"logEvents": events})


async def _make(call: Call, operation: str, request: dict[str, str]) -> None:
    """Make a group or stream; one that is there already, or may not be made, is seen at the put."""
    try:
        await call.ask("logs", operation, request)
    except AwsError as refusal:
        if (refusal.status or 400) >= 500:
            raise


def batches(events: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Events in as few puts as their number and size allow."""
    batch: list[dict[str, Any]] = []
    size = 0
    for event in events:
        more = len(event["message"].encode()) + OVERHEAD
        if batch and (len(batch) == EVENTS_MAX or size + more > BYTES_MAX):
            yield batch
            batch, size = [], 0
        batch.append(event)
        size += more
    if batch:
        yield batch
