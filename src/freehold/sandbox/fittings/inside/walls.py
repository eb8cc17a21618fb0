"""Putting up the walls of one cell, in a child of the nursery that then is the cell's first process.

One idea: an order of steps. Leave every namespace; show what the plan names; forget the host; become a user of the
cell's own with no power; then nothing that is run here can take a step back. Standard library only.
"""

from __future__ import annotations

import fcntl
import json
import os
import resource
import socket
import struct
from contextlib import suppress
from types import ModuleType
from typing import TYPE_CHECKING, Any

from . import house, kernel, seccomp
from .first import First
from .kernel import (
    ATTR_NODEV,
    ATTR_NOSUID,
    ATTR_RDONLY,
    MS_NODEV,
    MS_NOEXEC,
    MS_NOSUID,
    NEW_CGROUP,
    NEW_IPC,
    NEW_NET,
    NEW_NS,
    NEW_PID,
    NEW_USER,
    NEW_UTS,
    mount,
    restrict,
)

if TYPE_CHECKING:
    from collections.abc import Callable

PACKET_BYTES_MAX = 1 << 18
EVERY_NAMESPACE = NEW_NS | NEW_CGROUP | NEW_UTS | NEW_IPC | NEW_PID | NEW_NET
OPEN_FILES_MAX = 1024
HOSTNAME = "169.254.100.1"
OOM_SCORE = "500"  # should the whole machine run out of memory, functions go before Freehold
HIDDEN = ("cmdline", "config.gz", "kallsyms", "kcore", "key-users", "keys", "kmsg", "modules", "sched_debug",
          "sysrq-trigger", "timer_list")  # fmt: skip
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1


def child(door: socket.socket, bootstrap: ModuleType | None) -> Callable[[], None] | None:
    """Fork the first process into namespaces of its own, and go. That reads the plan, which may come much later.

    Returns in a program that it runs: what to become.
    """
    kernel.unshare(EVERY_NAMESPACE)
    if os.fork() != 0:
        os._exit(0)
    os.setsid()
    door.send(b'{"born":true}')  # the kernel tells the server by which pid
    plan = json.loads(door.recv(PACKET_BYTES_MAX) or os._exit(0))
    try:
        notices = raise_walls(plan)
    except OSError as error:
        door.send(json.dumps({"broken": str(error), "errno": error.errno}).encode())
        os._exit(1)
    door.sendmsg([b'{"ready":true}'], kernel.with_fds(notices))
    for notice in notices:
        os.close(notice)
    return First(door, bootstrap).serve()


def probe(uid: int | None) -> None:
    """Put up walls for nothing, to see whether the kernel lets this user do so. Raises OSError."""
    kernel.unshare(EVERY_NAMESPACE)
    pid = os.fork()
    if pid == 0:
        raise_walls(
            {
                "shown": {},
                "uid": uid,
                "memory_mb": 1,
                "ephemeral_mb": 1,
                "pids_max": 64,
                "counted": False,
                "egress": True,
            }
        )
        os._exit(0)
    raise SystemExit(os.waitpid(pid, 0)[1] and 1)


def raise_walls(plan: dict[str, Any]) -> list[int]:
    """All of it. Afterwards this process can do no more than any program in the cell.

    Returns the descriptor at which connect(2) is answered, if the plan wants it answered from outside.
    """
    furnish(plan)
    open_network()
    socket.sethostname(HOSTNAME)
    with suppress(OSError):  # what is held in System V segments shows in no process
        tell("/proc/sys/kernel/shmall", str(plan["memory_mb"] << 8))
    tell("/proc/self/oom_score_adj", OOM_SCORE)
    proc = open_aside("/proc")
    restrict("/proc", ATTR_RDONLY)
    restrict("/", ATTR_RDONLY | ATTR_NOSUID | ATTR_NODEV, recursive=False)
    limit(plan)
    become_nobody(plan["uid"], proc)
    program = seccomp.compiled(kernel.MACHINE, plan["counted"], plan["egress"])
    listener = kernel.filter_calls(program, plan["egress"])
    return [listener] if plan["egress"] else []


def furnish(plan: dict[str, Any]) -> None:
    """Mount what the cell sees, and lose sight of the host."""
    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    for name in HIDDEN:
        if os.path.exists(f"/proc/{name}"):
            mount("/dev/null", f"/proc/{name}", flags=kernel.MS_BIND)
    restrict("/", 0, ATTR_RDONLY, recursive=False)
    mount("tmp", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, f"mode=1777,size={plan['ephemeral_mb']}m")
    for place, source in plan["shown"].items():  # over /tmp too: a data folder may lie there
        house.show(house.HOST + source, place)
        restrict(place, house.SHOWN)
    if "root" in plan:
        house.move(house.HOST + plan["root"], plan["kept"])
    kernel.unmount(house.HOST)


def open_aside(folder: str) -> int:
    """A descriptor of a folder by a mount that nobody sees, which stays writable when the folder's own does not."""
    mount(folder, house.HOST, flags=kernel.MS_BIND)
    descriptor = os.open(house.HOST, os.O_PATH | os.O_CLOEXEC)
    kernel.unmount(house.HOST)
    return descriptor


def open_network() -> None:
    """Loopback, and nothing else; its low ports are for everyone."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(asking, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(asking, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))
    tell("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0")


def limit(plan: dict[str, Any]) -> None:
    """Resource limits. Memory is counted and watched from outside: an address space limit breaks many runtimes."""
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: OPEN_FILES_MAX,
        resource.RLIMIT_NPROC: plan["pids_max"] + 1,
        resource.RLIMIT_MEMLOCK: 64 << 10,
    }
    for name, most in limits.items():
        hard = resource.getrlimit(name)[1]
        value = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(name, (value, value))


def become_nobody(uid: int | None, proc: int) -> None:
    """Enter a user namespace whose only user is the host's `uid`, or who one is, and drop every power over it."""
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)  # else /proc/self is root's
    inner = (os.geteuid(), os.getegid())
    kernel.unshare(NEW_USER)
    house.map_ids(proc, *inner, house.UID)
    os.close(proc)
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.drop_capabilities()
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)  # nobody looks into the first process


def tell(place: str, words: str) -> None:
    """Write to one of the kernel's files."""
    with open(place, "w") as file:
        file.write(words)
