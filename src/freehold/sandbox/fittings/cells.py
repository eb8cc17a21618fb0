"""The server's side of a cell that namespaces wall in.

One idea: a cell is one socket to its first process and one descriptor for that process itself: closing the first or
killing the second ends all that lives in the cell. What is asked over the socket is said in `inside.first`. It may not
know functions, logs or the Runtime API.
"""

import asyncio
import errno
import os
import signal
import socket
from array import array
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import count
from struct import unpack_from
from typing import Any, cast

import msgspec
import orjson

from freehold.sandbox.fittings import Launch, Places, Plan, cgroups, leftovers
from freehold.sandbox.fittings.egress import Gate
from freehold.sandbox.fittings.memory import family, peak, resident

PACKET_BYTES_MAX = 1 << 18
ANCILLARY_BYTES = 64
KILLED = -signal.SIGKILL


class Resident:
    """A program in a cell. `pid` is the host's name for it."""

    def __init__(self, cell: "NamespaceCell") -> None:
        self.pid = 0
        self._cell = cell
        self.ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def exited(self) -> int:
        """Wait for its end: the exit status, or minus the signal that ended it."""
        return await asyncio.shield(self.ended)

    def kill(self) -> None:
        """End it at once."""
        self._signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end: SIGTERM."""
        self._signal(signal.SIGTERM)

    def _signal(self, number: signal.Signals) -> None:
        if self.pid and not self.ended.done():
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


class NamespaceCell:
    """The server's side of one cell."""

    def __init__(
        self, on_close: Callable[["NamespaceCell"], None], door: socket.socket, group: cgroups.Group | None
    ) -> None:
        self.places = Places()
        self._on_close, self._door, self._group = on_close, door, group
        self._loop = asyncio.get_running_loop()
        self._numbers = count(1)
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._programs: dict[int, Resident] = {}
        self._born: asyncio.Future[int] = self._loop.create_future()
        self._ready: asyncio.Future[list[int]] = self._loop.create_future()
        self._gone: asyncio.Future[None] = self._loop.create_future()
        self._first = self._pidfd = -1
        self._ends = 0
        self._gate: Gate | None = None
        door.setblocking(False)
        self._loop.add_reader(door, self._hear)

    async def prepare(self) -> None:
        """Wait for its first process, which then waits for a plan; have the kernel count it. Raises OSError."""
        self._first = await self._born
        with suppress(ProcessLookupError):  # it may have failed already
            self._pidfd = os.pidfd_open(self._first)
            self._loop.add_reader(self._pidfd, self._over)
        if self._group is not None:
            await self._loop.run_in_executor(None, self._group.make, self._first)

    async def raise_walls(self, plan: Plan, order: dict[str, Any]) -> None:
        """Have it made. Raises OSError with the first process's reason."""
        self._send(order)
        leftovers.record(plan.folder, [self._first])
        if self._group is not None:
            self._group.limit(plan.memory_mb, plan.ephemeral_mb)
        for notices in await self._ready:
            door = await self.listen(0)
            self._gate = Gate(plan.egress, plan.reach, notices, door, partial(self._link, door.getsockname()[1]))

    @property
    def lives(self) -> bool:
        """False when its first process is gone."""
        return not self._gone.done()

    async def _link(self, port: int, fd: int) -> int:
        """Connect a program's socket to a port of the cell. Returns the port it comes from."""
        return cast(int, await self._ask("link", {"port": port}, [fd]))

    async def listen(self, port: int) -> socket.socket:
        """A stream socket that listens at 127.0.0.1:`port` of the cell."""
        return await self._socket("listen", {"port": port, "kind": "stream"})

    async def listen_udp(self, port: int) -> socket.socket:
        """A datagram socket at 127.0.0.1:`port` of the cell."""
        return await self._socket("listen", {"port": port, "kind": "datagram"})

    async def connect(self, port: int) -> socket.socket:
        """A connection to 127.0.0.1:`port` of the cell. Raises OSError where no program listens."""
        line = await self._socket("connect", {"port": port})
        settled = asyncio.Event()
        self._loop.add_writer(line, settled.set)
        try:
            await settled.wait()
            if code := line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                raise OSError(code, os.strerror(code))
        except BaseException:
            self._loop.remove_writer(line)
            line.close()
            raise
        self._loop.remove_writer(line)
        return line

    async def _socket(self, what: str, order: dict[str, Any]) -> socket.socket:
        opened = cast(socket.socket, await self._ask(what, order))
        opened.setblocking(False)
        return opened

    async def run(self, launch: Launch) -> Resident:
        """Start a program. Raises OSError where it can not be started."""
        order = msgspec.to_builtins(launch)
        fds = [fd for fd in (order.pop("output_fd"), order.pop("frames_fd")) if fd is not None]
        program = Resident(self)
        await self._ask("run", order, fds, program)
        return program

    async def _ask(
        self, what: str, order: dict[str, Any], fds: list[int] | None = None, program: Resident | None = None
    ) -> Any:
        number = next(self._numbers)
        answer = self._answers[number] = self._loop.create_future()
        if program is not None:
            self._programs[number] = program
        self._send({what: number, **order}, fds)
        return await answer

    def _send(self, order: dict[str, Any], fds: list[int] | None = None) -> None:
        if self._gone.done():
            raise ChildProcessError(errno.ECHILD, "the cell is gone")
        ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", fds))] if fds else []
        try:
            self._door.sendmsg([orjson.dumps(order)], ancillary)
        except (BrokenPipeError, ConnectionResetError) as error:
            raise ChildProcessError(errno.ECHILD, "the cell is gone") from error

    def _hear(self) -> None:
        """Take what has come from the cell."""
        try:
            while True:
                packet, ancillary, _, _ = self._door.recvmsg(PACKET_BYTES_MAX, ANCILLARY_BYTES)
                if not packet:
                    break
                self._take(orjson.loads(packet), ancillary)
        except BlockingIOError:
            return
        except ConnectionResetError:
            pass
        self._lost()

    def _take(self, message: dict[str, Any], ancillary: list[tuple[int, int, bytes]]) -> None:
        match message:
            case {"born": _}:
                self._born.set_result(_sender(ancillary))
            case {"ready": _}:
                self._ready.set_result(_descriptors(ancillary))
            case {"broken": words, "errno": code}:
                self._ready.set_exception(OSError(code, words))
            case {"pid": number}:
                self._programs[number].pid = _sender(ancillary)
            case {"started": number} | {"ended": number}:
                self._answer(number, None)
            case {"opened": number}:
                self._answer(number, socket.socket(fileno=_descriptors(ancillary)[0]))
            case {"linked": number, "port": port}:
                self._answer(number, port)
            case {"failed": number, "errno": code}:
                self._programs.pop(number, None)
                self._answer(number, OSError(code, os.strerror(code)))
            case {"exited": number, "status": status}:
                self._programs.pop(number).ended.set_result(status)

    def _answer(self, number: int, outcome: Any) -> None:
        waiting = self._answers.pop(number)
        if waiting.done():  # whoever asked has gone meanwhile
            if isinstance(outcome, socket.socket):
                outcome.close()
            elif outcome is None and number in self._programs:
                self._programs[number].kill()
        elif isinstance(outcome, OSError):
            waiting.set_exception(outcome)
        else:
            waiting.set_result(outcome)

    def _over(self) -> None:
        """The first process is gone, and everyone with it."""
        self._loop.remove_reader(self._pidfd)
        os.close(self._pidfd)
        self._pidfd = -1
        if self._door.fileno() >= 0:
            self._hear()
        self._lost()

    def _lost(self) -> None:
        """Nothing lives in the cell any more, or will in a moment."""
        if self._door.fileno() >= 0:
            self._loop.remove_reader(self._door)
            self._door.close()
        if self._pidfd >= 0 or self._gone.done():
            return
        self._gone.set_result(None)
        reason = ChildProcessError(errno.ECHILD, "the cell is gone")
        waitings: list[asyncio.Future[Any]] = [self._born, self._ready, *self._answers.values()]
        for waiting in waitings:
            if not waiting.done():
                waiting.set_exception(reason)
                waiting.exception()  # it may be that nobody waits
        for program in self._programs.values():
            if not program.ended.done():
                program.ended.set_result(KILLED)
        self._answers.clear()
        self._programs.clear()

    def freeze(self) -> None:
        """Stop all programs until `thaw`, also those that hid; they use no processor time."""
        with suppress(ChildProcessError):
            self._send({"freeze": 0})

    def thaw(self) -> None:
        """Let them go on."""
        with suppress(ChildProcessError):
            self._send({"thaw": 0})

    async def end_all(self) -> None:
        """End every program and wait until they are gone. The cell and its /tmp stay."""
        with suppress(ChildProcessError):
            await self._ask("end", {})

    def memory_bytes(self) -> int:
        """What its programs hold resident now; what they share counts once, /tmp does not."""
        return resident(family(self._first)[1:])

    def memory_peak_bytes(self) -> int:
        """The most one of its programs held resident so far."""
        return max((peak(program.pid) for program in self._programs.values()), default=0)

    def out_of_memory(self) -> bool:
        """Whether the kernel ended a program because the cell held too much, since this was last asked."""
        before, self._ends = self._ends, self._group.ends() if self._group else 0
        return self._ends > before

    async def close(self) -> None:
        """End all that lives in it; the kernel takes the walls down with the last process."""
        if self._pidfd >= 0:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        elif self._door.fileno() >= 0:
            self._lost()
        await asyncio.shield(self._gone)
        if self._gate is not None:
            self._gate.close()
            self._gate = None
        if self._group is not None:
            await self._loop.run_in_executor(None, self._group.remove)
        self._on_close(self)


def _sender(ancillary: list[tuple[int, int, bytes]]) -> int:
    """Who sent a packet, by the kernel's word: its pid as this process sees it."""
    return next(unpack_from("=i", data)[0] for _, kind, data in ancillary if kind == socket.SCM_CREDENTIALS)


def _descriptors(ancillary: list[tuple[int, int, bytes]]) -> list[int]:
    return [unpack_from("=i", data)[0] for _, kind, data in ancillary if kind == socket.SCM_RIGHTS]
