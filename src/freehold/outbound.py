"""Outbound: HTTP requests to addresses that others named.

One idea: a request is one order, sent on a thread of its own and cut off when its patience is at an end, so that an
address that is slow, or never done, costs the one who named it and nobody else: each takes his turn among a bounded
number of his own. Redirections are answers like any other, connections are not kept, and the addresses at which clouds
give credentials to their machines are never asked. It may not know rooms.
"""

import asyncio
import http.client
import re
import socket
import ssl
from base64 import b64encode
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit
from weakref import WeakKeyDictionary

THREADS_MAX, EACH_MAX = 256, 48  # requests under way, of all and of one
SCHEMES = ("http", "https")
METADATA = ip_address("fd00:ec2::254")  # beside the link-local ones
HOUSE, VIA = "/_freehold", {"Via": "1.1 freehold"}  # a cloud's own pages are told that it is not their reader who asks
FORBIDDEN, TOO_LATE = "The address may not be asked.", "It took too long."
PASSWORD = re.compile(r"^(https?://[^/?#@:]*):[^/?#@]*@")

_threads = ThreadPoolExecutor(THREADS_MAX, "outbound")
_turns: "WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, asyncio.Semaphore]]" = WeakKeyDictionary()


class Order(NamedTuple):
    """A request. A name and password in `url` are shown as Basic credentials (RFC 7617). Of the answer's body at most
    `body_max` bytes are read."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""
    patience_s: float = 5.0
    body_max: int = 1_048_576
    verify: bool = True


class Answer(NamedTuple):
    """`whole` is false where the body had more to it."""

    status: int
    reason: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    whole: bool = True

    def header(self, name: str) -> str:
        """The first value of a header by its name in any case; '' if there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


class NoAnswer(Exception):
    """Nobody answered, or nothing that is HTTP; `late` where it took too long."""

    def __init__(self, reason: str, late: bool = False):
        super().__init__(reason)
        self.late = late


class _Line:
    """What a thread has opened, until nobody waits for it any more."""

    def __init__(self) -> None:
        self.socket: socket.socket | None = None
        self.over = False

    def open(self, connected: socket.socket) -> None:
        """Raises OSError where nothing may be said: `connected` leads to an address that may not be asked, whatever its
        name was, or it is too late."""
        self.socket = connected
        address = ip_address(connected.getpeername()[0].partition("%")[0])
        address = getattr(address, "ipv4_mapped", None) or address
        if self.over or address.is_link_local or address == METADATA:
            raise OSError(FORBIDDEN)

    def cut(self) -> None:
        """End what the thread waits for; its own limits would, but only after each silence."""
        self.over = True
        if self.socket:
            with suppress(OSError):  # it has ended already
                socket.socket.shutdown(self.socket, socket.SHUT_RDWR)


async def fetch(order: Order, whose: str) -> Answer:
    """The answer to an order of somebody (an account). Raises NoAnswer."""
    loop, line = asyncio.get_running_loop(), _Line()
    turns = _turns.setdefault(loop, {}).setdefault(whose, asyncio.Semaphore(EACH_MAX))
    await turns.acquire()
    work = loop.run_in_executor(_threads, _exchange, order, line)
    work.add_done_callback(partial(_ended, turns))
    try:
        return await asyncio.wait_for(asyncio.shield(work), order.patience_s)
    except TimeoutError:
        raise NoAnswer(TOO_LATE, late=True) from None
    finally:
        line.cut()


def _ended(turns: asyncio.Semaphore, work: "asyncio.Future[Answer]") -> None:
    """A thread is free again; what it says when nobody waits any more is not wanted."""
    turns.release()
    if not work.cancelled():
        work.exception()


def _connection(order: Order) -> http.client.HTTPConnection:
    try:
        parts = urlsplit(order.url)
        host, port = parts.hostname or "", parts.port
        if parts.scheme not in SCHEMES or not host:
            raise ValueError("It is no address of HTTP.")
        if parts.scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=order.patience_s)
        return http.client.HTTPSConnection(host, port, timeout=order.patience_s, context=_context(order.verify))
    except (ValueError, http.client.HTTPException) as fault:
        raise NoAnswer(str(fault)) from fault


def _context(verify: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _exchange(order: Order, line: _Line) -> Answer:
    connection, parts = _connection(order), urlsplit(order.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.connect()
        line.open(connection.sock)
        via = VIA if HOUSE in unquote(target) else {}
        headers = {**_credentials(parts, order.headers), **order.headers, **via}
        connection.request(order.method, target, order.body or None, headers)
        answer = connection.getresponse()
        body = answer.read(order.body_max + 1)
        whole = len(body) <= order.body_max
        return Answer(answer.status, answer.reason, tuple(answer.getheaders()), body[: order.body_max], whole)
    except TimeoutError as late:
        raise NoAnswer(str(late), late=True) from late
    except (OSError, http.client.HTTPException, ValueError) as fault:
        raise NoAnswer(str(fault) or type(fault).__name__) from fault
    finally:
        connection.close()


def _credentials(parts: SplitResult, headers: Mapping[str, str]) -> dict[str, str]:
    """Those in the address, unless the order has its own."""
    if parts.username is None or "authorization" in map(str.lower, headers):
        return {}
    told = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return {"Authorization": f"Basic {b64encode(told.encode()).decode()}"}


def masked(url: str) -> str:
    """An address as it may be shown: without its password."""
    return PASSWORD.sub(r"\1:****@", url)
