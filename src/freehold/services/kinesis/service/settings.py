"""Settings of a stream: retention, mode, encryption, monitoring, and who else may use it.

It may not know records.
"""

from collections.abc import Callable

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.kinesis import consumers, errors, permissions, streams
from freehold.services.kinesis.consumers import Consumer
from freehold.services.kinesis.service.catalogue import kinesis, resource_arn, stream_arn
from freehold.services.kinesis.streams import KMS, NONE, RETENTION_H, Stream

RETENTION_MAX_H = 8_760
ALL = "ALL"
NO_POLICY = "{}"


@kinesis.operation(needs={"kinesis:IncreaseStreamRetentionPeriod": stream_arn})
def increase_stream_retention_period(call: Call, tx: Tx, request: Request) -> None:
    _retain(tx, request, "IncreaseStreamRetentionPeriod", lambda hours, current: hours < current, "shorter", "Decrease")


@kinesis.operation(needs={"kinesis:DecreaseStreamRetentionPeriod": stream_arn})
def decrease_stream_retention_period(call: Call, tx: Tx, request: Request) -> None:
    _retain(tx, request, "DecreaseStreamRetentionPeriod", lambda hours, current: hours > current, "longer", "Increase")


def _retain(
    tx: Tx, request: Request, action: str, wrong: Callable[[int, int], bool], what: str, way: str
) -> None:  # fmt: skip
    tx, stream = streams.addressed(tx, request, action)
    hours, current = request["RetentionPeriodHours"], stream.retention_h
    if hours < RETENTION_H:
        raise errors.RetentionOutside(bound="Minimum", limit=RETENTION_H, hours=hours, what="short")
    if hours > RETENTION_MAX_H:
        raise errors.RetentionOutside(bound="Maximum", limit=RETENTION_MAX_H, hours=hours, what="long")
    if wrong(hours, current):
        raise errors.RetentionWrongWay(hours=hours, stream=stream.name, what=what, current=current, way=way)
    stream.retention_h = hours
    tx.put(stream)


@kinesis.operation(needs={"kinesis:UpdateStreamMode": stream_arn})
def update_stream_mode(call: Call, tx: Tx, request: Request) -> None:
    tx, stream = streams.addressed(tx, request, "UpdateStreamMode")
    stream.mode = request["StreamModeDetails"]["StreamMode"]
    stream.warm_mibps = request.get("WarmThroughputMiBps", stream.warm_mibps)
    tx.put(stream)


@kinesis.operation(needs={"kinesis:UpdateStreamWarmThroughput": stream_arn})
def update_stream_warm_throughput(call: Call, tx: Tx, request: Request) -> Response:
    tx, stream = streams.addressed(tx, request, "UpdateStreamWarmThroughput")
    warm = stream.warm_mibps = request["WarmThroughputMiBps"]
    tx.put(stream)
    told = {"StreamARN": streams.arn(tx, stream.name), "StreamName": stream.name}
    return told | {"WarmThroughput": {"TargetMiBps": warm, "CurrentMiBps": warm}}


@kinesis.operation(needs={"kinesis:UpdateMaxRecordSize": stream_arn})
def update_max_record_size(call: Call, tx: Tx, request: Request) -> None:
    tx, stream = streams.addressed(tx, request, "UpdateMaxRecordSize")
    stream.record_max_kib = request["MaxRecordSizeInKiB"]
    tx.put(stream)


@kinesis.operation(needs={"kinesis:UpdateStreamRecordDistributionStrategy": stream_arn})
def update_stream_record_distribution_strategy(call: Call, tx: Tx, request: Request) -> None:
    tx, stream = streams.addressed(tx, request, "UpdateStreamRecordDistributionStrategy")
    stream.distribution = request["RecordDistributionStrategy"]
    tx.put(stream)


@kinesis.operation(needs={"kinesis:StartStreamEncryption": stream_arn})
def start_stream_encryption(call: Call, tx: Tx, request: Request) -> None:
    tx, stream = streams.addressed(tx, request, "StartStreamEncryption")
    stream.encryption, stream.key_id = KMS, request["KeyId"]
    tx.put(stream)


@kinesis.operation(needs={"kinesis:StopStreamEncryption": stream_arn})
def stop_stream_encryption(call: Call, tx: Tx, request: Request) -> None:
    tx, stream = streams.addressed(tx, request, "StopStreamEncryption")
    stream.encryption, stream.key_id = NONE, ""
    tx.put(stream)


@kinesis.operation(needs={"kinesis:EnableEnhancedMonitoring": stream_arn})
def enable_enhanced_monitoring(call: Call, tx: Tx, request: Request) -> Response:
    def more(current: set[str], asked: set[str]) -> set[str]:
        return {ALL} if ALL in asked | current else current | asked

    return _monitor(tx, request, "EnableEnhancedMonitoring", more)


@kinesis.operation(needs={"kinesis:DisableEnhancedMonitoring": stream_arn})
def disable_enhanced_monitoring(call: Call, tx: Tx, request: Request) -> Response:
    def less(current: set[str], asked: set[str]) -> set[str]:
        return set() if ALL in asked else current - asked

    return _monitor(tx, request, "DisableEnhancedMonitoring", less)


def _monitor(tx: Tx, request: Request, action: str, change: Callable[[set[str], set[str]], set[str]]) -> Response:
    tx, stream = streams.addressed(tx, request, action)
    before = stream.metrics
    stream.metrics = sorted(change(set(before), set(request["ShardLevelMetrics"])))
    tx.put(stream)
    told = {"StreamName": stream.name, "StreamARN": streams.arn(tx, stream.name)}
    return told | {"CurrentShardLevelMetrics": before, "DesiredShardLevelMetrics": stream.metrics}


def owned(tx: Tx, request: Request, action: str) -> tuple[Tx, Stream | Consumer]:
    """The stream or consumer of the request's ResourceARN."""
    arn = request["ResourceARN"]
    if consumers.read(arn):
        here, _, consumer = consumers.find(tx, arn, action)
        return here, consumer
    return streams.addressed(tx, {"StreamARN": arn}, action)


@kinesis.operation(needs={"kinesis:PutResourcePolicy": resource_arn})
def put_resource_policy(call: Call, tx: Tx, request: Request) -> None:
    tx, thing = owned(tx, request, "PutResourcePolicy")
    thing.policy = permissions.check(request["Policy"])
    tx.put(thing)


@kinesis.operation(needs={"kinesis:GetResourcePolicy": resource_arn})
def get_resource_policy(call: Call, tx: Tx, request: Request) -> Response:
    return {"Policy": owned(tx, request, "GetResourcePolicy")[1].policy or NO_POLICY}


@kinesis.operation(needs={"kinesis:DeleteResourcePolicy": resource_arn})
def delete_resource_policy(call: Call, tx: Tx, request: Request) -> None:
    tx, thing = owned(tx, request, "DeleteResourcePolicy")
    if not thing.policy:
        raise errors.PolicyNotFound(arn=request["ResourceARN"])
    thing.policy = ""
    tx.put(thing)
