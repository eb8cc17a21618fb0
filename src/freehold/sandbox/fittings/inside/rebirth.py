"""Going on as a Python function's runtime without starting Python anew.

One idea: a child of the first process has already imported all that the runtime imports; it only takes on the state a
fresh start would give it. Where the variables ask for what is decided when an interpreter or the C library starts, it
is started. Standard library only. It may not know what the bootstrap does.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

START_PREFIXES = ("PYTHON", "LD_", "LC_", "MALLOC_", "GLIBC_", "LANG")  # read once, when a program starts
TAKEN_ON = ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
BEGINNING = {name: value for name, value in os.environ.items() if name != "LC_CTYPE"}  # of the nursery
FLAGS = ["-S", "-s", "-u"]


def possible(order: dict[str, Any]) -> bool:
    """Whether the order is for this very interpreter, with our bootstrap, in surroundings like the nursery's."""
    argv: list[str] = order["argv"]
    same = argv[:-1] == [sys.executable, *FLAGS] and argv[-1] == "/var/runtime/python/bootstrap.py"
    return same and _settings(order["env"]) == _settings(BEGINNING)


def _settings(env: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in env.items() if name.startswith(START_PREFIXES) and name not in TAKEN_ON}


def _coerced() -> dict[str, str]:
    """What Python itself set when it started in a locale that this system does not have."""
    return {"LC_CTYPE": os.environ["LC_CTYPE"]} if "LC_CTYPE" in os.environ else {}


def born(bootstrap: ModuleType, order: dict[str, Any]) -> Callable[[], None]:
    """Take on the state of a fresh start. Returns what to call when every frame of the first process is left."""
    env = order["env"]
    coerced = _coerced()
    os.environ.clear()
    os.environ.update({**coerced, **env})
    time.tzset()
    sys.argv[:] = order["argv"][-1:]
    if hasattr(sys, "orig_argv"):
        sys.orig_argv[:] = order["argv"]
    own = [place for place in env.get("PYTHONPATH", "").split(":") if place]
    sys.path[:] = [os.path.dirname(sys.argv[0]), *own, *sys.path]
    sys.dont_write_bytecode = bool(env.get("PYTHONDONTWRITEBYTECODE"))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_IGN)  # as every Python does
    random.seed()
    for name in [name for name in sys.modules if name.split(".")[0] == "inside"]:
        del sys.modules[name]
    sys.modules["__main__"] = bootstrap
    return bootstrap.main
