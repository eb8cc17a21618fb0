"""Topics: made, found, changed and removed.

One idea: what was set is kept as it was set, over defaults in one table. It may not know who subscribes.

https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from freehold.engines import iam, jsontext, moments, pacing
from freehold.kernel import arns
from freehold.kernel.store import Record, Tx
from freehold.services.sns.errors import BadArn, InvalidParameter, TopicNotFound

NAME = re.compile(r"[A-Za-z0-9_-]{1,256}")
FIFO_NAME = re.compile(r"(?=.{1,256}$)[A-Za-z0-9_-]+\.fifo")
TAGS_MAX = 50
ARCHIVE_DAYS_MAX, DAY_S = 365, 86_400

OWN_ACTIONS = (
    *("GetTopicAttributes", "SetTopicAttributes", "AddPermission", "RemovePermission", "DeleteTopic"),
    *("Subscribe", "ListSubscriptionsByTopic", "Publish"),
)
RETRY_POLICY = {
    "minDelayTarget": 20,
    "maxDelayTarget": 20,
    "numRetries": 3,
    "numMaxDelayRetries": 0,
    "numNoDelayRetries": 0,
    "numMinDelayRetries": 0,
    "backoffFunction": "linear",
}
CONTENT_TYPE = "text/plain; charset=UTF-8"


class Topic(Record, table="sns_topics", key="name"):
    """A topic. `attributes` are those that were set; `deleted` counts the subscriptions that were removed; `kept_since`
    is when it began to archive (epoch seconds). `protection` is its data protection policy. `filed` counts, by place,
    the subscriptions that are found by what a message holds there."""

    name: str
    attributes: dict[str, str] = {}
    tags: dict[str, str] = {}
    deleted: int = 0
    kept_since: float = 0.0
    filed: dict[str, int] = {}
    protection: str = ""

    @property
    def fifo(self) -> bool:
        return self.name.endswith(".fifo")

    def on(self, name: str) -> bool:
        """Whether an attribute that is a flag is true."""
        return self.attributes.get(name) == "true"


def _flag(text: str) -> bool:
    return text in ("true", "false")


def _json(text: str) -> bool:
    try:
        return isinstance(jsontext.read(text), dict)
    except msgspec.DecodeError:
        return False


def _policy(text: str) -> bool:
    try:
        iam.parse(text, "resource")
    except iam.MalformedPolicyDocument:
        return False
    return True


def _archive(text: str) -> bool:
    try:
        days = jsontext.read(text, dict[str, str | int]).get("MessageRetentionPeriod", 1)
    except msgspec.DecodeError:
        return False
    return str(days).isdecimal() and 1 <= int(days) <= ARCHIVE_DAYS_MAX


def _any(text: str) -> bool:
    return True


# The attributes that may be set, each with what it may be.
ATTRIBUTES: dict[str, Callable[[str], bool]] = {
    "DisplayName": lambda text: len(text) <= 100,
    "Policy": _policy,
    "DeliveryPolicy": _json,
    "KmsMasterKeyId": _any,
    "SignatureVersion": lambda text: text in ("1", "2"),
    "TracingConfig": lambda text: text in ("PassThrough", "Active"),
    "FifoTopic": _flag,
    "ContentBasedDeduplication": _flag,
    "FifoThroughputScope": lambda text: text in ("Topic", "MessageGroup"),
    "ArchivePolicy": _archive,
    **{
        f"{protocol}{outcome}": _any
        for protocol in ("HTTP", "Firehose", "Lambda", "Application", "SQS")
        for outcome in ("SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate", "FailureFeedbackRoleArn")
    },
}
FIFO_ONLY = ("ContentBasedDeduplication", "FifoThroughputScope", "ArchivePolicy")


def arn(tx: Tx, name: str) -> str:
    return arns.arn("sns", tx.region, tx.account, name)


def place_of(text: str, parameter: str) -> arns.Arn:
    """A topic's or subscription's ARN, taken apart; InvalidParameter if it is none."""
    count = len(text.split(":"))
    if count < 6:
        raise BadArn(parameter=parameter, count=count)
    found = arns.parse(text)
    if found is None or found.service != "sns":
        raise InvalidParameter(reason=parameter)
    return found


def find(tx: Tx, name: str) -> Topic:
    topic = tx.get(Topic, name)
    if topic is None:
        raise TopicNotFound()
    return topic


def create(tx: Tx, name: str, attributes: Mapping[str, str], tags: Mapping[str, str]) -> Topic:
    """A new topic, or the one of that name if attributes and tags do not differ from its own."""
    fifo = attributes.get("FifoTopic") == "true"
    if not (FIFO_NAME if fifo else NAME).fullmatch(name):
        raise InvalidParameter(reason="Topic Name")
    for attribute, text in attributes.items():
        check(attribute, text, fifo, "Attributes Reason: ")
    topic = tx.get(Topic, name)
    if topic is None:
        topic = Topic(name=name, attributes=dict(attributes), tags=dict(tags), kept_since=tx.now)
        tx.put(topic)
        return topic
    if any(shown(tx, topic).get(attribute) != text for attribute, text in attributes.items()):
        raise InvalidParameter(reason="Attributes Reason: Topic already exists with different attributes")
    if any(topic.tags.get(key) != value for key, value in tags.items()):
        raise InvalidParameter(reason="Tags Reason: Topic already exists with different tags")
    return topic


def check(name: str, text: str, fifo: bool, context: str = "") -> None:
    if name not in ATTRIBUTES or (name in FIFO_ONLY and not fifo):
        raise InvalidParameter(reason=context + "AttributeName")
    if not ATTRIBUTES[name](text):
        raise InvalidParameter(reason=f"{context}{name}")
    if name == "DeliveryPolicy":
        for fault in pacing.faults_of_topic(msgspec.json.decode(text)):
            raise InvalidParameter(reason=f"{context}{name}: {fault}")


def change(tx: Tx, topic: Topic, name: str, text: str) -> None:
    """Set an attribute; an empty value takes it back."""
    if text or name not in ATTRIBUTES:
        check(name, text, topic.fifo)
    if name == "FifoTopic":
        raise InvalidParameter(reason="AttributeName")
    if name == "ArchivePolicy" and archived_since(topic, tx.now) is None:
        topic.kept_since = tx.now
    topic.attributes[name] = text
    tx.put(topic)


def archived_since(topic: Topic, now: float) -> float | None:
    """Since when (epoch seconds) everything is in the topic's archive; None if it keeps none."""
    text = topic.attributes.get("ArchivePolicy")
    days = msgspec.json.decode(text).get("MessageRetentionPeriod") if text else None
    return max(topic.kept_since, now - int(days) * DAY_S) if days else None


def policy_text(tx: Tx, topic: Topic) -> str:
    """The topic's policy: its own, or the one that lets its account in."""
    return topic.attributes.get("Policy") or msgspec.json.encode(_own_policy(tx, topic.name)).decode()


def _own_policy(tx: Tx, name: str) -> dict[str, Any]:
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{action}" for action in OWN_ACTIONS],
        "Resource": arn(tx, name),
        "Condition": {"StringEquals": {"AWS:SourceOwner": tx.account}},
    }
    return {"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]}


def shown(tx: Tx, topic: Topic) -> dict[str, str]:
    """The attributes as GetTopicAttributes tells them, but for the counts of subscriptions."""
    known = {
        "DisplayName": "",
        "EffectiveDeliveryPolicy": msgspec.json.encode({"http": delivery_policy(topic)}).decode(),
        "Owner": tx.account,
        "Policy": policy_text(tx, topic),
        "TopicArn": arn(tx, topic.name),
    }
    if topic.fifo:
        known |= {"ContentBasedDeduplication": "false"}
        since = archived_since(topic, tx.now)
        known |= {"BeginningArchiveTime": moments.iso_ms(since)} if since is not None else {}
    return known | {name: text for name, text in topic.attributes.items() if text}


def delivery_policy(topic: Topic) -> dict[str, Any]:
    """How HTTP endpoints are asked again, the topic's own wishes over the defaults."""
    text = topic.attributes.get("DeliveryPolicy")
    own = msgspec.json.decode(text).get("http", {}) if text else {}
    return {
        "defaultHealthyRetryPolicy": RETRY_POLICY | (own.get("defaultHealthyRetryPolicy") or {}),
        "disableSubscriptionOverrides": own.get("disableSubscriptionOverrides", False),
        **({"defaultThrottlePolicy": throttle} if (throttle := own.get("defaultThrottlePolicy")) else {}),
        "defaultRequestPolicy": own.get("defaultRequestPolicy") or {"headerContentType": CONTENT_TYPE},
    }
