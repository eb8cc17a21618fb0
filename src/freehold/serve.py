"""A cloud on a socket: started, announced, and stopped.

One idea: the HTTP server is a library; what it lacks is in `doors`. It may not know what is served.
"""

import asyncio
import contextlib
import gc
from functools import partial
from typing import Any

import uvicorn

from freehold.app import Cloud, build
from freehold.config import Config
from freehold.doors.http import settings
from freehold.doors.proxy import ProxyProtocol


class Server(uvicorn.Server):
    """Tells when it listens, and on which port."""

    def __init__(self, cloud: Cloud):
        config = cloud.config
        within = cloud.wire.through(cloud.wire.entrance._replace(scheme="https"))
        proxy = partial(ProxyProtocol, doors=cloud.doors, within=within)
        super().__init__(
            settings(cloud.wire, host=config.host, port=config.port, http=proxy, timeout_graceful_shutdown=3)
        )
        self.cloud = cloud
        self.listening = asyncio.Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        if self.should_exit:
            return
        port = self.servers[0].sockets[0].getsockname()[1]
        self.cloud.door.base_url = self.cloud.config.base_url.rpartition(":")[0] + f":{port}"
        self.cloud.doors.port = port
        self.listening.set()


async def serve(config: Config, ready: Any = None) -> None:
    """Run a cloud until interrupted. `ready(server)` is called once it listens."""
    cloud = build(config)
    gc.freeze()
    gc.enable()
    server = Server(cloud)
    await cloud.start()
    try:
        watching = asyncio.ensure_future(_announce(server, ready))
        await server.serve()
        watching.cancel()
    finally:
        with contextlib.suppress(asyncio.CancelledError):
            await cloud.stop()


async def _announce(server: Server, ready: Any) -> None:
    """Tell once it listens; certificates are made afterwards, so that nobody waits for them at the start."""
    await server.listening.wait()
    if ready:
        ready(server)
    await server.cloud.doors.ready()
