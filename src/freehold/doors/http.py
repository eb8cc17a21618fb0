"""HTTP/1.1 on a socket: what a client says is read as requests, and each is answered in turn.

One idea: a request is a value when its head is there. A body that came with it is bytes already; any other is read as
it comes, never far ahead of who reads it. A conversation says when its time is over, to speak and to take what is said;
it costs no timer. It may not know what is served.

https://www.rfc-editor.org/rfc/rfc9112 (3.2: one host; the authority of an absolute target is that host)
"""

import asyncio
import logging
import socket
import struct
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterable
from math import inf
from typing import Any

import httptools

from freehold.doors import heads
from freehold.doors.incoming import Ambiguous, Incoming, Turn, target
from freehold.doors.places import SLOW_DOWN, Conversations
from freehold.kernel.errors import CallerGone
from freehold.web import App, Headers, HttpRequest, HttpResponse

log = logging.getLogger("freehold.http")

HEAD_WITHIN_S = 20
KEEP_ALIVE_S = 75
BODY_WITHIN_S = 60  # that somebody waits for a body; what comes of it earns more
BODY_RATE_MIN = 512  # bytes that earn a second
TAKEN_WITHIN_S, TAKEN_MIN = 60, 1 << 14  # bytes of what is sent, or the rest of it
LINGER_S = 5  # for who is answered before all of his body was read
HEAD_BYTES_MAX = 1 << 18
TURNS_MAX = 256  # requests that wait for the answer before theirs
TOGETHER_MAX = 1 << 16  # bytes of a body that leave with their head
CONNECT = b"CONNECT"
AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: a reset, not an end
TRAILERS: deque[tuple[str, str]] = deque(maxlen=0)  # they are passed over
WRONG = HttpResponse(400, [("content-type", "text/plain"), ("connection", "close")], b"Invalid HTTP request received.")
BROKEN = HttpResponse(500, [("content-type", "text/plain"), ("connection", "close")], b"Internal Server Error")


class Conversation(asyncio.Protocol):
    """One connection. Hangs up on who does not say, or take, what he must in time, and on heads without end."""

    def __init__(self, app: App, group: Conversations):
        self.app, self.group = app, group
        self.loop = asyncio.get_running_loop()
        self.transport: Any = None
        self.parser = httptools.HttpRequestParser(self)
        self.answering: asyncio.Task[None] | None = None
        self.due_at = self.taken_by = inf  # when its time is over, to speak and to take what is said
        self.begun = False  # to say the next thing
        self._patience_s, self._listens_at = float(BODY_WITHIN_S), 0.0  # with the body that is being read
        self._turns: deque[Turn] = deque()
        self._source_ip = ""
        self._pairs: Any = []
        self._url, self._head_bytes = b"", 0  # and the bytes since a head or a piece of a body came to its end
        self._left: float = inf  # bytes that were still to be taken when it was last due
        self._body: Incoming | None = None  # of the request that is being read
        self._paused = self._deaf = False
        self._gone = asyncio.Event()
        self._room: asyncio.Future[None] | None = None  # set while no more may be written

    # The transport's calls

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        if not self.group.add(self):
            self.transport.write(SLOW_DOWN)
            self._leave(True)
            return
        transport.set_write_buffer_limits(0 if self._plain else 1, 0)  # room is when nothing is left; TLS counts from 1
        peer = transport.get_extra_info("peername")
        self._source_ip = peer[0] if isinstance(peer, tuple) else ""
        self.due_at = self.loop.time() + HEAD_WITHIN_S

    def connection_lost(self, fault: Exception | None) -> None:
        self.group.remove(self)
        self._turns.clear()
        self._gone.set()
        self._break_off()
        self.resume_writing()
        if self.answering:
            self.group.unheard.add(self.answering)
            self.answering.add_done_callback(self.group.unheard.discard)

    def eof_received(self) -> bool:
        """Who says no more may still listen, or may have gone: he is answered, and who waits for him is told."""
        self._deaf = True
        self._gone.set()
        self._break_off()
        return self.busy and self._plain

    def data_received(self, data: bytes) -> None:
        if self._deaf:
            return
        self._head_bytes += len(data)
        self._parse(data)
        if self._head_bytes > HEAD_BYTES_MAX:
            self.hang_up()
        else:
            self._next()

    def _parse(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as wish:
            self._upgrade(data[wish.args[0] :])
        except httptools.HttpParserError:
            self._deaf = True
            if self._body and not self._body.over:  # its request is answered; there is none to answer beside it
                self._break_off()
            else:
                self._turns.append(Turn(None, None, False, True))

    def _upgrade(self, rest: bytes) -> None:
        """Another protocol is wished for, but none is spoken here. The parser took what follows the head for that
        protocol, though it may be a body: the request is read again without its wish."""
        wish, version = self._turns.pop().http, self.parser.get_http_version()
        assert wish
        self.parser = httptools.HttpRequestParser(self)
        lines = [f"{wish.method} {self._url.decode()} HTTP/{version}"]
        lines += [f"{name}: {value}" for name, value in wish.headers.pairs if name != "upgrade"]
        self._parse("\r\n".join([*lines, "", ""]).encode("latin-1") + rest)

    def _break_off(self) -> None:
        if self._body:
            self._body.break_off()

    def pause_writing(self) -> None:
        self._room = self._room or self.loop.create_future()
        self._left, self.taken_by = inf, self.loop.time() + TAKEN_WITHIN_S

    def resume_writing(self) -> None:
        self.taken_by = inf
        if self._room and not self._room.done():
            self._room.set_result(None)
        self._room = None

    # The parser's calls

    def on_message_begin(self) -> None:
        self._pairs, self._url, self._body, self.begun = [], b"", None, True
        self.due_at = self.loop.time() + HEAD_WITHIN_S

    def on_url(self, part: bytes) -> None:
        self._url += part

    def on_header(self, name: bytes, value: bytes) -> None:
        self._pairs.append((heads.NAMES[name], value.decode("latin-1")))

    def on_headers_complete(self) -> None:
        method, headers, version = self.parser.get_method(), Headers.of(self._pairs), self.parser.get_http_version()
        if method == CONNECT or len(self._turns) >= TURNS_MAX:
            raise Ambiguous
        path, query = target(self._url, headers, version)
        self.due_at, self._head_bytes, self._pairs, self.begun = inf, 0, TRAILERS, False
        self._patience_s = BODY_WITHIN_S
        self.group.resting.pop(self, None)
        modern = version == "1.1"
        held_back = modern and headers.get("expect").lower() == "100-continue"
        body = self._body = Incoming(self, held_back)
        http = HttpRequest(method.decode(), path, query, headers, body, self._source_ip, self._hung_up)
        self._turns.append(Turn(http, body, modern and self.parser.should_keep_alive(), modern))

    def on_body(self, piece: bytes) -> None:
        assert self._body
        self._head_bytes = 0
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

    def listen(self) -> None:
        self._listens_at = self.loop.time()
        self.due_at = self._listens_at + self._patience_s
        self.resume()

    def heard(self, size: int) -> None:
        left_s = self._patience_s - (self.loop.time() - self._listens_at)
        self._patience_s = max(0.0, min(BODY_WITHIN_S, left_s + size / BODY_RATE_MIN))
        self.due_at = inf

    def go_on(self) -> None:
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
        if self._turns and not self.answering:
            self.answering = self.loop.create_task(self._answer(self._turns.popleft()))
        if self._turns:
            self.pause()

    async def _answer(self, turn: Turn) -> None:
        keep = False
        try:
            keep = await self._write(turn, await self._response(turn))
            if self._room:  # who takes no answer is given no other
                await self._room
        except asyncio.CancelledError:
            self.hang_up()
            raise
        except Exception:  # nobody is left to be told but the log
            log.exception("an answer could not be given")
        finally:
            self.answering = None
        if not keep or turn.body is None or self.transport.is_closing():
            self.end()
            return
        turn.body.unwanted = True
        if self._turns:
            self._next()
            return
        self.resume()
        self.group.resting[self] = None
        if self.due_at == inf:
            self.due_at = self.loop.time() + (KEEP_ALIVE_S if turn.body.whole else BODY_WITHIN_S)

    async def _response(self, turn: Turn) -> HttpResponse:
        if turn.http is None or turn.body is None:
            return WRONG
        if turn.body.whole:
            turn.body.held_back = False
            turn.http.body = turn.body.take()
        try:
            return await self.app(turn.http)
        except CallerGone:  # or what he sent was no body
            return WRONG
        except Exception:  # the application's bug is its own, and its client's answer a 500
            log.exception("a request could not be answered")
            return BROKEN

    async def _write(self, turn: Turn, response: HttpResponse) -> bool:
        """Send the answer, a stream as it comes; whether the connection can carry another."""
        body, method = response.body, turn.http.method if turn.http else ""
        keep = turn.keep and not (self._deaf and not self._turns) and not (turn.body and turn.body.held_back)
        keep = keep and not self.group.ending
        try:
            head = heads.head(response, method, turn.modern, keep, time.time())
        except ValueError:  # the application's bug, too
            log.exception("an answer is none")
            body, head = BROKEN.body, heads.head(BROKEN, method, turn.modern, False, time.time())
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
        if not self.transport.is_closing():
            self.transport.write(text)

    async def _stream(self, body: AsyncIterable[bytes], head: heads.Head) -> bool:
        """Send a body as it comes, while somebody listens; whether it was as long as told."""
        sent = 0
        try:
            async for piece in body:
                if self.transport.is_closing():
                    break
                sent += len(piece)
                if head.bodiless or not piece:
                    continue
                if head.length is not None and sent > head.length:
                    raise ValueError("the body is longer than its Content-Length")
                self._send(heads.chunk(piece) if head.chunked else piece)
                if self._room:  # the piece may be there only until the next is asked for
                    await self._room
        except BaseException:
            if head.length is None and not head.chunked:
                self._reset()
            raise
        finally:
            if isinstance(body, AsyncGenerator):
                await body.aclose()
        if head.chunked and not head.bodiless:
            self._send(heads.LAST)
        return head.bodiless or head.length in (None, sent)

    # Ending

    def end(self) -> None:
        """Hear nothing more, and end when all is taken. Who is still sending his body would lose the answer if he were
        hung up on: he is told that it is over, and given a moment."""
        self._leave(bool(self._body and not self._body.over))

    def _leave(self, speaks: bool) -> None:
        self._deaf, lingers = True, speaks and self._plain
        self.group.resting.pop(self, None)
        self.due_at = self.loop.time() + (LINGER_S if lingers else TAKEN_WITHIN_S)
        if lingers and not self.transport.is_closing():
            self._break_off()
            self.resume()
            self.transport.write_eof()
        else:
            self.transport.close()

    def expire(self, now: float) -> None:
        """Hang up, unless what was sent is still being taken, and not too slowly."""
        left = self.unsent
        if not left:
            self.taken_by = inf
            if self.due_at <= now:
                self.hang_up()
        elif self.taken_by == inf or (self.taken_by <= now and left <= self._left - TAKEN_MIN):
            self._left, self.taken_by = left, now + TAKEN_WITHIN_S
        elif self.taken_by <= now:
            self.hang_up()

    def hang_up(self) -> None:
        self._deaf = True
        self.transport.abort()

    def _reset(self) -> None:
        """Hang up so that what was sent, whose end is the connection's, does not seem whole."""
        plug = self.transport.get_extra_info("socket")
        if plug is not None:
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        self.hang_up()

    @property
    def unsent(self) -> int:
        return int(self.transport.get_write_buffer_size())

    @property
    def _plain(self) -> bool:
        """Whether each side can end on its own, as it cannot in TLS."""
        return self.transport.get_extra_info("sslcontext") is None
