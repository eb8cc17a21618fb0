"""The nursery: a small process that starts all others, and whose end ends them. Run as a script, standard library only.

One idea: starting a child from a large, many-threaded server is slow and unsafe; from a small single-threaded one it
is neither. The server asks over a socket. The kernel closes that socket when the server dies, however it dies; the
nursery then kills every child and every orphan it has adopted (it is their subreaper). Should the nursery itself be
killed, each child asked the kernel to die with it (PR_SET_PDEATHSIG). It may not import anything of ours.

Messages are JSON, one a packet. In: {"start": id, argv, env, cwd, file_bytes_max} with one or two descriptors. Out:
{"started": id, pid} or {"failed": id, errno}; later {"exited": pid, status}.
"""

import ctypes
import errno
import json
import os
import resource
import select
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NoReturn

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 36, 38
PACKET_BYTES_MAX = 1 << 20
FRAMES_FD = 3
OPEN_FILES_MAX = 1024
IGNORED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)  # the server says when: a Ctrl-C must reach it first
DEFAULTED = (*IGNORED, signal.SIGPIPE, signal.SIGXFSZ)  # the last two are ignored by every Python

prctl = ctypes.CDLL(None, use_errno=True).prctl


def start(order: dict[str, Any], descriptors: list[int]) -> int:
    """Fork and exec. The pid, or OSError with the reason why exec failed."""
    told, telling = os.pipe()  # closes by itself when exec succeeds
    pid = os.fork()
    if pid == 0:
        become(order, descriptors, telling)
    os.close(telling)
    with os.fdopen(told, "rb") as pipe:
        failure = pipe.read()
    if failure:
        os.waitpid(pid, 0)
        raise OSError(int(failure), os.strerror(int(failure)))
    return pid


def become(order: dict[str, Any], descriptors: list[int], telling: int) -> NoReturn:
    """In the child: put up the walls, then turn into the program asked for. Never returns."""
    try:
        os.setsid()
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        if os.getppid() == 1:  # the nursery died before the kernel was asked
            os._exit(127)
        for number in DEFAULTED:
            signal.signal(number, signal.SIG_DFL)
        output, *frames = (os.dup2(fd, 100 + at) for at, fd in enumerate(descriptors))
        telling = os.dup2(telling, 102, inheritable=False)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        if frames:
            os.dup2(frames[0], FRAMES_FD)
        os.closerange(FRAMES_FD + len(frames), telling)
        os.closerange(telling + 1, OPEN_FILES_MAX)
        limit(order)
        os.chdir(order["cwd"])
        os.execve(order["argv"][0], order["argv"], order["env"])
    except (OSError, ValueError) as error:  # ValueError: a NUL in a variable
        os.write(telling, str(getattr(error, "errno", None) or errno.EINVAL).encode())
    finally:
        os._exit(127)


def limit(order: dict[str, Any]) -> None:
    """Resource limits. Memory is watched from outside: an address space limit breaks runtimes that reserve much."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for name, most in ((resource.RLIMIT_NOFILE, OPEN_FILES_MAX), (resource.RLIMIT_FSIZE, order["file_bytes_max"])):
        hard = resource.getrlimit(name)[1]
        value = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(name, (value, value))


def kill_group(pid: int) -> None:
    """End a whole process group; one that is gone is no error."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def adopted() -> list[int]:
    """Children of this process: those it started and orphans that came to it."""
    with open(f"/proc/self/task/{os.getpid()}/children") as listing:
        return [int(pid) for pid in listing.read().split()]


def mark_of(pid: int) -> bytes | None:
    """What tells which environment a process was born in: it inherits its environment's TMPDIR."""
    try:
        with open(f"/proc/{pid}/environ", "rb") as environ:
            return next((entry for entry in environ.read().split(b"\0") if entry.startswith(b"TMPDIR=")), None)
    except OSError:
        return None


def reap(mains: dict[int, bytes], dead_marks: set[bytes]) -> Iterator[tuple[int, int]]:
    """Collect the dead; kill orphans of environments that are gone. Yields (pid, status) of mains that ended."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            pid = 0
        if not pid:
            break
        if pid in mains:
            kill_group(pid)  # its group may outlive it
            dead_marks.add(mains.pop(pid))
            yield pid, os.waitstatus_to_exitcode(status)
    orphans = [pid for pid in adopted() if pid not in mains and mark_of(pid) in dead_marks] if dead_marks else []
    for pid in orphans:
        os.kill(pid, signal.SIGKILL)
    if not orphans:
        dead_marks.clear()


def end_all(mains: dict[int, bytes]) -> None:
    """Kill until no child is left."""
    while children := adopted():
        for pid in children:
            if pid in mains:
                kill_group(pid)
            os.kill(pid, signal.SIGKILL)
        for pid in children:
            os.waitpid(pid, 0)


def obey(order: dict[str, Any], descriptors: list[int], mains: dict[int, bytes]) -> dict[str, Any]:
    """Do one order; the answer to send."""
    try:
        pid = start(order, descriptors)
    except OSError as error:
        return {"failed": order["start"], "errno": error.errno}
    mains[pid] = b"TMPDIR=" + order["env"].get("TMPDIR", "").encode()
    return {"started": order["start"], "pid": pid}


def serve(door: socket.socket, mains: dict[int, bytes]) -> None:
    """Obey orders and tell of ends until the server is gone."""
    dead_marks: set[bytes] = set()
    bell, ringer = os.pipe()
    os.set_blocking(ringer, False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    signal.set_wakeup_fd(ringer, warn_on_full_buffer=False)
    while True:
        ready, _, _ = select.select([door.fileno(), bell], [], [])
        if door.fileno() in ready:
            packet, descriptors, _, _ = socket.recv_fds(door, PACKET_BYTES_MAX, 2)
            if not packet:
                return
            answer = obey(json.loads(packet), descriptors, mains)
            for descriptor in descriptors:
                os.close(descriptor)
            door.send(json.dumps(answer).encode())
        if bell in ready:
            os.read(bell, 4096)
        for pid, status in reap(mains, dead_marks):
            door.send(json.dumps({"exited": pid, "status": status}).encode())


def main() -> None:
    """Stand apart from the server's session, adopt orphans, serve."""
    os.setsid()
    for number in IGNORED:
        signal.signal(number, signal.SIG_IGN)
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    mains: dict[int, bytes] = {}
    try:
        serve(socket.socket(fileno=int(sys.argv[1])), mains)
    except (BrokenPipeError, ConnectionResetError):
        pass  # the server went while it was being told something
    finally:
        end_all(mains)


if __name__ == "__main__":
    main()
