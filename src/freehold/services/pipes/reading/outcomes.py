"""What becomes of a batch of stream records: recorded, and told.

One idea: one transaction moves the position and promises what is told of records that are given up. It may not know how
records are read.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-error-troubleshooting.html
"""

from typing import Any, NamedTuple

import msgspec

from freehold import positions
from freehold.engines import moments
from freehold.engines.addresses import queue_url
from freehold.engines.batches import Again, Verdict
from freehold.engines.sources import streams
from freehold.engines.sources.pages import Page
from freehold.engines.sources.streams import Item
from freehold.kernel.deliveries import promise
from freehold.kernel.identity import Principal
from freehold.kernel.store import Tx
from freehold.services.pipes import kinds
from freehold.services.pipes.pipes import Pipe, arn
from freehold.services.pipes.reading.positions import Position

EXHAUSTED, AGED = "RetryAttemptsExhausted", "RecordAgeExceeded"


class Work(NamedTuple):
    """A lane's next part as it was tried: of which pipe and shard, in which page, with which items, and who tells of
    those that are given up."""

    pipe: Pipe
    shard: str
    page: Page
    lane: int
    items: list[Item]
    teller: Principal


def conclude(tx: Tx, work: Work, verdict: Verdict) -> Page:
    """Record the outcome of one try. The page as it stands now."""
    if verdict.dropped:
        _give_up(tx, work, work.items[len(work.items) - verdict.dropped :], EXHAUSTED)
    return _settle(tx, work, verdict)


def conclude_aged(tx: Tx, work: Work, count: int, failures: int) -> Page:
    """Record that so many items at the beginning are too old, or that there are none. The page as it stands now."""
    if count:
        _give_up(tx, work, work.items[:count], AGED)
    rest = len(work.items) - count
    verdict = Verdict(count, (Again(rest, failures),) if rest else ())
    return _settle(tx, work, verdict)


def _settle(tx: Tx, work: Work, verdict: Verdict) -> Page:
    return positions.settle(tx, Position, work.pipe.id, work.shard, work.page, work.lane, work.items, verdict)


def _give_up(tx: Tx, work: Work, items: list[Item], condition: str) -> None:
    """Promise to tell of records that are given up, if the pipe says where."""
    told = work.pipe.reading.get("DeadLetterConfig", {}).get("Arn")
    if not told:
        return
    text = msgspec.json.encode(_letter(tx, work, items, condition)).decode()
    place = kinds.place_of(told)
    seat = tx.acting(work.teller).within(place.account, place.region)
    if place.service == "sns":
        promise(seat, "sns", "Publish", {"TopicArn": told, "Message": text})
    else:
        promise(seat, "sqs", "SendMessage", {"QueueUrl": queue_url(told), "MessageBody": text})


def _letter(tx: Tx, work: Work, items: list[Item], condition: str) -> dict[str, Any]:
    """What is told of records that are given up."""
    return {
        "context": {"partnerResourceArn": arn(tx, work.pipe), "condition": condition},
        "version": "1.0",
        "timestamp": moments.iso_ms(tx.now),
        **streams.about(work.pipe.source, work.shard, items),
    }
