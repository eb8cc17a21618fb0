"""TLS, agreed upon by those who have their place already.

One idea: who shakes hands is counted and timed like anybody who has not said what he wants yet: he rests, so he makes
room for others where all places are taken. It may not know what is served within.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from math import inf
from socket import socket
from ssl import SSLContext
from typing import Any

from freehold.doors.http import Conversation
from freehold.doors.places import Connected, Conversations
from freehold.web import App

HANDSHAKE_WITHIN_S = 10.0
GOODBYE_WITHIN_S = 5.0  # for the other side to end, too
AGAIN_AFTER_S = 0.1  # where the machine has nothing to accept with


class Within(Conversation):
    """HTTP within TLS, in the place of who shook hands for it. What comes before the transport is known is kept."""

    def __init__(self, app: App, group: Conversations, place: Connected):
        super().__init__(app, group)
        self._place, self._early, self._lost = place, b"", False

    def connection_made(self, transport: Any) -> None:
        self.group.remove(self._place)
        if self._lost or transport.is_closing():  # gone, and nobody will be told so any more
            return
        super().connection_made(transport)
        if self._early:
            self.data_received(self._early)

    def data_received(self, data: bytes) -> None:
        if self.transport is None:
            self._early += data
        else:
            super().data_received(data)

    def connection_lost(self, fault: Exception | None) -> None:
        self._lost = True
        if self.transport is not None:
            super().connection_lost(fault)


class Handshake:
    """A connection of which nothing is known but that it is to speak TLS, until it does."""

    taken_by, begun, busy, unsent = inf, True, False, 0
    answering: asyncio.Task[None] | None = None

    def __init__(self, app: App, group: Conversations, context: SSLContext, plug: socket):
        self._app, self._group = app, group
        self._plug: socket | None = plug  # until the transport has it
        self._loop = asyncio.get_running_loop()
        self.due_at = self._loop.time() + HANDSHAKE_WITHIN_S
        if group.add(self):
            self._shaking = self._loop.create_task(self._shake(context))
        else:
            group.remove(self)
            plug.close()

    async def _shake(self, context: SSLContext) -> None:
        """What is no TLS, or none that we speak, is hung up on."""
        plug, self._plug = self._plug, None
        assert plug
        try:
            with suppress(OSError):
                await self._loop.connect_accepted_socket(
                    lambda: Within(self._app, self._group, self), plug, ssl=context,
                    ssl_handshake_timeout=HANDSHAKE_WITHIN_S, ssl_shutdown_timeout=GOODBYE_WITHIN_S,
                )  # fmt: skip
        finally:
            self._group.remove(self)

    def expire(self, now: float) -> None:
        self.hang_up()

    def end(self) -> None:
        self.hang_up()

    def hang_up(self) -> None:
        self._group.remove(self)
        self._shaking.cancel()
        if self._plug:
            self._plug.close()


class Listening:
    """A socket on which connections are accepted that are to speak TLS, until closed."""

    def __init__(self, greet: Callable[[socket], object], listening: socket):
        self._accepting = asyncio.get_running_loop().create_task(self._accept(greet, listening))

    async def _accept(self, greet: Callable[[socket], object], listening: socket) -> None:
        loop = asyncio.get_running_loop()
        with listening:
            while True:
                try:
                    plug, _ = await loop.sock_accept(listening)
                except OSError:
                    await asyncio.sleep(AGAIN_AFTER_S)
                else:
                    greet(plug)

    def close(self) -> None:
        self._accepting.cancel()


async def go_on(outer: Conversation, inner: Within, context: SSLContext) -> None:
    """TLS for who spoke without it, and hears nothing any more."""
    transport = None
    try:
        with suppress(OSError):
            transport = await outer.loop.start_tls(
                outer.transport, inner, context, server_side=True,
                ssl_handshake_timeout=HANDSHAKE_WITHIN_S, ssl_shutdown_timeout=GOODBYE_WITHIN_S,
            )  # fmt: skip
    finally:
        if transport is None:
            outer.group.remove(outer)
            outer.hang_up()
    if transport is not None:
        inner.connection_made(transport)
