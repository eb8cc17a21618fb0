"""The .NET runtimes: the .NET of this machine, driven by a program of ours through Python.NET.

One idea: a handler `assembly::type::method` is called by our program, which hosts .NET; a handler that only names an
assembly is a program of its own, with AWS's runtime support in it, and `dotnet` runs it. The exact version, else the
nearest newer, else the nearest older. It may not know environments.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-csharp.html
"""

import os
import re
import shutil
import sys
from functools import cache
from pathlib import Path

from freehold.sandbox.runtimes.start import Choice, NotStartable, Shelf, Site, Start, choose, shown

WORDS = ".NET {}"
FRAMEWORK = "shared/Microsoft.NETCore.App"
HOMES = ("/usr/share/dotnet", "/usr/lib/dotnet", "/usr/local/share/dotnet")
NO_BRIDGE = "runtime {} can not be run: Python.NET is not there; `freehold doctor --fix` fetches it"
HEAP_SHARE = 0.75  # of the function's memory; what is not .NET's heap needs the rest
# No files without names, which cells may refuse; no sockets of debuggers; no data of languages, which may not be there.
SETTINGS = {
    "DOTNET_EnableWriteXorExecute": "0", "DOTNET_EnableDiagnostics": "0", "DOTNET_ROLL_FORWARD": "Major",
    "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1", "DOTNET_NOLOGO": "1",
}  # fmt: skip


def start(site: Site) -> Start:
    """Our program, or the function's own."""
    spec, code = site.spec, site.places.code
    choice = dotnet_for(spec.runtime, site.shelf)
    root = choice.program.parent
    env = {**SETTINGS, "DOTNET_ROOT": str(root), "DOTNET_GCHeapHardLimit": hex(int(spec.memory_mb * HEAP_SHARE) << 20)}
    assembly, _, member = spec.handler.partition("::")
    if not member:
        argv = [str(choice.program), f"{code}/{assembly.removesuffix('.dll')}.dll"]
        return Start(argv, [str(root)], env=env, libraries=shown(root), notice=choice.notice)
    bridge = site.shelf.cached("dotnet bridge")
    if bridge is None:
        raise NotStartable(NO_BRIDGE.format(spec.runtime))
    own = f"{assembly}.runtimeconfig.json"
    settings = f"{code}/{own}" if (spec.code / own).is_file() else f"{bridge}/Python.Runtime.runtimeconfig.json"
    program = f"{site.places.runtime}/dotnet/program.py"
    host = os.path.realpath(sys.executable)
    return Start(
        argv=[host, "-S", "-s", "-u", program, str(root), settings, str(bridge)],
        programs=[str(root)],
        env={**env, "PYTHONDONTWRITEBYTECODE": "1"},
        libraries=shown(root, bridge, Path(host).parent.parent),
        notice=choice.notice,
    )


def dotnet_for(runtime: str, shelf: Shelf) -> Choice:
    """The .NET for "dotnetN"."""
    match = re.match(r"dotnet(\d+)", runtime)
    return choose(dotnets(), int(match[1]) if match else 0, runtime, WORDS)


@cache
def dotnets() -> dict[int, Path]:
    """Major version → the program dotnet that runs it, from DOTNET_ROOT, PATH and where distributions put it."""
    on_path = shutil.which("dotnet")
    named = [os.environ.get("DOTNET_ROOT"), os.path.dirname(os.path.realpath(on_path)) if on_path else None]
    found: dict[int, Path] = {}
    for root in [Path(home) for home in (*named, *HOMES) if home]:
        program = root / "dotnet"
        versions = (entry.name.partition(".")[0] for entry in (root / FRAMEWORK).glob("*.*"))
        for version in (int(name) for name in versions if name.isdigit() and os.access(program, os.X_OK)):
            found.setdefault(version, Path(os.path.realpath(program)))
    return found
