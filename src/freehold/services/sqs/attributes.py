"""The attributes of queues: which there are, what they may be, and what they are when nobody says.

One idea: one table. It may not know any particular queue; whether a dead-letter queue exists is asked in `redrive`.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from freehold.engines import iam
from freehold.services.sqs.errors import (
    InvalidAttributeName,
    InvalidAttributeValue,
    OnlyForFifo,
    ParameterRefused,
    QueueTypeIsFixed,
    TwoEncryptions,
)

Attributes = dict[str, str]
SIZE_MAX = 1_048_576
HIDDEN_MAX_S = 43_200


class Attribute(NamedTuple):
    """One that callers may set. `normal` gives the value as it is kept, or None if it may not be that."""

    default: str
    normal: Callable[[str], str | None]
    fifo_only: bool = False


def _whole(low: int, high: int) -> Callable[[str], str | None]:
    return lambda text: str(int(text)) if text.isdecimal() and low <= int(text) <= high else None


def _flag(text: str) -> str | None:
    return text.lower() if text.lower() in ("true", "false") else None


def _one_of(*names: str) -> Callable[[str], str | None]:
    return lambda text: text if text in names else None


def _policy(text: str) -> str | None:
    try:
        iam.parse(text, "resource")
    except iam.MalformedPolicyDocument:
        return None
    return text


ATTRIBUTES: dict[str, Attribute] = {
    "VisibilityTimeout": Attribute("30", _whole(0, HIDDEN_MAX_S)),
    "MaximumMessageSize": Attribute(str(SIZE_MAX), _whole(1_024, SIZE_MAX)),
    "MessageRetentionPeriod": Attribute("345600", _whole(60, 1_209_600)),
    "DelaySeconds": Attribute("0", _whole(0, 900)),
    "ReceiveMessageWaitTimeSeconds": Attribute("0", _whole(0, 20)),
    "SqsManagedSseEnabled": Attribute("true", _flag),
    "KmsMasterKeyId": Attribute("", str),
    "KmsDataKeyReusePeriodSeconds": Attribute("300", _whole(60, 86_400)),
    "Policy": Attribute("", _policy),
    "RedrivePolicy": Attribute("", str),
    "RedriveAllowPolicy": Attribute("", str),
    "FifoQueue": Attribute("", _flag, fifo_only=True),
    "ContentBasedDeduplication": Attribute("false", _flag, fifo_only=True),
    "DeduplicationScope": Attribute("queue", _one_of("messageGroup", "queue"), fifo_only=True),
    "FifoThroughputLimit": Attribute("perQueue", _one_of("perQueue", "perMessageGroupId"), fifo_only=True),
}

# Attributes that are derived from the queue and what is in it.
DERIVED = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesDelayed",
    "ApproximateNumberOfMessagesNotVisible",
    "CreatedTimestamp",
    "LastModifiedTimestamp",
    "QueueArn",
)

NOT_BY_GROUP = "The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup."

# What AWS says of these two when the queue is not FIFO; of other attributes it says that it does not know them.
NAMED_FOR_FIFO = ("DeduplicationScope", "FifoThroughputLimit")


def normal(given: Mapping[str, str], fifo: bool) -> Attributes:
    """The attributes as they are kept: checked one by one and against each other. An empty value is the default."""
    kept = {name: _normal(name, text, fifo) for name, text in given.items()}
    if kept.get("KmsMasterKeyId"):
        if kept.get("SqsManagedSseEnabled") == "true":
            raise TwoEncryptions()
        kept["SqsManagedSseEnabled"] = "false"
    return kept


def check_together(attributes: Mapping[str, str]) -> None:
    """Raise unless all attributes of a queue, those it has and those it is to have, go together."""
    scope = attributes.get("DeduplicationScope", "queue")
    if attributes.get("FifoThroughputLimit") == "perMessageGroupId" and scope == "queue":
        raise ParameterRefused(message=NOT_BY_GROUP)


def _normal(name: str, text: str, fifo: bool) -> str:
    known = ATTRIBUTES.get(name)
    if known is None:
        raise InvalidAttributeName(name=name)
    if known.fifo_only and not fifo:
        raise OnlyForFifo(name=name) if name in NAMED_FOR_FIFO else InvalidAttributeName(name=name)
    if text == "":
        return known.default
    found = known.normal(text)
    if name == "FifoQueue" and found == "false":
        raise QueueTypeIsFixed()
    if found is None:
        raise InvalidAttributeValue(name=name)
    return found


def shown(attributes: Mapping[str, str], fifo: bool) -> Attributes:
    """The settable attributes as GetQueueAttributes tells them: kept ones over the defaults, without empty ones."""
    found = {name: attributes.get(name, known.default) for name, known in ATTRIBUTES.items() if fifo >= known.fifo_only}
    if not found["KmsMasterKeyId"]:
        del found["KmsDataKeyReusePeriodSeconds"]
    return {name: value for name, value in found.items() if value}
