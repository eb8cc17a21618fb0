"""System calls that Python has no words for, and their constants. Standard library only.

One idea: each call raises OSError with the kernel's reason. It may not know cells.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import socket
import struct
from array import array

libc = ctypes.CDLL(None, use_errno=True)

NEW_NS, NEW_CGROUP, NEW_UTS, NEW_IPC = 0x20000, 0x2000000, 0x4000000, 0x8000000
NEW_USER, NEW_PID, NEW_NET = 0x10000000, 0x20000000, 0x40000000

MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_SLAVE = 0x2, 0x4, 0x8, 0x1000, 0x4000, 0x80000
MNT_DETACH = 2
ATTR_RDONLY, ATTR_NOSUID, ATTR_NODEV, ATTR_NOEXEC = 0x1, 0x2, 0x4, 0x8
AT_FDCWD, AT_RECURSIVE = -100, 0x8000

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP = 1, 4, 24
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 36, 38
PR_CAP_AMBIENT, AMBIENT_RAISE = 47, 2
SECCOMP_SET_MODE_FILTER, SECCOMP_NEW_LISTENER, SECCOMP_WAIT_KILLABLE = 1, 0x8, 0x20
CAPABILITY_VERSION = 0x20080522

NUMBERS = {  # calls without a function in every C library
    "x86_64": {"pivot_root": 155, "mount_setattr": 442, "seccomp": 317, "capset": 126},
    "aarch64": {"pivot_root": 41, "mount_setattr": 442, "seccomp": 277, "capset": 91},
}
MACHINE = platform.machine()


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def _system_call(name: str, *words: object) -> int:
    return _checked(libc.syscall(ctypes.c_long(NUMBERS[MACHINE][name]), *words), name)


def unshare(flags: int) -> None:
    """Leave namespaces shared with others."""
    _checked(libc.unshare(flags), "unshare")


def prctl(option: int, value: int, more: int = 0) -> None:
    """Set a property of this process."""
    _checked(libc.prctl(option, ctypes.c_ulong(value), ctypes.c_ulong(more), 0, 0), f"prctl {option}")


def mount(source: str, target: str, kind: str = "", flags: int = 0, data: str = "") -> None:
    """Mount a file system, or bind a file or folder elsewhere."""
    words = (os.fsencode(source), os.fsencode(target), kind.encode(), ctypes.c_ulong(flags), data.encode())
    _checked(libc.mount(*words), f"mount {target}")


def unmount(target: str) -> None:
    """Take a mount and all below it out of this namespace, used or not."""
    _checked(libc.umount2(os.fsencode(target), MNT_DETACH), f"unmount {target}")


def restrict(target: str, on: int, off: int = 0, recursive: bool = True) -> None:
    """Set and clear attributes of the mount at `target`, and of those below it. Needs Linux 5.12."""
    attributes = struct.pack("=QQQQ", on, off, 0, 0)
    flags = AT_RECURSIVE if recursive else 0
    _system_call("mount_setattr", AT_FDCWD, os.fsencode(target), flags, attributes, ctypes.c_size_t(len(attributes)))


def pivot_root(root: str, old: str) -> None:
    """Make `root` the root of this namespace; what was it is found at `old`."""
    _system_call("pivot_root", os.fsencode(root), os.fsencode(old))


def _capabilities() -> range:
    with open("/proc/sys/kernel/cap_last_cap") as last:
        return range(int(last.read()) + 1)


def _hold_capabilities(mask: int) -> None:
    """Have these capabilities: permitted, effective and inheritable alike."""
    header, low, high = struct.pack("=Ii", CAPABILITY_VERSION, 0), mask & 0xFFFFFFFF, mask >> 32
    _system_call("capset", header, struct.pack("=6I", low, low, low, high, high, high))


def keep_capabilities() -> None:
    """Keep every capability over an exec, without being user 0."""
    capabilities = _capabilities()
    _hold_capabilities(sum(1 << capability for capability in capabilities))
    for capability in capabilities:
        prctl(PR_CAP_AMBIENT, AMBIENT_RAISE, capability)


def drop_capabilities() -> None:
    """Give up every capability, now and for whatever is executed later."""
    for capability in _capabilities():
        prctl(PR_CAPBSET_DROP, capability)
    _hold_capabilities(0)


def filter_calls(program: bytes, listen: bool) -> int:
    """Put a seccomp filter, BPF instructions of 8 bytes each, on this process and its kin to come.

    With `listen`, returns the descriptor at which calls that it does not decide are answered. Signals do not interrupt
    those, where the kernel knows how (Linux 5.19): a program that is signalled often would never get its answer.
    """
    instructions = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("@HP", len(program) // 8, ctypes.addressof(instructions))
    flags = SECCOMP_NEW_LISTENER | SECCOMP_WAIT_KILLABLE if listen else 0
    try:
        return _system_call("seccomp", SECCOMP_SET_MODE_FILTER, flags, head)
    except OSError as error:
        if error.errno != errno.EINVAL or not listen:
            raise
        return _system_call("seccomp", SECCOMP_SET_MODE_FILTER, SECCOMP_NEW_LISTENER, head)


def with_fds(fds: list[int]) -> list[tuple[int, int, array[int]]]:
    """What goes beside a packet to send descriptors with it."""
    return [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", fds))] if fds else []


def receive(door: socket.socket, bytes_max: int) -> tuple[bytes, list[int]]:
    """One packet and the descriptors in it, two at most."""
    packet, ancillary, _, _ = door.recvmsg(bytes_max, socket.CMSG_SPACE(8))
    fds = array("i")
    for level, kind, data in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            fds.frombytes(data[: len(data) - len(data) % fds.itemsize])
    return packet, list(fds)
