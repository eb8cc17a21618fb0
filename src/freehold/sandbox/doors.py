"""Doors: how the programs of a cell reach the cloud, by its own address and by AWS's names. The port.

One idea: a cell hands out sockets that listen within it, and whoever fills this port answers on them from outside; so
who asks is known by the socket. The sandbox may not know what is answered.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from pathlib import Path
from socket import socket
from typing import Protocol

import msgspec

from freehold.sandbox.fittings import Cell

ADDRESSES = 0x64_40_00_00  # 100.64.0.0/10: addresses that are nobody's on the Internet (RFC 6598)
ADDRESSES_MASK = 0x00_3F_FF_FF


class Guest(msgspec.Struct, frozen=True, kw_only=True):
    """Who is behind the sockets of one cell.

    `names` are those it may look up beyond this cloud's: `*` is all, `*.example.com` those below, `example.com` itself.
    """

    id: str
    names: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """The address that its requests come from, as the cloud tells it: one of its own, always the same."""
        number = int.from_bytes(hashlib.sha256(self.id.encode()).digest()[:4])
        return ".".join(map(str, (ADDRESSES | number & ADDRESSES_MASK).to_bytes(4)))


class Opened(Protocol):
    """The doors of one cell."""

    def close(self) -> None:
        """Answer no more, hang up, and close the sockets."""


class Doors(Protocol):
    """What a cell has to listen for, and what its programs must see.

    `port` is the cloud's own, inside as outside. `tcp` and `udp` are the ports that `open` wants sockets of. `shown`
    are files and folders to be shown read-only in every cell: where they are seen, and where they lie.
    """

    port: int
    shown: Mapping[str, Path]

    @property
    def tcp(self) -> tuple[int, ...]: ...

    @property
    def udp(self) -> tuple[int, ...]: ...

    async def ready(self) -> None:
        """Return when what is shown is there."""

    def connected(self) -> Mapping[str, float]:
        """How many are connected now, at the cloud's own door and those of guests, and how many may be."""

    def variables(self, own: Mapping[str, str]) -> dict[str, str]:
        """What programs read to trust the cloud's certificates; what the function's `own` say, stays."""

    async def open(self, guest: Guest, tcp: Mapping[int, socket], udp: Mapping[int, socket]) -> Opened:
        """Answer on these sockets, by port, until closed."""


async def open_in(cell: Cell, doors: Doors, guest: Guest) -> Opened:
    """The doors of a cell, open from now on. Raises OSError."""
    streams = [cell.listen(port) for port in doors.tcp]
    datagrams = [cell.listen_udp(port) for port in doors.udp]
    sockets = await asyncio.gather(*streams, *datagrams)
    count = len(streams)
    return await doors.open(guest, dict(zip(doors.tcp, sockets)), dict(zip(doors.udp, sockets[count:])))
