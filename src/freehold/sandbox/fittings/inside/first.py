"""The first process of a cell: starts programs, opens sockets, stops and ends everyone, buries the dead.

One idea: it obeys the server over one socket; when that closes it goes, and the kernel ends all that live in the cell.
Nothing in a cell can end, stop or look into it. Standard library only.

Messages are JSON, one a packet. In: {"run": id, argv, env, cwd} with one or two descriptors; {"listen": id, port,
kind}; {"connect": id, port}; {"freeze"}; {"thaw"}; {"end": id}. Out: {"pid": id}, from the program's own process, by
which the kernel tells its pid; {"started": id} or {"failed": id, errno}; {"exited": id, status}; {"opened": id} with a
descriptor; {"ended": id}.
"""

from __future__ import annotations

import errno
import json
import os
import select
import signal
import socket
from contextlib import suppress
from types import ModuleType
from typing import TYPE_CHECKING, Any

from . import kernel, rebirth

if TYPE_CHECKING:
    from collections.abc import Callable

    Program = Callable[[], None] | None

FRAMES_FD = 3
OPEN_FILES_MAX = 1024
PACKET_BYTES_MAX = 1 << 18


class First:
    """The first process. `serve` returns only in a child that is to go on as a program in this very process."""

    def __init__(self, door: socket.socket, bootstrap: ModuleType | None) -> None:
        self._door = door
        self._bootstrap = bootstrap
        self._programs: dict[int, int] = {}  # pid in the cell → the server's id
        self._obey = {"run": self._run, "listen": self._listen, "connect": self._connect,
                      "link": self._link, "freeze": self._freeze, "thaw": self._thaw, "end": self._end}  # fmt: skip

    def serve(self) -> Program:
        """Obey until the server is gone."""
        bell, ringer = os.pipe()
        os.set_blocking(ringer, False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
            signal.signal(number, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(ringer, warn_on_full_buffer=False)
        waiting = select.poll()
        waiting.register(self._door, select.POLLIN)
        waiting.register(bell, select.POLLIN)
        while True:
            ready = dict(waiting.poll())
            if bell in ready:
                os.read(bell, 4096)
            if self._door.fileno() in ready:
                order, fds = self._receive()
                program = self._obey[next(iter(order))](order, fds)
                if program is not None:
                    return program
            self._bury()

    def _receive(self) -> tuple[dict[str, Any], list[int]]:
        packet, fds = kernel.receive(self._door, PACKET_BYTES_MAX)
        if not packet:
            os._exit(0)
        return json.loads(packet), fds

    def _tell(self, message: dict[str, Any], fd: int | None = None) -> None:
        try:
            self._door.sendmsg([json.dumps(message).encode()], kernel.with_fds([] if fd is None else [fd]))
        except (BrokenPipeError, ConnectionResetError):
            os._exit(0)

    def _run(self, order: dict[str, Any], fds: list[int]) -> Program:
        """Start a program. In the child that does so without an exec: what it is to do."""
        told, telling = os.pipe()  # closes by itself when exec succeeds
        pid = os.fork()
        if pid == 0:
            return self._become(order, fds, telling)
        self._programs[pid] = order["run"]
        os.close(telling)
        for fd in fds:
            os.close(fd)
        with os.fdopen(told, "rb") as pipe:
            failure = pipe.read()
        if failure:
            del self._programs[pid]
            self._tell({"failed": order["run"], "errno": int(failure)})
        else:
            self._tell({"started": order["run"]})
        return None

    def _become(self, order: dict[str, Any], fds: list[int], telling: int) -> Program:
        """In the child: let go of all that is the first process's, then turn into the program asked for."""
        try:
            os.setsid()
            kernel.prctl(kernel.PR_SET_DUMPABLE, 1)
            self._tell({"pid": order["run"]})
            signal.set_wakeup_fd(-1)
            for number in (
                signal.SIGINT,
                signal.SIGTERM,
                signal.SIGHUP,
                signal.SIGPIPE,
                signal.SIGXFSZ,
                signal.SIGCHLD,
            ):
                signal.signal(number, signal.SIG_DFL)
            self._door.detach()
            telling = take_descriptors(fds, telling)
            os.chdir(order["cwd"])
            if self._bootstrap is not None and rebirth.possible(order):
                os.close(telling)
                return rebirth.born(self._bootstrap, order)
            os.execve(order["argv"][0], order["argv"], order["env"])
        except (OSError, ValueError) as error:  # ValueError: a NUL in a variable
            os.write(telling, str(getattr(error, "errno", None) or errno.EINVAL).encode())
        os._exit(127)

    def _listen(self, order: dict[str, Any], fds: list[int]) -> None:
        kind = socket.SOCK_STREAM if order["kind"] == "stream" else socket.SOCK_DGRAM
        with socket.socket(socket.AF_INET, kind) as listening:
            try:
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                listening.bind(("127.0.0.1", order["port"]))
                if kind == socket.SOCK_STREAM:
                    listening.listen(128)
            except OSError as error:
                self._tell({"failed": order["listen"], "errno": error.errno})
            else:
                self._tell({"opened": order["listen"]}, listening.fileno())

    def _connect(self, order: dict[str, Any], fds: list[int]) -> None:
        """Begin a connection to one of the cell's own programs; the server waits for it, as it may never be taken."""
        with socket.socket() as line:
            line.setblocking(False)
            code = line.connect_ex(("127.0.0.1", order["port"]))
            if code in (0, errno.EINPROGRESS):
                self._tell({"opened": order["connect"]}, line.fileno())
            else:
                self._tell({"failed": order["connect"], "errno": code})

    def _link(self, order: dict[str, Any], fds: list[int]) -> None:
        """Connect a program's own socket, whatever it is, to a door inside the cell."""
        with socket.socket(fileno=fds[0]) as line:
            blocking = os.get_blocking(line.fileno())
            os.set_blocking(line.fileno(), False)
            host = "127.0.0.1" if line.family == socket.AF_INET else "::ffff:127.0.0.1"
            code = line.connect_ex((host, order["port"]))
            os.set_blocking(line.fileno(), blocking)
            if code in (0, errno.EINPROGRESS):
                self._tell({"linked": order["link"], "port": line.getsockname()[1]})
            else:
                self._tell({"failed": order["link"], "errno": code})

    def _freeze(self, order: dict[str, Any], fds: list[int]) -> None:
        """Stop everyone: from the first process -1 is each process of the cell, and none can refuse or run away."""
        with suppress(ProcessLookupError):
            os.kill(-1, signal.SIGSTOP)

    def _thaw(self, order: dict[str, Any], fds: list[int]) -> None:
        with suppress(ProcessLookupError):
            os.kill(-1, signal.SIGCONT)

    def _end(self, order: dict[str, Any], fds: list[int]) -> None:
        """End everyone and wait until they are gone."""
        with suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
        while self._bury(os.waitpid, 0):
            pass
        self._tell({"ended": order["end"]})

    def _bury(self, wait: Callable[..., Any] = os.waitpid, how: int = os.WNOHANG) -> bool:
        """Collect the dead: with WNOHANG all there are, else the next. False when none are left."""
        while True:
            try:
                pid, status = wait(-1, how)
            except ChildProcessError:
                return False
            if not pid:
                return False
            if pid in self._programs:
                code = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
                self._tell({"exited": self._programs.pop(pid), "status": code})
            if how == 0:
                return True


def take_descriptors(fds: list[int], telling: int) -> int:
    """Arrange the descriptors of a program: input from nowhere, output, errors, frames; no other survives an exec."""
    output, *frames = [os.dup2(fd, 100 + at) for at, fd in enumerate(fds)]
    telling = os.dup2(telling, 102, inheritable=False)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    if frames:
        os.dup2(frames[0], FRAMES_FD)
    os.closerange(FRAMES_FD + len(frames), telling)
    os.closerange(telling + 1, OPEN_FILES_MAX)
    return telling
