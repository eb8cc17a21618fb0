"""Kinds of sources, enrichments and targets: what each takes, and how much of it at a time.

One idea: a kind is a row of a table, found by an ARN. It may not know pipes, nor how a kind is asked.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-target.html
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html
"""

from collections.abc import Mapping
from typing import NamedTuple

from freehold.kernel import arns
from freehold.kernel.errors import NotImplementedHere

WHOLE = 10_000  # as many as a source gives at a time
FIFO = ".fifo"


class Source(NamedTuple):
    """`parameters` is the member of SourceParameters with what can be said of this kind; `needed` if it must be there.
    `batch` is how many records are handed on at a time unless told otherwise."""

    parameters: str
    needed: bool = False
    batch: int = 10


SOURCES: Mapping[str, Source] = {
    "sqs": Source("SqsQueueParameters"),
    "kinesis": Source("KinesisStreamParameters", needed=True, batch=100),
    "dynamodb": Source("DynamoDBStreamParameters", needed=True, batch=100),
}
SOURCES_ELSEWHERE = ("kafka", "mq", "self-managed")


class Kind(NamedTuple):
    """What takes events: the start of its ARN's resource, the member with its own parameters, and how many events it
    takes at a time."""

    resource: str
    parameters: str
    most: int
    needs_parameters: bool = False


HTTP = "HttpParameters"
TARGETS: Mapping[str, Kind] = {
    "lambda": Kind("function:", "LambdaFunctionParameters", WHOLE),
    "states": Kind("stateMachine:", "StepFunctionStateMachineParameters", WHOLE),
    "sqs": Kind("", "SqsQueueParameters", 10),
    "sns": Kind("", "", 10),
    "kinesis": Kind("stream/", "KinesisStreamParameters", 500, needs_parameters=True),
    "event-bus": Kind("event-bus/", "EventBridgeEventBusParameters", 10),
    "logs": Kind("log-group:", "CloudWatchLogsParameters", WHOLE),
    "api-destination": Kind("api-destination/", HTTP, 1),
    "execute-api": Kind("", HTTP, 1),
}
TARGETS_ELSEWHERE = frozenset(
    {"batch", "ecs", "firehose", "inspector", "redshift", "redshift-serverless", "sagemaker", "timestream"}
)
ENRICHMENTS: Mapping[str, Kind] = {
    "lambda": Kind("function:", "", WHOLE),
    "states": Kind("stateMachine:", "", WHOLE),
    "api-destination": TARGETS["api-destination"],
    "execute-api": TARGETS["execute-api"],
}


def place_of(arn: str) -> arns.Arn:
    """An ARN that was checked when it was put, taken apart."""
    place = arns.parse(arn)
    assert place
    return place


def name_of(arn: str) -> str:
    """The name of the kind that an ARN is of: its service, of EventBridge's the resource."""
    place = arns.parse(arn)
    if place is None:
        return "self-managed" if arn.startswith("smk://") else ""
    return place.resource.partition("/")[0] if place.service == "events" else place.service


def source_of(arn: str) -> Source | None:
    """The kind of a source. Raises NotImplementedHere for one that AWS has and this cloud does not."""
    name = name_of(arn)
    if name in SOURCES_ELSEWHERE:
        raise NotImplementedHere(service="pipes", operation=f"sources of {name}")
    return SOURCES.get(name)


def kind_of(arn: str, kinds: Mapping[str, Kind]) -> Kind | None:
    """The kind of what takes events. Raises NotImplementedHere for one that AWS has and this cloud does not."""
    name = name_of(arn)
    if name in TARGETS_ELSEWHERE and kinds is TARGETS:
        raise NotImplementedHere(service="pipes", operation=f"targets of {name}")
    kind = kinds.get(name)
    return kind if kind and place_of(arn).resource.startswith(kind.resource) else None
