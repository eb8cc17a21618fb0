"""Requests as they come in: what their heads ask for, and their bodies while they arrive.

One idea: a head that can be read in two ways is refused, as whoever passed it on may have read it in the other. It may
not know sockets, nor what is served.

https://www.rfc-editor.org/rfc/rfc9112 (3.2: one host; the authority of an absolute target is that host. 6.1: codings)
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Protocol

from freehold.kernel.errors import CallerGone
from freehold.web import Headers, HttpRequest

AHEAD_MAX = 1 << 16  # bytes of a body that nobody has asked for yet
ABSOLUTE = (b"http://", b"https://")
VERSIONS = ("1.1", "1.0")


class Ambiguous(ValueError):
    """The request's target is none, it names no one host, or its body's end is not told as it must be."""


class Line(Protocol):
    """Where a body comes from."""

    def pause(self) -> None:
        """Hear nothing for now."""

    def listen(self) -> None:
        """Hear more of the body, which must come in time."""

    def heard(self, size: int) -> None:
        """So many bytes of it came."""

    def go_on(self) -> None:
        """Let a client send the body that it holds back."""


class Incoming:
    """A body on its way, to be read once. Raises CallerGone if the client goes before its end.

    `held_back`: the client waits to be told to go on (RFC 9110, 10.1.1), which the first to read it does.
    """

    __slots__ = ("_bell", "_line", "_pieces", "_size", "gone", "held_back", "unwanted", "whole")

    def __init__(self, line: Line, held_back: bool):
        self._line, self.held_back = line, held_back
        self._pieces: list[bytes] = []
        self._size = 0
        self._bell: asyncio.Future[None] | None = None
        self.whole = self.gone = self.unwanted = False

    def add(self, piece: bytes) -> None:
        if self.unwanted:
            return
        self._pieces.append(piece)
        self._size += len(piece)
        if self._size > AHEAD_MAX:
            self._line.pause()
        self.ring()

    def ring(self) -> None:
        """Tell who waits that there is something new."""
        if self._bell and not self._bell.done():
            self._bell.set_result(None)

    def break_off(self) -> None:
        """No more will come; what is missing stays so."""
        self.gone = not self.whole
        self.ring()

    @property
    def over(self) -> bool:
        return self.whole or self.gone

    def take(self) -> bytes:
        """What has come so far and was not taken."""
        pieces, self._pieces, self._size = self._pieces, [], 0
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self.held_back:
            self.held_back = False
            self._line.go_on()
        while not (self.whole and not self._pieces):
            if self._pieces:
                yield self.take()
            elif self.gone:
                raise CallerGone()
            else:
                self._bell = asyncio.get_running_loop().create_future()
                self._line.listen()
                await self._bell
                self._line.heard(self._size)


class Turn:
    """A request to be answered; without one, what came was none."""

    __slots__ = ("body", "http", "keep", "modern")

    def __init__(self, http: HttpRequest | None, body: Incoming | None, keep: bool, modern: bool):
        self.http, self.body, self.keep, self.modern = http, body, keep, modern


def target(url: bytes, headers: Headers, version: str) -> tuple[str, str]:
    """The raw path and query that are asked for. Raises Ambiguous unless all that names a host names the same one, and
    the only coding is the one that tells a body's end."""
    coding, modern = headers.get("transfer-encoding").strip(" \t"), version == "1.1"
    if version not in VERSIONS or (coding and not (modern and coding.lower() == "chunked")):
        raise Ambiguous
    hosts = [value for name, value in headers.pairs if name == "host"]
    if len(hosts) > 1 or (modern and not hosts):
        raise Ambiguous
    if not url.startswith(b"/"):
        scheme = next((one for one in ABSOLUTE if url.lower().startswith(one)), None)
        if scheme is None:
            raise Ambiguous
        host, _, rest = url[len(scheme) :].partition(b"/")
        if hosts and hosts[0].lower() != host.decode("latin-1").lower():
            raise Ambiguous
        url = b"/" + rest
    path, _, query = url.partition(b"#")[0].decode("ascii").partition("?")
    return path, query
