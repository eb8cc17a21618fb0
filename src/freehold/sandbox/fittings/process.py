"""The process fitting: own session, own process group, resource limits, no new privileges, death with the parent.

One idea: all children are started by one nursery process (see `nursery`), which is asked over a socket. This keeps
honest functions apart; it is no wall against hostile ones: they share the machine's files, users and network with
Freehold and with each other. It may not know functions, logs or the Runtime API.
"""

import asyncio
import errno
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import orjson

from freehold.sandbox.fittings import Launch, Places, Plan, leftovers
from freehold.sandbox.fittings.memory import family, peak, resident

NURSERY = Path(__file__).with_name("nursery.py")
PACKET_BYTES_MAX = 1 << 20
KILLED = -9
STARTS_AT_ONCE_MAX = 8  # the nursery starts one after the other; their orders must fit the socket's buffer


class LocalProcess:
    """A child of the nursery, named by its pid, which is also its process group."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def exited(self) -> int:
        """Wait for its end: the exit status, or minus the signal that ended it."""
        return await asyncio.shield(self.ended)

    def kill(self) -> None:
        """End it and all its kin at once."""
        self.signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        if not self.ended.done():
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to its process group, if it lives."""
        if not self.ended.done():
            with suppress(ProcessLookupError):
                os.killpg(self.pid, number)


class LocalCell:
    """A folder with a `tmp` in it and the processes that were told to use it."""

    def __init__(self, fitting: "ProcessFitting", plan: Plan) -> None:
        self.places = fitting.places(plan.folder, plan.code, plan.opt, plan.runtime)
        self._fitting, self._plan = fitting, plan
        self._programs: list[LocalProcess] = []

    async def listen(self, port: int) -> socket.socket:
        """A stream socket at a free port of this machine's loopback; `port` can not be had."""
        listening = self._bound(socket.SOCK_STREAM)
        listening.listen()
        return listening

    async def listen_udp(self, port: int) -> socket.socket:
        """A datagram socket at a free port of this machine's loopback; `port` can not be had."""
        return self._bound(socket.SOCK_DGRAM)

    def _bound(self, kind: socket.SocketKind) -> socket.socket:
        bound = socket.socket(socket.AF_INET, kind)
        bound.bind(("127.0.0.1", 0))
        bound.setblocking(False)
        return bound

    async def connect(self, port: int) -> socket.socket:
        """A connection to a port of this machine's loopback. Raises OSError."""
        line = socket.socket()
        line.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(line, ("127.0.0.1", port))
        except BaseException:
            line.close()
            raise
        return line

    async def run(self, launch: Launch) -> LocalProcess:
        """Start a program. Raises OSError where it can not be started."""
        process = await self._fitting.start(launch, self._plan.ephemeral_mb << 20)
        self._programs.append(process)
        leftovers.record(self._plan.folder, [program.pid for program in self._programs if not program.ended.done()])
        return process

    def freeze(self) -> None:
        """Stop the process groups of its programs until `thaw`. What left its group goes on."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let its process groups go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        for program in self._programs:
            program.signal(number)

    async def end_all(self) -> None:
        """End every program and wait until they are gone."""
        self._signal(signal.SIGKILL)
        for program in self._programs:  # grows while it is walked, if one was being started
            program.kill()
            await program.exited()
        self._programs.clear()

    def memory_bytes(self) -> int:
        """Resident bytes of its programs and their descendants now; what they share is counted once."""
        return resident([member for program in self._programs for member in family(program.pid)])

    def memory_peak_bytes(self) -> int:
        """The most bytes one program alone held resident so far."""
        return max((peak(program.pid) for program in self._programs), default=0)

    def out_of_memory(self) -> bool:
        """Never known here: memory is watched, and nothing but the watcher ends a program for it."""
        return False

    async def close(self) -> None:
        """End every program. The folder is its owner's to remove."""
        await self.end_all()


class ProcessFitting:
    """Starts processes by way of one nursery, which is started at first need and again should it die."""

    name = "process"
    networks = False

    def __init__(self, root: Path) -> None:
        self._door: socket.socket | None = None
        self._nursery: subprocess.Popen[bytes] | None = None
        self._starting: dict[int, asyncio.Future[LocalProcess]] = {}
        self._living: dict[int, LocalProcess] = {}
        self._numbers = count(1)
        self._turns = asyncio.Semaphore(STARTS_AT_ONCE_MAX)
        self._closed = False

    def places(self, plan_folder: Path, code: Path, opt: Path | None, runtime: Path) -> Places:
        """The host's own paths: there is nothing here that could show them elsewhere."""
        return Places(str(code), str(opt or plan_folder / "opt"), str(plan_folder / "tmp"), str(runtime))

    async def open(self, plan: Plan) -> LocalCell:
        """Make a cell: no more than a scratch folder."""
        if plan.root is not None:
            raise OSError(errno.ENOTSUP, "a container image needs the namespace fitting")
        (plan.folder / "tmp").mkdir(exist_ok=True)
        return LocalCell(self, plan)

    async def start(self, launch: Launch, file_bytes_max: int) -> LocalProcess:
        """Start a process. Raises OSError with the reason why the program could not be executed."""
        async with self._turns:
            return await self._start(launch, file_bytes_max)

    async def _start(self, launch: Launch, file_bytes_max: int) -> LocalProcess:
        if self._closed:
            raise ChildProcessError(errno.ECHILD, "the sandbox is closed")
        door = self._open()
        number = next(self._numbers)
        order: dict[str, Any] = {"start": number, "file_bytes_max": file_bytes_max, **msgspec.to_builtins(launch)}
        descriptors = [fd for fd in (order.pop("output_fd"), order.pop("frames_fd")) if fd is not None]
        waiting = self._starting[number] = asyncio.get_running_loop().create_future()
        socket.send_fds(door, [orjson.dumps(order)], descriptors)
        return await waiting

    def _open(self) -> socket.socket:
        """The socket to the nursery; starts one where none lives."""
        if self._door is not None:
            return self._door
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        argv = [os.path.realpath(sys.executable), "-S", "-E", "-s", str(NURSERY), str(theirs.fileno())]
        with theirs:
            self._nursery = subprocess.Popen(
                argv, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, env={}, cwd="/"
            )
        ours.setblocking(False)
        asyncio.get_running_loop().add_reader(ours, self._hear)
        self._door = ours
        return ours

    def _hear(self) -> None:
        """Take one message from the nursery."""
        assert self._door is not None
        try:
            packet = self._door.recv(PACKET_BYTES_MAX)
        except BlockingIOError:
            return
        except ConnectionResetError:
            packet = b""
        if not packet:
            self._lost()
            return
        match orjson.loads(packet):
            case {"started": number, "pid": pid}:
                process = self._living[pid] = LocalProcess(pid)
                self._answer(number, process)
            case {"failed": number, "errno": code}:
                self._answer(number, OSError(code, os.strerror(code)))
            case {"exited": pid, "status": status}:
                self._living.pop(pid).ended.set_result(status)

    def _answer(self, number: int, outcome: LocalProcess | OSError) -> None:
        waiting = self._starting.pop(number)
        if isinstance(outcome, OSError):
            if not waiting.done():
                waiting.set_exception(outcome)
        elif waiting.done():  # whoever asked has gone meanwhile
            outcome.kill()
        else:
            waiting.set_result(outcome)

    def _lost(self) -> None:
        """The nursery is gone, and its children with it."""
        self._hang_up()
        for number in list(self._starting):
            self._answer(number, ChildProcessError(errno.ECHILD, "the nursery died"))
        for process in self._living.values():
            process.ended.set_result(KILLED)
        self._living.clear()

    def _hang_up(self) -> None:
        if self._door is not None:
            asyncio.get_running_loop().remove_reader(self._door)
            self._door.close()
            self._door = None

    async def close(self) -> None:
        """End every process started here; returns when all are gone. Nothing can be started afterwards."""
        self._closed = True
        self._hang_up()  # the nursery takes this as the order to end all
        nursery, self._nursery = self._nursery, None
        if nursery is not None:
            await asyncio.get_running_loop().run_in_executor(None, nursery.wait)
        self._lost()
