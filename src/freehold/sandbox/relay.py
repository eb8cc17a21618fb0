"""Telemetry on its way to those who subscribed.

One idea: each subscriber has one queue and at most one batch on the way; a batch leaves when it is full or old enough,
and what a slow subscriber leaves behind is counted and dropped, never kept without bound. While the environment is
frozen nothing leaves. It may not know functions, phases or how a connection into an environment is made.

https://docs.aws.amazon.com/lambda/latest/dg/telemetry-api.html#telemetry-api-buffering
"""

import asyncio
import socket
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress

import orjson

from freehold.sandbox.telemetry_api import Subscription

Dial = Callable[[int], Awaitable[socket.socket]]
"""A connection, not blocking, to a port of 127.0.0.1 as the environment's own programs see it. Raises OSError."""

TRIES_MAX = 3
BACKOFF_S = 0.1
DELIVERY_MAX_S = 5.0
EARLY_BYTES_MAX = 4 << 20
QUEUE_ITEMS_MAX = 20_000
REPLY_BYTES_MAX = 65_536
FELL_BEHIND = "Consumer seems to have fallen behind as it has not acknowledged receipt of logs."
LOGS_API_ONLY = ("platform.end", "platform.logsSubscription")
RUNTIME_DONE_SCHEMA = "2021-03-18"


class Relay:
    """All subscribers of one environment. Events told before somebody subscribed, while it starts, are kept for it."""

    def __init__(self, dial: Dial, stamp: Callable[[], str]) -> None:
        self.listening = True
        self._dial, self._stamp = dial, stamp
        self._early: list[tuple[str, str, bytes]] | None = []
        self._early_bytes = 0
        self._subscribers: dict[str, Subscriber] = {}

    def begin(self) -> None:
        """The environment starts, perhaps once more: extensions may subscribe."""
        self.listening, self._early, self._early_bytes = True, [], 0

    def settle(self) -> None:
        """Nobody can subscribe any more."""
        self.listening, self._early = bool(self._subscribers), None

    def subscribe(self, subscription: Subscription) -> str:
        """Take a subscription; the word that tells of it. One that survived a reset goes on."""
        known = self._subscribers.get(subscription.name)
        if known is not None:
            known.subscription = subscription
            known.hold(False)
            return "Already subscribed"
        subscriber = self._subscribers[subscription.name] = Subscriber(subscription, self._dial, self._stamp)
        for category, kind, event in self._early or ():
            subscriber.offer(category, kind, event)
        return "Subscribed"

    def tell(self, category: str, kind: str, record: object) -> None:
        """An event happened. `category` is platform, function or extension."""
        event = orjson.dumps({"time": self._stamp(), "type": kind, "record": record})
        for subscriber in self._subscribers.values():
            subscriber.offer(category, kind, event)
        self._early_bytes += len(event) if self._early is not None else 0
        if self._early is not None and self._early_bytes < EARLY_BYTES_MAX:
            self._early.append((category, kind, event))

    def hold(self, held: bool) -> None:
        """The environment is frozen, or goes on."""
        for subscriber in self._subscribers.values():
            subscriber.hold(held)

    def flush(self) -> None:
        """Let everything leave now."""
        for subscriber in self._subscribers.values():
            subscriber.flush()

    async def close(self) -> None:
        """Drop what is left."""
        await asyncio.gather(*(subscriber.close() for subscriber in self._subscribers.values()))


def wanted(subscription: Subscription, category: str, kind: str) -> bool:
    """Whether a subscription is for this event."""
    if category not in subscription.types:
        return False
    if subscription.dialect.title != "Logs API":
        return kind not in LOGS_API_ONLY
    if kind == "platform.runtimeDone":
        return subscription.schema == RUNTIME_DONE_SCHEMA
    return not kind.startswith(("platform.init", "platform.telemetry"))


class Subscriber:
    """One subscriber: its queue, its timer, its batch on the way."""

    def __init__(self, subscription: Subscription, dial: Dial, stamp: Callable[[], str]) -> None:
        self.subscription = subscription
        self._dial, self._stamp = dial, stamp
        self._loop = asyncio.get_running_loop()
        self._queue: deque[bytes] = deque()
        self._bytes = 0
        self._dropped = [0, 0]  # records, bytes
        self._timer: asyncio.TimerHandle | None = None
        self._due = False
        self._sending: asyncio.Task[None] | None = None
        self._thawed = asyncio.Event()
        self._thawed.set()
        self._line: asyncio.StreamWriter | None = None  # of a TCP subscriber

    def offer(self, category: str, kind: str, event: bytes) -> None:
        """Queue an event if it is wanted."""
        if not wanted(self.subscription, category, kind):
            return
        if self._bytes > 2 * self.subscription.bytes_max or len(self._queue) >= QUEUE_ITEMS_MAX:
            self._drop([event])
            return
        self._queue.append(event)
        self._bytes += len(event)
        if self._bytes >= self.subscription.bytes_max or len(self._queue) >= self.subscription.items_max:
            self.flush()
        elif self._timer is None:
            self._timer = self._loop.call_later(self.subscription.timeout_ms / 1000, self.flush)

    def flush(self) -> None:
        """What is queued is due."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._due = bool(self._queue)
        if self._due and self._sending is None and self._thawed.is_set():
            self._sending = self._loop.create_task(self._send_all())

    def hold(self, held: bool) -> None:
        """Stop, or go on."""
        if held:
            self._thawed.clear()
        else:
            self._thawed.set()
            if self._due:
                self.flush()

    async def _send_all(self) -> None:
        """Send batches while any is due."""
        while self._due:
            batch = self._batch()
            await self._thawed.wait()
            if not await self._delivered(batch):
                self._drop(batch)
            elif self._dropped[0]:
                self._confess()
        self._sending = None

    def _batch(self) -> list[bytes]:
        """The next batch; it is the last that is due if it takes all."""
        batch: list[bytes] = []
        size = 0
        while self._queue and len(batch) < self.subscription.items_max and size < self.subscription.bytes_max:
            event = self._queue.popleft()
            batch.append(event)
            size += len(event)
        self._bytes -= size
        self._due = bool(self._queue)
        return batch

    def _drop(self, events: list[bytes]) -> None:
        self._dropped[0] += len(events)
        self._dropped[1] += sum(map(len, events))

    def _confess(self) -> None:
        """Tell the subscriber what it missed."""
        records, size = self._dropped
        self._dropped = [0, 0]
        record = {"droppedRecords": records, "droppedBytes": size, "reason": FELL_BEHIND}
        kind = "platform.logsDropped"
        self.offer("platform", kind, orjson.dumps({"time": self._stamp(), "type": kind, "record": record}))

    async def _delivered(self, batch: list[bytes]) -> bool:
        """Try to deliver a batch, a few times."""
        for attempt in range(TRIES_MAX):
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
                async with asyncio.timeout(DELIVERY_MAX_S):  # a TimeoutError is an OSError
                    if await (self._post(batch) if self.subscription.path is not None else self._write(batch)):
                        return True
            await asyncio.sleep(BACKOFF_S * 2**attempt)
            await self._thawed.wait()
        return False

    async def _post(self, batch: list[bytes]) -> bool:
        """One HTTP request with the batch as a JSON array; True if it was taken."""
        body = b"[" + b",".join(batch) + b"]"
        subscription = self.subscription
        head = (
            f"{subscription.method} {subscription.path} HTTP/1.1\r\nHost: sandbox.localdomain:{subscription.port}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        reader, writer = await self._open()
        try:
            writer.write(head.encode("latin-1", "replace") + body)
            await writer.drain()
            status = await reader.readuntil(b"\r\n")
            return 200 <= int(status.split()[1]) < 300
        except IndexError:
            return False
        finally:
            writer.transport.abort()

    async def _write(self, batch: list[bytes]) -> bool:
        """The batch as lines on a connection that is kept."""
        try:
            if self._line is None:
                _, self._line = await self._open()
            self._line.write(b"\n".join(batch) + b"\n")
            await self._line.drain()
        except BaseException:
            self._hang_up()
            raise
        return True

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        connected = await self._dial(self.subscription.port)
        return await asyncio.open_connection(sock=connected, limit=REPLY_BYTES_MAX)

    def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.transport.abort()

    async def close(self) -> None:
        """Stop at once."""
        self._queue.clear()
        self._due = False
        if self._timer is not None:
            self._timer.cancel()
        if self._sending is not None:
            self._sending.cancel()
            await asyncio.gather(self._sending, return_exceptions=True)
        self._hang_up()
