"""The two services whose streams are read: how each is asked, and how its records look to functions and pipes.

One idea: a service is a row of a table; all else is the same for both. Who reads gives the way to ask. It may not know
what is read for whom.

https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-kinesis.html
"""

from base64 import b64encode
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import msgspec

from freehold.engines import moments

Ask = Callable[[str, str, dict[str, Any]], Awaitable[dict[str, Any]]]
"""Asks an operation of a service with a request; raises what it refuses."""

CONSUMER = "/consumer/"
AT, AFTER, HORIZON, MOMENT = "AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER", "TRIM_HORIZON", "AT_TIMESTAMP"


class Shard(NamedTuple):
    """A shard as it is listed, and those that are to be read before it."""

    id: str
    parents: tuple[str, ...]


class Item(NamedTuple):
    """A record: its place, what decides its order, when it came, its bytes, and what functions are given of it."""

    sequence: str
    key: str
    arrived_at: float
    size: int
    event: dict[str, Any]


class Reader(NamedTuple):
    """For whom records are read: the stream's (or consumer's) ARN, and the role that is acted as. `flat` if what
    Kinesis tells of a record stands beside the rest of the event, as it does for pipes."""

    source: str
    role: str
    flat: bool = False


def _kinesis(record: dict[str, Any], shard: str, reader: Reader) -> Item:
    data, sequence, arrived_at = record["Data"], record["SequenceNumber"], record["ApproximateArrivalTimestamp"]
    told = {
        "kinesisSchemaVersion": "1.0",
        "partitionKey": record["PartitionKey"],
        "sequenceNumber": sequence,
        "data": b64encode(data).decode(),
        "approximateArrivalTimestamp": round(arrived_at, 3),
    }
    event = {
        **(told if reader.flat else {"kinesis": told}),
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventID": f"{shard}:{sequence}",
        "eventName": "aws:kinesis:record",
        "invokeIdentityArn": reader.role,
        "awsRegion": reader.source.split(":")[3],
        "eventSourceARN": reader.source,
    }
    return Item(sequence, record["PartitionKey"], arrived_at, len(data) * 4 // 3 + 1_000, event)


def _dynamodb(record: dict[str, Any], shard: str, reader: Reader) -> Item:
    told = record["dynamodb"]
    who = record.get("userIdentity")
    event = {name: value for name, value in record.items() if name != "userIdentity"}
    event |= {"userIdentity": {"type": who["Type"], "principalId": who["PrincipalId"]}} if who else {}
    event["eventSourceARN"] = reader.source
    key = msgspec.json.encode(told["Keys"], order="sorted").decode()
    arrived_at = told["ApproximateCreationDateTime"]
    return Item(told["SequenceNumber"], key, arrived_at, told["SizeBytes"] * 3 + 1_000, event)


class Service(NamedTuple):
    """`stream` is the member that names a stream by its ARN, `start` the one for a sequence number; `most` records are
    read at once, and `item` says what functions are given of one. Of records that are given up, `about` is the member
    that tells, with moments as `moment` writes them."""

    name: str
    stream: str
    start: str
    most: int
    item: Callable[[dict[str, Any], str, Reader], Item]
    about: str
    moment: Callable[[float], str]


SERVICES = {
    "kinesis": Service(
        "kinesis", "StreamARN", "StartingSequenceNumber", 10_000, _kinesis, "KinesisBatchInfo", moments.iso_ms
    ),
    "dynamodb": Service(
        "dynamodbstreams", "StreamArn", "SequenceNumber", 1_000, _dynamodb, "DDBStreamBatchInfo", moments.iso_s
    ),
}
ACTIONS = "GetRecords, GetShardIterator, DescribeStream, and ListStreams"  # as AWS tells them, whichever is missing
READING = ("DescribeStream", "GetRecords", "GetShardIterator")


def service_of(source: str) -> Service | None:
    """The service whose stream this is; None if it is no stream's ARN."""
    parts = source.split(":")
    return SERVICES.get(parts[2]) if len(parts) > 5 else None


def about(source: str, shard: str, items: list[Item]) -> dict[str, Any]:
    """The member that tells which records of a shard were given up."""
    service = service_of(source)
    assert service
    return {
        service.about: {
            "shardId": shard,
            "startSequenceNumber": items[0].sequence,
            "endSequenceNumber": items[-1].sequence,
            "approximateArrivalOfFirstRecord": service.moment(items[0].arrived_at),
            "approximateArrivalOfLastRecord": service.moment(items[-1].arrived_at),
            "batchSize": len(items),
            "streamArn": source,
        }
    }


def stream_of(source: str) -> str:
    """The ARN of the stream that is read, be it by a consumer of it."""
    return source.partition(CONSUMER)[0]


async def described(ask: Ask, source: str) -> None:
    """Raise if the stream is not there, or the consumer by which it is read."""
    service = service_of(source)
    assert service
    if CONSUMER in source:
        await ask(service.name, "DescribeStreamConsumer", {"ConsumerARN": source})
    await ask(service.name, "DescribeStream", {service.stream: stream_of(source)})


async def listed(ask: Ask, source: str) -> list[Shard]:
    """All shards of the stream. Raises what its service refuses."""
    service = service_of(source)
    assert service
    found: list[Shard] = []
    request = {service.stream: stream_of(source)}
    while True:
        told = (await ask(service.name, "DescribeStream", request))["StreamDescription"]
        for shard in told["Shards"]:
            parents = (shard.get(name) for name in ("ParentShardId", "AdjacentParentShardId"))
            found.append(Shard(shard["ShardId"], tuple(parent for parent in parents if parent)))
        if not told.get("HasMoreShards") and not told.get("LastEvaluatedShardId"):
            return found
        request["ExclusiveStartShardId"] = found[-1].id


async def iterator(ask: Ask, source: str, shard: str, kind: str, given: Any = None) -> str:
    """Where reading begins: `given` is a sequence number or a moment, as `kind` says."""
    service = service_of(source)
    assert service
    member = {AT: service.start, AFTER: service.start, MOMENT: "Timestamp"}.get(kind)
    start = {member: given} if member else {}
    request = {service.stream: stream_of(source), "ShardId": shard, "ShardIteratorType": kind} | start
    return (await ask(service.name, "GetShardIterator", request))["ShardIterator"]


async def read(ask: Ask, reader: Reader, shard: str, iterator: str, limit: int) -> tuple[list[Item], str]:
    """The next items, and the iterator to go on with; none if the shard has ended."""
    service = service_of(reader.source)
    assert service
    request = {"ShardIterator": iterator, "Limit": min(limit, service.most)}
    answer = await ask(service.name, "GetRecords", request)
    items = [service.item(record, shard, reader) for record in answer["Records"]]
    return items, answer.get("NextShardIterator") or ""
