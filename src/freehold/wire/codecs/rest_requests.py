"""HTTP bindings of requests: members in paths, query strings, headers, and the body that is left.

One idea: an input compiles to a list of steps that each take their members from the request. What a body looks like is
told by the protocol's `Bodies`. It may not know any service.
Specification: Smithy 2.0, "HTTP bindings".
"""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from freehold.web import stream as pieces
from freehold.wire.codecs import eventstream, texts, uris
from freehold.wire.codecs.bodies import RAW, Bodies, at, unbound, whole
from freehold.wire.http import HttpRequest, pairs
from freehold.wire.models import Member, Operation, Shape

Step = Callable[[HttpRequest, dict], None]
ITEM = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[^,]*)\s*(?:,|$)')


def inward(operation: Operation, bodies: Bodies) -> Callable[[HttpRequest], dict]:
    """What reads an operation's request. Text that is not of its member's type raises ValueError."""
    if operation.input is None:
        return lambda http: {}
    shape = operation.input.target
    makers = {
        "uri": lambda members: _labels(members, operation.http.request_uri),
        "querystring": lambda members: _arguments(members, operation.http.request_uri),
        "header": _fields,
        "headers": _prefixed,
    }
    made = {place: make(at(shape, place)) for place, make in makers.items() if at(shape, place)}
    asking = [step for step in (*made.values(), _body(shape, bodies)) if step]
    steps = [step for step in asking if step is not made.get("querystring")]

    def read(http: HttpRequest) -> dict:
        request: dict[str, Any] = {}
        for step in asking if http.query else steps:
            step(http, request)
        return request

    return read


def _labels(members: Mapping[str, Member], uri: str) -> Step:
    labels, match = uris.labels(uri)
    by_label = {use.location_name or name: (name, texts.reader(use)) for name, use in members.items()}
    reads = [(number, *by_label[label]) for number, label in enumerate(labels) if label in by_label]

    def step(http: HttpRequest, request: dict) -> None:
        found = match(http.path)
        groups = found.groups() if found else ()
        for number, name, read in reads if groups else ():
            text = groups[number]
            request[name] = read(unquote(text) if "%" in text else text)

    return step


def _arguments(members: Mapping[str, Member], uri: str) -> Step:
    """A map of arguments takes all of them but the constants of the operation's own URI."""
    constants = {name for name, _ in pairs(uri.partition("?")[2])}
    named: dict[str, tuple[str, Callable, bool]] = {}
    others: list[tuple[str, bool]] = []
    for name, use in members.items():
        item = use.target.member
        if use.target.type == "map":
            others.append((name, use.target.value is not None and use.target.value.target.type == "list"))
        else:
            named[use.location_name or name] = (name, texts.reader(item or use), item is not None)

    def step(http: HttpRequest, request: dict) -> None:
        for key, text in http.arguments:
            if key in named:
                name, read, many = named[key]
                if many:
                    request.setdefault(name, []).append(read(text))
                elif text or read is str:
                    request[name] = read(text)
            for name, many in others if key not in constants else ():
                made = request.setdefault(name, {})
                if many:
                    made.setdefault(key, []).append(text)
                else:
                    made.setdefault(key, text)

    return step


def _fields(members: Mapping[str, Member]) -> Step:
    reads = {(use.location_name or name).lower(): (name, _field(use)) for name, use in members.items()}
    bound = reads.__contains__

    def step(http: HttpRequest, request: dict) -> None:
        headers = http.headers
        for header in filter(bound, headers.names):
            name, read = reads[header]
            request[name] = read(headers[header])

    return step


def _field(use: Member) -> Callable[[str], Any]:
    item = use.target.member
    if item is None:
        return texts.reader(use)
    read = texts.reader(item)
    if item.target.type == "timestamp":
        return lambda text: [read(each) for each in _dates(text)]
    return lambda text: [read(each) for each in _items(text)]


def _items(text: str) -> list[str]:
    """The items of a header's list: bare or quoted."""
    found = [match[1].strip() for match in ITEM.finditer(text) if match.end() > match.start()]
    return [re.sub(r"\\(.)", r"\1", each[1:-1]) if each.startswith('"') else each for each in found]


def _dates(text: str) -> list[str]:
    """The items of a list of times, of which HTTP dates have a comma of their own."""
    parts = [part.strip() for part in text.split(",")]
    if not parts[0].isalpha():
        return parts
    return [f"{day}, {rest}" for day, rest in zip(parts[::2], parts[1::2], strict=False)]


def _prefixed(members: Mapping[str, Member]) -> Step:
    prefixes = [(name, use.location_name.lower()) for name, use in members.items()]

    def step(http: HttpRequest, request: dict) -> None:
        headers = http.headers
        said = "\n".join(headers.names)
        for name, prefix in prefixes:
            if prefix in said:
                found = {key[len(prefix) :]: _text(value) for key, value in headers if key.startswith(prefix)}
                request |= {name: found} if found else {}

    return step


def _text(value: str) -> str:
    """A header's value, whose bytes are read as UTF-8 where they are such."""
    if value.isascii():
        return value
    try:
        return value.encode("latin-1").decode()
    except UnicodeError:
        return value


def _body(shape: Shape, bodies: Bodies) -> Step | None:
    if shape.event_stream:
        name, stream = shape.event_stream, eventstream.Stream(shape.members[shape.event_stream].target, bodies.events)
        return lambda http, request: request.update({name: stream.read(pieces(http.body))})
    if shape.payload:
        return _payload(shape.payload, shape.members[shape.payload], bodies)
    members = unbound(shape, "uri", "querystring", "header", "headers")
    if not members:
        return None
    read = bodies.read_members(members)
    return lambda http, request: request.update(read(whole(http)))


def _payload(name: str, use: Member, bodies: Bodies) -> Step:
    if use.streaming:
        return lambda http, request: request.__setitem__(name, http.body)
    if use.target.type in RAW:
        change = bytes if use.target.type == "blob" else bytes.decode
        return lambda http, request: request.update({name: change(whole(http))} if http.body else {})
    read = bodies.read_payload(use)
    return lambda http, request: request.update({name: read(whole(http))} if http.body else {})
