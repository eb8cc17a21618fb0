"""Fittings: the ways a cell can be walled in. The port they all fill.

One idea: an environment says what a cell is made of (`Plan`) and what runs in it (`Launch`); a fitting decides behind
which walls. A cell is opened once per environment; programs, the runtime and its extensions, are run in it one after
the other or side by side. A fitting may not know the Runtime API, functions or logs.
"""

from collections.abc import Mapping
from pathlib import Path
from socket import socket
from typing import Literal, Protocol

import msgspec

Egress = Literal["all", "freehold", "none"] | tuple[tuple[str, tuple[int, ...]], ...]
"""Where programs may connect to: everywhere; the sockets opened in their cell only ("freehold" and "none": the first
says that some will be); or a list of (network in CIDR form, ports; none: every port)."""

Reach = tuple[tuple[str, int, int], ...]
"""Whom programs may connect to by the rules of their own network: (network in CIDR form, lowest and highest port)."""

FRAMES_FD = 3
"""The descriptor on which a program finds the telemetry pipe."""


class Places(msgspec.Struct, frozen=True):
    """Where the programs of a cell see the function's code, its layers, its scratch space and our runtimes."""

    code: str = "/var/task"
    opt: str = "/opt"
    tmp: str = "/tmp"
    runtime: str = "/var/runtime"


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What a cell is made of. All paths are the host's.

    `folder` is the cell's own and exists. `code`, `opt` (all layers as one) and `runtime` (our bootstraps) are shown
    read-only at the cell's `Places`, `libraries` read-only at their own paths, `brought` and `shown` (place to path)
    read-only where they say; `runtime` and `shown` are the same for all cells of a fitting. `interpreter` is the Python
    that will run in it, if one will: a cell can then be made from one that has started already. Where there is a
    `root`, that folder is the cell's read-only root in place of the machine's programs, and its own /var/task and /opt
    are seen. Connections must be allowed by `egress` and, where there is one, by `reach`.
    """

    folder: Path
    code: Path
    runtime: Path
    opt: Path | None = None
    libraries: tuple[Path, ...] = ()
    brought: Mapping[str, Path] = {}
    shown: Mapping[str, Path] = {}
    interpreter: Path | None = None
    root: Path | None = None
    memory_mb: int = 128
    ephemeral_mb: int = 512
    egress: Egress = "freehold"
    reach: Reach | None = None
    pids_max: int = 1_024


class Launch(msgspec.Struct, frozen=True, kw_only=True):
    """What to run: `argv[0]` and `cwd` are paths as the cell's programs see them.

    `output_fd` becomes stdout and stderr, `frames_fd` (if any) becomes FRAMES_FD; nothing else is inherited.
    """

    argv: list[str]
    env: dict[str, str]
    cwd: str
    output_fd: int
    frames_fd: int | None = None


class Process(Protocol):
    """A program that was started, and its kin. `pid` is the host's name for it."""

    pid: int

    async def exited(self) -> int:
        """Wait for its end: the exit status, or minus the signal that ended it."""

    def kill(self) -> None:
        """End it at once."""

    def terminate(self) -> None:
        """Ask it to end: SIGTERM."""


class Cell(Protocol):
    """A walled place in which programs run."""

    places: Places

    async def listen(self, port: int) -> socket:
        """A stream socket that listens at 127.0.0.1:`port` for the cell's programs alone.

        Not blocking, served by the caller, who also closes it. A fitting without networks of its own opens it on the
        host's loopback at a port that is free: see `getsockname`. Raises OSError.
        """

    async def listen_udp(self, port: int) -> socket:
        """A datagram socket at 127.0.0.1:`port`; otherwise as `listen`."""

    async def connect(self, port: int) -> socket:
        """A connection, not blocking, to 127.0.0.1:`port` as the cell's programs see it. Raises OSError."""

    async def run(self, launch: Launch) -> Process:
        """Start a program. Raises OSError where it can not be started."""

    def freeze(self) -> None:
        """Stop all programs until `thaw`, also those that hid; they use no processor time."""

    def thaw(self) -> None:
        """Let them go on."""

    async def end_all(self) -> None:
        """End every program and wait until they are gone. The cell and its scratch space stay."""

    def memory_bytes(self) -> int:
        """What its programs hold resident now; the scratch space is not counted."""

    def memory_peak_bytes(self) -> int:
        """The most one of its programs held resident so far."""

    def out_of_memory(self) -> bool:
        """Whether the kernel ended a program because the cell held too much, since this was last asked."""

    async def close(self) -> None:
        """End every program and take the walls down."""


class Fitting(Protocol):
    """A way to make cells. `networks` says that each has a network of its own, in which every port can be had."""

    name: str
    networks: bool

    def places(self, plan_folder: Path, code: Path, opt: Path | None, runtime: Path) -> Places:
        """Where the programs of a cell with such a plan will see these folders."""

    async def open(self, plan: Plan) -> Cell:
        """Make a cell. Raises OSError where it can not be made."""

    async def close(self) -> None:
        """End every cell ever opened here and wait until they are gone."""
