"""Connections out of a cell that has no way out.

One idea: the kernel stops each connect(2) of a cell and asks here. Where a TCP connection leads outside and may, it is
made here, and the program's own socket is connected to a door inside its cell, behind which the bytes are carried on.
Everything else is left to the cell's own network, which has a loopback and nothing more. So no program ever holds a
socket of the machine's, and whatever it changes while it is being looked at, it changes within its own walls.

The program's other end is the door's address, not the far one. UDP does not leave a cell. It may not know functions.

https://man7.org/linux/man-pages/man2/seccomp_unotify.2.html
"""

import asyncio
import ctypes
import errno
import fcntl
import os
import socket
import struct
from collections.abc import Awaitable, Callable
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import NamedTuple, cast

from freehold.sandbox.fittings import Egress, Reach

RECEIVE, SEND = 0xC0502100, 0xC0182101  # SECCOMP_IOCTL_NOTIF_RECV, …_SEND
NOTICE = struct.Struct("=QII iIQ 6Q")  # id, pid, flags; number, architecture, instruction, arguments
REPLY = struct.Struct("=QqiI")  # id, value, error, flags
CONTINUE = 1
PIDFD_GETFD = 438
ADDRESS_BYTES_MAX = 128
CARRY_BYTES = 1 << 16
CONNECT_MAX_S = 60.0
HOLD_S = 1.0
"""How long a program that does not want to wait is kept waiting for the true outcome. After that it is told that it is
connected; should nobody answer outside after all, the connection is reset."""
OPEN_MAX = 256

Link = Callable[[int], Awaitable[int]]
Address = tuple[IPv4Address | IPv6Address, int]
libc = ctypes.CDLL(None, use_errno=True)


class Notice(NamedTuple):
    """One connect(2) that waits for an answer."""

    id: int
    pid: int
    fd: int
    address: int
    length: int


def allows(egress: Egress, target: Address) -> bool:
    """Whether programs may connect there. Loopback and link-local addresses (cloud metadata) are never meant."""
    address, port = target
    if address.is_loopback or address.is_link_local or address.is_unspecified or address.is_multicast:
        return False
    if isinstance(egress, tuple):
        return any(address in ip_network(cidr) and (not ports or port in ports) for cidr, ports in egress)
    return egress == "all" and not _is_own(address)


def reaches(reach: Reach | None, target: Address) -> bool:
    """Whether the rules of its own network let a cell connect there; without any all is left to others."""
    address, port = target
    return reach is None or any(address in ip_network(cidr) and low <= port <= high for cidr, low, high in reach)


def read(text: str) -> Egress:
    """The words "all", "freehold" or "none", or networks with ports: 10.0.0.0/8=443+5432,192.0.2.7/32.

    Raises ValueError.
    """
    if text in ("all", "freehold", "none"):
        return cast(Egress, text)
    pairs = [entry.strip().partition("=") for entry in text.split(",")]
    return tuple((str(ip_network(cidr)), tuple(map(int, filter(None, ports.split("+"))))) for cidr, _, ports in pairs)


def _is_own(address: IPv4Address | IPv6Address) -> bool:
    """Whether it is this machine's own address: then a way there would start where it ends."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect((str(address), 9))  # sends nothing
        return ip_address(probe.getsockname()[0].partition("%")[0]) == address
    return False


def parsed(raw: bytes) -> Address | None:
    """The internet address in a sockaddr, None for all other kinds."""
    family = int.from_bytes(raw[:2], "little") if len(raw) >= 2 else 0
    if family == socket.AF_INET and len(raw) >= 8:
        return IPv4Address(raw[4:8]), int.from_bytes(raw[2:4], "big")
    if family == socket.AF_INET6 and len(raw) >= 24:
        address = IPv6Address(raw[8:24])
        return address.ipv4_mapped or address, int.from_bytes(raw[2:4], "big")
    return None


class Gate:
    """The way out of one cell. `notices` is the filter's descriptor, `door` listens inside; `link` connects a socket,
    given by descriptor, to the door and returns the port it came from. Raises nothing afterwards."""

    def __init__(self, egress: Egress, reach: Reach | None, notices: int, door: socket.socket, link: Link) -> None:
        self._egress, self._reach = egress, reach
        self._notices, self._door, self._link = notices, door, link
        self._loop = asyncio.get_running_loop()
        self._expected: dict[int, asyncio.Future[socket.socket]] = {}  # by the port they come from
        self._early: dict[int, socket.socket] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop.add_reader(notices, self._hear)
        self._loop.add_reader(door, self._accept)

    def _may(self, target: Address) -> bool:
        return allows(self._egress, target) and reaches(self._reach, target)

    def close(self) -> None:
        """Cut every connection."""
        self._loop.remove_reader(self._notices)
        self._loop.remove_reader(self._door)
        os.close(self._notices)
        self._door.close()
        for task in self._tasks:
            task.cancel()
        for line in self._early.values():
            line.close()

    def _hear(self) -> None:
        """Take one notice."""
        buffer = bytearray(NOTICE.size)
        try:
            fcntl.ioctl(self._notices, RECEIVE, buffer)
        except OSError:  # who asked is gone
            return
        id, pid, _, _, _, _, fd, address, length, *_ = NOTICE.unpack(buffer)
        notice = Notice(id, pid, fd & 0xFFFFFFFF, address, length & 0xFFFFFFFF)
        target = self._target(notice)
        if target is None or len(self._tasks) >= OPEN_MAX or not self._may(target):
            self._reply(notice, flags=CONTINUE)
            return
        task = self._loop.create_task(self._lead_out(notice, target))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _reply(self, notice: Notice, error: int = 0, flags: int = 0) -> None:
        with suppress(OSError):  # who asked is gone
            fcntl.ioctl(self._notices, SEND, bytearray(REPLY.pack(notice.id, 0, -error, flags)))

    def _target(self, notice: Notice) -> Address | None:
        """Where the program wants to go, if that is an internet address."""
        with suppress(OSError), open(f"/proc/{notice.pid}/mem", "rb", buffering=0) as memory:
            memory.seek(notice.address)
            return parsed(memory.read(min(notice.length, ADDRESS_BYTES_MAX)))
        return None

    async def _lead_out(self, notice: Notice, target: Address) -> None:
        """Connect outside, then the program's socket to the door, and carry bytes until both sides have ended."""
        try:
            own = _taken(notice)
        except OSError:
            self._reply(notice, flags=CONTINUE)
            return
        with own:
            if own.type != socket.SOCK_STREAM:
                self._reply(notice, flags=CONTINUE)
                return
            hurried = not os.get_blocking(own.fileno())
            connecting = self._loop.create_task(_connected(target))
            await asyncio.wait([connecting], timeout=HOLD_S if hurried else None)
            try:
                if connecting.done():
                    connecting.result()
                inner = await self._linked(own)
            except OSError as error:
                connecting.cancel()
                self._reply(notice, error=error.errno or errno.ENETUNREACH)
                return
            except BaseException:
                connecting.cancel()
                raise
        self._reply(notice)
        await _carry_between(inner, connecting)

    async def _linked(self, own: socket.socket) -> socket.socket:
        """Our end of the program's socket, when that is connected to the door. Raises OSError."""
        port = await self._link(own.fileno())
        if port in self._early:
            return self._early.pop(port)
        waiting = self._expected[port] = self._loop.create_future()
        try:
            return await waiting
        finally:
            del self._expected[port]

    def _accept(self) -> None:
        """Take one connection at the door. What nobody led there is hung up on."""
        with suppress(OSError):
            line, (_, port) = self._door.accept()
            line.setblocking(False)
            waiting = self._expected.get(port)
            if waiting is not None and not waiting.done():
                waiting.set_result(line)
            else:
                self._early[port] = line
                self._loop.call_later(1, self._forget, port, line)

    def _forget(self, port: int, line: socket.socket) -> None:
        if self._early.get(port) is line:
            del self._early[port]
            line.close()


def _taken(notice: Notice) -> socket.socket:
    """The very socket that a program wants to connect. Raises OSError."""
    with open(f"/proc/{notice.pid}/status") as status:  # a thread has its process's descriptors
        process = int(status.read().split("Tgid:")[1].split()[0])
    pidfd = os.pidfd_open(process)
    try:
        fd = libc.syscall(ctypes.c_long(PIDFD_GETFD), pidfd, notice.fd, 0)
    finally:
        os.close(pidfd)
    if fd < 0:
        raise OSError(ctypes.get_errno(), "pidfd_getfd")
    return socket.socket(fileno=fd)


async def _connected(target: Address) -> socket.socket:
    """A connection of the machine's to there. Raises OSError."""
    address, port = target
    line = socket.socket(socket.AF_INET if address.version == 4 else socket.AF_INET6)
    line.setblocking(False)
    try:
        async with asyncio.timeout(CONNECT_MAX_S):
            await asyncio.get_running_loop().sock_connect(line, (str(address), port))
    except TimeoutError as late:
        line.close()
        raise TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT)) from late
    except BaseException:
        line.close()
        raise
    return line


async def _carry_between(inner: socket.socket, connecting: "asyncio.Task[socket.socket]") -> None:
    """Carry bytes both ways until both sides have ended; a side that breaks off is broken off on the other."""
    with inner:
        try:
            outer = await connecting
            with outer:
                try:
                    async with asyncio.TaskGroup() as both:
                        both.create_task(_carry(inner, outer))
                        both.create_task(_carry(outer, inner))
                except* OSError:
                    _break_off(inner, outer)
        except OSError:
            _break_off(inner)


async def _carry(source: socket.socket, target: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    while data := await loop.sock_recv(source, CARRY_BYTES):
        await loop.sock_sendall(target, data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def _break_off(*lines: socket.socket) -> None:
    """Let the other end see a reset, not an orderly end."""
    for line in lines:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
