"""Runtimes: from a runtime's name to the program that starts it.

One idea: one table, prefix of the name → how to start. A start is a command line and the variables it needs; where
its interpreter is not on this machine the answer says so. It may not know environments, processes or the Runtime API.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec

from freehold.sandbox.runtimes.pythons import python_for
from freehold.sandbox.spec import FunctionSpec

HERE = Path(__file__).parent


class NotStartable(Exception):
    """There is nothing on this machine or in the code that could be started. The message is in AWS's words."""


class Shelf(msgspec.Struct, frozen=True):
    """Libraries that come with the runtimes: folders that stand last in a runtime's search path."""

    python: Path
    node_modules: Path | None = None


class Start(msgspec.Struct, frozen=True):
    """How to start a runtime. `paths` are search paths, after an owner's own values; `programs` go to PATH."""

    argv: list[str]
    programs: list[str] = []
    paths: dict[str, str] = {}
    env: dict[str, str] = {}


def start_of(spec: FunctionSpec, shelf: Shelf) -> Start:
    """The start of the spec's runtime. Raises NotStartable."""
    for prefix, make in STARTS.items():
        if spec.runtime.startswith(prefix):
            return _wrapped(spec, make(spec, shelf))
    raise NotStartable(f"runtime {spec.runtime} can not be run on this machine")


def _python(spec: FunctionSpec, shelf: Shelf) -> Start:
    """Our bootstrap, without the interpreter's own site-packages: only the shelf is seen."""
    program = python_for(int(spec.runtime.removeprefix("python3.") or 0))
    layers = ":".join(map(str, reversed(spec.layers)))
    env = {"PYTHONDONTWRITEBYTECODE": "1", "_FREEHOLD_LAYERS": layers}
    argv = [str(program), "-S", "-s", "-u", str(HERE / "python" / "bootstrap.py")]
    return Start(argv, [str(program.parent)], {"PYTHONPATH": str(shelf.python)}, env)


def _nodejs(spec: FunctionSpec, shelf: Shelf) -> Start:
    """Our bootstrap, by the node on PATH."""
    program = shutil.which("node")
    if program is None:
        raise NotStartable("node is not on this machine")
    modules = [f"{layer}/nodejs/node_modules" for layer in reversed(spec.layers)]
    modules += [str(shelf.node_modules)] if shelf.node_modules else []
    heap_mb = max(spec.memory_mb - 32, spec.memory_mb * 3 // 4)
    argv = [program, f"--max-old-space-size={heap_mb}", str(HERE / "nodejs" / "bootstrap.mjs")]
    return Start(argv, [str(Path(program).parent)], {"NODE_PATH": ":".join(modules)} if modules else {})


def _provided(spec: FunctionSpec, shelf: Shelf) -> Start:
    """The file `bootstrap` of the code, else of the last layer that has one."""
    places = [spec.code, *reversed(spec.layers)]
    program = next((place / "bootstrap" for place in places if (place / "bootstrap").is_file()), None)
    if program is None:
        raise NotStartable("Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]")
    return Start([str(program)])


STARTS: dict[str, Callable[[FunctionSpec, Shelf], Start]] = {
    "python3.": _python,
    "nodejs": _nodejs,
    "provided": _provided,
}


def _wrapped(spec: FunctionSpec, start: Start) -> Start:
    """The start behind the owner's wrapper script, if AWS_LAMBDA_EXEC_WRAPPER names one."""
    wrapper = spec.environment.get("AWS_LAMBDA_EXEC_WRAPPER")
    if not wrapper:
        return start
    return msgspec.structs.replace(start, argv=[_located(spec, wrapper), *start.argv])


def _located(spec: FunctionSpec, path: str) -> str:
    """A path as the function's owner knows it, /opt/… or /var/task/…, on this machine."""
    if path.startswith("/var/task/"):
        return str(spec.code / path.removeprefix("/var/task/"))
    if path.startswith("/opt/"):
        places = [layer / path.removeprefix("/opt/") for layer in reversed(spec.layers)]
        found = next((place for place in places if place.is_file()), None)
        if found is None:
            raise NotStartable(f"{path} does not exist")
        return str(found)
    return path
