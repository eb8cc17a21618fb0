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


def record(folder: Path, pid: int) -> None:
    """Note in an environment's folder which process is its own."""
    if (started := _started(pid)) is not None:
        (folder / RECORD).write_text(f"{pid} {started}")


def sweep(environments: Path) -> int:
    """End recorded processes that still live, with their groups; remove all folders. Returns how many were ended."""
    ended = 0
    for folder in environments.iterdir() if environments.is_dir() else ():
        with suppress(OSError, ValueError):
            pid, started = (folder / RECORD).read_text().split()
            if _started(int(pid)) == started:
                os.killpg(int(pid), signal.SIGKILL)
                ended += 1
        shutil.rmtree(folder, ignore_errors=True)
    return ended


def _started(pid: int) -> str | None:
    """When a process started, in the kernel's ticks; None where there is none or it is only a corpse."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return fields[19] if fields[0] != "Z" else None
    return None
