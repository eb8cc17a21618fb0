"""AWS::Kinesis::Stream, AWS::Kinesis::StreamConsumer and AWS::Kinesis::ResourcePolicy.

One idea: each property that can change has the operation that changes it. It may not know the store.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_Kinesis.html
"""

from typing import Any

from freehold.engines.coerce import integer, json_text
from freehold.kernel import arns
from freehold.kernel.resources import Ask, Ending, Made, Properties, Steps, Want
from freehold.services.kinesis.service.catalogue import kinesis
from freehold.services.kinesis.streams import KMS, ON_DEMAND, PROVISIONED, RETENTION_H

NAME_MAX = 128
CREATED = {"ShardCount": integer, "MaxRecordSizeInKiB": integer, "WarmThroughputMiBps": integer}
SIZE = 1_024

stream = kinesis.resource("AWS::Kinesis::Stream", replaces=("Name",), attributes=("Arn",))
consumer = kinesis.resource(
    "AWS::Kinesis::StreamConsumer", replaces=("ConsumerName", "StreamARN"),
    attributes=("ConsumerARN", "ConsumerCreationTimestamp", "ConsumerName", "ConsumerStatus", "StreamARN"),
)  # fmt: skip
policy = kinesis.resource("AWS::Kinesis::ResourcePolicy", replaces=("ResourceArn",))


def _number(properties: Properties, name: str, default: int) -> int:
    return integer(properties[name], name) if properties.get(name) is not None else default


def _arn(want: Want, name: str) -> str:
    return arns.arn("kinesis", want.region, want.account, f"stream/{name}")


def _mode(properties: Properties) -> str:
    """The mode that is asked for; of a stream of so many shards it is PROVISIONED."""
    default = PROVISIONED if properties.get("ShardCount") is not None else ON_DEMAND
    return (properties.get("StreamModeDetails") or {}).get("StreamMode", default)


@stream.create
def create_stream(want: Want) -> Steps:
    name, given = want.name(want.properties.get("Name"), NAME_MAX), want.properties
    request: dict[str, Any] = {"StreamName": name, "StreamModeDetails": {"StreamMode": _mode(given)}}
    request |= {member: read(given[member], member) for member, read in CREATED.items() if given.get(member)}
    tags = want.tagged(given)
    yield Ask("kinesis", "CreateStream", request | ({"Tags": tags} if tags else {}))
    yield from _settle(name, given, {})
    return Made(name, {"Arn": _arn(want, name)})


@stream.update
def update_stream(want: Want) -> Steps:
    name, given, old = want.id, want.properties, want.old
    if _mode(given) != _mode(old):
        mode = {"StreamARN": _arn(want, name), "StreamModeDetails": {"StreamMode": _mode(given)}}
        yield Ask("kinesis", "UpdateStreamMode", mode)
    count = _number(given, "ShardCount", 0)
    if _mode(given) == PROVISIONED and count and want.changed("ShardCount", "StreamModeDetails"):
        scaled = {"StreamName": name, "TargetShardCount": count, "ScalingType": "UNIFORM_SCALING"}
        yield Ask("kinesis", "UpdateShardCount", scaled)
    if want.changed("MaxRecordSizeInKiB"):
        size = _number(given, "MaxRecordSizeInKiB", SIZE)
        yield Ask("kinesis", "UpdateMaxRecordSize", {"StreamARN": _arn(want, name), "MaxRecordSizeInKiB": size})
    if want.changed("WarmThroughputMiBps"):
        warm = _number(given, "WarmThroughputMiBps", 0)
        yield Ask("kinesis", "UpdateStreamWarmThroughput", {"StreamName": name, "WarmThroughputMiBps": warm})
    yield from _settle(name, given, old)
    yield from _update_tags(want, _arn(want, name))
    return Made(name, {"Arn": _arn(want, name)})


def _settle(name: str, given: Properties, old: Properties) -> Ending:
    """What CreateStream can not say: retention, encryption, metrics."""
    hours, before = (_number(one, "RetentionPeriodHours", RETENTION_H) for one in (given, old))
    if hours != before:
        way = "Increase" if hours > before else "Decrease"
        retained = {"StreamName": name, "RetentionPeriodHours": hours}
        yield Ask("kinesis", f"{way}StreamRetentionPeriod", retained)
    wanted, current = (one.get("StreamEncryption") or {} for one in (given, old))
    if wanted != current:
        on, key = wanted or current, "KeyId"
        asked = {"StreamName": name, "EncryptionType": KMS, key: on[key]}
        yield Ask("kinesis", "StartStreamEncryption" if wanted else "StopStreamEncryption", asked)
    metrics, measured = (set(one.get("DesiredShardLevelMetrics") or ()) for one in (given, old))
    for operation, names in (("Disable", measured - metrics), ("Enable", metrics - measured)):
        if names:
            asked = {"StreamName": name, "ShardLevelMetrics": sorted(names)}
            yield Ask("kinesis", f"{operation}EnhancedMonitoring", asked)


def _update_tags(want: Want, arn: str) -> Ending:
    gone, new = want.retagged()
    if gone:
        yield Ask("kinesis", "UntagResource", {"ResourceARN": arn, "TagKeys": gone})
    if new:
        yield Ask("kinesis", "TagResource", {"ResourceARN": arn, "Tags": new})


@stream.delete
def delete_stream(want: Want) -> Ending:
    yield Ask("kinesis", "DeleteStream", {"StreamName": want.id, "EnforceConsumerDeletion": True})


@consumer.create
def create_consumer(want: Want) -> Steps:
    given = want.properties
    tags = want.tagged(given)
    asked = {"StreamARN": given["StreamARN"], "ConsumerName": given["ConsumerName"]}
    yield Ask("kinesis", "RegisterStreamConsumer", asked | ({"Tags": tags} if tags else {}))
    return (yield from _described(asked))


def _described(asked: dict[str, Any]) -> Steps:
    answer = yield Ask("kinesis", "DescribeStreamConsumer", asked)
    told = answer["ConsumerDescription"]
    return Made(told["ConsumerARN"], {name: told[name] for name in consumer.attributes})


@consumer.update
def update_consumer(want: Want) -> Steps:
    yield from _update_tags(want, want.id)
    return (yield from _described({"ConsumerARN": want.id}))


@consumer.delete
def delete_consumer(want: Want) -> Ending:
    yield Ask("kinesis", "DeregisterStreamConsumer", {"ConsumerARN": want.id})


def _put_policy(want: Want) -> Steps:
    arn, document = want.properties["ResourceArn"], want.properties["ResourcePolicy"]
    yield Ask("kinesis", "PutResourcePolicy", {"ResourceARN": arn, "Policy": json_text(document)})
    return Made(arn)


policy.create(_put_policy)
policy.update(_put_policy)


@policy.delete
def delete_policy(want: Want) -> Ending:
    yield Ask("kinesis", "DeleteResourcePolicy", {"ResourceARN": want.id})
