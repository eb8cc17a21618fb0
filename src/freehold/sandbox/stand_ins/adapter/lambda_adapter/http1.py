"""A small HTTP/1.1 client: one connection that stays open, request after request. It may not know what is said on it.

One idea: a body is read piece by piece, so one that comes slowly can be handed on as it comes, and how it ends (by
length, by chunks, with the connection) is settled once, when its head is read. Standard library, and little of it:
`http.client` takes longer to import than everything here.

https://www.rfc-editor.org/rfc/rfc9112
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

READ_BYTES = 65_536
HEAD_BYTES_MAX = 1 << 20
WITHOUT_BODY = (204, 304)


class Broken(Exception):
    """The other side went away, or what it says is no HTTP."""


class Response:
    """A response: `status`, `headers` as (lower-case name, value) in order, and its body by `pieces` or `read`."""

    def __init__(self, status: int, headers: list[tuple[str, str]], pieces: Iterator[bytes] | None = None) -> None:
        self.status = status
        self.headers = headers
        self.pieces = pieces or iter(())

    def header(self, name: str) -> str | None:
        """The first value of a header, None without one."""
        return next((value for known, value in self.headers if known == name), None)

    def read(self) -> bytes:
        """The whole body. Raises Broken where it ends too soon."""
        return b"".join(self.pieces)


class Connection:
    """A connection to one address, opened at need. A response must be read to its end before the next request.

    One that was idle for `idle_s` is not used again. `timeout_s` bounds each wait for the other side, None does not.
    """

    def __init__(self, host: str, port: int, idle_s: float = 1e9) -> None:
        self.address = (host, port)
        self.idle_s = idle_s
        self.timeout_s: float | None = None
        self._socket: socket.socket | None = None
        self._rest = b""
        self._used_at = 0.0
        self._old = False

    def open(self) -> socket.socket:
        """The socket; a new one where the old one was left idle or was dropped. Raises OSError."""
        if self._socket is not None and (time.monotonic() - self._used_at > self.idle_s or self._dropped()):
            self.close()
        if self._socket is None:
            self._socket = socket.create_connection(self.address, self.timeout_s)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(self.timeout_s)
        return self._socket

    def _dropped(self) -> bool:
        assert self._socket is not None
        try:
            return self._socket.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) is not None
        except BlockingIOError:
            return False
        except OSError:
            return True

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()
        self._socket, self._rest = None, b""

    def send(self, method: str, target: str, headers: list[tuple[str, str]], body: bytes | None = b"") -> None:
        """Send a request; with None for a body its head alone. Raises OSError."""
        head = [f"{method} {target} HTTP/1.1", *(f"{name}: {one_line(value)}" for name, value in headers)]
        if body or (body is not None and method not in ("GET", "HEAD")):
            head.append(f"content-length: {len(body)}")
        self.open().sendall("\r\n".join([*head, "\r\n"]).encode("utf-8", "surrogateescape") + (body or b""))

    def write(self, data: bytes) -> None:
        """Send part of a request's body. Raises OSError."""
        assert self._socket is not None
        self._socket.sendall(data)

    def response(self, method: str = "GET") -> Response:
        """Read the head of the response to a request of that method. Raises Broken, and OSError where time is up."""
        status, headers = self._head()
        while 100 <= status < 200:
            status, headers = self._head()
        response = Response(status, headers)
        response.pieces = self._pieces(response, method == "HEAD" or status in WITHOUT_BODY)
        return response

    def ask(self, method: str, target: str, headers: list[tuple[str, str]], body: bytes = b"") -> Response:
        """Send a request and read the head of its response. Raises Broken and OSError; then it is closed."""
        try:
            self.send(method, target, headers, body)
            return self.response(method)
        except (OSError, Broken):
            self.close()
            raise

    def _head(self) -> tuple[int, list[tuple[str, str]]]:
        while b"\r\n\r\n" not in self._rest:
            self._more("connection closed before a response came")
            if len(self._rest) > HEAD_BYTES_MAX:
                raise Broken("the head of the response is too large")
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        first, *lines = head.split(b"\r\n")
        words = first.split(None, 2)
        if len(words) < 2 or not words[0].startswith(b"HTTP/1.") or not words[1].isdigit():
            raise Broken("the response is not HTTP/1.1")
        headers = []
        for line in lines:
            name, _, value = line.partition(b":")
            headers.append((name.strip().lower().decode("latin-1"), _text(value.strip())))
        self._old = words[0] == b"HTTP/1.0"
        return int(words[1]), headers

    def _pieces(self, response: Response, bare: bool) -> Iterator[bytes]:
        """The body as it comes; afterwards the connection is free for the next request, or closed."""
        wish = (response.header("connection") or "").lower()
        stays = "close" not in wish and (not self._old or "keep-alive" in wish)
        length = response.header("content-length")
        chunked = "chunked" in (response.header("transfer-encoding") or "").lower()
        try:
            if bare:
                pass
            elif chunked:
                yield from self._chunks()
            elif length is not None and length.isdigit():
                yield from self._exactly(int(length))
            else:
                stays = False
                yield from self._to_the_end()
        except (OSError, Broken):
            self.close()
            raise
        self._used_at = time.monotonic()
        if not stays or self._rest:  # what came unasked must not answer the next request
            self.close()

    def _exactly(self, left: int) -> Iterator[bytes]:
        while left:
            if not self._rest:
                self._more("connection closed before the response was whole")
            piece, self._rest = self._rest[:left], self._rest[left:]
            left -= len(piece)
            yield piece

    def _chunks(self) -> Iterator[bytes]:
        while True:
            size = self._line().split(b";")[0].strip()
            try:
                left = int(size, 16)
            except ValueError:
                raise Broken("a chunk of the response has no size") from None
            if left == 0:
                while self._line():
                    pass  # trailers: nobody to tell
                return
            yield from self._exactly(left)
            self._line()

    def _line(self) -> bytes:
        while b"\r\n" not in self._rest:
            self._more("connection closed before the response was whole")
        line, _, self._rest = self._rest.partition(b"\r\n")
        return line

    def _to_the_end(self) -> Iterator[bytes]:
        piece, self._rest = self._rest or self._received(), b""
        while piece:
            yield piece
            piece = self._received()

    def _more(self, words: str) -> None:
        data = self._received()
        if not data:
            raise Broken(words)
        self._rest += data

    def _received(self) -> bytes:
        """What comes next. Servers that send head and body apart wait for an acknowledgement: it is given at once."""
        assert self._socket is not None
        try:
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            return self._socket.recv(READ_BYTES)
        except ConnectionError:
            return b""


def one_line(value: str) -> str:
    """A header value can not start another header."""
    return value.replace("\r", " ").replace("\n", " ")


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
