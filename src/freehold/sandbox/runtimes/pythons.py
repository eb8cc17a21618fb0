"""The Python interpreters of this machine, and the AWS SDK for them.

One idea: a function asks for python3.N; it gets exactly that where it is found, else the nearest newer, else the one
that runs Freehold. AWS ships boto3 with its runtimes, so interpreters older than our boto3 supports are passed over.
It may not know functions or environments.
"""

import importlib.metadata
import importlib.util
import os
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from freehold.sandbox.runtimes.links import point

SDK = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six", "urllib3")
PROGRAM = re.compile(r"python3\.(\d+)")


def python_for(minor: int) -> Path:
    """The interpreter for python3.`minor`."""
    found = {known: path for known, path in pythons().items() if known >= oldest_with_sdk()}
    newer = min((known for known in found if known >= minor), default=None)
    return found[newer] if newer is not None else Path(os.path.realpath(sys.executable))


@cache
def prefix_of(program: Path) -> Path:
    """The folder that an interpreter and its library live in: that above its bin."""
    return program.parent.parent


@cache
def pythons() -> dict[int, Path]:
    """Minor version → real interpreter, the first found on PATH; a version manager's stand-ins are looked behind."""
    found = {sys.version_info.minor: Path(os.path.realpath(sys.executable))}
    for program in _programs():
        if (match := PROGRAM.fullmatch(program.name)) and os.access(program, os.X_OK):
            found.setdefault(int(match[1]), Path(os.path.realpath(program)))
    return found


def _programs() -> Iterator[Path]:
    for folder in map(Path, os.get_exec_path()):
        if folder.name == "shims":  # pyenv: scripts that cost 100 ms and may refuse
            yield from sorted(folder.parent.glob("versions/3.*/bin/python3.*"), reverse=True)
        elif folder.is_dir():
            yield from folder.glob("python3.*")


@cache
def oldest_with_sdk() -> int:
    """The least minor version on which the boto3 beside us runs."""
    demand = importlib.metadata.metadata("boto3")["Requires-Python"] or ""
    match = re.search(r">=\s*3\.(\d+)", demand)
    return int(match[1]) if match else 0


def link_sdk(folder: Path) -> Path:
    """Make `folder` hold links to the AWS SDK and nothing else of our packages. Returns it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in SDK:
        found = importlib.util.find_spec(name)
        if found is None or found.origin is None:
            continue
        origin = Path(found.origin)
        target = origin.parent if origin.name == "__init__.py" else origin
        point(folder / target.name, target)
    return folder
