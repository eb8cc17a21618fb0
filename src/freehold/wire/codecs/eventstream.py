"""Amazon event streams: messages with typed headers and two checksums, one after another in a body.

One idea: framing knows bytes only; `Stream` joins it to a modelled union of events through the protocol's own bodies.
An event is a dict of one member, such as {"Records": {"Payload": b"…"}}. It may not know any service's rules.
Specification: Smithy 2.0, "Amazon Event Stream Specification".
"""

import struct
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from typing import Any, NamedTuple
from uuid import UUID
from zlib import crc32

from freehold.kernel.errors import AwsError
from freehold.wire.models import Member, Operation, Shape

CONTENT_TYPE = "application/vnd.amazon.eventstream"
PRELUDE = struct.Struct("!II")
CHECKSUM = struct.Struct("!I")
OVERHEAD = PRELUDE.size + 2 * CHECKSUM.size
MESSAGE_MAX = 24 * 1024 * 1024

Events = AsyncIterable[dict] | Iterable[dict]


class Moment(int):
    """A header's timestamp, in milliseconds since the epoch."""


class Message(NamedTuple):
    """One message: headers by name, and what they describe."""

    headers: dict[str, Any]
    payload: bytes = b""


class BrokenStream(ValueError):
    """Bytes that are no message: a wrong length, checksum or header type."""


# Header types: how many bytes, and how to read them. In the variable ones a length of two bytes comes first.
FIXED: dict[int, tuple[int, Callable[[bytes], Any]]] = {
    0: (0, lambda _: True),
    1: (0, lambda _: False),
    2: (1, lambda raw: int.from_bytes(raw, "big", signed=True)),
    3: (2, lambda raw: int.from_bytes(raw, "big", signed=True)),
    4: (4, lambda raw: int.from_bytes(raw, "big", signed=True)),
    5: (8, lambda raw: int.from_bytes(raw, "big", signed=True)),
    8: (8, lambda raw: Moment(int.from_bytes(raw, "big", signed=True))),
    9: (16, lambda raw: UUID(bytes=raw)),
}
VARIABLE: dict[int, Callable[[bytes], Any]] = {6: bytes, 7: lambda raw: raw.decode()}


def _header(value: Any) -> bytes:
    match value:
        case bool():
            return b"\0" if value else b"\1"
        case Moment():
            return b"\x08" + value.to_bytes(8, "big", signed=True)
        case int():
            size = 4 if -(2**31) <= value < 2**31 else 8
            return (b"\4" if size == 4 else b"\5") + value.to_bytes(size, "big", signed=True)
        case bytes():
            return b"\6" + len(value).to_bytes(2, "big") + value
        case UUID():
            return b"\x09" + value.bytes
    text = str(value).encode()
    return b"\7" + len(text).to_bytes(2, "big") + text


def encode(message: Message) -> bytes:
    """A message's bytes."""
    named = ((name.encode(), value) for name, value in message.headers.items())
    parts = (bytes([len(name)]) + name + _header(value) for name, value in named)
    headers = b"".join(parts)
    prelude = PRELUDE.pack(OVERHEAD + len(headers) + len(message.payload), len(headers))
    body = prelude + CHECKSUM.pack(crc32(prelude)) + headers + message.payload
    return body + CHECKSUM.pack(crc32(body))


def decode(data: bytes) -> tuple[Message | None, bytes]:
    """The first message and what follows it; None while it is incomplete. BrokenStream if it is damaged."""
    if len(data) < PRELUDE.size + CHECKSUM.size:
        return None, data
    total, headers_length = PRELUDE.unpack_from(data)
    if CHECKSUM.unpack_from(data, PRELUDE.size)[0] != crc32(data[: PRELUDE.size]):
        raise BrokenStream("the prelude's checksum is wrong")
    if not OVERHEAD + headers_length <= total <= MESSAGE_MAX:
        raise BrokenStream("the message's length is impossible")
    if len(data) < total:
        return None, data
    end = total - CHECKSUM.size
    if CHECKSUM.unpack_from(data, end)[0] != crc32(data[:end]):
        raise BrokenStream("the message's checksum is wrong")
    start = PRELUDE.size + CHECKSUM.size
    headers = dict(_headers(data[start : start + headers_length]))
    return Message(headers, bytes(data[start + headers_length : end])), data[total:]


def _headers(data: bytes) -> Iterator[tuple[str, Any]]:
    at = 0
    while at < len(data):
        name_end = at + 1 + data[at]
        name, kind, at = data[at + 1 : name_end].decode(), data[name_end], name_end + 1
        if kind in VARIABLE:
            size, read, at = int.from_bytes(data[at : at + 2], "big"), VARIABLE[kind], at + 2
        elif kind in FIXED:
            size, read = FIXED[kind]
        else:
            raise BrokenStream(f"there is no header type {kind}")
        yield name, read(data[at : at + size])
        at += size


async def messages(chunks: AsyncIterable[bytes]) -> AsyncIterator[Message]:
    """The messages in a body that arrives in chunks; BrokenStream if it ends within one."""
    data = b""
    async for chunk in chunks:
        data += chunk
        found, data = decode(data)
        while found:
            yield found
            found, data = decode(data)
    if data:
        raise BrokenStream("the stream ended within a message")


class Bodies(NamedTuple):
    """How a protocol writes and reads a structure as a whole body."""

    content_type: str
    write: Callable[[Shape], Callable[[dict], bytes]]
    read: Callable[[Shape], Callable[[bytes], dict]]


class Stream:
    """A modelled event stream in both directions."""

    def __init__(self, union: Shape, bodies: Bodies):
        self.union = union
        self.bodies = bodies

    def message(self, event: dict) -> Message:
        """An event's message. The event has one member, of the stream's union."""
        ((name, value),) = event.items()
        shape = self.union.members[name].target
        kind = "exception" if shape.exception else "event"
        headers: dict[str, Any] = {":message-type": kind, f":{kind}-type": name}
        headers |= {key: _to_header(use, value[key]) for key, use in _with(shape, "eventheader") if key in value}
        carrier = next((key for key, _ in _with(shape, "eventpayload")), "")
        if not carrier:
            return Message(headers | {":content-type": self.bodies.content_type}, self.bodies.write(shape)(value))
        content_type, payload = self._payload(shape.members[carrier], value.get(carrier))
        return Message(headers | {":content-type": content_type}, payload)

    def _payload(self, use: Member, value: Any) -> tuple[str, bytes]:
        if use.target.type == "blob":
            return "application/octet-stream", value or b""
        if use.target.type == "string":
            return "text/plain", (value or "").encode()
        return self.bodies.content_type, self.bodies.write(use.target)(value or {})

    def refusal(self, error: AwsError) -> Message:
        """The message of an error in mid-stream: modelled as an exception, otherwise as an error."""
        name = error.shape()
        for member, use in self.union.members.items():
            if name in (use.shape, member):
                return self.message({member: {"message": error.message} | error.values})
        return Message({":message-type": "error", ":error-code": name, ":error-message": error.message})

    async def write(self, events: Events, first: bytes | None = None) -> AsyncIterator[bytes]:
        """The body of a stream; `first` is the rest of the response, where the protocol sends it as an event."""
        if first is not None:
            headers = {":message-type": "event", ":event-type": "initial-response"}
            yield encode(Message(headers | {":content-type": self.bodies.content_type}, first))
        try:
            if isinstance(events, AsyncIterable):
                async for event in events:
                    yield encode(self.message(event))
            else:
                for event in events:
                    yield encode(self.message(event))
        except AwsError as error:
            yield encode(self.refusal(error))

    async def read(self, chunks: AsyncIterable[bytes]) -> AsyncIterator[dict]:
        """The events of a body; unknown ones and the initial request are passed over."""
        async for message in messages(chunks):
            name = message.headers.get(":event-type", "")
            if name in self.union.members:
                yield {name: self._event(self.union.members[name].target, message)}

    def _event(self, shape: Shape, message: Message) -> dict:
        value = {
            key: _from_header(message.headers[key]) for key, _ in _with(shape, "eventheader") if key in message.headers
        }
        carrier = next(iter(_with(shape, "eventpayload")), None)
        if carrier is None:
            return value | (self.bodies.read(shape)(message.payload) if message.payload else {})
        key, use = carrier
        if use.target.type in ("blob", "string"):
            return value | {key: message.payload if use.target.type == "blob" else message.payload.decode()}
        return value | {key: self.bodies.read(use.target)(message.payload)}


def of(operation: Operation, response: dict, bodies: Bodies) -> tuple[Events, Stream]:
    """The events in an operation's response, and the stream that writes them."""
    assert operation.output
    name = operation.output_stream
    return response.get(name, ()), Stream(operation.output.target.members[name].target, bodies)


def _with(shape: Shape, trait: str) -> list[tuple[str, Member]]:
    return [(name, use) for name, use in shape.members.items() if getattr(use, trait)]


def _to_header(use: Member, value: Any) -> Any:
    return Moment(round(value * 1000)) if use.target.type == "timestamp" else value


def _from_header(value: Any) -> Any:
    return value / 1000 if isinstance(value, Moment) else value
