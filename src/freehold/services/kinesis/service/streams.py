"""Streams: made, described, listed, deleted. A stream is there at once.

It may not know records.
"""

from typing import Any

from freehold.engines.shards import BELL
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.kinesis import errors, reading, removal, shards, streams
from freehold.services.kinesis.consumers import Consumer
from freehold.services.kinesis.service.catalogue import kinesis, stream_arn
from freehold.services.kinesis.shards import SHARDS_MAX, Shard
from freehold.services.kinesis.streams import ID_LENGTH, ON_DEMAND, PROVISIONED, Stream

ON_DEMAND_SHARDS, ON_DEMAND_MAX = 4, 50
LISTED, DESCRIBED = 100, 100
ACTIVE = "ACTIVE"


def _create_needs(call: Call, request: Request) -> list[tuple[str, str]]:
    arn = stream_arn(call, request)
    tagging = [("kinesis:AddTagsToStream", arn)] if request.get("Tags") else []
    return [("kinesis:CreateStream", arn), *tagging]


@kinesis.operation(needs=_create_needs)
def create_stream(call: Call, tx: Tx, request: Request) -> None:
    name, count = request["StreamName"], request.get("ShardCount")
    default = PROVISIONED if count else ON_DEMAND
    mode = request.get("StreamModeDetails", {}).get("StreamMode", default)
    if mode == PROVISIONED and not count:
        raise errors.CountMissing()
    if mode == ON_DEMAND and count:
        raise errors.CountOnDemand()
    stream = Stream(
        name=name, id=tx.ids.text(ID_LENGTH), created_at=float(int(tx.now)), mode=mode, tags=request.get("Tags", {}),
        record_max_kib=request.get("MaxRecordSizeInKiB", 1_024), warm_mibps=request.get("WarmThroughputMiBps", 0),
        distribution=request.get("RecordDistributionStrategy", ""),
    )  # fmt: skip
    shards.check_room(tx, count or ON_DEMAND_SHARDS)
    if not tx.add(stream):
        raise errors.StreamExists(stream=name, account=tx.account)
    shards.begin(tx, stream, count or ON_DEMAND_SHARDS)


@kinesis.operation(needs={"kinesis:DeleteStream": stream_arn})
def delete_stream(call: Call, tx: Tx, request: Request) -> None:
    tx, stream = streams.addressed(tx, request, "DeleteStream")
    if tx.count(Consumer, stream.id) and not request.get("EnforceConsumerDeletion"):
        raise errors.ConsumersLeft(stream=stream.name, account=tx.account)
    tx.delete(Stream, stream.name)
    removal.clear(tx, stream.id)
    tx.ring(BELL, streams.arn(tx, stream.name))


@kinesis.internal
def clear_stream(call: Call, tx: Tx, request: Request) -> None:
    """Go on removing what a deleted stream held."""
    removal.clear_some(tx, request["stream"])


def _common(tx: Tx, stream: Stream) -> dict[str, Any]:
    told = {
        "StreamName": stream.name,
        "StreamARN": streams.arn(tx, stream.name),
        "StreamStatus": ACTIVE,
        "StreamModeDetails": {"StreamMode": stream.mode},
        "RetentionPeriodHours": stream.retention_h,
        "StreamCreationTimestamp": stream.created_at,
        "EnhancedMonitoring": [{"ShardLevelMetrics": stream.metrics}],
        "EncryptionType": stream.encryption,
    }
    return told | ({"KeyId": stream.key_id} if stream.key_id else {})


@kinesis.operation(needs={"kinesis:DescribeStream": stream_arn})
def describe_stream(call: Call, tx: Tx, request: Request) -> Response:
    tx, stream = streams.addressed(tx, request, "DescribeStream")
    start, limit = request.get("ExclusiveStartShardId", ""), request.get("Limit", DESCRIBED)
    left = [shard for shard in shards.all_of(tx, stream) if shard.id > start]
    told = {"Shards": [shape(shard) for shard in left[:limit]], "HasMoreShards": len(left) > limit}
    return {"StreamDescription": _common(tx, stream) | told}


def shape(shard: Shard) -> dict[str, Any]:
    """A shard as AWS describes it."""
    span = {"StartingSequenceNumber": shard.first} | ({"EndingSequenceNumber": shard.last} if shard.closed_at else {})
    parents = dict(zip(("ParentShardId", "AdjacentParentShardId"), map(shards.shard_id, shard.parents)))
    return {"ShardId": shard.id, **parents, "HashKeyRange": reading.hash_range(shard), "SequenceNumberRange": span}


@kinesis.operation(needs={"kinesis:DescribeStreamSummary": stream_arn})
def describe_stream_summary(call: Call, tx: Tx, request: Request) -> Response:
    tx, stream = streams.addressed(tx, request, "DescribeStreamSummary")
    told = _common(tx, stream) | {
        "OpenShardCount": tx.count(Shard, stream.id, 0.0, index="stream closed_at low"),
        "ConsumerCount": tx.count(Consumer, stream.id),
        "MaxRecordSizeInKiB": stream.record_max_kib,
    }
    if stream.warm_mibps:
        told["WarmThroughput"] = {"TargetMiBps": stream.warm_mibps, "CurrentMiBps": stream.warm_mibps}
    if stream.distribution:
        told["RecordDistributionStrategy"] = stream.distribution
    return {"StreamDescriptionSummary": told}


@kinesis.operation(needs={"kinesis:ListStreams": "*"})
def list_streams(call: Call, tx: Tx, request: Request) -> Response:
    start = request.get("NextToken") or request.get("ExclusiveStartStreamName")
    limit = request.get("Limit", LISTED)
    found = tx.range(Stream, after=(start,) if start else None, limit=limit + 1)
    page = found[:limit]
    told: Response = {
        "StreamNames": [stream.name for stream in page],
        "HasMoreStreams": len(found) > limit,
        "StreamSummaries": [_summary(tx, stream) for stream in page],
    }
    return told | ({"NextToken": page[-1].name} if len(found) > limit else {})


def _summary(tx: Tx, stream: Stream) -> dict[str, Any]:
    members = ("StreamName", "StreamARN", "StreamStatus", "StreamModeDetails", "StreamCreationTimestamp")
    told = _common(tx, stream)
    return {member: told[member] for member in members}


@kinesis.operation(needs={"kinesis:DescribeLimits": "*"})
def describe_limits(call: Call, tx: Tx, request: Request) -> Response:
    return {
        "ShardLimit": SHARDS_MAX,
        "OpenShardCount": shards.count_open(tx),
        "OnDemandStreamCount": sum(stream.mode == ON_DEMAND for stream in tx.range(Stream)),
        "OnDemandStreamCountLimit": ON_DEMAND_MAX,
    }
