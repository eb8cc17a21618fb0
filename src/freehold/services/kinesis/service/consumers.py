"""Consumers, and the records that are sent to them as they come.

One idea: a subscription is a reader that is told to look again by the shard's bell, for five minutes. It may not know
how records are put.

https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SubscribeToShard.html
"""

from collections.abc import AsyncIterator
from typing import Any

from freehold.engines.shards import BELL
from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.kinesis import consumers, errors, reading, shards, streams
from freehold.services.kinesis.consumers import Consumer
from freehold.services.kinesis.reading import Page
from freehold.services.kinesis.service.catalogue import consumer_arn, kinesis, stream_arn

LISTED = 100
SUBSCRIBED_S = 300.0
QUIET_S = 5.0
SENT_MAX = 10_000


@kinesis.operation(needs={"kinesis:RegisterStreamConsumer": stream_arn})
def register_stream_consumer(call: Call, tx: Tx, request: Request) -> Response:
    tx, stream = streams.addressed(tx, request, "RegisterStreamConsumer")
    consumer = consumers.register(tx, stream, request["ConsumerName"], request.get("Tags", {}))
    return {"Consumer": consumers.shape(tx, consumer) | {"ConsumerStatus": "CREATING"}}


@kinesis.operation(needs={"kinesis:DescribeStreamConsumer": consumer_arn})
def describe_stream_consumer(call: Call, tx: Tx, request: Request) -> Response:
    tx, stream, consumer = consumers.requested(tx, request, "DescribeStreamConsumer")
    return {"ConsumerDescription": consumers.shape(tx, consumer) | {"StreamARN": streams.arn(tx, stream.name)}}


@kinesis.operation(needs={"kinesis:DeregisterStreamConsumer": consumer_arn})
def deregister_stream_consumer(call: Call, tx: Tx, request: Request) -> None:
    tx, stream, consumer = consumers.requested(tx, request, "DeregisterStreamConsumer")
    tx.delete(Consumer, stream.id, consumer.name)


@kinesis.operation(needs={"kinesis:ListStreamConsumers": stream_arn})
def list_stream_consumers(call: Call, tx: Tx, request: Request) -> Response:
    tx, stream = streams.addressed(tx, request, "ListStreamConsumers")
    start, limit = request.get("NextToken"), request.get("MaxResults", LISTED)
    found = tx.range(Consumer, stream.id, after=(start,) if start else None, limit=limit + 1)
    more = {"NextToken": found[limit - 1].name} if len(found) > limit else {}
    return {"Consumers": [consumers.shape(tx, consumer) for consumer in found[:limit]]} | more


@kinesis.operation(needs={"kinesis:SubscribeToShard": consumer_arn})
async def subscribe_to_shard(call: Call, request: Request) -> Response:
    arn, shard = request["ConsumerARN"], request["ShardId"]
    named = consumers.read(arn)
    if named is None:
        raise errors.ConsumerNotFound(consumer=arn, account=call.account)
    number = await call.transact(_start, arn, shard, request["StartingPosition"], request.get("DryRun", False))
    return {"EventStream": _events(call, arn, shard, number, named.place)}


def _start(tx: Tx, arn: str, shard_id: str, position: dict[str, Any], rehearsal: bool) -> int:
    tx, stream, _ = consumers.find(tx, arn, "SubscribeToShard")
    streams.rehearse({"DryRun": rehearsal})
    shard = shards.find(tx, stream, shard_id, errors.ShardNotThere)
    given, moment = position.get("SequenceNumber"), position.get("Timestamp")
    return reading.start(tx, stream, shard, position["Type"], given, moment)


async def _events(call: Call, arn: str, shard: str, number: int, place: arns.Arn) -> AsyncIterator[dict[str, Any]]:
    """What has come, as it comes; where nothing does, an empty event now and then, so that the reader knows."""
    until = call.now + SUBSCRIBED_S
    bell = (BELL, arn.partition("/consumer/")[0])
    with call.within(place.account, place.region).listen(*bell) as news:
        while call.now < until:
            event, page = await call.transact(_look, arn, shard, number)
            yield {"SubscribeToShardEvent": event}
            if page.over:
                return
            if page.following == number:
                await news.wait(min(until, call.now + QUIET_S))
            number = page.following


def _look(tx: Tx, arn: str, shard_id: str, number: int) -> tuple[dict[str, Any], Page]:
    tx, stream, _ = consumers.find(tx, arn, "SubscribeToShard")
    shard = shards.find(tx, stream, shard_id, errors.ShardNotThere)
    page = reading.read(tx, stream, shard, number, SENT_MAX)
    event = {
        "Records": page.told,
        "ContinuationSequenceNumber": reading.continuation(shard, page.following, tx.now),
        "MillisBehindLatest": page.behind_ms,
    }
    return event | ({"ChildShards": page.children} if page.over else {}), page
