"""A small HTTP/1.1 server protocol: requests whole, answers whole, keep-alive and pipelining in order.

One idea: each request of a connection is a slot in a queue; answers may come late, but leave in the order of the
requests. It may not know the Runtime API. Parsing is httptools'.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from http import HTTPStatus
from typing import cast

import httptools

PHRASES = {status.value: status.phrase for status in HTTPStatus}
HEAD_BYTES_MAX = 65_536
UNREAD_BYTES_MAX = 16 << 20


class Request:
    """One request and where its answer goes. `size` is what was sent; a body over `body_max` bytes is not kept."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self.method = ""
        self.path = ""
        self.headers: dict[str, str] = {}
        self.body = b""
        self.size = 0
        self.reply: bytes | None = None

    @property
    def gone(self) -> bool:
        """True when nobody can hear an answer any more."""
        return self._connection.closed

    def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        """Give the answer. The content type is exactly application/json: a public runtime client compares it so."""
        head = [
            f"HTTP/1.1 {status} {PHRASES[status]}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
        ]
        head += [f"{name}: {_one_line(value)}" for name, value in (headers or {}).items() if value]
        self.reply = "\r\n".join([*head, "\r\n"]).encode("latin-1", "backslashreplace") + body
        self._connection.flush()


def _one_line(value: str) -> str:
    """A header value can not start another header."""
    return value.replace("\r", " ").replace("\n", " ")


class Connection(asyncio.Protocol):
    """One connection of a client on this machine. `serve` is called with each whole request."""

    def __init__(self, serve: Callable[[Request], None], body_max: int) -> None:
        self._serve = serve
        self._body_max = body_max
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpRequestParser(self)
        self._waiting: deque[Request] = deque()
        self._head_bytes = 0
        self.closed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Part of asyncio.Protocol."""
        self._transport = cast(asyncio.Transport, transport)  # an event loop's own class, not asyncio's

    def connection_lost(self, exc: Exception | None) -> None:
        """Part of asyncio.Protocol."""
        self.closed = True
        self._waiting.clear()

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
        self._chunks: list[bytes] = []
        self._head_bytes = 0

    def on_url(self, url: bytes) -> None:
        self._count_head(len(url))
        self._request.path += url.decode("latin-1")

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count_head(len(name) + len(value))
        name = name.lower()
        if name == b"expect" and value.lower() == b"100-continue" and self._transport is not None:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self._request.headers[name.decode("latin-1")] = value.decode("latin-1")

    def _count_head(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > HEAD_BYTES_MAX:
            self._request.headers.clear()
            self._request.path = ""
            self.close()

    def on_body(self, body: bytes) -> None:
        self._request.size += len(body)
        if self._request.size <= self._body_max:
            self._chunks.append(body)
        else:
            self._chunks.clear()

    def on_message_complete(self) -> None:
        request = self._request
        request.method = self._parser.get_method().decode("latin-1")
        request.body = b"".join(self._chunks)
        if self.closed:
            return
        self._waiting.append(request)
        self._serve(request)
