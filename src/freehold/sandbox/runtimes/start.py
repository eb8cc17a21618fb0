"""How a runtime is started: the values that all families of runtimes speak in.

One idea: a start is data: a command line, the variables it needs and what of this machine it must be able to see, all
as the programs of a cell see them. It may not know environments, processes or the Runtime API.
"""

import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import msgspec

from freehold.sandbox.fittings import Places
from freehold.sandbox.spec import FunctionSpec

HERE = Path(__file__).parent

CACHED = {
    "node sdk 3": "nodejs/node_modules",  # @aws-sdk/…, for nodejs18.x and later
    "node sdk 2": "nodejs-v2/node_modules",  # aws-sdk, for nodejs16.x and earlier
    "nodes": "nodes/node_modules",  # interpreters: node22/bin/node
    "dotnet bridge": "dotnet/pythonnet/runtime",  # Python.NET's assembly, and what to start .NET with
    "java": "java",  # the jars of the public runtime interface client
}


class NotStartable(Exception):
    """There is nothing on this machine or in the code that could be started. The message is in AWS's words."""


class Shelf(msgspec.Struct, frozen=True):
    """Libraries that come with the runtimes, as folders: they stand last in a runtime's search path.

    `python` holds boto3 and what it needs. `cache` is what `freehold doctor --fix` fetches for all clouds of a user.
    """

    python: Path
    cache: Path | None = None

    def cached(self, name: str) -> Path | None:
        """A folder of the cache by its name in CACHED; None where it was not fetched."""
        folder = self.cache / CACHED[name] if self.cache else None
        return folder if folder and folder.is_dir() else None


class Site(msgspec.Struct, frozen=True):
    """What a start is made for: a function, the folder of its layers as one, and where its programs see all this."""

    spec: FunctionSpec
    opt: Path | None
    places: Places
    shelf: Shelf


class Start(msgspec.Struct, frozen=True):
    """How to start a runtime. `paths` are search paths, after an owner's own values; `programs` go to PATH.

    `libraries` are the host's folders that must be seen at their own paths, beside those every system has; `brought`
    are others, by the place where a cell with a root of its own shows them.
    `interpreter` is the Python that `argv` starts, if it does so at once. `notice` is one line for the function's log
    where the program is not quite what the runtime's name asks for; "" where it is. `cwd` is where it starts, the code
    by default.
    """

    argv: list[str]
    programs: list[str] = []
    paths: dict[str, str] = {}
    env: dict[str, str] = {}
    libraries: tuple[Path, ...] = ()
    brought: Mapping[str, Path] = {}
    interpreter: Path | None = None
    notice: str = ""
    cwd: str = ""


class Choice(msgspec.Struct, frozen=True):
    """Which of the versions on this machine runs a function, and a line that says so where it is another."""

    version: int
    program: Path
    notice: str = ""


def choose(found: dict[int, Path], wanted: int, runtime: str, words: str) -> Choice:
    """The version that is wanted, else the nearest newer, else the nearest older. `words` name one: "Python 3.{}".

    Raises NotStartable where nothing is found.
    """
    if not found:
        raise NotStartable(f"runtime {runtime} can not be run: {words.format(wanted)} is not on this machine")
    if wanted in found:
        return Choice(wanted, found[wanted])
    newer = [version for version in found if version > wanted]
    version = min(newer) if newer else max(found)
    notice = f"{runtime} runs by {words.format(version)}: {words.format(wanted)} is not on this machine"
    return Choice(version, found[version], notice)


@lru_cache(maxsize=256)
def shown(*places: Path | None) -> tuple[Path, ...]:
    """Places of the host as `libraries` has them: as they are named and as they are; /usr is seen by all."""
    real = [Path(os.path.realpath(place)) for place in places if place]
    named = [place for place in places if place]
    return tuple(dict.fromkeys(place for place in (*named, *real) if not place.is_relative_to("/usr")))
