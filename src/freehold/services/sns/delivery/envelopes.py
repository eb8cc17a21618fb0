"""Envelopes: what a notice looks like to each protocol.

One idea: an envelope is a JSON object whose fields, in one order, are what is signed. It may not know how it travels.

https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
"""

from base64 import b64encode
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from freehold.engines import moments
from freehold.services.sns.fifo import shown_number
from freehold.services.sns.notices import Attributes, Notice

Envelope = dict[str, Any]
SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}
CHOSEN = (
    "You have chosen to subscribe to the topic {topic}.\n"
    "To confirm the subscription, visit the SubscribeURL included in this message."
)
LAMBDA_NAMES = {"SigningCertURL": "SigningCertUrl", "UnsubscribeURL": "UnsubscribeUrl"}
LAMBDA_VERSION = {"SignatureVersion": "1"}  # what functions are told, whichever it is


class Seal(NamedTuple):
    """How envelopes are signed: `sign` gives a text's signature."""

    version: str
    certificate_url: str
    sign: Callable[[str], str]


def notification(notice: Notice, protocol: str, topic_arn: str, unsubscribe_url: str, seal: Seal | None) -> Envelope:
    """The JSON of a notification; unsealed for FIFO topics, as AWS leaves them."""
    envelope: Envelope = {"Type": "Notification", "MessageId": notice.id}
    if notice.number:
        envelope["SequenceNumber"] = shown_number(notice.number)
    envelope["TopicArn"] = topic_arn
    if notice.subject:
        envelope["Subject"] = notice.subject
    if notice.replayed:
        envelope["Replayed"] = "true"
    envelope |= {"Message": notice.text(protocol), "Timestamp": moments.iso_ms(notice.at)}
    envelope = _sealed(envelope, seal) | {"UnsubscribeURL": unsubscribe_url}
    if notice.attributes:
        envelope["MessageAttributes"] = attributes(notice.attributes)
    return envelope


def confirmation(id: str, at: float, topic_arn: str, token: str, url: str, seal: Seal) -> Envelope:
    """The JSON that asks an endpoint to confirm."""
    envelope = {
        "Type": "SubscriptionConfirmation",
        "MessageId": id,
        "Token": token,
        "TopicArn": topic_arn,
        "Message": CHOSEN.format(topic=topic_arn),
        "SubscribeURL": url,
        "Timestamp": moments.iso_ms(at),
    }
    return _sealed(envelope, seal)


def _sealed(envelope: Envelope, seal: Seal | None) -> Envelope:
    if seal is None:
        return envelope
    signature = seal.sign(signed_text(envelope))
    return envelope | {
        "SignatureVersion": seal.version,
        "Signature": signature,
        "SigningCertURL": seal.certificate_url,
    }


def signed_text(envelope: Envelope) -> str:
    """What is signed of an envelope: names and values, a line each."""
    return "".join(f"{name}\n{envelope[name]}\n" for name in SIGNED[envelope["Type"]] if name in envelope)


def attributes(given: Attributes) -> dict[str, Any]:
    """Message attributes as envelopes have them; binary values in base64."""
    return {name: {"Type": value["DataType"], "Value": _value(value)} for name, value in given.items()}


def _value(value: dict[str, Any]) -> str:
    raw = value.get("BinaryValue")
    return value.get("StringValue", "") if raw is None else b64encode(raw).decode()


def event(envelope: Envelope, subscription_arn: str) -> bytes:
    """The event that a function gets."""
    told = {LAMBDA_NAMES.get(name, name): value for name, value in envelope.items()}
    told = {"Subject": None, "MessageAttributes": {}} | told | (LAMBDA_VERSION if "Signature" in told else {})
    record = {
        "EventSource": "aws:sns",
        "EventVersion": "1.0",
        "EventSubscriptionArn": subscription_arn,
        "Sns": told,
    }
    return msgspec.json.encode({"Records": [record]})


def text(envelope: Envelope) -> str:
    return msgspec.json.encode(envelope).decode()
