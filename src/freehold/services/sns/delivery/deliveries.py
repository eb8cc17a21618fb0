"""Deliveries: a notice goes to everyone who wants it.

One idea: for each subscription one promise, written in the transaction that took the notice; a protocol is a row that
says to whom. It may not know how promises are kept.

https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
"""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from freehold.engines import pacing
from freehold.kernel import arns, identity
from freehold.kernel.deliveries import promise
from freehold.kernel.identity import Principal
from freehold.kernel.store import Tx
from freehold.services.sns import subscriptions, topics
from freehold.services.sns.delivery import envelopes, filing, letters, reports, signing
from freehold.services.sns.delivery.envelopes import Seal
from freehold.services.sns.notices import Notice
from freehold.services.sns.protection.outbound import Guard
from freehold.services.sns.protection.reading import Reading
from freehold.services.sns.subscriptions import HEARING, ROLE_ARN, Subscription
from freehold.services.sns.topics import Topic

WIDTH = 100


class Parcel(NamedTuple):
    """A promise to be made: which operation, with what, seen from where."""

    to: str
    operation: str
    request: dict[str, Any]
    region: str = ""
    attempts: int = 1_000
    due_at: float | None = None


class Round(NamedTuple):
    """One notice on its way to all subscriptions of a topic. `base_url` stands before links, and a topic with a data
    protection policy has a `guard`."""

    tx: Tx
    topic: Topic
    notice: Notice
    base_url: str
    seal: Callable[[], Seal | None]
    guard: Guard | None

    def link(self, subscription: Subscription) -> str:
        """Where the subscription is ended."""
        return f"{self.base_url}/?Action=Unsubscribe&SubscriptionArn={subscriptions.arn(self.tx, subscription)}"

    def envelope(self, subscription: Subscription, sealed: bool = True) -> envelopes.Envelope:
        topic_arn, seal = topics.arn(self.tx, self.topic.name), self.seal() if sealed else None
        return envelopes.notification(self.notice, subscription.protocol, topic_arn, self.link(subscription), seal)

    def body(self, subscription: Subscription) -> str:
        """The message itself where it is delivered raw, else its envelope."""
        if subscription.raw:
            return self.notice.text(subscription.protocol)
        return envelopes.text(self.envelope(subscription))


def seal_of(tx: Tx, topic: Topic, base_url: str) -> Seal:
    """The topic's seal. A text is signed once, however many subscriptions get it."""
    key, version = signing.key_of(tx), topic.attributes.get("SignatureVersion") or "1"
    known: dict[str, str] = {}

    def sign(text: str) -> str:
        if text not in known:
            known[text] = signing.sign(key, text, version)
        return known[text]

    return Seal(version, f"{base_url}/SimpleNotificationService-{key.id}.pem", sign)


def deliver(tx: Tx, topic: Topic, notice: Notice, base_url: str, reading: Reading | None = None) -> None:
    """Promise the notice to every confirmed subscription whose filter lets it through. `reading` is what is known of
    its texts already."""
    guard = Guard(topic, reading) if reading else None
    out = _round(tx, topic, notice, base_url)._replace(guard=guard)
    for subscription in filing.hearing(tx, topic, notice):
        if subscription.replay in HEARING:
            _send(out, subscription)


def send(tx: Tx, topic: Topic, subscription: Subscription, notice: Notice, base_url: str) -> None:
    """Promise a notice to one subscription, if its filter lets it through."""
    _send(_round(tx, topic, notice, base_url), subscription)


def _round(tx: Tx, topic: Topic, notice: Notice, base_url: str) -> Round:
    """The seal is made when the first envelope needs it."""
    seal = cache(lambda: None if topic.fifo else seal_of(tx, topic, base_url))
    return Round(tx, topic, notice, base_url, seal, None)


def _send(out: Round, subscription: Subscription) -> None:
    if not _wanted(out.notice, subscription):
        return
    told = out.guard.let_out(out.notice, subscription, _kind(out.notice, subscription)) if out.guard else out.notice
    if told is None:
        reports.prohibit(out.tx, out.topic, subscription, out.notice)
        return
    if told is not out.notice:
        if not _wanted(told, subscription):
            return
        out = out._replace(notice=told)
    _promise(out, subscription, PARCELS[subscription.protocol](out, subscription))


def _wanted(notice: Notice, subscription: Subscription) -> bool:
    return subscriptions.wants(subscription, notice.texts["default"], notice.attributes)


def _kind(notice: Notice, subscription: Subscription) -> str:
    """Which of a notice's texts a subscription is told: its protocol's, or its device's platform's if there is one."""
    platform = subscription.endpoint.split("/")[1] if subscription.protocol == "application" else ""
    return platform if notice.texts.get(platform) else subscription.protocol


def _promise(out: Round, subscription: Subscription, parcel: Parcel) -> None:
    """Messages of a FIFO topic go to each endpoint one after the other."""
    tx, dead = out.tx, _dead_letter(out, subscription)
    report = reports.wanted(tx, out.topic, subscription, out.notice)
    about = (dead or {}) | ({"report": report, "seat": [tx.account, tx.region]} if report else {})
    seat = tx.within(tx.account, parcel.region or tx.region).acting(service(tx, topics.arn(tx, out.topic.name)))
    promise(
        seat, parcel.to, parcel.operation, parcel.request, attempts=parcel.attempts,
        lane=lane(tx, subscription), width=1 if out.topic.fifo else WIDTH, due_at=parcel.due_at,
        then=("sns", "settle") if about else None, about=about,
    )  # fmt: skip


def lane(tx: Tx, subscription: Subscription) -> str:
    """Where what goes to one endpoint waits for each other, whatever others send there."""
    return f"sns:{tx.account}:{subscription.endpoint}"


def service(tx: Tx, source_arn: str) -> Principal:
    """SNS itself, acting for a topic: queues and functions ask for its ARN."""
    return Principal(identity.SERVICE, tx.account, "sns.amazonaws.com", "", source_arn)


def _dead_letter(out: Round, subscription: Subscription) -> dict[str, Any] | None:
    """What is sent where if the message cannot be delivered; None without a redrive policy."""
    target = subscriptions.dead_letter_arn(subscription)
    if not target:
        return None
    parcel = _to_queue(out, subscription, target)
    return {"operation": parcel.operation, "request": parcel.request, "region": parcel.region}


def _queue(out: Round, subscription: Subscription) -> Parcel:
    return _to_queue(out, subscription, subscription.endpoint)


def _to_queue(out: Round, subscription: Subscription, queue_arn: str) -> Parcel:
    queue, notice = arns.parse(queue_arn), out.notice
    assert queue  # checked when it was subscribed
    request: dict[str, Any] = {
        "QueueUrl": f"{out.base_url}/{queue.account}/{queue.resource}",
        "MessageBody": out.body(subscription),
    }
    if subscription.raw and notice.attributes:
        request["MessageAttributes"] = dict(notice.attributes)
    if queue.resource.endswith(".fifo"):
        request |= {"MessageGroupId": notice.group_id, "MessageDeduplicationId": notice.dedup_id}
    elif notice.group_id and not out.topic.fifo:
        request["MessageGroupId"] = notice.group_id
    return Parcel("sqs", "SendMessage", request, queue.region)


def _function(out: Round, subscription: Subscription) -> Parcel:
    event = envelopes.event(out.envelope(subscription), subscriptions.arn(out.tx, subscription))
    place = arns.parse(subscription.endpoint)
    assert place
    return Parcel("lambda", "accept_event", {"FunctionName": subscription.endpoint, "Payload": event}, place.region)


def _mail(out: Round, subscription: Subscription) -> Parcel:
    message = out.notice.text(subscription.protocol)
    body = letters.NOTICE.format(message=message, url=out.link(subscription))
    return letter(subscription.endpoint, out.notice.subject or letters.SUBJECT, body)


def _json_mail(out: Round, subscription: Subscription) -> Parcel:
    return letter(subscription.endpoint, out.notice.subject or letters.SUBJECT, out.body(subscription))


def letter(to: str, subject: str, body: str) -> Parcel:
    request = {"medium": "email", "to": to, "sender": letters.NO_REPLY, "subject": subject, "body": body}
    return Parcel("house", "deliver", request)


def _text_message(out: Round, subscription: Subscription) -> Parcel:
    return sms(subscription.endpoint, out.notice.text("sms"), out.topic.attributes.get("DisplayName", ""))


def sms(to: str, text: str, sender: str) -> Parcel:
    return Parcel("house", "deliver", {"medium": "sms", "to": to, "sender": sender, "body": text})


def _post(out: Round, subscription: Subscription) -> Parcel:
    headers = {"x-amz-sns-subscription-arn": subscriptions.arn(out.tx, subscription)}
    if subscription.raw:
        headers["x-amz-sns-rawdelivery"] = "true"
    topic_arn = topics.arn(out.tx, out.topic.name)
    body = out.body(subscription)
    policy = subscriptions.delivery_policy(out.topic, subscription)
    parcel = post(subscription.endpoint, "Notification", out.notice.id, topic_arn, body, policy, headers)
    return parcel._replace(due_at=subscriptions.slot(out.tx, subscription, policy))


def post(
    url: str, kind: str, id: str, topic_arn: str, body: str, policy: dict[str, Any], more: dict[str, str] | None = None
) -> Parcel:
    """An HTTP request to an endpoint, asked again as often as the delivery policy says."""
    headers = {
        "content-type": policy["requestPolicy"].get("headerContentType") or topics.CONTENT_TYPE,
        "user-agent": "Amazon Simple Notification Service Agent",
        "x-amz-sns-message-id": id,
        "x-amz-sns-message-type": kind,
        "x-amz-sns-topic-arn": topic_arn,
        **(more or {}),
    }
    pauses = pacing.pauses(policy["healthyRetryPolicy"])
    request = {"url": url, "headers": headers, "body": body, "pauses": pauses}
    return Parcel("sns", "post", request, attempts=1 + len(pauses))


def _push(out: Round, subscription: Subscription) -> Parcel:
    """A message for a device; where texts differ by protocol, the one for its platform."""
    text = out.notice.text(_kind(out.notice, subscription))
    return Parcel("sns", "push", {"endpoint": subscription.endpoint, "body": text, "subject": out.notice.subject})


def _pour(out: Round, subscription: Subscription) -> Parcel:
    """A record for a delivery stream, put by the subscription's role; a line, unsigned, if it is not raw."""
    place = arns.parse(subscription.endpoint)
    assert place  # checked when it was subscribed
    body = (
        out.body(subscription) if subscription.raw else envelopes.text(out.envelope(subscription, sealed=False)) + "\n"
    )
    record: dict[str, Any] = {
        "stream": place.resource.removeprefix("deliverystream/"), "account": place.account,
        "role": subscription.attributes[ROLE_ARN], "data": body.encode(),
    }  # fmt: skip
    return Parcel("sns", "pour", record, place.region)


PARCELS: dict[str, Callable[[Round, Subscription], Parcel]] = {
    "sqs": _queue,
    "lambda": _function,
    "email": _mail,
    "email-json": _json_mail,
    "sms": _text_message,
    "http": _post,
    "https": _post,
    "application": _push,
    "firehose": _pour,
}


def ask_to_confirm(tx: Tx, topic: Topic, subscription: Subscription, base_url: str) -> None:
    """Send the owner of the endpoint the link that confirms the subscription."""
    topic_arn = topics.arn(tx, topic.name)
    url = f"{base_url}/?Action=ConfirmSubscription&TopicArn={topic_arn}&Token={subscription.token}"
    if subscription.protocol == "email":
        body = letters.CONFIRM.format(topic=topic_arn, url=url)
        parcel = letter(subscription.endpoint, letters.CONFIRM_SUBJECT, body)
    else:
        id, seal = tx.ids.uuid(), seal_of(tx, topic, base_url)
        body = envelopes.text(envelopes.confirmation(id, tx.now, topic_arn, subscription.token, url, seal))
        if subscription.protocol == "email-json":
            parcel = letter(subscription.endpoint, letters.CONFIRM_SUBJECT, body)
        else:
            policy = subscriptions.delivery_policy(topic, subscription)
            parcel = post(subscription.endpoint, "SubscriptionConfirmation", id, topic_arn, body, policy)
    promise(tx, parcel.to, parcel.operation, parcel.request, attempts=parcel.attempts, lane=lane(tx, subscription))
