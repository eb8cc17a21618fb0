"""Consumers with a throughput of their own: registered under a stream, named by ARNs that are never used again.

One idea: a consumer is a name and a moment. It may not know what consumers read.

https://docs.aws.amazon.com/streams/latest/dev/enhanced-consumers.html
"""

import re
from typing import Any, NamedTuple

from freehold.kernel import arns
from freehold.kernel.store import Record, Tx
from freehold.services.kinesis import errors, streams
from freehold.services.kinesis.streams import Stream

CONSUMERS_MAX = 50
RESOURCE = re.compile(r"stream/(?P<stream>[^/]+)/consumer/(?P<name>[^:]+)(?::(?P<second>\d+))?")


class Consumer(Record, table="kinesis_consumers", key="stream name"):
    """A consumer of the stream of this id, which is called `of`. `policy` is a policy document's text."""

    stream: str
    name: str
    of: str
    created_at: float
    tags: dict[str, str] = {}
    policy: str = ""


class Named(NamedTuple):
    """What a consumer's ARN says."""

    place: arns.Arn
    stream: str
    name: str
    second: str


def read(arn: str) -> Named | None:
    """What the ARN of a consumer says; None if it is none."""
    place = arns.parse(arn)
    found = RESOURCE.fullmatch(place.resource) if place else None
    return Named(place, found["stream"], found["name"], found["second"] or "") if place and found else None


def arn(tx: Tx, consumer: Consumer) -> str:
    return f"{streams.arn(tx, consumer.of)}/consumer/{consumer.name}:{int(consumer.created_at)}"


def register(tx: Tx, stream: Stream, name: str, tags: dict[str, str]) -> Consumer:
    consumer = Consumer(stream=stream.id, name=name, of=stream.name, created_at=float(int(tx.now)), tags=tags)
    if tx.count(Consumer, stream.id) >= CONSUMERS_MAX:
        raise errors.ConsumersMany(stream=stream.name, account=tx.account, most=CONSUMERS_MAX)
    if not tx.add(consumer):
        raise errors.ConsumerExists(consumer=name)
    return consumer


def find(tx: Tx, text: str, action: str) -> tuple[Tx, Stream, Consumer]:
    """The consumer of an ARN, its stream, and the transaction seen from there. Raises ResourceNotFoundException."""
    named = read(text)
    if named is None:
        raise errors.ConsumerNotFound(consumer=text, account=tx.account)
    here, stream = streams.reached(tx, named.place, named.stream, action)
    consumer = here.get(Consumer, stream.id, named.name)
    if consumer is None or named.second not in ("", str(int(consumer.created_at))):
        raise errors.ConsumerNotFound(consumer=text, account=tx.account)
    return here, stream, consumer


def requested(tx: Tx, request: dict[str, Any], action: str) -> tuple[Tx, Stream, Consumer]:
    """As `find`, for a request that may name stream and consumer instead."""
    if "ConsumerARN" in request:
        return find(tx, request["ConsumerARN"], action)
    here, stream = streams.addressed(tx, request, action)
    consumer = here.get(Consumer, stream.id, request.get("ConsumerName", ""))
    if consumer is None:
        raise errors.ConsumerNotFound(consumer=request.get("ConsumerName", ""), account=tx.account)
    return here, stream, consumer


def shape(tx: Tx, consumer: Consumer) -> dict[str, Any]:
    return {
        "ConsumerName": consumer.name,
        "ConsumerARN": arn(tx, consumer),
        "ConsumerStatus": "ACTIVE",
        "ConsumerCreationTimestamp": consumer.created_at,
    }
