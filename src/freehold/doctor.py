"""The doctor: what this machine has of what the cloud needs.

One idea: each check is a row; what is missing says what to do, and `--fix` does what can be done without asking the
administrator. It may not change anything else.
"""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import NamedTuple

from freehold import cache
from freehold.config import Config
from freehold.doors import places
from freehold.sandbox.fittings.choice import FITTINGS, strongest
from freehold.sandbox.runtimes import dotnets, javas, nodes, pythons, rubies


class Finding(NamedTuple):
    """What was looked at, whether all is well, and words that say what to do if not."""

    what: str
    well: bool
    words: str
    optional: bool = False


def _python(config: Config) -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("python", sys.version_info >= (3, 11), f"{version} (3.11 or newer is needed)")


def _data(config: Config) -> Finding:
    folder = config.data
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free / 1e9
    if not os.access(folder, os.W_OK):
        return Finding("data folder", False, f"{folder} is not writable; choose another with --data")
    return Finding("data folder", free > 1, f"{config.data}, {free:.0f} GB free (1 GB is needed)")


def _port(config: Config) -> Finding:
    with socket.socket() as probe:
        taken = probe.connect_ex((config.host, config.port)) == 0
    words = f"{config.port} answers (Freehold or another program)" if taken else f"{config.port} is free"
    return Finding("port", True, words)


def _open_files(config: Config) -> Finding:
    """Of the descriptors that a process of this user may have, the main door takes a share."""
    most = places.files_max()
    words = f"{most}, so {places.share(places.MAIN_SHARE, most)} clients at once"
    few = f"; allow more by `ulimit -n {places.FILES_WANTED}`, or LimitNOFILE= of a unit"
    well = most >= places.FILES_WANTED
    return Finding("open files", well, words if well else words + few, optional=True)


def _interpreters(config: Config) -> Finding:
    """Which versions of which languages functions are run by."""
    nodes_there = nodes.nodes(cache.shelf().cached("nodes"))
    found = {
        "python": [f"3.{minor}" for minor in sorted(pythons.pythons()) if minor >= pythons.oldest_with_sdk()],
        "node": [str(version) for version in sorted(nodes_there)],
        "java": [str(version) for version in sorted(javas.javas())],
        "dotnet": [str(version) for version in sorted(dotnets.dotnets())],
        "ruby": [f"{version // 10}.{version % 10}" for version in sorted(rubies.rubies())],
    }
    words = "; ".join(f"{name} {', '.join(versions) or '- none'}" for name, versions in found.items())
    return Finding("interpreters for functions", bool(nodes_there), words, optional=True)


def _fetched(thing: cache.Thing) -> Finding:
    place = cache.folder() / thing.folder
    words = str(place) if thing.there() else f"not there; `freehold doctor --fix` fetches it with {thing.tool}"
    return Finding(thing.name, thing.there(), words, optional=True)


def _isolation(config: Config) -> Finding:
    offer = strongest()
    if config.isolation not in ("auto", offer.name):
        words = f"{config.isolation}, as set; this machine offers {offer.name}: {offer.words}"
        return Finding("isolation", config.isolation in FITTINGS and offer.name != "process", words)
    return Finding("isolation", offer.name != "process", f"{offer.name}: {offer.words}", optional=True)


def _endpoints(config: Config) -> Finding:
    name = strongest().name if config.isolation == "auto" else config.isolation
    if name in FITTINGS and FITTINGS[name].networks:
        words = "in functions AWS's own names lead here, on port 443 too, with certificates that are trusted"
        return Finding("transparent endpoints", True, words)
    words = "functions reach the cloud by AWS_ENDPOINT_URL alone: AWS's names need isolation by namespaces"
    return Finding("transparent endpoints", False, words, optional=True)


CHECKS: tuple[Callable[[Config], Finding], ...] = (
    _python,
    _data,
    _port,
    _open_files,
    _interpreters,
    _isolation,
    _endpoints,
)


def examine(config: Config) -> list[Finding]:
    return [*(check(config) for check in CHECKS), *(_fetched(thing) for thing in cache.things())]


def fix() -> Iterator[tuple[str, str]]:
    """Fetch what can be fetched. Yields each thing's name, then why it could not be had ("" where it could)."""
    for thing in cache.things():
        try:
            cache.fetch(thing)
        except subprocess.CalledProcessError as error:
            said = (error.stderr or error.stdout or "").strip() or str(error)
            yield thing.name, said.splitlines()[-1]
        except OSError as error:
            yield thing.name, f"{thing.tool}: {error.strerror or error}"
        else:
            yield thing.name, ""
