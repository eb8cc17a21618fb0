"""A cloud on a socket: uvicorn in front of the wire, with limits on clients that dawdle.

One idea: the HTTP server is a library; ours is only the patience it lacks. It may not know what is served.
"""

import asyncio
import contextlib
import gc
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from freehold.app import Cloud, build
from freehold.config import Config

HEADERS_WITHIN_S = 20
KEEP_ALIVE_S = 75


class PatientProtocol(HttpToolsProtocol):
    """Closes a connection that has not sent a whole request head in time (slow loris)."""

    _dawdling: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._expect_headers()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._expect_headers()

    def on_headers_complete(self) -> None:
        self._stop_waiting()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _expect_headers(self) -> None:
        self._stop_waiting()
        self._dawdling = self.loop.call_later(HEADERS_WITHIN_S, self._give_up)

    def _stop_waiting(self) -> None:
        if self._dawdling:
            self._dawdling.cancel()
            self._dawdling = None

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()


class Server(uvicorn.Server):
    """Tells when it listens, and on which port."""

    def __init__(self, cloud: Cloud):
        config = cloud.config
        super().__init__(
            uvicorn.Config(
                cloud.wire,
                host=config.host,
                port=config.port,
                http=PatientProtocol,
                ws="none",
                lifespan="off",
                interface="asgi3",
                access_log=False,
                log_config=None,
                timeout_keep_alive=KEEP_ALIVE_S,
                proxy_headers=False,
                server_header=False,
                date_header=True,
                timeout_graceful_shutdown=3,
            )
        )
        self.cloud = cloud
        self.listening = asyncio.Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        if self.should_exit:
            return
        address = self.servers[0].sockets[0].getsockname()
        self.cloud.door.base_url = self.cloud.config.base_url.rpartition(":")[0] + f":{address[1]}"
        self.listening.set()


async def serve(config: Config, ready: Any = None) -> None:
    """Run a cloud until interrupted. `ready(server)` is called once it listens."""
    cloud = build(config)
    gc.freeze()
    gc.enable()
    server = Server(cloud)
    await cloud.start()
    try:
        watching = asyncio.ensure_future(_announce(server, ready)) if ready else None
        await server.serve()
        if watching:
            watching.cancel()
    finally:
        with contextlib.suppress(asyncio.CancelledError):
            await cloud.stop()


async def _announce(server: Server, ready: Any) -> None:
    await server.listening.wait()
    ready(server)
