"""What processes hold, as the kernel tells.

One idea: a lone process is asked for its resident pages, which is cheap; of several each is asked for its fair share of
what they have in common. A process that is gone holds nothing. It may not know cells.
"""

import os
from contextlib import suppress

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
READ_BYTES = 65_536


def family(pid: int) -> list[int]:
    """A process and its descendants, as far as they can be seen."""
    members = [pid]
    for member in members:  # grows while it is walked
        with suppress(OSError):
            for task in os.listdir(f"/proc/{member}/task"):
                members += map(int, _read(f"/proc/{member}/task/{task}/children").split())
    return members


def resident(pids: list[int]) -> int:
    """Bytes that processes hold resident now; what they share counts once."""
    return _resident(pids[0]) if len(pids) == 1 else sum(map(proportional, pids))


def _resident(pid: int) -> int:
    with suppress(OSError):
        return int(_read(f"/proc/{pid}/statm").split()[1]) * PAGE_BYTES
    return 0


def proportional(pid: int) -> int:
    """Resident bytes, those shared with others divided among them."""
    with suppress(OSError, LookupError):
        return int(_read(f"/proc/{pid}/smaps_rollup").split(b"\nPss:", 1)[1].split(b"kB", 1)[0]) * 1024
    return 0


def peak(pid: int) -> int:
    """The most bytes a process held resident so far."""
    with suppress(OSError, LookupError):
        return int(_read(f"/proc/{pid}/status").split(b"VmHWM:", 1)[1].split(b"kB", 1)[0]) * 1024
    return 0


def _read(path: str) -> bytes:
    """What a file of /proc says: by system calls alone, for this is read for every invocation."""
    file = os.open(path, os.O_RDONLY)
    try:
        return os.read(file, READ_BYTES)
    finally:
        os.close(file)
