"""A small HTTP/1.1 server protocol: requests in, answers out in the order of the requests, keep-alive and pipelining.

One idea: each request of a connection is a slot in a queue; answers may come late, but leave in order. A request is
shown to its door twice: when its head is there, when the door may ask for the body as it arrives, and when it is whole.
It may not know what is asked for. Parsing is httptools'.
"""

import asyncio
from collections import deque
from http import HTTPStatus
from typing import Protocol, cast

import httptools

PHRASES = {status.value: status.phrase for status in HTTPStatus}
JSON = "application/json"
HEAD_BYTES_MAX = 65_536
UNREAD_BYTES_MAX = 16 << 20
OVERLONG = 8
"""A body this many times longer than what is kept is not read to its end."""
PIPELINE_MAX = 32
"""Requests of one connection that may wait for their answers."""


class Sink(Protocol):
    """Where a body goes that is taken as it arrives."""

    def feed(self, data: bytes) -> None:
        """The next piece."""

    def cut(self) -> None:
        """The connection broke before the end."""


class Request:
    """One request and where its answer goes. `size` is what was sent; a body over `body_max` bytes is not kept.

    Trailers are found among `headers` once the request is whole. All header names are lower case.
    """

    __slots__ = ("_connection", "body", "headers", "method", "path", "reply", "sink", "size")

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self.method = ""
        self.path = ""
        self.headers: dict[str, str] = {}
        self.body = b""
        self.size = 0
        self.reply: bytes | None = None
        self.sink: Sink | None = None

    @property
    def gone(self) -> bool:
        """True when nobody can hear an answer any more."""
        return self._connection.closed

    def answer(
        self, status: int, body: bytes = b"", headers: dict[str, str] | None = None, content_type: str = JSON
    ) -> None:
        """Give the answer. The content type is exactly application/json: a public runtime client compares it so."""
        head = [
            f"HTTP/1.1 {status} {PHRASES[status]}",
            f"Content-Type: {content_type}",
            f"Content-Length: {len(body)}",
        ]
        head += [f"{name}: {_one_line(value)}" for name, value in (headers or {}).items() if value]
        self.reply = "\r\n".join([*head, "\r\n"]).encode("latin-1", "backslashreplace") + body
        self._connection.flush()

    def hold(self, held: bool) -> None:
        """Stop or go on reading what its client sends: for a sink that is fuller than it likes."""
        self._connection.hold(held)

    def hang_up(self) -> None:
        """Close its connection once what was answered is sent."""
        self._connection.close()


def _one_line(value: str) -> str:
    """A header value can not start another header."""
    return value.replace("\r", " ").replace("\n", " ")


class Door(Protocol):
    """Who answers the requests of a connection."""

    def meet(self, request: Request) -> None:
        """The head is there; `request.sink` may be set."""

    def serve(self, request: Request) -> None:
        """The request is whole: answer it now or later."""


class Connection(asyncio.Protocol):
    """One connection of a client on this machine."""

    def __init__(self, door: Door, body_max: int) -> None:
        self._door = door
        self._body_max = body_max
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpRequestParser(self)
        self._waiting: deque[Request] = deque()
        self._request: Request | None = None  # the one that is arriving
        self._chunks: list[bytes] = []
        self._head_bytes = 0
        self.closed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Part of asyncio.Protocol."""
        self._transport = cast(asyncio.Transport, transport)  # an event loop's own class, not asyncio's
        if self.closed:
            self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Part of asyncio.Protocol."""
        self.closed = True
        self._waiting.clear()
        self._cut()

    def _cut(self) -> None:
        """Whatever was arriving will not arrive."""
        request, self._request = self._request, None
        if request is not None and request.sink is not None:
            request.sink.cut()

    def data_received(self, data: bytes) -> None:
        """Part of asyncio.Protocol. Bytes that are no HTTP end the connection."""
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self.close()

    def close(self) -> None:
        """Hang up."""
        self.closed = True
        if self._transport is not None:
            self._transport.close()

    def hold(self, held: bool) -> None:
        """Stop or go on reading."""
        if self._transport is not None and not self.closed:
            (self._transport.pause_reading if held else self._transport.resume_reading)()

    def flush(self) -> None:
        """Send the answers that are due: those with no unanswered request before them."""
        ready = []
        while self._waiting and self._waiting[0].reply is not None:
            ready.append(self._waiting.popleft().reply or b"")
        if not ready or self._transport is None or self.closed:
            return
        self._transport.write(b"".join(ready))
        if self._transport.get_write_buffer_size() > UNREAD_BYTES_MAX:  # it asks and asks, and never listens
            self.closed = True
            self._transport.abort()

    # httptools calls these as it parses.

    def on_message_begin(self) -> None:
        self._request = Request(self)
        self._chunks = []
        self._head_bytes = 0

    def on_url(self, url: bytes) -> None:
        self._count_head(len(url))
        if self._request is not None:
            self._request.path += url.decode("latin-1")

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count_head(len(name) + len(value))
        if self._request is None:
            return
        name = name.lower()
        if name == b"expect" and value.lower() == b"100-continue" and self._transport is not None:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self._request.headers[name.decode("latin-1")] = value.decode("latin-1")

    def _count_head(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > HEAD_BYTES_MAX:
            self._cut()
            self.close()

    def on_headers_complete(self) -> None:
        request = self._request
        if request is None or self.closed:
            return
        request.method = self._parser.get_method().decode("latin-1")
        self._waiting.append(request)
        if len(self._waiting) > PIPELINE_MAX:
            self._request = None
            self.close()
            return
        self._door.meet(request)

    def on_body(self, body: bytes) -> None:
        request = self._request
        if request is None:
            return
        request.size += len(body)
        if request.sink is not None:
            request.sink.feed(body)
        elif request.size <= self._body_max:
            self._chunks.append(body)
        else:
            self._chunks.clear()
            if request.size > OVERLONG * self._body_max:
                self.on_message_complete()
                self.close()

    def on_message_complete(self) -> None:
        request, self._request = self._request, None
        if request is None or self.closed:
            return
        request.body = b"".join(self._chunks)
        self._chunks = []
        self._door.serve(request)
