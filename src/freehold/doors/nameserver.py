"""The name server of a cell: names that this cloud serves lead to the cell's own loopback.

One idea: an answer is known at once, or the machine's resolver is asked for it, a few questions at a time and only for
names that the guest may know. It may not know what listens there.
"""

import asyncio
import socket
import struct
from collections.abc import Awaitable
from concurrent.futures import ThreadPoolExecutor

from freehold.doors.names import Names
from freehold.engines import dns
from freehold.sandbox.doors import Guest

LOOPBACK = bytes([127, 0, 0, 1])
TTL_S = 60
LOOKUP_WITHIN_S = 5.0
LOOKUPS_MAX = 8  # of one guest at a time
LOOKUPS_ALL_MAX = 32
KEPT_MAX, KEPT_S = 1_024, 30.0
CONNECTIONS_MAX = 8
IDLE_S = 10.0
FAMILIES = {dns.A: socket.AF_INET, dns.AAAA: socket.AF_INET6}

Found = tuple[bytes, ...] | None


class Resolver:
    """Asks the machine's own resolver, for all guests. What it said is remembered for a while."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(LOOKUPS_ALL_MAX, "names")
        self._kept: dict[tuple[str, int], tuple[float, Found]] = {}

    async def find(self, name: str, type: int) -> Found:
        """Packed addresses; None for a name that is not there. TimeoutError if the resolver does not answer."""
        loop = asyncio.get_running_loop()
        until, found = self._kept.get((name, type), (0.0, None))
        if loop.time() < until:
            return found
        found = await asyncio.wait_for(loop.run_in_executor(self._threads, _look_up, name, type), LOOKUP_WITHIN_S)
        if len(self._kept) >= KEPT_MAX:
            self._kept.clear()
        self._kept[name, type] = loop.time() + KEPT_S, found
        return found

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _look_up(name: str, type: int) -> Found:
    """Blocks. The last dot keeps the machine's own search domains out."""
    family = FAMILIES[type]
    try:
        rows = socket.getaddrinfo(f"{name}.", None, family, socket.SOCK_STREAM)
    except socket.gaierror as refusal:
        if refusal.errno == socket.EAI_AGAIN:
            raise TimeoutError from None
        return () if refusal.errno == getattr(socket, "EAI_NODATA", None) else None
    except UnicodeError:
        return None
    return tuple(socket.inet_pton(family, str(row[4][0])) for row in rows)


class NameServer:
    """Answers one guest. `connections` are those over TCP."""

    def __init__(self, names: Names, guest: Guest, resolver: Resolver):
        self._names, self._guest, self._resolver = names, guest, resolver
        self._lookups = self.connections = 0

    def answer(self, packet: bytes) -> bytes | Awaitable[bytes] | None:
        """The answer to a packet, now or later; None for what deserves none."""
        query = dns.read(packet)
        if query is None or query.fault:
            return query and dns.answer(query, code=query.fault)
        if self._names.serve(query.name):
            return dns.answer(query, [LOOPBACK] if query.type in (dns.A, dns.ANY) else [], TTL_S)
        if not any(_fits(query.name, pattern) for pattern in self._guest.names):
            return dns.answer(query, code=dns.NO_SUCH_NAME)
        if query.type not in FAMILIES:
            return dns.answer(query)
        if self._lookups >= LOOKUPS_MAX:
            return dns.answer(query, code=dns.SERVER_FAILURE)
        return self._ask(query)

    async def _ask(self, query: dns.Query) -> bytes:
        self._lookups += 1
        try:
            found = await self._resolver.find(query.name, query.type)
        except TimeoutError:
            return dns.answer(query, code=dns.SERVER_FAILURE)
        finally:
            self._lookups -= 1
        return dns.answer(query, found or (), TTL_S, dns.NO_SUCH_NAME if found is None else dns.NO_ERROR)


def _fits(name: str, pattern: str) -> bool:
    return pattern in ("*", name) or (pattern.startswith("*.") and name.endswith(pattern[1:]))


class Datagrams(asyncio.DatagramProtocol):
    """Questions over UDP."""

    def __init__(self, server: NameServer):
        self._answer, self._later = server.answer, set[asyncio.Future]()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.DatagramTransport = transport  # type: ignore[assignment]

    def datagram_received(self, data: bytes, addr: tuple) -> None:
        answer = self._answer(data)
        if isinstance(answer, bytes):
            self._transport.sendto(answer, addr)
        elif answer is not None:
            task = asyncio.ensure_future(answer)
            self._later.add(task)
            task.add_done_callback(self._later.discard)
            task.add_done_callback(lambda done: self._told(done, addr))

    def _told(self, done: asyncio.Future, addr: tuple) -> None:
        if not done.cancelled() and not done.exception() and not self._transport.is_closing():
            self._transport.sendto(done.result(), addr)


async def converse(server: NameServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Questions over one TCP connection, one after the other (RFC 7766)."""
    server.connections += 1
    try:
        while server.connections <= CONNECTIONS_MAX:
            async with asyncio.timeout(IDLE_S):
                (size,) = struct.unpack("!H", await reader.readexactly(2))
                packet = await reader.readexactly(size)
            answer = server.answer(packet)
            answer = answer if answer is None or isinstance(answer, bytes) else await answer
            if answer is None:
                return
            writer.write(struct.pack("!H", len(answer)) + answer)
            async with asyncio.timeout(IDLE_S):
                await writer.drain()
    except (OSError, EOFError, TimeoutError):
        return
    finally:
        server.connections -= 1
        writer.close()
