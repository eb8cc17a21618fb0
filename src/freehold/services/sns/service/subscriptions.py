"""Operations on subscriptions.

One idea: who may agree for an endpoint agrees by subscribing; everybody else is sent a link. It may not know how.

https://docs.aws.amazon.com/sns/latest/api/API_Operations.html
"""

from freehold.engines.hosts import shared
from freehold.kernel.call import Call
from freehold.kernel.identity import ANONYMOUS
from freehold.kernel.service import OPEN, Request, Response
from freehold.kernel.store import Tx
from freehold.outbound import masked
from freehold.services.sns import subscriptions, topics
from freehold.services.sns.archive import replays
from freehold.services.sns.catalogue import (
    PAGE,
    every_topic,
    opened,
    read_token,
    sns,
    subscription_topic_arn,
    token,
    topic_arn,
)
from freehold.services.sns.delivery import deliveries, filing
from freehold.services.sns.errors import AuthorizationError, InvalidParameter, SubscriptionNotFound
from freehold.services.sns.subscriptions import ROLE_ARN, Subscription

PENDING_ARN, PENDING_LISTED = "pending confirmation", "PendingConfirmation"


def _passed(role: str | None) -> list[tuple[str, str]]:
    return [("iam:PassRole", role)] if role else []


def _subscribe_needs(call: Call, request: Request) -> list[tuple[str, str]]:
    return [("sns:Subscribe", request["TopicArn"]), *_passed((request.get("Attributes") or {}).get(ROLE_ARN))]


@sns.operation(needs=_subscribe_needs)
def subscribe(call: Call, tx: Tx, request: Request) -> Response:
    seat, topic = opened(tx, request["TopicArn"], "Subscribe")
    given = request.get("Attributes") or {}
    subscription, new = subscriptions.subscribe(seat, topic, request["Protocol"], request.get("Endpoint", ""), given)
    if new:
        filing.file(seat, topic, subscription)
    policy = given.get("ReplayPolicy")
    if policy and new:
        replays.start(seat, topic, subscription, policy)
    if subscription.pending:
        deliveries.ask_to_confirm(seat, topic, subscription, shared(call.base_url, call.door.base_url))
    if subscription.pending and not request.get("ReturnSubscriptionArn"):
        return {"SubscriptionArn": PENDING_ARN}
    return {"SubscriptionArn": subscriptions.arn(seat, subscription)}


@sns.operation(needs=OPEN)
def confirm_subscription(call: Call, tx: Tx, request: Request) -> Response:
    """Agree by the token that only the endpoint's owner was sent; so anybody who has it may, unsigned."""
    place = topics.place_of(request["TopicArn"], "TopicArn")
    seat = tx.within(place.account, place.region)
    if seat.get(topics.Topic, place.resource) is None:
        raise InvalidParameter(reason="Topic")
    guarded = request.get("AuthenticateOnUnsubscribe") == "true" and call.principal.kind != ANONYMOUS
    subscription = subscriptions.confirm(seat, place.resource, request["Token"], guarded)
    return {"SubscriptionArn": subscriptions.arn(seat, subscription)}


def _unsubscribe_needs(call: Call, request: Request) -> list[tuple[str, str]]:
    """Nothing of one who opens the link in a mail; such a one is checked in the operation."""
    if call.principal.kind == ANONYMOUS:
        return []
    return [("sns:Unsubscribe", subscription_topic_arn(call, request))]


@sns.operation(needs=_unsubscribe_needs)
def unsubscribe(call: Call, tx: Tx, request: Request) -> None:
    """End a subscription; one that is gone already counts as ended."""
    arn = request["SubscriptionArn"]
    if not arn:
        raise InvalidParameter(reason="SubscriptionArn Reason: no value for required parameter")
    try:
        seat, subscription = subscriptions.find(tx, arn)
    except SubscriptionNotFound:
        return
    stranger = call.principal.kind == ANONYMOUS
    if (stranger and subscription.guarded) or (not stranger and call.principal.account != seat.account):
        denied = "because the subscription belongs to another"
        raise AuthorizationError(principal=call.principal.arn, action="SNS:Unsubscribe", resource=arn, reason=denied)
    filing.remove(seat, topics.find(seat, subscription.topic), subscription)


@sns.operation(needs={"sns:GetSubscriptionAttributes": subscription_topic_arn})
def get_subscription_attributes(call: Call, tx: Tx, request: Request) -> Response:
    seat, subscription = _own(tx, request)
    return {"Attributes": subscriptions.shown(seat, topics.find(seat, subscription.topic), subscription)}


def _set_needs(call: Call, request: Request) -> list[tuple[str, str]]:
    role = request.get("AttributeValue") if request["AttributeName"] == ROLE_ARN else None
    return [("sns:SetSubscriptionAttributes", subscription_topic_arn(call, request)), *_passed(role)]


@sns.operation(needs=_set_needs)
def set_subscription_attributes(call: Call, tx: Tx, request: Request) -> None:
    seat, subscription = _own(tx, request)
    topic = topics.find(seat, subscription.topic)
    name, text = request["AttributeName"], request.get("AttributeValue", "")
    subscriptions.change(topic, subscription, name, text)
    filing.file(seat, topic, subscription)
    if name == "ReplayPolicy":
        replays.start(seat, topic, subscription, text)


def _own(tx: Tx, request: Request) -> tuple[Tx, Subscription]:
    """The request's subscription, of this account and region; of others nothing is told."""
    seat, subscription = subscriptions.find(tx, request["SubscriptionArn"])
    if (seat.account, seat.region) != (tx.account, tx.region):
        raise SubscriptionNotFound()
    return seat, subscription


@sns.operation(needs={"sns:ListSubscriptions": every_topic})
def list_subscriptions(call: Call, tx: Tx, request: Request) -> Response:
    found = tx.range(Subscription, after=read_token(request, 2), limit=PAGE + 1)
    return _page(tx, found, "topic", "id")


@sns.operation(needs={"sns:ListSubscriptionsByTopic": topic_arn})
def list_subscriptions_by_topic(call: Call, tx: Tx, request: Request) -> Response:
    seat, topic = opened(tx, request["TopicArn"], "ListSubscriptionsByTopic")
    found = seat.range(Subscription, topic.name, after=read_token(request, 1), limit=PAGE + 1)
    return _page(seat, found, "id")


def _page(tx: Tx, found: list[Subscription], *key: str) -> Response:
    told = [_told(tx, subscription) for subscription in found[:PAGE]]
    more = token(*(getattr(found[PAGE - 1], name) for name in key)) if len(found) > PAGE else {}
    return {"Subscriptions": told} | more


def _told(tx: Tx, subscription: Subscription) -> Response:
    return {
        "SubscriptionArn": PENDING_LISTED if subscription.pending else subscriptions.arn(tx, subscription),
        "Owner": tx.account,
        "Protocol": subscription.protocol,
        "Endpoint": masked(subscription.endpoint),
        "TopicArn": topics.arn(tx, subscription.topic),
    }
