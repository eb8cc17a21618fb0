"""Control groups: what the kernel itself counts and shares out for a cell.

One idea: a ground is a folder of this server's own under each hierarchy that it may write, a group a folder of a cell's
own in it. Version 1 has a hierarchy for each controller, version 2 one for all; the difference is a table. It may not
know cells.

Memory here is the last resort: what a cell may hold with its scratch space, which is a file system in memory. That a
function's own memory is spent is seen earlier, by whoever watches its programs. Processor time is shared by weight, as
AWS gives 1,769 MB one processor: a hard quota would make the start of a small function crawl on an idle machine, while
weights bind only when processors are short.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
"""

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

MOUNTS = Path("/sys/fs/cgroup")
NAME = "freehold-"
OVERHEAD_BYTES = 48 << 20  # the first process, page tables, the buffers of sockets
PROCESSOR_MB = 1_769
EMPTIED_S = 1.0


class Words(NamedTuple):
    """How a version says: the memory limit, where ends are counted, the weight of processor time and its scale."""

    limit: str
    ends: str
    weight: str
    weight_of_one: int
    weight_min: int


WORDS = {
    1: Words("memory.limit_in_bytes", "memory.oom_control", "cpu.shares", 1_024, 2),
    2: Words("memory.max", "memory.events", "cpu.weight", 100, 1),
}


class Group:
    """One cell's folders. `make` with its first process, `limit`, `remove` when that is gone."""

    def __init__(self, folders: list[Path], words: Words) -> None:
        self._folders, self._words = folders, words

    def make(self, pid: int) -> None:
        """Make the folders, and put a process in and whatever it will start. Takes milliseconds. Raises OSError."""
        for folder in self._folders:
            folder.mkdir()
            (folder / "cgroup.procs").write_text(str(pid))

    def limit(self, memory_mb: int, ephemeral_mb: int) -> None:
        """Say how much it may hold and what its share of the processors is. Raises OSError."""
        limit = ((memory_mb + ephemeral_mb) << 20) + OVERHEAD_BYTES
        weight = max(self._words.weight_of_one * memory_mb // PROCESSOR_MB, self._words.weight_min)
        for folder in self._folders:
            for name, value in ((self._words.limit, limit), (self._words.weight, weight)):
                if (folder / name).exists():
                    (folder / name).write_text(str(value))

    def ends(self) -> int:
        """How many processes the kernel ended because the group held too much."""
        for folder in self._folders:
            with suppress(OSError, LookupError):
                text = (folder / self._words.ends).read_text()
                return int(text.split("oom_kill ", 1)[1].split()[0])
        return 0

    def remove(self) -> None:
        """Remove the folders, as soon as the kernel has seen the last process go. May wait a little."""
        until = time.monotonic() + EMPTIED_S
        for folder in self._folders:
            while folder.exists():
                try:
                    folder.rmdir()
                except OSError:
                    if time.monotonic() > until:
                        break
                    time.sleep(0.002)


class Ground:
    """This server's own folders. `words` says in which version's manner."""

    def __init__(self, folders: list[Path], version: int) -> None:
        self._folders, self.version = folders, version

    def group(self, name: str) -> Group:
        """The group of that name, not yet made."""
        return Group([folder / name for folder in self._folders], WORDS[self.version])

    def remove(self) -> None:
        """Remove what is empty."""
        for folder in self._folders:
            with suppress(OSError):
                folder.rmdir()


def clear(mounts: Path = MOUNTS) -> Ground | None:
    """A ground for this process, None where the kernel lets it have none. Removes those of servers that are gone."""
    for version, roots in ((1, [mounts / "memory", mounts / "cpu"]), (2, [mounts])):
        with suppress(OSError):
            return Ground([_cleared(root, version) for root in roots], version)
    return None


def _cleared(root: Path, version: int) -> Path:
    """Our own folder under a hierarchy. Raises OSError."""
    if version == 2:
        (root / "cgroup.subtree_control").write_text("+memory +cpu")
    elif not (root / "cgroup.procs").exists():
        raise FileNotFoundError(root)
    for left in root.glob(f"{NAME}*"):
        if not Path("/proc", left.name.removeprefix(NAME).split("-")[0]).exists():
            _sweep(left)
    folder = root / f"{NAME}{os.getpid()}-{time.monotonic_ns()}"
    folder.mkdir()
    if version == 2:
        (folder / "cgroup.subtree_control").write_text("+memory +cpu")
    weight = WORDS[version].weight
    if (folder / weight).exists():  # all functions together weigh as much as programs on all processors
        (folder / weight).write_text(str(WORDS[version].weight_of_one * (os.cpu_count() or 1)))
    return folder


def _sweep(left: Path) -> None:
    """Remove the folders of a server that is gone; its cells have ended with it."""
    for group in left.iterdir():
        if group.is_dir():
            with suppress(OSError):
                group.rmdir()
    with suppress(OSError):
        left.rmdir()
