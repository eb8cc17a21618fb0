"""The filter of system calls that programs in a cell live under. Standard library only.

One idea: a table says what is refused, how, and why; it is compiled to the kernel's BPF. What is not in the table is
allowed, but a call newer than this table is unknown (ENOSYS), and so is any call by another machine's convention. It
may not know cells.
"""

from __future__ import annotations

import errno
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Step = tuple[int, int, int, int]

NEWEST = 462  # mseal, Linux 6.10: what came later does not exist in a cell
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32_BIT = 0x40000000
NAMESPACES = 0x7E020080  # every CLONE_NEW…, CLONE_NEWTIME among them

# Refused whatever the arguments. Numbers: x86_64, aarch64 (0: not there).
REFUSED: dict[str, dict[str, tuple[int, int]]] = {
    "changes what is mounted where": {
        "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
        "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431),
        "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    },
    "enters another's namespaces": {"setns": (308, 268)},
    "reads or steers other processes": {
        "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
        "pidfd_getfd": (438, 438), "process_madvise": (440, 440),
    },
    "keyrings are not divided by every namespace": {
        "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    },
    "opens files past the walls": {"open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264)},
    "a large way into the kernel that functions do not need": {
        "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "fanotify_init": (300, 262),
        "lookup_dcookie": (212, 18), "modify_ldt": (154, 0), "uselib": (134, 0), "nfsservctl": (180, 42),
        "memfd_secret": (447, 447),
    },
    "is the machine's, not a function's": {
        "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105),
        "finit_module": (313, 273), "delete_module": (176, 106), "reboot": (169, 142), "swapon": (167, 224),
        "swapoff": (168, 225), "quotactl": (179, 60), "quotactl_fd": (443, 443), "acct": (163, 89),
        "settimeofday": (164, 170), "clock_settime": (227, 112), "clock_adjtime": (305, 266), "adjtimex": (159, 171),
        "sethostname": (170, 161), "setdomainname": (171, 162), "syslog": (103, 116), "vhangup": (153, 58),
        "iopl": (172, 0), "ioperm": (173, 0),
    },
}  # fmt: skip

# Said not to exist, so that programs take the older way.
UNKNOWN: dict[str, tuple[int, int]] = {
    "clone3": (435, 435),  # its flags are in memory, where a filter can not look
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
}  # fmt: skip

# Ways to hold memory that no process shows: refused where the kernel does not count them with the cell.
UNCOUNTED: dict[str, tuple[int, int]] = {"memfd_create": (319, 279), "shmget": (29, 194), "msgget": (68, 186)}

CLONE, UNSHARE, SOCKET, PERSONALITY, IOCTL, CONNECT = (
    (56, 220), (272, 97), (41, 198), (135, 92), (16, 29), (42, 203),
)  # fmt: skip
TIOCSTI = 0x5412  # types on another's terminal
AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, NETLINK_ROUTE = 1, 2, 10, 16, 0
PERSONALITIES = (0, 0xFFFFFFFF)  # Linux, and the question which

LOAD, JUMP_EQUAL, JUMP_ABOVE, JUMP_BITS, RETURN = 0x20, 0x15, 0x25, 0x45, 0x06
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16
ALLOW, KILL, ERRNO, NOTIFY = 0x7FFF0000, 0x80000000, 0x00050000, 0x7FC00000


def _refuse(number: int) -> Step:
    return (RETURN, 0, 0, ERRNO | number)


def _argument(at: int) -> Step:
    return (LOAD, 0, 0, ARGUMENTS + 8 * at)


ALLOWED: Step = (RETURN, 0, 0, ALLOW)
NO_NAMESPACES = [_argument(0), (JUMP_BITS, 0, 1, NAMESPACES), _refuse(errno.EPERM), ALLOWED]
FAMILIES = [
    _argument(0),
    (JUMP_EQUAL, 5, 0, AF_UNIX), (JUMP_EQUAL, 4, 0, AF_INET), (JUMP_EQUAL, 3, 0, AF_INET6),
    (JUMP_EQUAL, 0, 3, AF_NETLINK), _argument(2), (JUMP_EQUAL, 0, 1, NETLINK_ROUTE), ALLOWED,
    _refuse(errno.EAFNOSUPPORT),
]  # fmt: skip
FEW_PERSONALITIES = [
    _argument(0), *((JUMP_EQUAL, len(PERSONALITIES) - at, 0, known)
                    for at, known in enumerate(PERSONALITIES)),
    _refuse(errno.EPERM), ALLOWED,
]  # fmt: skip
NO_TYPING = [_argument(1), (JUMP_EQUAL, 0, 1, TIOCSTI), _refuse(errno.EPERM), ALLOWED]

CONDITIONAL: list[tuple[tuple[int, int], list[Step]]] = [
    (CLONE, NO_NAMESPACES),
    (UNSHARE, NO_NAMESPACES),
    (SOCKET, FAMILIES),
    (PERSONALITY, FEW_PERSONALITIES),
    (IOCTL, NO_TYPING),
]


def compiled(machine: str, counted: bool, notify_connect: bool) -> bytes:
    """The filter for a machine. `counted`: the kernel counts all memory of the cell. `notify_connect`: connect(2) is
    answered by whoever listens at the filter."""
    at = list(ARCHITECTURES).index(machine)
    steps: list[Step] = [
        (LOAD, 0, 0, ARCHITECTURE),
        (JUMP_EQUAL, 1, 0, ARCHITECTURES[machine]),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
        (JUMP_ABOVE, 0, 1, NEWEST),
        _refuse(errno.ENOSYS),
    ]
    for pair, rule in CONDITIONAL + ([(CONNECT, [(RETURN, 0, 0, NOTIFY)])] if notify_connect else []):
        steps += [(JUMP_EQUAL, 0, len(rule), pair[at]), *rule]
    refused = [pair for group in REFUSED.values() for pair in group.values()]
    unknown = [*UNKNOWN.values(), *(() if counted else UNCOUNTED.values())]
    for pairs, reason in ((refused, errno.EPERM), (unknown, errno.ENOSYS)):
        for pair in pairs:
            if pair[at]:
                steps += [(JUMP_EQUAL, 0, 1, pair[at]), _refuse(reason)]
    return b"".join(struct.pack("=HBBI", *step) for step in [*steps, ALLOWED])
