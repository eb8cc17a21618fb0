"""What a message is made of, before it is sent: checked, measured, and digested as SQS does.

One idea: a draft is checked by its sender's words alone. It may not know queues; limits that a queue sets are checked
where the queue is known.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
"""

import re
from collections.abc import Mapping
from hashlib import md5
from typing import Any, NamedTuple

from freehold.services.sqs.errors import (
    InvalidAttributeContents,
    InvalidMessageContents,
    InvalidParameterValue,
    MissingParameter,
    ParameterRefused,
)

Value = dict[str, Any]  # {"DataType": text, "StringValue": text or "BinaryValue": bytes}

FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
CONTROLS = bytes([*range(9), 11, 12, *range(14, 32)])  # those of them that are ASCII
NAME = re.compile(r"(?!(?i:aws|amazon)\.)(?!\.)(?!.*\.\.)[\w.-]{1,256}(?<!\.)")
DATA_TYPE = re.compile(r"(String|Number|Binary)(\..+)?")
LABEL = re.compile(r"[!-~]{1,128}")
ATTRIBUTES_MAX = 10
TYPE_LENGTH_MAX = 256
STRING, BINARY = b"\x01", b"\x02"
TRACE = "AWSTraceHeader"

LABEL_WORDS = "{parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length."
MANY_WORDS = "Number of message attributes [{count}] exceeds the allowed maximum [10]."
NAME_WORDS = (
    "The message attribute name '{name}' is invalid. Attribute name can contain A-Z, a-z, 0-9, underscore (_), "
    "hyphen (-), and period (.) characters."
)
TYPE_WORDS = (
    "The message attribute '{name}' has an invalid message attribute type, "
    "the set of supported type prefixes is Binary, Number, and String."
)
EMPTY_WORDS = "Message (user) attribute '{name}' must contain a non-empty value of type '{type}'."
NUMBER_WORDS = "Can't cast the value of message (user) attribute '{name}' to a number."
LIST_WORDS = "Message attribute list values in SendMessage operation are not supported."
SYSTEM_WORDS = "Message system attribute name '{name}' is invalid."
DELAY_WORDS = "DelaySeconds must be >= 0 and <= 900."


class Draft(NamedTuple):
    """A message to send. `delay_s` is None where the queue's delay holds; `size` in bytes, attributes included.

    `seal` and the `md5` of the plain body are set where the body is sealed."""

    body: str
    size: int
    delay_s: int | None = None
    attributes: dict[str, Value] = {}
    trace: str = ""
    group_id: str = ""
    dedup_id: str = ""
    system_md5: str = ""
    md5: str = ""
    seal: tuple[str, bytes] | None = None


def draft(wanted: Mapping[str, Any], trace: str = "") -> Draft:
    """The draft that a SendMessage request or a batch entry describes. Raises for what no queue would take.

    A request's own `trace` (its X-Amzn-Trace-Id) goes on with the message unless that brings another.
    """
    body = wanted["MessageBody"]
    if not body:
        raise MissingParameter(parameter="MessageBody")
    check_text(body)
    attributes = wanted.get("MessageAttributes") or {}
    system = wanted.get("MessageSystemAttributes") or {}
    for name in system:
        if name != TRACE:
            raise ParameterRefused(message=SYSTEM_WORDS.format(name=name))
    return Draft(
        body, len(body.encode()) + check_attributes(attributes), _delay(wanted.get("DelaySeconds")),
        attributes, system[TRACE]["StringValue"] if system else trace,
        label(wanted, "MessageGroupId"), label(wanted, "MessageDeduplicationId"), digest(system),
    )  # fmt: skip


def check_text(text: str) -> None:
    if not allowed(text):
        raise InvalidMessageContents()


def allowed(text: str) -> bool:
    """Whether every character may be in a message. Of plain ASCII that is known without looking at each."""
    if text.isascii():
        raw = text.encode()
        return len(raw.translate(None, CONTROLS)) == len(raw)
    return not FORBIDDEN.search(text)


def _delay(seconds: int | None) -> int | None:
    if seconds is not None and not 0 <= seconds <= 900:
        raise InvalidParameterValue(value=seconds, parameter="DelaySeconds", reason=DELAY_WORDS)
    return seconds


def label(wanted: Mapping[str, Any], parameter: str) -> str:
    """A parameter that is a name in letters, digits and punctuation; empty if it was not given."""
    text = wanted.get(parameter)
    if text is not None and not LABEL.fullmatch(text):
        reason = LABEL_WORDS.format(parameter=parameter)
        raise InvalidParameterValue(value=text, parameter=parameter, reason=reason)
    return text or ""


def check_attributes(attributes: Mapping[str, Value]) -> int:
    """The bytes that message attributes take; raises for those that may not be."""
    if len(attributes) > ATTRIBUTES_MAX:
        raise ParameterRefused(message=MANY_WORDS.format(count=len(attributes)))
    return sum(_check_attribute(name, value) for name, value in attributes.items())


def _check_attribute(name: str, value: Value) -> int:
    kind = str(value.get("DataType", ""))
    found = DATA_TYPE.fullmatch(kind)
    if not NAME.fullmatch(name):
        raise ParameterRefused(message=NAME_WORDS.format(name=name))
    if not found or len(kind) > TYPE_LENGTH_MAX:
        raise ParameterRefused(message=TYPE_WORDS.format(name=name))
    if "StringListValues" in value or "BinaryListValues" in value:
        raise ParameterRefused(message=LIST_WORDS)
    content = value.get("BinaryValue" if found[1] == "Binary" else "StringValue")
    if not content:
        raise ParameterRefused(message=EMPTY_WORDS.format(name=name, type=found[1]))
    if isinstance(content, str):
        if not allowed(content):
            raise InvalidAttributeContents()
        if found[1] == "Number":
            _check_number(name, content)
        content = content.encode()
    return len(name.encode()) + len(kind) + len(content)


def _check_number(name: str, text: str) -> None:
    try:
        float(text)
    except ValueError:
        raise ParameterRefused(message=NUMBER_WORDS.format(name=name)) from None


def digest(attributes: Mapping[str, Value]) -> str:
    """The MD5 (hex) of message attributes as SQS takes it; empty for none."""
    if not attributes:
        return ""
    running = md5(usedforsecurity=False)
    for name in sorted(attributes):
        value = attributes[name]
        kind = str(value["DataType"])
        content = value.get("BinaryValue" if kind.startswith("Binary") else "StringValue", "")
        mark, raw = (STRING, content.encode()) if isinstance(content, str) else (BINARY, content)
        for part in (name.encode(), kind.encode()):
            running.update(len(part).to_bytes(4, "big") + part)
        running.update(mark + len(raw).to_bytes(4, "big") + raw)
    return running.hexdigest()


def body_digest(body: str) -> str:
    """The MD5 (hex) of a message's body."""
    return md5(body.encode(), usedforsecurity=False).hexdigest()
