"""What becomes of a batch of stream records: read from the function's answer, recorded, and told.

One idea: one transaction moves the position, says how the mapping fares, and promises what is told of records that are
given up. It may not know how records are read.

https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
"""

import contextlib
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec

from freehold import positions
from freehold.engines import moments
from freehold.engines.batches import Again, Verdict
from freehold.engines.sources import streams
from freehold.engines.sources.pages import Page
from freehold.engines.sources.streams import Item
from freehold.kernel.deliveries import promise
from freehold.kernel.store import Tx
from freehold.sandbox import Result
from freehold.services.lambda_.events.destinations import message
from freehold.services.lambda_.invocation import roles, running
from freehold.services.lambda_.invocation.running import Target
from freehold.services.lambda_.sources import mappings, windows
from freehold.services.lambda_.sources.mappings import FAILED, OK, Mapping
from freehold.services.lambda_.sources.positions import Position
from freehold.services.lambda_.sources.windows import Window

EXHAUSTED, AGED = "RetryAttemptsExhausted", "RecordAgeExceeded"


def failed_at(result: Result, items: list[Item], reports: bool) -> int | None:
    """Where the first failure of a batch lies: at its beginning if the function failed, or if its report names what is
    not there; nowhere if all went well.

    https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
    """
    if result.status != "ok":
        return 0
    if not reports:
        return None
    with contextlib.suppress(msgspec.DecodeError, AttributeError, TypeError, KeyError, ValueError):
        answer = msgspec.json.decode(result.payload or b"null") or {}
        failed = [one["itemIdentifier"] for one in answer.get("batchItemFailures") or ()]
        sequences = [item.sequence for item in items]
        return min(map(sequences.index, failed)) if failed else None
    return 0


class Work(NamedTuple):
    """A lane's next part as it was tried: of which mapping and shard, in which page, with which items."""

    mapping: Mapping
    shard: str
    page: Page
    lane: int
    items: list[Item]


class Try(NamedTuple):
    """One call of the function: its id, what was called, the answer, and how many calls there were."""

    request_id: str
    target: Target
    result: Result | None
    number: int


def conclude(tx: Tx, work: Work, tried: Try, verdict: Verdict, window: Window | None) -> Page:
    """Record the outcome of one call. The page as it stands now."""
    result = tried.result
    clean = not verdict.again and not verdict.dropped
    mappings.note(tx, work.mapping.uuid, OK if clean else FAILED)
    if window and result and result.status == "ok":
        windows.keep(tx, window, result.payload)
    if verdict.dropped:
        _give_up(tx, work, tried, work.items[len(work.items) - verdict.dropped :], EXHAUSTED)
    return _settle(tx, work, verdict)


def conclude_aged(tx: Tx, work: Work, tried: Try, count: int, failures: int) -> Page:
    """Record that so many items at the beginning are too old, or that there are none. The page as it stands now."""
    if count:
        _give_up(tx, work, tried, work.items[:count], AGED)
    rest = len(work.items) - count
    verdict = Verdict(count, (Again(rest, failures),) if rest else ())
    return _settle(tx, work, verdict)


def _settle(tx: Tx, work: Work, verdict: Verdict) -> Page:
    return positions.settle(tx, Position, work.mapping.uuid, work.shard, work.page, work.lane, work.items, verdict)


def _give_up(tx: Tx, work: Work, tried: Try, items: list[Item], condition: str) -> None:
    """Promise to tell of records that are given up, if the mapping says where."""
    destination = work.mapping.on_failure
    if not destination:
        return
    told = _letter(tx, work, tried, items, condition)
    if destination.split(":")[2] == "s3":
        told["payload"] = msgspec.json.encode({"Records": [item.event for item in items]}).decode()
    service, operation, request = message(destination, msgspec.json.encode(told).decode(), {})
    if service == "s3":
        day = datetime.fromtimestamp(tx.now, UTC).strftime("%Y/%m/%d/%Y-%m-%dT%H.%M.%S")
        request["Key"] = f"aws/lambda/{work.mapping.uuid}/{work.shard}/{day}-{tx.ids.uuid()}"
    onward = running.passed(tx, tried.target.function.name, tx.trace)
    promise(tx.acting(roles.teller(tx, tried.target.version, ""), onward), service, operation, request)


def _letter(tx: Tx, work: Work, tried: Try, items: list[Item], condition: str) -> dict[str, Any]:
    """What is told of records that are given up."""
    result = tried.result
    told: dict[str, Any] = {
        "requestContext": {
            "requestId": tried.request_id,
            "functionArn": tried.target.arn,
            "condition": condition,
            "approximateInvokeCount": tried.number,
        }
    }
    if result:
        failure = None if result.status == "ok" else "Unhandled"
        told["responseContext"] = {
            "statusCode": 200,
            "executedVersion": tried.target.version.label,
            "functionError": failure,
        }
    return told | {
        "version": "1.0",
        "timestamp": moments.iso_ms(tx.now),
        **streams.about(work.mapping.source, work.shard, items),
    }
