"""What functions log reaches CloudWatch Logs, as far as their roles may write there.

One idea: what invocations log is gathered for a moment, so that a busy function's log costs few writes; nobody waits
for it, and a cloud that is killed loses that moment's log, as RFD 9 says. Events are put; only if their group or stream
is missing are these made, and the events put again. It may not know how functions run.
"""

import asyncio
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
from freehold.services.lambda_.invocation.floor import Page, Sheet, floor_of

GATHER_S = 0.05
GATHERED = "lambda-logs-gathered"
KEEP_EVERY_S = 60
EVENTS_MAX, BYTES_MAX, OVERHEAD = 10_000, 1_048_576, 26
MISSING = "ResourceNotFoundException"
FEW, SHORT = 1_000, 100_000  # events and characters that one put surely takes


def gather(call: Call, version: Version, result: Result) -> None:
    """Note the log events of an invocation for the function's log group, to be written with its role's permissions."""
    if not result.log:
        return
    unwritten = floor_of(call).unwritten
    if not unwritten:
        call.door.bells.ring((call.account, call.region, GATHERED))
    group = version.settings["LoggingConfig"]["LogGroup"]
    sheet = Sheet(call.account, call.region, roles.role_of(version), group, result.log_stream)
    page = unwritten.setdefault(sheet, Page())
    page.lines += result.log
    page.first = page.first or result.cold


@lambda_.keeper(every=KEEP_EVERY_S, bell=GATHERED, last=True)
async def write_gathered(call: Call) -> None:
    """Write down what was gathered, a moment after the first of it came."""
    await asyncio.sleep(GATHER_S)
    floor = floor_of(call)
    unwritten, floor.unwritten = floor.unwritten, {}
    await call.transact(_promise_all, unwritten)


def _promise_all(tx: Tx, unwritten: dict[Sheet, Page]) -> None:
    for sheet, page in unwritten.items():
        _promise(tx.within(sheet.account, sheet.region).acting(sheet.writer), sheet, page)


def _promise(tx: Tx, sheet: Sheet, page: Page) -> None:
    """An environment's first events find no stream; later ones do, and are put in the transaction that keeps this."""
    events = [{"timestamp": at, "message": text} for at, text in page.lines]
    about = {"group": sheet.group, "stream": sheet.stream, "events": events}
    lane = f"lambda-logs:{sheet.stream}"
    if page.first or len(events) > FEW or sum(len(text) for _, text in page.lines) > SHORT:
        promise(tx, "lambda", "write_logs", about, lane=lane, width=1)
        return
    put = {"logGroupName": sheet.group, "logStreamName": sheet.stream, "logEvents": events}
    promise(tx, "logs", "PutLogEvents", put, then=("lambda", "logs_put"), about=about, lane=lane, width=1)


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
