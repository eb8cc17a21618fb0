"""Layers of our own that stand in for public ones. It may not know ARNs, accounts or the Lambda service.

One idea: a layer is a folder, laid over /opt like any other. Programs in them are run by the interpreter that runs
Freehold, with the standard library alone: functions in every language may use them, so they can not count on Python in
the environment. Libraries that are not ours lie in the user's cache, one folder for each version of the interpreter.
"""

import compileall
import functools
import os
import sys
from pathlib import Path

VARIABLE = "_FREEHOLD_PYTHON"
"""The variable that tells the programs of a layer their interpreter."""

HERE = Path(__file__).parent
ADAPTER, PARAMETERS, EMPTY = HERE / "adapter", HERE / "parameters", HERE / "empty"

POWERTOOLS = ("2", "3")
"""The major versions of Powertools for Python that layers are published of."""


def program_for(layers: tuple[Path, ...]) -> Path | None:
    """The interpreter that the programs of these layers need, None where none of the layers is ours."""
    if not any(HERE in layer.parents for layer in layers):
        return None
    _compile()
    return Path(os.path.realpath(sys.executable))


@functools.cache
def _compile() -> None:
    """Have the programs compiled, once, where our folder may be written: they may not do so, and start 10 ms later."""
    compileall.compile_dir(HERE, quiet=2)


def cache() -> Path:
    """Where lies what is fetched for all clouds of this user: freehold in XDG_CACHE_HOME."""
    return Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "freehold"


def powertools(major: str, minor: int) -> Path:
    """Where Powertools of a major version is kept for python3.`minor`."""
    return cache() / "layers" / f"powertools-{major}-python3.{minor}"
