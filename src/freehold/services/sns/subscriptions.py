"""Subscriptions: who wants a topic's messages, where, and which.

One idea: a protocol is a row that says what its endpoints look like and whether their owners must agree first. It may
not know how messages are delivered.

https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from freehold.engines import jackson, jsontext, pacing, patterns
from freehold.kernel import arns
from freehold.kernel.store import Record, Tx
from freehold.outbound import masked
from freehold.services.sns import permissions, topics
from freehold.services.sns.errors import (
    InvalidEndpoint,
    InvalidParameter,
    InvalidToken,
    SubscriptionLimitExceeded,
    SubscriptionNotFound,
)
from freehold.services.sns.topics import RETRY_POLICY, Topic

PHONE = re.compile(r"\+?[0-9][0-9-]{4,17}(?<!-)(?<!--)")
MAIL = re.compile(r"[^@\s]+@[^@\s]+")
TOKEN = re.compile(r"[0-9a-f]{64,}")
TOKEN_LENGTH = 160
FIFO_MAX = 100  # subscriptions of a FIFO topic
AGREE_WITHIN_S = 3 * 86_400
CONFIRMED, PENDING = 0, 1
ROLE_ARN = "SubscriptionRoleArn"  # of the role that puts into delivery streams
ATTRIBUTES = (
    *("RawMessageDelivery", "FilterPolicy", "FilterPolicyScope", "RedrivePolicy", "DeliveryPolicy"),
    *("ReplayPolicy", ROLE_ARN),
)
ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/.+")
HEARING = ("", "Completed")  # the states of replay in which a subscription hears what is published at once
SCOPES = {"MessageAttributes": patterns.SNS_ATTRIBUTES, "MessageBody": patterns.SNS_BODY}

FIFO_TO_STANDARD = (
    "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics"
)  # fmt: skip
NO_FIFO = "Invalid parameter: Endpoint Reason: Please use FIFO SQS queue or standard SQS queue"
NO_OBJECT = "failed to parse JSON."
DEAD_FIFO = "must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic."


class Subscription(
    Record, table="sns_subscriptions", key="topic id", index=("topic protocol endpoint", "topic pending filed", "token")
):
    """A subscription of a topic (by name) of the same account and region. `token` is what confirms it.

    `principal` is the ARN of who subscribed, or of the role behind a session; `agreed` whether that one could agree for
    the endpoint; `guarded` if only a signed request may end it. `made_at` in epoch seconds. `replay` is the state of
    its last replay, `next_at` when a throttled endpoint may be told again. `filed` is the place in a message where its
    filter `asks_for` one of some texts, if it is found by them.
    """

    topic: str
    id: str
    protocol: str
    endpoint: str
    pending: int
    token: str
    made_at: float
    principal: str
    attributes: dict[str, str] = {}
    agreed: bool = False
    guarded: bool = False
    replay: str = ""
    filed: str = ""
    asks_for: list[str] = []
    next_at: float = 0.0

    @property
    def raw(self) -> bool:
        return self.attributes.get("RawMessageDelivery") == "true"


class Protocol(NamedTuple):
    """`check` refuses endpoints; `asks` if the endpoint's owner must confirm."""

    check: Callable[[Topic, str], None]
    asks: bool


def _queue(topic: Topic, endpoint: str) -> None:
    found = arns.parse(endpoint)
    if found is None or found.service != "sqs":
        raise InvalidParameter(reason="SQS endpoint ARN")
    if found.resource.endswith(".fifo") and not topic.fifo:
        raise InvalidParameter(reason=FIFO_TO_STANDARD)


def _function(topic: Topic, endpoint: str) -> None:
    _only_standard(topic)
    found = arns.parse(endpoint)
    if found is None or found.service != "lambda":
        raise InvalidParameter(reason="Lambda endpoint ARN")


def _mail(topic: Topic, endpoint: str) -> None:
    _only_standard(topic)
    if not MAIL.fullmatch(endpoint):
        raise InvalidParameter(reason="Email address")


def _phone(topic: Topic, endpoint: str) -> None:
    _only_standard(topic)
    if not PHONE.fullmatch(endpoint) or "--" in endpoint:
        raise InvalidEndpoint(endpoint=endpoint)


def _device(topic: Topic, endpoint: str) -> None:
    _only_standard(topic)
    found = arns.parse(endpoint)
    if found is None or found.service != "sns" or not found.resource.startswith("endpoint/"):
        raise InvalidParameter(reason="Application endpoint arn invalid:" + endpoint)


def _address(scheme: str) -> Callable[[Topic, str], None]:
    def check(topic: Topic, endpoint: str) -> None:
        _only_standard(topic)
        if not endpoint.startswith(f"{scheme}://"):
            raise InvalidParameter(reason="Endpoint must match the specified protocol")

    return check


def _only_standard(topic: Topic) -> None:
    if topic.fifo:
        raise InvalidParameter(reason=NO_FIFO)


def _stream(topic: Topic, endpoint: str) -> None:
    _only_standard(topic)
    found = arns.parse(endpoint)
    if found is None or found.service != "firehose" or not found.resource.startswith("deliverystream/"):
        raise InvalidParameter(reason="Firehose endpoint ARN")


PROTOCOLS: dict[str, Protocol] = {
    "sqs": Protocol(_queue, asks=False),
    "lambda": Protocol(_function, asks=False),
    "email": Protocol(_mail, asks=True),
    "email-json": Protocol(_mail, asks=True),
    "sms": Protocol(_phone, asks=False),
    "http": Protocol(_address("http"), asks=True),
    "https": Protocol(_address("https"), asks=True),
    "firehose": Protocol(_stream, asks=False),
    "application": Protocol(_device, asks=False),
}


def subscribe(
    tx: Tx, topic: Topic, protocol: str, endpoint: str, given: Mapping[str, str]
) -> tuple[Subscription, bool]:
    """A subscription that is new, or the one of that endpoint if its attributes are the same; and whether it is new."""
    if protocol not in PROTOCOLS:
        raise InvalidParameter(reason=f"Amazon SNS does not support this protocol string: {protocol}")
    rule = PROTOCOLS[protocol]
    rule.check(topic, endpoint)
    if protocol == "firehose" and not given.get(ROLE_ARN):
        raise InvalidParameter(reason=f"Attributes Reason: {ROLE_ARN} is required for Firehose subscriptions")
    for name, text in given.items():
        check(topic, endpoint, name, text, given, "Attributes Reason: ")
    known = tx.range(Subscription, topic.name, protocol, endpoint, index="topic protocol endpoint", limit=1)
    if known:
        if any(shown(tx, topic, known[0]).get(name) != text for name, text in given.items()):
            raise InvalidParameter(reason="Attributes Reason: Subscription already exists with different attributes")
        return known[0], False
    if topic.fifo and tx.count(Subscription, topic.name) >= FIFO_MAX:
        raise SubscriptionLimitExceeded()
    subscription = Subscription(
        topic=topic.name, id=tx.ids.uuid(), protocol=protocol, endpoint=endpoint, pending=int(rule.asks),
        token=tx.ids.hex(TOKEN_LENGTH), made_at=tx.now, principal=permissions.lasting_arn(tx.principal),
        attributes=dict(given), agreed=not rule.asks,
    )  # fmt: skip
    return subscription, True


def check(topic: Topic, endpoint: str, name: str, text: str, others: Mapping[str, str], context: str = "") -> None:
    """Raise unless the attribute may be that. `others` are the attributes beside it."""
    if name not in ATTRIBUTES:
        raise InvalidParameter(reason=context + "AttributeName")
    if name == ROLE_ARN and not ROLE.fullmatch(text):
        raise InvalidParameter(reason=f"{context}{name}: Invalid role ARN")
    if name == "RawMessageDelivery" and text.lower() not in ("true", "false"):
        raise InvalidParameter(reason=f"{context}{name}: Invalid value [{text}]. Must be true or false.")
    if name == "FilterPolicyScope" and text not in SCOPES:
        raise InvalidParameter(
            reason=f"{context}{name}: Invalid value [{text}]. Please use either MessageBody or MessageAttributes"
        )
    if name == "FilterPolicy" and text:
        _check_filter(text, others.get("FilterPolicyScope", "MessageAttributes"), context)
    if name in ("RedrivePolicy", "DeliveryPolicy") and text:
        _check_json(topic, endpoint, name, text, context)


def _check_filter(text: str, scope: str, context: str) -> None:
    """AWS reads a policy anew as it writes it, without spaces, so the places it tells of faults are those in that."""
    fault = _fault(text)
    if fault:
        raise InvalidParameter(reason=f"{context}FilterPolicy: {fault}")
    try:
        patterns.checked(msgspec.json.encode(msgspec.json.decode(text)).decode(), SCOPES[scope])
    except patterns.InvalidFilterPolicy as refusal:
        raise InvalidParameter(reason=f"{context}FilterPolicy: {refusal.values['reason']}") from None


def _fault(text: str) -> str:
    """Why a text is no JSON, as AWS says it; nothing if it is."""
    words = jackson.fault(text)
    return f"failed to parse JSON. {words}\n at {jackson.redacted_place(text)}" if words else ""


def _check_json(topic: Topic, endpoint: str, name: str, text: str, context: str) -> None:
    try:
        document = jsontext.read(text, dict[str, Any])
    except msgspec.DecodeError:
        raise InvalidParameter(reason=f"{context}{name}: {_fault(text) or NO_OBJECT}") from None
    if name == "DeliveryPolicy":
        for fault in pacing.faults(document):
            raise InvalidParameter(reason=f"{context}{name}: {fault}")
        return
    for unknown in document.keys() - {"deadLetterTargetArn"}:
        raise InvalidParameter(reason=f"{context}{name}: invalid JSON. Attribute {unknown} is unknown.")
    target = arns.parse(str(document.get("deadLetterTargetArn", "")))
    if target is None or target.service != "sqs":
        raise InvalidParameter(reason=f"{context}{name}: deadLetterTargetArn is an invalid arn")
    if topic.fifo and endpoint.endswith(".fifo") and not target.resource.endswith(".fifo"):
        raise InvalidParameter(reason=f"{context}{name}: {DEAD_FIFO}")


@lru_cache(maxsize=4_096)
def _matches(text: str, scope: str) -> Callable[[Any], bool]:
    return patterns.compile(text, SCOPES[scope])


def wants(subscription: Subscription, message: str, attributes: Mapping[str, Any]) -> bool:
    """Whether the filter policy lets a message through; with none everything is wanted."""
    text = subscription.attributes.get("FilterPolicy")
    if not text:
        return True
    within = scope(subscription)
    return _matches(text, within)(attributes if within == "MessageAttributes" else message)


def scope(subscription: Subscription) -> str:
    """What the filter policy looks at: the message's attributes or its body."""
    return subscription.attributes.get("FilterPolicyScope") or "MessageAttributes"


def find(tx: Tx, arn: str) -> tuple[Tx, Subscription]:
    """The subscription of an ARN, and the transaction as seen from where its topic is."""
    place = topics.place_of(arn, "SubscriptionArn")
    topic, _, id = place.resource.partition(":")
    if not id:
        raise InvalidParameter(reason="SubscriptionId")
    seat = tx.within(place.account, place.region)
    subscription = seat.get(Subscription, topic, id)
    if subscription is None:
        raise SubscriptionNotFound()
    return seat, subscription


def confirm(tx: Tx, topic: str, token: str, guarded: bool) -> Subscription:
    """Agree to a subscription; agreeing again does no harm."""
    if not TOKEN.fullmatch(token):
        raise InvalidToken()
    found = [one for one in tx.range(Subscription, token, index="token", limit=1) if one.topic == topic]
    if not found or (found[0].pending and found[0].made_at < tx.now - AGREE_WITHIN_S):
        raise InvalidParameter(reason="Token")
    subscription = found[0]
    subscription.pending = CONFIRMED
    subscription.guarded = subscription.guarded or guarded
    tx.put(subscription)
    return subscription


def change(topic: Topic, subscription: Subscription, name: str, text: str) -> None:
    check(topic, subscription.endpoint, name, text, subscription.attributes)
    subscription.attributes[name] = text


def arn(tx: Tx, subscription: Subscription) -> str:
    return f"{topics.arn(tx, subscription.topic)}:{subscription.id}"


def counts(tx: Tx, topic: Topic) -> dict[str, str]:
    known = {
        "SubscriptionsConfirmed": tx.count(Subscription, topic.name, CONFIRMED, index="topic pending filed"),
        "SubscriptionsPending": tx.count(Subscription, topic.name, PENDING, index="topic pending filed"),
        "SubscriptionsDeleted": topic.deleted,
    }
    return {name: str(count) for name, count in known.items()}


def shown(tx: Tx, topic: Topic, subscription: Subscription) -> dict[str, str]:
    """The attributes as GetSubscriptionAttributes tells them."""
    known = {
        "ConfirmationWasAuthenticated": str(subscription.agreed or subscription.guarded).lower(),
        "Endpoint": masked(subscription.endpoint),
        "Owner": tx.account,
        "PendingConfirmation": str(bool(subscription.pending)).lower(),
        "Protocol": subscription.protocol,
        "RawMessageDelivery": "false",
        "SubscriptionArn": arn(tx, subscription),
        "SubscriptionPrincipal": subscription.principal,
        "TopicArn": topics.arn(tx, subscription.topic),
    }
    known |= {name: text for name, text in subscription.attributes.items() if text}
    known["RawMessageDelivery"] = known["RawMessageDelivery"].lower()
    if "FilterPolicy" in known:
        known.setdefault("FilterPolicyScope", "MessageAttributes")
    else:
        known.pop("FilterPolicyScope", None)
    if subscription.replay:
        known["ReplayStatus"] = subscription.replay
    if subscription.protocol in ("http", "https"):
        known["EffectiveDeliveryPolicy"] = msgspec.json.encode(delivery_policy(topic, subscription)).decode()
    return known


def delivery_policy(topic: Topic, subscription: Subscription) -> dict[str, Any]:
    """How this HTTP endpoint is asked again: its own wishes, else the topic's."""
    above = topics.delivery_policy(topic)
    text = subscription.attributes.get("DeliveryPolicy")
    own = msgspec.json.decode(text) if text and not above["disableSubscriptionOverrides"] else {}
    retries = own.get("healthyRetryPolicy")
    return {
        "healthyRetryPolicy": RETRY_POLICY | retries if retries else above["defaultHealthyRetryPolicy"],
        "sicklyRetryPolicy": None,
        "throttlePolicy": own.get("throttlePolicy") or above.get("defaultThrottlePolicy"),
        "requestPolicy": own.get("requestPolicy") or above["defaultRequestPolicy"],
        "guaranteed": False,
    }


def slot(tx: Tx, subscription: Subscription, policy: Mapping[str, Any]) -> float:
    """The moment at which the endpoint may be told next, which is taken by asking."""
    rate = (policy["throttlePolicy"] or {}).get("maxReceivesPerSecond")
    if not rate:
        return tx.now
    at = max(tx.now, subscription.next_at)
    subscription.next_at = at + 1 / rate
    tx.put(subscription)
    return at


def dead_letter_arn(subscription: Subscription) -> str:
    """The queue that gets what could not be delivered, or nothing."""
    text = subscription.attributes.get("RedrivePolicy")
    return msgspec.json.decode(text)["deadLetterTargetArn"] if text else ""
