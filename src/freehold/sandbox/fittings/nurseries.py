"""Nurseries as the server knows them: one fork server for each Python, from which cells are made.

One idea: a nursery is started in a root that shows what all cells see alike, so that a cell has little left to mount.
It may not know what a cell is told.
"""

import os
import socket
import subprocess
import sys
from pathlib import Path

from freehold.sandbox.fittings.inside.house import HOST

HERE = Path(__file__).parent
LANG = "/var/lang"  # where cells see their Python
SURROUNDINGS = {"LANG": "en_US.UTF-8", "LD_LIBRARY_PATH": "/var/task:/var/task/lib:/opt/lib"}
"""The nursery's variables: those of a function that sets none, so that its runtime can go on without an exec."""

ENTER = "import sys; sys.path[0] = sys.argv.pop(1); from inside.house import main; main()"
NURSE = """
import sys, __main__
sys.path[0] = {folder!r}
from inside.nursery import main
program = main({door}, {bootstrap!r})
if program: program()
"""


def entering(base: Path, shown: dict[str, Path], interpreter: Path, argv: list[str]) -> list[str]:
    """The command that makes a root at `base`, which shows also the interpreter and what `shown` names by its place in
    it, and becomes a program there."""
    prefix = interpreter.parent.parent
    places = [f"{place}={source}" for place, source in {**shown, str(prefix): prefix}.items()]
    python = [os.path.realpath(sys.executable), "-S", "-E", "-s", "-c", ENTER, str(HERE)]
    return [*python, str(base), str(len(places)), *places, *argv]


class Nursery:
    """One fork server, which cells of one Python come from."""

    def __init__(self, interpreter: Path, base: Path, shown: dict[str, Path], bootstrap: str) -> None:
        self.shown = shown = {**shown, LANG: interpreter.parent.parent}
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        code = NURSE.format(folder=f"{HOST}{HERE}", door=theirs.fileno(), bootstrap=bootstrap)
        nurse = [f"{LANG}/bin/{interpreter.name}", "-S", "-s", "-u", "-c", code]
        base.mkdir(parents=True, exist_ok=True)
        with theirs:
            self.process = subprocess.Popen(
                entering(base, shown, interpreter, nurse),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=SURROUNDINGS,
                cwd="/",
            )
        self._door = ours

    def fork(self) -> socket.socket:
        """A socket to a fresh child, which waits for its plan. Raises OSError where the nursery is gone."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)  # before the child says by its first word who it is
        with theirs:
            socket.send_fds(self._door, [b"."], [theirs.fileno()])
        return ours

    def close(self) -> None:
        """Hang up; it goes then."""
        self._door.close()
        self.process.wait()
