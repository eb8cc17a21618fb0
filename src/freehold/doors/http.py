"""HTTP on sockets: uvicorn's protocol, with limits on clients that dawdle, swarm, or say two things at once.

One idea: the HTTP server is a library; ours is only what it lacks towards strangers. It may not know what is served.

https://www.rfc-editor.org/rfc/rfc9112 (3.2: one host; the authority of an absolute target is that host)
"""

import asyncio
import time
from email.utils import formatdate
from functools import lru_cache
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADERS_WITHIN_S = 20
HEAD_BYTES_MAX = 1 << 18
KEEP_ALIVE_S = 75
CONNECTIONS_MAX = 256  # of one guest; each costs the cloud a descriptor
ABSOLUTE = (b"http://", b"https://")


def settings(app: Any, **more: Any) -> uvicorn.Config:
    """uvicorn as every door of this cloud has it."""
    return uvicorn.Config(
        app,
        **{
            "http": PatientProtocol,
            "ws": "none",
            "lifespan": "off",
            "interface": "asgi3",
            "access_log": False,
            "log_config": None,
            "log_level": "error",  # strangers do not write into the log
            "timeout_keep_alive": KEEP_ALIVE_S,
            "proxy_headers": False,
            "server_header": False,
            "date_header": True,
            **more,
        },
    )


class TwoHosts(Exception):
    """The request names no host, or more than one."""


class PatientProtocol(HttpToolsProtocol):
    """Closes a connection that has not sent a whole request head in time (slow loris), or whose head is ambiguous or
    endless.
    """

    _dawdling: asyncio.TimerHandle | None = None
    _head_bytes = 0

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._expect_headers()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._dawdling:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES_MAX:
                self._give_up()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._expect_headers()

    def on_headers_complete(self) -> None:
        self._stop_waiting()
        if not _one_host(self.url, self.headers):
            raise TwoHosts  # the parser turns it into a 400, and the connection ends
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _expect_headers(self) -> None:
        self._stop_waiting()
        self._head_bytes = 0
        self._dawdling = self.loop.call_later(HEADERS_WITHIN_S, self._give_up)

    def _stop_waiting(self) -> None:
        if self._dawdling:
            self._dawdling.cancel()
            self._dawdling = None

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()


def _one_host(url: bytes, headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether everything in a request's head that names a host names the same one."""
    hosts = [value for name, value in headers if name == b"host"]
    if url.lower().startswith(ABSOLUTE):
        hosts.append(url.partition(b"://")[2].partition(b"/")[0])
    return all(host.lower() == hosts[0].lower() for host in hosts[1:]) and len(hosts) <= 2


class Guests:
    """The connections of one guest's doors: what uvicorn calls the state of a server."""

    def __init__(self) -> None:
        self.total_requests = 0
        self.connections: set[Any] = set()
        self.tasks: set[asyncio.Task] = set()

    @property
    def default_headers(self) -> list[tuple[bytes, bytes]]:
        return _date(int(time.time()))

    def hang_up(self) -> None:
        for connection in list(self.connections):
            connection.transport.abort()


@lru_cache(1)
def _date(second: int) -> list[tuple[bytes, bytes]]:
    return [(b"date", formatdate(second, usegmt=True).encode())]


class GuestProtocol(PatientProtocol):
    """The same for one of a guest's doors, with its own application."""

    def __init__(self, config: uvicorn.Config, guests: Guests, app: Any):
        super().__init__(config, guests, {})  # type: ignore[arg-type]
        self.app = app

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        if len(self.connections) > CONNECTIONS_MAX:
            transport.abort()
