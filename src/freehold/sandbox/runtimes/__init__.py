"""Runtimes: from a runtime's name to the program that starts it.

One idea: one table, prefix of the name → how to start. A start is a command line, the variables and the folders it
needs, all as the programs of a cell see them; where its interpreter is not on this machine the answer says so. It may
not know environments, processes or the Runtime API.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec

from freehold.sandbox import stand_ins
from freehold.sandbox.fittings import Places
from freehold.sandbox.runtimes.links import targets
from freehold.sandbox.runtimes.pythons import prefix_of, python_for
from freehold.sandbox.spec import FunctionSpec

HERE = Path(__file__).parent


class NotStartable(Exception):
    """There is nothing on this machine or in the code that could be started. The message is in AWS's words."""


class Shelf(msgspec.Struct, frozen=True):
    """Libraries that come with the runtimes: folders that stand last in a runtime's search path."""

    python: Path
    node_modules: Path | None = None


class Start(msgspec.Struct, frozen=True):
    """How to start a runtime. `paths` are search paths, after an owner's own values; `programs` go to PATH.

    `libraries` are the host's folders that must be seen at their own paths, beside those every system has.
    `interpreter` is the Python that `argv` starts, if it does so at once.
    """

    argv: list[str]
    programs: list[str] = []
    paths: dict[str, str] = {}
    env: dict[str, str] = {}
    libraries: tuple[Path, ...] = ()
    interpreter: Path | None = None


def start_of(spec: FunctionSpec, opt: Path | None, places: Places, shelf: Shelf) -> Start:
    """The start of the spec's runtime in a cell with these places; `opt` holds its layers. Raises NotStartable."""
    for prefix, make in STARTS.items():
        if spec.runtime.startswith(prefix):
            return _equipped(spec, _wrapped(spec, places, make(spec, opt, places, shelf)))
    raise NotStartable(f"runtime {spec.runtime} can not be run on this machine")


def _python(spec: FunctionSpec, opt: Path | None, places: Places, shelf: Shelf) -> Start:
    """Our bootstrap, without the interpreter's own site-packages: only the shelf is seen."""
    program = python_for(int(spec.runtime.removeprefix("python3.") or 0))
    return Start(
        argv=[str(program), "-S", "-s", "-u", f"{places.runtime}/python/bootstrap.py"],
        programs=[str(program.parent)],
        paths={"PYTHONPATH": str(shelf.python)},
        env={"PYTHONDONTWRITEBYTECODE": "1"},
        libraries=(prefix_of(program), shelf.python, *targets(shelf.python)),
        interpreter=program,
    )


def _nodejs(spec: FunctionSpec, opt: Path | None, places: Places, shelf: Shelf) -> Start:
    """Our bootstrap, by the node on PATH."""
    program = shutil.which("node")
    if program is None:
        raise NotStartable("node is not on this machine")
    modules = [f"{places.opt}/nodejs/node_modules"]
    shown: tuple[Path, ...] = (Path(program).resolve().parent.parent,)
    if shelf.node_modules:
        modules.append(str(shelf.node_modules))
        shown += (shelf.node_modules.parent, shelf.node_modules.resolve())
    heap_mb = max(spec.memory_mb - 32, spec.memory_mb * 3 // 4)
    argv = [program, f"--max-old-space-size={heap_mb}", f"{places.runtime}/nodejs/bootstrap.mjs"]
    return Start(argv, [str(Path(program).parent)], {"NODE_PATH": ":".join(modules)}, libraries=shown)


def _provided(spec: FunctionSpec, opt: Path | None, places: Places, shelf: Shelf) -> Start:
    """The file `bootstrap` of the code, else of the layers."""
    for folder, place in ((spec.code, places.code), (opt, places.opt)):
        if folder is not None and (folder / "bootstrap").is_file():
            return Start([f"{place}/bootstrap"])
    raise NotStartable("Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]")


STARTS: dict[str, Callable[[FunctionSpec, Path | None, Places, Shelf], Start]] = {
    "python3.": _python,
    "nodejs": _nodejs,
    "provided": _provided,
}


def _wrapped(spec: FunctionSpec, places: Places, start: Start) -> Start:
    """The start behind the owner's wrapper script, if AWS_LAMBDA_EXEC_WRAPPER names one."""
    wrapper = spec.environment.get("AWS_LAMBDA_EXEC_WRAPPER")
    if not wrapper:
        return start
    return msgspec.structs.replace(start, argv=[_located(wrapper, places), *start.argv], interpreter=None)


def _equipped(spec: FunctionSpec, start: Start) -> Start:
    """The start with what the programs need that our own layers bring."""
    program = stand_ins.program_for(spec.layers)
    if program is None:
        return start
    shown = tuple(dict.fromkeys((*start.libraries, prefix_of(program))))
    return msgspec.structs.replace(start, env=start.env | {stand_ins.VARIABLE: str(program)}, libraries=shown)


def _located(path: str, places: Places) -> str:
    """A path as the function's owner knows it, /opt/… or /var/task/…, as the cell's programs see it."""
    for told, place in (("/var/task/", places.code), ("/opt/", places.opt)):
        if path.startswith(told):
            return f"{place}/{path.removeprefix(told)}"
    return path
