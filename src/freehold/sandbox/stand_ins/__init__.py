"""Layers of our own that stand in for public ones. It may not know ARNs, accounts or the Lambda service.

One idea: a layer is a folder, laid over /opt like any other. Programs in them are run by the interpreter that runs
Freehold, with the standard library alone: functions in every language may use them, so they can not count on Python in
the environment. Libraries that are not ours lie in the user's cache, one folder for each version of the interpreter.
"""

import compileall
import os
import sys
from functools import cache
from pathlib import Path

VARIABLE = "_FREEHOLD_PYTHON"
"""The variable that tells the programs of a layer their interpreter."""

HERE = Path(__file__).parent
ADAPTER, PARAMETERS, EMPTY = HERE / "adapter", HERE / "parameters", HERE / "empty"


def program_for(layers: tuple[Path, ...]) -> Path | None:
    """The interpreter that the programs of these layers need, None where none of the layers is ours."""
    if not any(HERE in layer.parents for layer in layers):
        return None
    _compile()
    return Path(os.path.realpath(sys.executable))


@cache
def _compile() -> None:
    """Have the programs compiled, once, where our folder may be written: they may not do so, and start 10 ms later."""
    compileall.compile_dir(HERE, quiet=2)


def powertools(major: str, minor: int) -> Path:
    """Where Powertools of a major version, "2" or "3", is kept for python3.`minor`, for all clouds of this user."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser()
    return cache / "freehold" / "layers" / f"powertools-{major}-python3.{minor}"
