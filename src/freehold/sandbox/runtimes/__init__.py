"""Runtimes: from a runtime's name to the program that starts it.

One idea: one table, prefix of the name → how to start. A start is a command line, the variables and the folders it
needs, all as the programs of a cell see them; where its interpreter is not on this machine the answer says so. It may
not know environments, processes or the Runtime API.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from freehold.sandbox import stand_ins
from freehold.sandbox.fittings import Places
from freehold.sandbox.runtimes import containers, dotnets, javas, nodes, provided, pythons, rubies
from freehold.sandbox.runtimes.start import HERE, Choice, NotStartable, Shelf, Site, Start, shown
from freehold.sandbox.spec import FunctionSpec

__all__ = ["HERE", "NotStartable", "Shelf", "Start", "notice_of", "start_of"]

T = TypeVar("T")

STARTS: dict[str, Callable[[Site], Start]] = {
    "python3.": pythons.start,
    "nodejs": nodes.start,
    "java": javas.start,
    "ruby": rubies.start,
    "dotnet": dotnets.start,
    "provided": provided.start,
    "go1.x": provided.start_go,
}
CHOICES: dict[str, Callable[[str, Shelf], Choice]] = {
    "python3.": pythons.python_for,
    "nodejs": nodes.node_for,
    "java": javas.java_for,
    "ruby": rubies.ruby_for,
    "dotnet": dotnets.dotnet_for,
}
OWN_PROGRAM = ("provided", "go1.x")  # these are not wrapped

# What is said of runtimes that are not run; {} is the runtime's name.
UNKNOWN = "runtime {} can not be run on this machine"
REFUSED = {
    "python2": "runtime {} is not run here: the language has come to its end",
}


def start_of(spec: FunctionSpec, opt: Path | None, places: Places, shelf: Shelf) -> Start:
    """The start of the spec's runtime in a cell with these places; `opt` holds its layers. Raises NotStartable."""
    if spec.image is not None:
        return containers.start(spec.image)
    make = _found(STARTS, spec.runtime)
    if make is None:
        raise NotStartable((_found(REFUSED, spec.runtime) or UNKNOWN).format(spec.runtime))
    return _equipped(spec, _wrapped(spec, places, make(Site(spec, opt, places, shelf))))


def notice_of(runtime: str, shelf: Shelf) -> str:
    """What an owner should know of how a runtime is run here, in one line; "" where there is nothing to say."""
    choose = _found(CHOICES, runtime)
    try:
        return choose(runtime, shelf).notice if choose else (_found(REFUSED, runtime) or "").format(runtime)
    except NotStartable as reason:
        return str(reason)


def _found(table: dict[str, T], runtime: str) -> T | None:
    return next((value for prefix, value in table.items() if runtime.startswith(prefix)), None)


def _wrapped(spec: FunctionSpec, places: Places, start: Start) -> Start:
    """The start behind the owner's wrapper script, if AWS_LAMBDA_EXEC_WRAPPER names one.

    Custom runtimes read the variable themselves, if they do: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html
    """
    wrapper = spec.environment.get("AWS_LAMBDA_EXEC_WRAPPER")
    if not wrapper or spec.runtime.startswith(OWN_PROGRAM):
        return start
    return msgspec.structs.replace(start, argv=[_located(wrapper, places), *start.argv], interpreter=None)


def _equipped(spec: FunctionSpec, start: Start) -> Start:
    """The start with what the programs need that our own layers bring."""
    program = stand_ins.program_for(spec.layers)
    if program is None:
        return start
    libraries = (*start.libraries, *shown(program.parent.parent))
    return msgspec.structs.replace(start, env=start.env | {stand_ins.VARIABLE: str(program)}, libraries=libraries)


def _located(path: str, places: Places) -> str:
    """A path as the function's owner knows it, /opt/… or /var/task/…, as the cell's programs see it."""
    for told, place in (("/var/task/", places.code), ("/opt/", places.opt)):
        if path.startswith(told):
            return f"{place}/{path.removeprefix(told)}"
    return path
