"""Events: what flows through a pipe, as it is handed on and as templates and paths see it.

One idea: what a sender wrote into a queue or stream travels as text, and is looked into as the JSON that it is. It may
not know templates.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html
"""

from base64 import b64decode
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from freehold.engines import jsonpath, jsontext

IDS = ("messageId", "eventID")  # what a source's records are known by


class Event(NamedTuple):
    """An event: `value` is handed on, `view` is looked into; `id` is that of the record it came from, if it tells."""

    value: Any
    view: Any
    id: str


def _body(text: str) -> Any:
    try:
        return jsontext.read(text)
    except msgspec.DecodeError:
        return text


def _data(text: str) -> Any:
    """Of a Kinesis record; what is no JSON stays in base64."""
    try:
        return jsontext.read(b64decode(text))
    except msgspec.DecodeError:
        return text


WRITTEN: Mapping[str, tuple[str, Callable[[str], Any]]] = {"sqs": ("body", _body), "kinesis": ("data", _data)}
"""By the source's service: the member that its sender wrote, and how it is read."""


def read(record: dict[str, Any], service: str) -> Event:
    """A record of a source as an event."""
    member, decode = WRITTEN.get(service, ("", _body))
    view = {**record, member: decode(record[member])} if member in record else record
    return Event(record, view, _id(record))


def returned(value: Any) -> list[Event]:
    """What an enrichment answered: many events, one, or none if it is empty."""
    values = value if isinstance(value, list) else [] if value in (None, "", {}) else [value]
    return [Event(one, one, _id(one)) for one in values]


def _id(value: Any) -> str:
    found = (value.get(name) for name in IDS) if isinstance(value, dict) else ()
    return next((one for one in found if isinstance(one, str)), "")


@lru_cache(maxsize=4_096)
def _path(text: str) -> jsonpath.Path | None:
    try:
        return jsonpath.compile_path(text)
    except jsonpath.PathSyntaxError:
        return None


def found(event: Event, path: str) -> Any:
    """The value at a path; None where there is none, or the path is none."""
    compiled = _path(path)
    value = compiled.find(event.view) if compiled else None
    return None if value is jsonpath.MISSING else value


def resolved(event: Event, given: Any) -> Any:
    """A parameter, whose texts may be paths into the event.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-target.html#pipes-targets-dynamic-parms
    """
    if isinstance(given, dict):
        return {name: resolved(event, one) for name, one in given.items()}
    if isinstance(given, list):
        return [resolved(event, one) for one in given]
    if not (isinstance(given, str) and given.startswith("$.")):
        return given
    value = found(event, given)
    return value if isinstance(value, str) else "" if value is None else msgspec.json.encode(value).decode()
