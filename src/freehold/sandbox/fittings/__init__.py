"""Fittings: the ways a process can be fenced in. The port they all fill.

One idea: an environment says what to run (`Launch`); a fitting decides behind which walls. A fitting may not know the
Runtime API, functions or logs.
"""

from typing import Protocol

import msgspec


class Launch(msgspec.Struct, frozen=True, kw_only=True):
    """What to run: `argv[0]` is an absolute path. `output_fd` becomes stdout and stderr.

    `frames_fd` becomes FRAMES_FD in the process. `file_bytes_max` bounds any one file it writes.
    """

    argv: list[str]
    env: dict[str, str]
    cwd: str
    output_fd: int
    frames_fd: int
    file_bytes_max: int


FRAMES_FD = 3
"""The descriptor on which a process finds the telemetry pipe."""


class Process(Protocol):
    """A started process and its kin."""

    pid: int

    async def exited(self) -> int:
        """Wait for its end: the exit status, or minus the signal that ended it."""

    def kill(self) -> None:
        """End it and all its kin at once."""

    def freeze(self) -> None:
        """Stop it and its kin until `thaw`; they use no processor time."""

    def thaw(self) -> None:
        """Let it go on."""

    def memory_bytes(self) -> int:
        """What it and its kin hold resident now."""

    def memory_peak_bytes(self) -> int:
        """The most it held resident so far."""


class Fitting(Protocol):
    """A way to start processes."""

    async def start(self, launch: Launch) -> Process:
        """Start a process. Raises OSError where it can not be started."""

    async def close(self) -> None:
        """End every process ever started here and wait until they are gone."""
