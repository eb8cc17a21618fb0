"""HTTP bindings of responses: members in the status code, headers, and the body that is left.

One idea: an output or error shape compiles to one function that puts each member where it belongs. What a body looks
like is told by the protocol's `Bodies`. It may not know any service.
Specification: Smithy 2.0, "HTTP bindings".
"""

from collections.abc import Callable, Mapping
from typing import Any

from freehold.wire.codecs import eventstream, texts
from freehold.wire.codecs.bodies import RAW, Bodies, at, unbound
from freehold.wire.http import Body
from freehold.wire.models import Member, Shape

NO_BODY = (204, 304)
PARTIAL = 206
TYPE, RANGE = "content-type", "content-range"


Laid = tuple[int | None, list[tuple[str, str]], Body]
"""A response laid out: its status if its members say it, its headers, and its body."""


def outward(root: str, shape: Shape, bodies: Bodies) -> Callable[[dict], Laid]:
    """What lays out a response of a shape; `root` names the body's root element, where the protocol has such. A range
    is a 206 (RFC 9110, 15.3.7)."""
    status = next(iter(at(shape, "statusCode")), "")
    by_header = {_header(name, use): name for name, use in at(shape, "header").items()}
    typed, ranged = by_header.get(TYPE, ""), by_header.get(RANGE, "")
    written_type = bodies.written.get(TYPE, TYPE)
    write_fields = bound(shape, bodies.written)
    prefixes = [(name, use.location_name.lower()) for name, use in at(shape, "headers").items()]
    prefixed = [(name, start, TYPE[len(start) :] if TYPE.startswith(start) else None) for name, start in prefixes]
    write = _body(root, shape, bodies)

    def lay(response: dict) -> Laid:
        headers = write_fields(response)
        content_type, body = write(response)
        for name, start, own_type in prefixed:
            if more := response.get(name):
                headers += [(start + key, value) for key, value in more.items()]
                content_type = "" if own_type in more else content_type
        if content_type and response.get(typed) is None:
            headers.append((written_type, content_type))
        said = response.get(status)
        if said is None and response.get(ranged) is not None:
            said = PARTIAL
        return said, headers, body

    return lay


def _header(name: str, use: Member) -> str:
    return (use.location_name or name).lower()


def _field(use: Member) -> Callable[[Any], str]:
    item = use.target.member
    if item is None:
        return texts.writer(use, "rfc822")
    text = texts.writer(item, "rfc822")
    if item.target.type == "string":
        return lambda values: ", ".join(_quoted(text(value)) for value in values)
    return lambda values: ", ".join(text(value) for value in values)


def _quoted(text: str) -> str:
    if "," not in text and '"' not in text:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _body(root: str, shape: Shape, bodies: Bodies) -> Callable[[dict], tuple[str, Body]]:
    if shape.event_stream:
        name, stream = shape.event_stream, eventstream.Stream(shape.members[shape.event_stream].target, bodies.events)
        return lambda response: (eventstream.CONTENT_TYPE, stream.write(response.get(name, ())))
    if shape.payload:
        return _payload(shape.payload, shape.members[shape.payload], bodies)
    members = unbound(shape, "statusCode", "header", "headers")
    if shape.members and not members:
        return lambda response: ("", b"")
    if not members:
        return lambda response: (bodies.content_type if bodies.empty else "", bodies.empty)
    write = bodies.write_members(root, members)
    return lambda response: (bodies.content_type, write(response))


def _payload(name: str, use: Member, bodies: Bodies) -> Callable[[dict], tuple[str, Body]]:
    if use.target.type in RAW:
        content_type = RAW[use.target.type]
        return lambda response: (content_type, _raw(response[name])) if response.get(name) is not None else ("", b"")
    write = bodies.write_payload(name, use)

    def lay(response: dict) -> tuple[str, Body]:
        value = response.get(name)
        return ("", b"") if value is None else (bodies.content_type, write(value))

    return lay


def _raw(value: Any) -> Body:
    return value.encode() if isinstance(value, str) else value


def bound(shape: Shape, written: Mapping[str, str]) -> Callable[[dict], list[tuple[str, str]]]:
    """What writes the members that a shape binds to headers."""
    uses = {name: (use, _header(name, use)) for name, use in at(shape, "header").items()}
    fields = {name: (written.get(header, header), _field(use)) for name, (use, header) in uses.items()}
    known = fields.__contains__

    def write(members: dict) -> list[tuple[str, str]]:
        return [
            (header, text(value))
            for name in filter(known, members)
            if (value := members[name]) is not None
            for header, text in (fields[name],)
        ]

    return write
