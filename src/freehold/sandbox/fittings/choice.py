"""Which fitting this machine offers, and why.

One idea: nothing is guessed from versions or files: the walls of a cell are put up once, in a process that is then
thrown away, and what the kernel says is the answer. It may not know functions.
"""

import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import NamedTuple

from freehold.sandbox.fittings import Fitting, cgroups
from freehold.sandbox.fittings.inside.house import HOST
from freehold.sandbox.fittings.namespace import UID_FIRST, NamespaceFitting
from freehold.sandbox.fittings.nurseries import entering
from freehold.sandbox.fittings.process import ProcessFitting

FITTINGS: dict[str, type[ProcessFitting] | type[NamespaceFitting]] = {
    "process": ProcessFitting,
    "namespace": NamespaceFitting,
}
PROBE_S = 20.0
PROBE = "import sys; sys.path[0] = {folder!r}; from inside.walls import probe; probe({uid!r})"
COUNTED = {
    1: "the kernel counts memory and shares processors (cgroup v1)",
    2: "the kernel counts memory and shares processors (cgroup v2)",
    0: "memory is watched from outside; as root, or where control groups are delegated, the kernel would count it",
}


class Offer(NamedTuple):
    """The strongest fitting, and words that say why and what would make it stronger."""

    name: str
    words: str


def make(name: str, root: Path) -> Fitting:
    """The fitting of that name, "auto" for the strongest. Raises OSError where the kernel does not allow it."""
    reason = "" if name == "process" else refusal()
    if name == "auto":
        name = "process" if reason else "namespace"
    elif reason:
        raise OSError(f"isolation by namespaces is not possible on this machine: {reason}")
    return FITTINGS[name](root)


def strongest() -> Offer:
    """What this machine offers to this user."""
    if reason := refusal():
        words = "functions are processes beside Freehold, not walled in: do not run code you do not trust. "
        return Offer("process", f"{words}Namespaces are not possible: {reason}. {_advice(reason)}")
    words = f"each environment has its own root, network, processes and user; {COUNTED[counting()]}"
    return Offer("namespace", words)


def counting() -> int:
    """The version of control groups that counts a cell's memory, 0 for none."""
    ground = cgroups.clear()
    if ground is None:
        return 0
    ground.remove()
    return ground.version


@cache
def refusal() -> str:
    """Why the kernel does not allow this user to make a cell; "" where it does."""
    if sys.platform != "linux":
        return f"{sys.platform} has none"
    interpreter, uid = Path(os.path.realpath(sys.executable)), UID_FIRST - 1 if os.geteuid() == 0 else None
    code = PROBE.format(folder=f"{HOST}{Path(__file__).parent}", uid=uid)
    with tempfile.TemporaryDirectory() as base:
        command = entering(Path(base), {}, interpreter, [str(interpreter), "-S", "-s", "-c", code])
        try:
            ran = subprocess.run(command, capture_output=True, text=True, timeout=PROBE_S, env={}, cwd="/")
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
    last = ran.stderr.strip().rpartition("\n")[2]
    return "" if ran.returncode == 0 else last or f"exit status {ran.returncode}"


def _advice(reason: str) -> str:
    """What an administrator can do."""
    if "mount /proc" in reason:
        return "In a container, /proc must not be masked (docker run --security-opt systempaths=unconfined)."
    if sys.platform != "linux":
        return "Run Freehold on Linux."
    return "Allow user namespaces (sysctl user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns=0)."
