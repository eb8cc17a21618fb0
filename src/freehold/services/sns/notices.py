"""Notices: what is published, checked before anybody hears of it.

One idea: a notice is a value; what each protocol makes of it stands in `envelopes`. It may not know subscriptions.

https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from freehold.engines import jsontext
from freehold.services.sns.errors import InvalidAttribute, InvalidParameter

Attributes = Mapping[str, dict[str, Any]]

SIZE_MAX = 262_144
SUBJECT = re.compile(r"[!-~][ -~]{0,99}")
ATTRIBUTE_NAME = re.compile(r"[A-Za-z0-9_.-]")
DATA_TYPE = re.compile(r"(String|Number|Binary)(\..+)?")

EMPTY = (
    "The message attribute '{name}' must contain non-empty message attribute value for message attribute type '{type}'."
)
WRONG_FIELD = "The message attribute '{name}' with type '{type}' must use field '{field}'."
WRONG_TYPE = (
    "The message attribute '{name}' has an invalid message attribute type, "
    "the set of supported type prefixes is Binary, Number, and String."
)
LONG_NAME = "Length of message attribute name must be less than 256 bytes."
BAD_LETTER = (
    "Invalid non-alphanumeric character '#x{code:X}' was found in the message attribute name. "
    "Can only include alphanumeric characters, hyphens, underscores, or dots."
)
DOT_FIRST = "Invalid message attribute name starting with character '.' was found."
DOT_LAST = "Invalid message attribute name ending with character '.' was found."
DOTS = "Message attribute name can not have successive '.' character."


class Notice(NamedTuple):
    """A message to a topic. `texts` holds what it says by protocol, `default` for all others; `number` its place in a
    FIFO topic (0 in others); `at` in epoch seconds; `replayed` if it comes from an archive."""

    id: str
    at: float
    texts: Mapping[str, str]
    subject: str = ""
    attributes: Attributes = {}
    group_id: str = ""
    dedup_id: str = ""
    number: int = 0
    replayed: bool = False

    def text(self, protocol: str) -> str:
        return self.texts.get(protocol, self.texts["default"])


def notice(wanted: Mapping[str, Any], id: str, at: float) -> Notice:
    """The notice that a Publish request or a batch entry describes; InvalidParameter for what no topic would take."""
    message, subject = wanted["Message"], wanted.get("Subject")
    attributes = wanted.get("MessageAttributes") or {}
    if not message:
        raise InvalidParameter(reason="Empty message")
    if subject is not None and not SUBJECT.fullmatch(subject):
        raise InvalidParameter(reason="Subject")
    check_attributes(attributes)
    if size(wanted) > SIZE_MAX:
        raise InvalidParameter(reason="Message too long")
    structure = wanted.get("MessageStructure")
    if structure not in (None, "", "json"):
        raise InvalidParameter(reason="MessageStructure")
    return Notice(
        id, at, _by_protocol(message) if structure else {"default": message}, subject or "", attributes,
        wanted.get("MessageGroupId", ""), wanted.get("MessageDeduplicationId", ""),
    )  # fmt: skip


def _by_protocol(message: str) -> dict[str, str]:
    try:
        texts = jsontext.read(message, dict[str, Any])
    except msgspec.DecodeError:
        raise InvalidParameter(reason="Message Structure - JSON message body failed to parse") from None
    texts = {protocol: text for protocol, text in texts.items() if isinstance(text, str)}
    if "default" not in texts:
        raise InvalidParameter(reason="Message Structure - No default entry in JSON message body")
    return texts


def size(wanted: Mapping[str, Any]) -> int:
    """The bytes that a message and its attributes take."""
    attributes = wanted.get("MessageAttributes") or {}
    parts = [wanted["Message"], *attributes, *(part for value in attributes.values() for part in value.values())]
    return sum(len(part.encode() if isinstance(part, str) else part) for part in parts)


def check_attributes(attributes: Attributes) -> None:
    for name, value in attributes.items():
        _check_name(name)
        kind = value.get("DataType", "")
        found = DATA_TYPE.fullmatch(kind)
        if not found:
            raise InvalidAttribute(message=WRONG_TYPE.format(name=name))
        field = "Binary" if found[1] == "Binary" else "String"
        if f"{field}Value" in value and not value[f"{field}Value"]:
            raise InvalidAttribute(message=EMPTY.format(name=name, type=kind))
        if not value.get(f"{field}Value"):
            given = any(part in value for part in ("StringValue", "BinaryValue"))
            words = WRONG_FIELD if given else EMPTY
            raise InvalidAttribute(message=words.format(name=name, type=kind, field=field))


def _check_name(name: str) -> None:
    wrong = next((letter for letter in name if not ATTRIBUTE_NAME.match(letter)), "")
    faults = (
        (len(name.encode()) > 256, LONG_NAME),
        (bool(wrong), BAD_LETTER.format(code=ord(wrong)) if wrong else ""),
        (name.startswith("."), DOT_FIRST),
        (name.endswith("."), DOT_LAST),
        (".." in name, DOTS),
    )
    for is_so, words in faults:
        if is_so:
            raise InvalidAttribute(message=words)
