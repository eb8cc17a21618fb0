"""What a Freehold that died left behind: processes and folders of its environments.

One idea: each environment's folder names its process by pid and start time, which no other process can have; whatever
still lives under such a name at start-up is ended, and the folder removed. It may not know functions.
"""

import os
import shutil
import signal
from contextlib import suppress
from pathlib import Path

RECORD = "process"


def record(folder: Path, pids: list[int]) -> None:
    """Note in an environment's folder which processes are its own."""
    named = [f"{pid} {started}\n" for pid in pids if (started := _started(pid)) is not None]
    (folder / RECORD).write_text("".join(named))


def sweep(environments: Path) -> int:
    """End recorded processes that still live, with their groups; remove all folders. Returns how many were ended."""
    ended = 0
    for folder in environments.iterdir() if environments.is_dir() else ():
        with suppress(OSError):
            for line in (folder / RECORD).read_text().splitlines():
                ended += _end(line)
        shutil.rmtree(folder, ignore_errors=True)
    return ended


def _end(line: str) -> bool:
    """End the group of a recorded process if it is still that process."""
    with suppress(OSError, ValueError):
        pid, started = line.split()
        if _started(int(pid)) == started:
            os.killpg(int(pid), signal.SIGKILL)
            return True
    return False


def _started(pid: int) -> str | None:
    """When a process started, in the kernel's ticks; None where there is none or it is only a corpse."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return fields[19] if fields[0] != "Z" else None
    return None
