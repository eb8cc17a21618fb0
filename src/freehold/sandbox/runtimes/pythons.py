"""The Python runtimes: the interpreters of this machine, and the AWS SDK for them.

One idea: a function asks for python3.N; it gets exactly that where it is found, else the nearest newer, else the
nearest older. AWS ships boto3 with its runtimes, so interpreters older than our boto3 supports are passed over. It may
not know environments.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html
"""

import importlib.metadata
import importlib.util
import os
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec

from freehold.sandbox.fittings import Places
from freehold.sandbox.runtimes.links import point, targets
from freehold.sandbox.runtimes.start import HERE, Choice, Shelf, Site, Start, choose, shown

SDK = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six", "urllib3")
PROGRAM = re.compile(r"python3\.(\d+)")
HOOKS = HERE / "python" / "snapshot_restore_py.py"
WORDS = "Python 3.{}"
LANG = "/var/lang"  # where a cell with a root of its own shows the interpreter, as AWS does


def start(site: Site) -> Start:
    """Our bootstrap, without the interpreter's own site-packages: only the shelf is seen."""
    choice, shelf = python_for(site.spec.runtime, site.shelf), site.shelf.python
    program, in_cell = choice.program, site.places.code == Places().code
    folder = f"{LANG}/bin" if in_cell else str(program.parent)
    return Start(
        argv=[f"{folder}/{program.name}", "-S", "-s", "-u", f"{site.places.runtime}/python/bootstrap.py"],
        programs=[folder],
        paths={"PYTHONPATH": str(shelf)},
        env={"PYTHONDONTWRITEBYTECODE": "1"},
        libraries=shown(program.parent.parent, shelf, *targets(shelf)),
        brought={LANG: program.parent.parent} if in_cell else {},
        interpreter=program,
        notice=choice.notice,
    )


def python_for(runtime: str, shelf: Shelf | None = None) -> Choice:
    """The interpreter for "python3.N"."""
    minor = int(runtime.removeprefix("python3.") or 0)
    found = {known: path for known, path in pythons().items() if known >= oldest_with_sdk()}
    choice = choose(found, minor, runtime, WORDS)
    if choice.notice and minor in pythons():
        words = f"is here, but the boto3 of this machine needs {WORDS.format(oldest_with_sdk())}"
        return msgspec.structs.replace(choice, notice=choice.notice.replace("is not on this machine", words))
    return choice


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
        if not os.access(folder, os.R_OK | os.X_OK):  # also where a folder of PATH is another user's
            continue
        if folder.name == "shims":  # pyenv: scripts that cost 100 ms and may refuse
            yield from sorted(folder.parent.glob("versions/3.*/bin/python3.*"), reverse=True)
        elif os.path.isdir(folder):  # Path.is_dir raises where one may not look
            yield from folder.glob("python3.*")


@cache
def oldest_with_sdk() -> int:
    """The least minor version on which the boto3 beside us runs."""
    demand = importlib.metadata.metadata("boto3")["Requires-Python"] or ""
    match = re.search(r">=\s*3\.(\d+)", demand)
    return int(match[1]) if match else 0


def link_sdk(folder: Path) -> Path:
    """Make `folder` hold links to what AWS's runtimes bring, and nothing else of our packages. Returns it."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    for name in SDK:
        found = importlib.util.find_spec(name)
        if found is None or found.origin is None:
            continue
        origin = Path(os.path.realpath(found.origin))  # a cell sees what is, not the links on the way there
        target = origin.parent if origin.name == "__init__.py" else origin
        point(folder / target.name, target)
    point(folder / HOOKS.name, HOOKS)
    return folder
