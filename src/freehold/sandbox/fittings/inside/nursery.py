"""The nursery of one Python: a fork server that has imported what functions need, and from which cells are made.

One idea: it holds no secret. All it ever reads is one byte with a socket; the child reads from that socket what it is
to become, after the fork. So a cell's memory began as that of a process that knew no tenant. Standard library only.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
from types import ModuleType
from typing import TYPE_CHECKING

from . import kernel, walls

if TYPE_CHECKING:
    from collections.abc import Callable

IGNORED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)  # the server says when: a Ctrl-C must reach it first


def preload(bootstrap: str) -> ModuleType:
    """The runtime's bootstrap, loaded and not yet run, under the name it has in a program started afresh."""
    module = ModuleType("__main__")
    module.__file__ = bootstrap
    module.__dict__["__name__"] = "bootstrap"  # so that it does not run yet
    with open(bootstrap, encoding="utf-8") as file:
        exec(compile(file.read(), bootstrap, "exec"), module.__dict__)
    module.__dict__["__name__"] = "__main__"
    return module


def serve(door: socket.socket, bootstrap: ModuleType | None) -> Callable[[], None] | None:
    """Fork a child for each socket that comes. None when the server is gone; in a child, what it has become."""
    while True:
        packet, fds = kernel.receive(door, 1)
        if not packet:
            return None
        if os.fork() == 0:
            door.close()
            try:
                return walls.child(socket.socket(fileno=fds[0]), bootstrap)
            except (BrokenPipeError, ConnectionResetError):
                os._exit(0)  # whoever wanted the cell has gone
        for fd in fds:
            os.close(fd)


def main(door_fd: int, bootstrap: str) -> Callable[[], None] | None:
    """Stand apart from the server's session, import what functions need, serve."""
    os.setsid()
    for number in IGNORED:
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the children
    kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
    module = preload(bootstrap) if bootstrap else None
    gc.collect()
    gc.freeze()
    del sys.path[0]
    return serve(socket.socket(fileno=door_fd), module)
