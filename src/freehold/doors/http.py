"""HTTP/1.1 on a socket: what a client says is read as requests, and each is answered in turn.

One idea: a request is a value when its head is there. A body that came with it is bytes already; any other is read as
it comes, never far ahead of who reads it. Deadlines are looked at once a second for all conversations together, so that
a request costs no timer. It may not know what is served.

https://www.rfc-editor.org/rfc/rfc9112 (3.2: one host; the authority of an absolute target is that host)
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from math import inf
from typing import Any

import httptools

from freehold.doors import heads
from freehold.kernel.errors import CallerGone
from freehold.web import Headers, HttpRequest, HttpResponse

log = logging.getLogger("freehold.http")

HEAD_WITHIN_S = 20
KEEP_ALIVE_S = 75
SWEPT_EVERY_S = 1.0
HEAD_BYTES_MAX = 1 << 18
AHEAD_MAX = 1 << 16  # bytes of a body that nobody has asked for yet
CONNECTIONS_MAX = 256  # of one guest; each costs the cloud a descriptor
TOGETHER_MAX = 1 << 16  # bytes of a body that leave with their head
ABSOLUTE = (b"http://", b"https://")
CONNECT = b"CONNECT"
WRONG = HttpResponse(400, [("content-type", "text/plain"), ("connection", "close")], b"Invalid HTTP request received.")
BROKEN = HttpResponse(500, [("content-type", "text/plain"), ("connection", "close")], b"Internal Server Error")

App = Callable[[HttpRequest], Awaitable[HttpResponse]]


class Ambiguous(ValueError):
    """The request's target is none, or it names no one host. The parser turns it into a 400."""


class Conversations:
    """Those of one door. `most` is how many may be open at once."""

    def __init__(self, most: float = inf):
        self.most = most
        self.open: set[Conversation] = set()
        self._sweeping: asyncio.TimerHandle | None = None

    def add(self, one: "Conversation") -> bool:
        """Whether there is room for one more; then it is watched."""
        if len(self.open) >= self.most:
            return False
        self.open.add(one)
        if self._sweeping is None:
            self._sweeping = asyncio.get_running_loop().call_later(SWEPT_EVERY_S, self._sweep)
        return True

    def _sweep(self) -> None:
        """Hang up on those whose time is over."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        for one in [one for one in self.open if one.due_at <= now]:
            one.hang_up()
        self._sweeping = loop.call_later(SWEPT_EVERY_S, self._sweep) if self.open else None

    async def end(self, patience_s: float) -> None:
        """End all: those at rest at once, the others with their answers or when patience is at an end."""
        for one in list(self.open):
            one.end()
        busy = [one.answering for one in self.open if one.answering]
        if busy:
            _, late = await asyncio.wait(busy, timeout=patience_s)
            for task in late:
                task.cancel()
        self.hang_up()

    def hang_up(self) -> None:
        for one in list(self.open):
            one.hang_up()


class Incoming:
    """A body on its way, to be read once. Raises CallerGone if the client goes before its end.

    `held_back`: the client waits to be told to go on (RFC 9110, 10.1.1), which the first to read it does.
    """

    __slots__ = ("_bell", "_line", "_pieces", "_size", "gone", "held_back", "unwanted", "whole")

    def __init__(self, line: "Conversation", held_back: bool):
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
                self._line.resume()
                await self._bell


class Turn:
    """A request to be answered; without one, what came was none."""

    __slots__ = ("body", "http", "keep", "modern")

    def __init__(self, http: HttpRequest | None, body: Incoming | None, keep: bool, modern: bool):
        self.http, self.body, self.keep, self.modern = http, body, keep, modern


class Conversation(asyncio.Protocol):
    """One connection. Hangs up on who has not sent a whole head in time (slow loris), or whose head is ambiguous or
    endless."""

    def __init__(self, app: App, group: Conversations):
        self.app, self.group = app, group
        self.loop = asyncio.get_running_loop()
        self.transport: Any = None
        self.parser = httptools.HttpRequestParser(self)
        self.answering: asyncio.Task[None] | None = None
        self.due_at = inf  # when its time is over
        self._turns: deque[Turn] = deque()
        self._source_ip = ""
        self._pairs: list[tuple[str, str]] = []
        self._url, self._head_bytes = b"", 0
        self._body: Incoming | None = None  # of the request that is being read
        self._paused = self._deaf = False
        self._gone = asyncio.Event()
        self._room: asyncio.Future[None] | None = None  # set while no more may be written

    # The transport's calls

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        if not self.group.add(self):
            transport.abort()
            return
        peer = transport.get_extra_info("peername")
        self._source_ip = peer[0] if isinstance(peer, tuple) else ""
        self.due_at = self.loop.time() + HEAD_WITHIN_S

    def connection_lost(self, fault: Exception | None) -> None:
        self.group.open.discard(self)
        self._gone.set()
        self._turns.clear()
        if self._body:
            self._body.gone = True
            self._body.ring()
        self.resume_writing()

    def data_received(self, data: bytes) -> None:
        if self._deaf:
            return
        self._parse(data)
        if self._body is None:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES_MAX:
                self.hang_up()
        self._next()

    def _parse(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as wish:
            self._upgrade(data[wish.args[0] :])
        except httptools.HttpParserError:
            self._deaf = True
            self._turns.append(Turn(None, None, False, True))

    def _upgrade(self, rest: bytes) -> None:
        """Another protocol is wished for, but none is spoken here: the `rest` is HTTP/1.1 too."""
        if rest:
            self._parse(rest)

    def pause_writing(self) -> None:
        self._room = self._room or self.loop.create_future()

    def resume_writing(self) -> None:
        if self._room and not self._room.done():
            self._room.set_result(None)
        self._room = None

    # The parser's calls

    def on_message_begin(self) -> None:
        self._pairs, self._url, self._head_bytes, self._body = [], b"", 0, None
        self.due_at = self.loop.time() + HEAD_WITHIN_S

    def on_url(self, part: bytes) -> None:
        self._url += part

    def on_header(self, name: bytes, value: bytes) -> None:
        self._pairs.append((heads.name_of(name), value.decode("latin-1")))

    def on_headers_complete(self) -> None:
        method, headers = self.parser.get_method(), Headers.of(self._pairs)
        if method == CONNECT:
            raise Ambiguous
        path, query = _target(self._url, self._pairs)
        self.due_at, self._pairs = inf, []  # trailers are no headers
        held_back = headers.get("expect").lower() == "100-continue"
        body = self._body = Incoming(self, held_back)
        http = HttpRequest(method.decode(), path, query, headers, body, self._source_ip, self._hung_up)
        modern = self.parser.get_http_version() != "1.0"
        self._turns.append(Turn(http, body, modern and self.parser.should_keep_alive(), modern))

    def on_body(self, piece: bytes) -> None:
        assert self._body
        self._body.add(piece)

    def on_message_complete(self) -> None:
        assert self._body
        self._body.whole = True
        self._body.ring()

    # Reading

    def pause(self) -> None:
        if not self._paused:
            self._paused = True
            self.transport.pause_reading()

    def resume(self) -> None:
        if self._paused:
            self._paused = False
            self.transport.resume_reading()

    def go_on(self) -> None:
        """Let a client send the body that it holds back."""
        if not self.transport.is_closing():
            self.transport.write(heads.CONTINUE)

    async def _hung_up(self) -> None:
        """Returns when the client has gone."""
        await self._gone.wait()

    # Answering

    @property
    def busy(self) -> bool:
        return self.answering is not None or bool(self._turns)

    def _next(self) -> None:
        """Take the next turn, if none is under way; no more is read than the one that waits."""
        if self.answering:
            if self._turns:
                self.pause()
        elif self._turns:
            self.answering = self.loop.create_task(self._answer(self._turns.popleft()))

    async def _answer(self, turn: Turn) -> None:
        keep = False
        try:
            keep = await self._write(turn, await self._response(turn))
        except Exception:  # nobody is left to be told but the log
            log.exception("an answer could not be given")
        self.answering = None
        if not keep or turn.body is None:
            self.end()
            return
        turn.body.unwanted = True
        if self._turns:
            self._next()
            return
        self.resume()
        if turn.body.whole and self.due_at == inf:
            self.due_at = self.loop.time() + KEEP_ALIVE_S

    async def _response(self, turn: Turn) -> HttpResponse:
        if turn.http is None or turn.body is None:
            return WRONG
        if turn.body.whole:
            turn.body.held_back = False
            turn.http.body = turn.body.take()
        try:
            return await self.app(turn.http)
        except Exception:  # the application's bug is its own, and its client's answer a 500
            log.exception("a request could not be answered")
            return BROKEN

    async def _write(self, turn: Turn, response: HttpResponse) -> bool:
        """Send the answer, a stream as it comes; whether the connection can carry another."""
        body, method = response.body, turn.http.method if turn.http else ""
        keep = turn.keep and not (self._deaf and not self._turns) and not (turn.body and turn.body.held_back)
        head = heads.head(response, method, turn.modern, keep, time.time())
        if not isinstance(body, bytes):
            self._send(head.text)
            return await self._stream(body, head) and head.keep
        if head.bodiless:
            body = b""
        elif head.chunked:
            body = heads.chunk(body) + heads.LAST if body else heads.LAST
        if len(body) <= TOGETHER_MAX:
            self._send(head.text + body)
        else:
            self._send(head.text)
            self._send(body)
        return head.keep

    def _send(self, text: bytes) -> None:
        if not self._gone.is_set():
            self.transport.write(text)

    async def _stream(self, body: AsyncIterable[bytes], head: heads.Head) -> bool:
        """Send a body as it comes, to its end even if nobody listens any more; whether it was as long as told."""
        sent = 0
        async for piece in body:
            sent += len(piece)
            if head.bodiless or not piece:
                continue
            if head.length is not None and sent > head.length:
                raise ValueError("the body is longer than its Content-Length")
            self._send(heads.chunk(piece) if head.chunked else piece)
            if self._room:
                await self._room
        if head.chunked and not head.bodiless:
            self._send(heads.LAST)
        return head.bodiless or head.length in (None, sent)

    # Ending

    def end(self) -> None:
        """Hear nothing more; what is being answered is answered still."""
        self._deaf = True
        if not self.answering:
            self.transport.close()

    def hang_up(self) -> None:
        self._deaf = True
        self.transport.abort()


def _target(url: bytes, headers: list[tuple[str, str]]) -> tuple[str, str]:
    """The raw path and query that are asked for. Raises Ambiguous unless all that names a host names the same one."""
    hosts = [value for name, value in headers if name == "host"]
    if not url.startswith(b"/"):
        scheme = next((one for one in ABSOLUTE if url.lower().startswith(one)), None)
        if scheme is None:
            raise Ambiguous
        host, _, rest = url[len(scheme) :].partition(b"/")
        hosts.append(host.decode("latin-1"))
        url = b"/" + rest
    if len(hosts) > 1 and (len(hosts) > 2 or hosts[0].lower() != hosts[1].lower()):
        raise Ambiguous
    path, _, query = url.partition(b"#")[0].decode("ascii").partition("?")
    return path, query
