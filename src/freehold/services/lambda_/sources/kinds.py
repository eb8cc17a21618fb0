"""Kinds of event sources: what each can be set to, and what of it runs here.

One idea: a kind is a row of a table; a setting that its row does not have is refused in AWS's words. It may not know
mappings.

https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from freehold.kernel import arns
from freehold.kernel.errors import NotImplementedHere
from freehold.services.lambda_.errors import InvalidParameterValueException

Settings = dict[str, Any]

TRIM_HORIZON, LATEST, AT_TIMESTAMP = "TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"

COMMON = ("BatchSize", "MaximumBatchingWindowInSeconds", "FilterCriteria", "KMSKeyArn", "MetricsConfig")
REPORTS = ("FunctionResponseTypes",)
OF_STREAMS = (
    "StartingPosition", "StartingPositionTimestamp", "ParallelizationFactor", "BisectBatchOnFunctionError",
    "MaximumRecordAgeInSeconds", "MaximumRetryAttempts", "TumblingWindowInSeconds", "DestinationConfig",
)  # fmt: skip
OF_KAFKA = (
    "StartingPosition", "StartingPositionTimestamp", "DestinationConfig", "Topics", "SourceAccessConfigurations",
    "ProvisionedPollerConfig",
)  # fmt: skip

TELLABLE = ("sqs", "sns", "s3")  # services whose ARNs may be told of records that are given up

NO_POSITION = (
    "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: "
    "Member must not be null."
)


class Kind(NamedTuple):
    """`positions` are where reading may start, none where there is no such thing; `runs` whether it is read here."""

    defaults: Mapping[str, Any]
    members: tuple[str, ...]
    positions: tuple[str, ...] = ()
    batch_max: int = 10_000
    runs: bool = False


STREAM_DEFAULTS = {
    "BatchSize": 100, "MaximumBatchingWindowInSeconds": 0, "ParallelizationFactor": 1, "TumblingWindowInSeconds": 0,
    "MaximumRecordAgeInSeconds": -1, "MaximumRetryAttempts": -1, "BisectBatchOnFunctionError": False,
    "DestinationConfig": {"OnFailure": {}}, "FunctionResponseTypes": [],
}  # fmt: skip
KAFKA_DEFAULTS = {"BatchSize": 100}

KINDS: dict[str, Kind] = {
    "sqs": Kind(
        {"BatchSize": 10, "MaximumBatchingWindowInSeconds": 0}, (*COMMON, *REPORTS, "ScalingConfig"), runs=True
    ),
    "kinesis": Kind(STREAM_DEFAULTS, (*COMMON, *REPORTS, *OF_STREAMS), (TRIM_HORIZON, LATEST, AT_TIMESTAMP), runs=True),
    "dynamodb": Kind(STREAM_DEFAULTS, (*COMMON, *REPORTS, *OF_STREAMS), (TRIM_HORIZON, LATEST), runs=True),
    "kafka": Kind(
        KAFKA_DEFAULTS, (*COMMON, *OF_KAFKA, "AmazonManagedKafkaEventSourceConfig"),
        (TRIM_HORIZON, LATEST, AT_TIMESTAMP),
    ),
    "self-managed": Kind(
        KAFKA_DEFAULTS, (*COMMON, *OF_KAFKA, "SelfManagedEventSource", "SelfManagedKafkaEventSourceConfig"),
        (TRIM_HORIZON, LATEST, AT_TIMESTAMP),
    ),
    "mq": Kind(KAFKA_DEFAULTS, (*COMMON, "Queues", "SourceAccessConfigurations")),
    "rds": Kind(
        KAFKA_DEFAULTS,
        (*COMMON, "StartingPosition", "StartingPositionTimestamp", "SourceAccessConfigurations",
         "DocumentDBEventSourceConfig"),
        (TRIM_HORIZON, LATEST, AT_TIMESTAMP),
    ),
}  # fmt: skip
MEMBERS = frozenset(member for kind in KINDS.values() for member in kind.members)
UNDONE = ("ProvisionedPollerConfig", "LoggingConfig")  # of kinds that are read here


class NoSource(InvalidParameterValueException):
    words = "Unrecognized event source."


class NoStream(InvalidParameterValueException):
    words = "Stream not found: {arn}"


class StreamUnreadable(InvalidParameterValueException):
    words = (
        "Cannot access stream {arn}. Please ensure the role can perform the {actions} Actions on your stream in IAM."
    )  # fmt: skip


class MomentMissing(InvalidParameterValueException):
    words = "StartingPositionTimestamp is required when StartingPosition is AT_TIMESTAMP."


class MomentAhead(InvalidParameterValueException):
    words = "StartingPositionTimestamp must not be in the future."


class MomentForNothing(InvalidParameterValueException):
    words = "StartingPositionTimestamp is only allowed when StartingPosition is AT_TIMESTAMP."


class WrongDestination(InvalidParameterValueException):
    words = "The provided destination config DestinationConfig(onFailure=OnFailure(destination={arn})) is invalid."


class WrongPosition(InvalidParameterValueException):
    words = "Unsupported starting position for arn type: {arn}"


class ForeignMember(InvalidParameterValueException):
    words = "Unsupported {member} parameter for given event source mapping type."


class BatchTooLarge(InvalidParameterValueException):
    words = "Batch size must be less than or equal to {most}."


def kind_of(source: str, request: Settings) -> str:
    """The row of a source: the service of its ARN, or one's own Kafka. Raises NoSource."""
    place = arns.parse(source)
    name = place.service if place else "self-managed" if request.get("SelfManagedEventSource") else ""
    if name not in KINDS:
        raise NoSource()
    return name


def check(name: str, source: str, request: Settings, new: bool) -> None:
    """Raise what a kind does not have or allow, in a request for a `new` mapping or for another one."""
    kind = KINDS[name]
    for member in sorted(MEMBERS.intersection(request)):
        if member not in kind.members:
            raise ForeignMember(member=member)
    if request.get("BatchSize", 0) > kind.batch_max:
        raise BatchTooLarge(most=kind.batch_max)
    if new and kind.positions:
        position = request.get("StartingPosition")
        if not position:
            raise InvalidParameterValueException(message=NO_POSITION)
        if position not in kind.positions:
            raise WrongPosition(arn=source)
        if (position == AT_TIMESTAMP) != ("StartingPositionTimestamp" in request):
            raise MomentMissing() if position == AT_TIMESTAMP else MomentForNothing()
    destination = request.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
    place = arns.parse(destination) if destination else None
    if destination and (place is None or place.service not in TELLABLE):
        raise WrongDestination(arn=destination)


def check_runs(name: str, source: str, request: Settings) -> None:
    """Raise for what is not read here."""
    if not KINDS[name].runs:
        raise NotImplementedHere(service="lambda", operation=f"event sources of {name}")
    for member in UNDONE:
        if request.get(member):
            raise NotImplementedHere(service="lambda", operation=f"{member} of event source mappings")
