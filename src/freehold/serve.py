"""A cloud on a socket: started, announced, and stopped.

One idea: who is told to stop lets what is being answered be answered, for a moment, and then lets the cloud put down
what it carries. It may not know what is served.
"""

import asyncio
import contextlib
import gc
import signal
import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

from freehold.app import Cloud, build
from freehold.config import Config
from freehold.doors.places import BACKLOG_MAX, BACKLOG_SHARE, MAIN_SHARE, Conversations, share
from freehold.doors.proxy import ProxyConversation

GRACE_S = 3.0
SIGNALS = (signal.SIGINT, signal.SIGTERM)


class CannotListen(Exception):
    """There is no listening at the configured address; says why."""


class Server:
    """The main door. `listening` is set when it is open; `stop` shuts it."""

    def __init__(self, cloud: Cloud):
        self.cloud = cloud
        self.listening, self._stopped = asyncio.Event(), asyncio.Event()
        self._conversations = Conversations(share(MAIN_SHARE))
        cloud.doors.main = self._conversations

    async def serve(self) -> None:
        """Answer until stopped, or told to by a signal. Raises CannotListen."""
        cloud, config = self.cloud, self.cloud.config
        within = cloud.wire.through(cloud.wire.entrance._replace(scheme="https"))
        speak = partial(ProxyConversation, cloud.wire, self._conversations, doors=cloud.doors, within=within)
        loop, backlog = asyncio.get_running_loop(), min(BACKLOG_MAX, share(BACKLOG_SHARE))
        try:
            server = await loop.create_server(speak, config.host, config.port, backlog=backlog)
        except OSError as fault:
            raise CannotListen(fault.strerror or str(fault)) from fault
        self._announce(server.sockets[0].getsockname()[1])
        with _heard(loop, self.stop):
            await self._stopped.wait()
        server.close()
        await self._conversations.end(GRACE_S)

    def _announce(self, port: int) -> None:
        cloud = self.cloud
        cloud.door.base_url = cloud.config.base_url.rpartition(":")[0] + f":{port}"
        cloud.doors.port = port
        self.listening.set()

    def stop(self) -> None:
        self._stopped.set()


@contextlib.contextmanager
def _heard(loop: asyncio.AbstractEventLoop, stop: Any) -> Iterator[None]:
    """Signals stop the server, where this thread is the one that may hear them."""
    heard = SIGNALS if threading.current_thread() is threading.main_thread() else ()
    for number in heard:
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number in heard:
            loop.remove_signal_handler(number)


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
