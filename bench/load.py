"""A load generator: signed requests as bytes, sent again and again over connections that stay open.

It may not know what it sends.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Any

import httptools
from botocore.awsrequest import AWSPreparedRequest

PATIENCE_S = 30  # how long a server may take over its last answers


class _Captured(Exception):
    pass


def signed(client: Any, operation: str, **members: Any) -> bytes:
    """The bytes that boto3 would send for a call."""
    seen: list[AWSPreparedRequest] = []

    def capture(request: AWSPreparedRequest, **_: Any) -> None:
        seen.append(request)
        raise _Captured

    client.meta.events.register_first("before-send.*", capture, unique_id="bench")
    try:
        getattr(client, operation)(**members)
    except _Captured:
        pass
    finally:
        client.meta.events.unregister("before-send.*", unique_id="bench")
    request = seen[0]
    body = request.body or b""
    body = body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else body.read()
    path = request.url.split("/", 3)[3] if request.url.count("/") > 2 else ""
    headers = {name.lower(): value for name, value in request.headers.items() if name.lower() != "expect"}
    headers |= {"host": request.url.split("/")[2], "content-length": str(len(body))}
    head = "".join(f"{name}: {_text(value)}\r\n" for name, value in headers.items())
    return f"{request.method} /{path} HTTP/1.1\r\n{head}\r\n".encode() + body


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


class Connection(asyncio.Protocol):
    """One client that sends the next request as soon as an answer is whole; it comes again if it is turned out."""

    def __init__(self, port: int, requests: Iterator[bytes], check: Callable[[bytes], bool], until: float):
        self.port, self.requests, self.check, self.until = port, requests, check, until
        self.done: asyncio.Future = asyncio.get_running_loop().create_future()
        self.count = self.wrong = 0
        self.spent = False
        self.times: list[float] = []

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self._send()

    def _send(self) -> None:
        request = next(self.requests, None)
        if request is None or time.perf_counter() > self.until:
            self.spent = True
            self.transport.close()
            return
        self.body = bytearray()
        self.parser = httptools.HttpResponseParser(self)
        self.sent_at = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.times.append(time.perf_counter() - self.sent_at)
        self.count += 1
        if self.parser.get_status_code() != 200 or not self.check(bytes(self.body)):
            self.wrong += 1
        if self.parser.should_keep_alive():
            self._send()
        else:
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if time.perf_counter() < self.until and self.count and not self.spent:
            loop = asyncio.get_running_loop()
            self.coming = loop.create_task(loop.create_connection(lambda: self, "127.0.0.1", self.port))
        elif not self.done.done():
            self.done.set_result(None)


class Drain(asyncio.BufferedProtocol):
    """One client that asks for the same large body again and again and keeps nothing of it, so that it costs little
    beside its server."""

    room = bytearray(1 << 20)

    def __init__(self, request: bytes, size: int):
        self.request, self.size, self.bytes = request, size, 0

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self._ask()

    def _ask(self) -> None:
        self.left = 0
        self.transport.write(self.request)

    def get_buffer(self, hint: int) -> bytearray:
        return self.room

    def buffer_updated(self, count: int) -> None:
        if not self.left:
            head = self.room.index(b"\r\n\r\n") + 4
            assert b"200 OK" in self.room[:head] and b"ength: %d\r\n" % self.size in self.room[:head]
            self.left = head + self.size
        self.left -= count
        self.bytes += count
        if not self.left:
            self._ask()


async def drain(port: int, request: bytes, size: int, seconds: float, connections: int) -> float:
    """Bodies of so many bytes a second that connections take of a server."""
    loop, made = asyncio.get_running_loop(), [Drain(request, size) for _ in range(connections)]
    for connection in made:
        await loop.create_connection(lambda connection=connection: connection, "127.0.0.1", port)
    await asyncio.sleep(seconds)
    for connection in made:
        connection.transport.close()
    return sum(each.bytes for each in made) / size / seconds


async def drive(
    port: int, requests: Iterator[bytes], check: Callable[[bytes], bool], seconds: float, connections: int
) -> tuple[int, int, float, list[float]]:
    """(answers, wrong answers, seconds, sorted latencies in seconds) of so many connections for so long."""
    loop, start = asyncio.get_running_loop(), time.perf_counter()
    made = [Connection(port, requests, check, start + seconds) for _ in range(connections)]
    for connection in made:
        await loop.create_connection(lambda connection=connection: connection, "127.0.0.1", port)
    await asyncio.wait([connection.done for connection in made], timeout=seconds + PATIENCE_S)
    took = time.perf_counter() - start
    times = sorted(moment for connection in made for moment in connection.times)
    return sum(each.count for each in made), sum(each.wrong for each in made), took, times
