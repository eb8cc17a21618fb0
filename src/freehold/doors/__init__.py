"""The doors that a cell's programs find: the cloud's own port, and AWS's names on 80 and 443 with certificates.

One idea: a cell hands out listening sockets; each is served as an entrance of its own, strict and with the cell's
address, so nothing that a program says of itself opens more. It may not know functions, nor what is answered.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from socket import socket

from freehold.doors import nameserver, trust
from freehold.doors.contexts import Contexts
from freehold.doors.handshakes import Handshake, Listening
from freehold.doors.http import Conversation
from freehold.doors.issuer import open_issuer
from freehold.doors.names import Names
from freehold.doors.places import GUEST_MAX, GUESTS_SHARE, Conversations, Total, share
from freehold.sandbox.doors import Guest
from freehold.web import App
from freehold.wire.entrance import Entrance

HTTP, HTTPS, DNS = 80, 443, 53


class Doors:
    """Fills `freehold.sandbox.doors.Doors`.

    `through` makes the application for an entrance; `main` are those at the cloud's own, which is served elsewhere.
    `folder` is of its own; everybody may read what is in its `trust`. `region` is the one whose names are asked for
    most.
    """

    def __init__(
        self, through: Callable[[Entrance], App], folder: Path, *, port: int, region: str, names: Names,
        now: Callable[[], float] = time.time,
    ):  # fmt: skip
        self.port, self.names = port, names
        self.trust, self._folder = folder / "trust", folder
        self.shown: Mapping[str, Path] = trust.shown(self.trust)
        self._through, self._region, self._now = through, region, now
        self._resolver = nameserver.Resolver()
        self.main, self._guests = Conversations(), Total(share(GUESTS_SHARE))
        self._preparing: asyncio.Future[Contexts] | None = None

    @property
    def tcp(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys((self.port, HTTPS, HTTP, DNS)))

    @property
    def udp(self) -> tuple[int, ...]:
        return (DNS,)

    def connected(self) -> Mapping[str, float]:
        return self.main.told() | {"guests": self._guests.taken, "guests_most": self._guests.most}

    def variables(self, own: Mapping[str, str]) -> dict[str, str]:
        return trust.variables(own)

    async def ready(self) -> None:
        await self.contexts()

    async def contexts(self) -> Contexts:
        """What speaks TLS. The authority and the files that trust it are made or read once, beside the event loop."""
        if self._preparing is None or (self._preparing.done() and self._preparing.exception()):
            self._preparing = asyncio.ensure_future(asyncio.to_thread(self._prepare))
        return await asyncio.shield(self._preparing)

    def _prepare(self) -> Contexts:
        issuer = open_issuer(self._folder, self.names.suffixes, self._now())
        trust.write(self.trust, issuer.pem)
        return Contexts(issuer, self.names, self._region, self._now)

    async def open(self, guest: Guest, tcp: Mapping[int, socket], udp: Mapping[int, socket]) -> "Opened":
        """Answer on these sockets, as entrances of the guest."""
        opened, server = Opened(self._guests), nameserver.NameServer(self.names, guest, self._resolver)
        try:
            for port, listening in tcp.items():
                if port != DNS:
                    await self._listen(opened, guest, port, listening)
            await self._name(opened, server, tcp[DNS], udp[DNS])
        except BaseException:
            opened.close()
            raise
        return opened

    async def _listen(self, opened: "Opened", guest: Guest, port: int, listening: socket) -> None:
        """Serve HTTP on one port. The cloud's own is sealed: what it carries never leaves the machine."""
        secure = port == HTTPS and port != self.port
        entrance = Entrance(False, guest.address, "https" if secure else "http", sealed=port == self.port)
        app = self._through(entrance)
        if secure:
            greet = partial(Handshake, app, opened.guests, (await self.contexts()).first)
            opened.servers.append(Listening(greet, listening))
        else:
            speak = partial(Conversation, app, opened.guests)
            opened.servers.append(await asyncio.get_running_loop().create_server(speak, sock=listening))

    async def _name(self, opened: "Opened", server: nameserver.NameServer, tcp: socket, udp: socket) -> None:
        """Serve names."""
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(partial(nameserver.Datagrams, server), sock=udp)
        opened.transports.append(transport)
        opened.servers.append(await asyncio.start_server(partial(nameserver.converse, server), sock=tcp))

    def close(self) -> None:
        self._resolver.close()


class Opened:
    """The doors of one guest."""

    def __init__(self, total: Total) -> None:
        self.guests = Conversations(GUEST_MAX, total)
        self.servers: list[asyncio.Server | Listening] = []
        self.transports: list[asyncio.BaseTransport] = []

    def close(self) -> None:
        for server in self.servers:
            server.close()
        for transport in self.transports:
            transport.close()
        self.guests.hang_up()
