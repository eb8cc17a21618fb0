"""The Java runtimes: the virtual machines of this machine, and AWS's public runtime interface client.

One idea: the client is the runtime; all there is to do is to start a virtual machine fast. Its jars are fetched by
`freehold doctor --fix`; an archive of their classes is made then, so that they need not be read and checked again. It
may not know environments.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-java.html
https://github.com/aws/aws-lambda-java-libs/tree/main/aws-lambda-java-runtime-interface-client
"""

import os
import re
import shutil
import subprocess
from contextlib import suppress
from functools import cache
from pathlib import Path

from freehold.sandbox.runtimes.start import Choice, NotStartable, Shelf, Site, Start, choose, shown

CLIENT = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda"
LAYERS_OF_CLIENT = "/opt"  # where it looks for java/lib by itself
HOMES = "/usr/lib/jvm"
OLDEST = 8
WORDS = "Java {}"
REHEARSED = "java.util.Objects::hashCode"  # a handler that every Java has
NOWHERE = "127.0.0.1:9"
NO_CLIENT = (
    "runtime {} can not be run: the Java runtime interface client is not there; `freehold doctor --fix` fetches it"
)
HEAP_SHARE = 0.85  # of the function's memory, as AWS's own runtime takes
# Fast to start rather than fast for ever: AWS's own runtime takes the same two.
FLAGS = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto")
FLAGS_SINCE = {  # what the client reaches for: the telemetry pipe's descriptor, its native library
    11: "-Xlog:cds=off",  # an archive that does not fit is no news for an owner
    9: "--add-opens=java.base/java.io=ALL-UNNAMED",
    17: "--enable-native-access=ALL-UNNAMED",
}


def start(site: Site) -> Start:
    """The client, with the function's classes where it looks for them: the code, its lib and the layers' java/lib."""
    spec = site.spec
    choice = java_for(spec.runtime, site.shelf)
    jars = site.shelf.cached("java")
    if jars is None:
        raise NotStartable(NO_CLIENT.format(spec.runtime))
    home = choice.program.parent.parent
    archive = archive_of(jars, choice.version)
    opt = site.places.opt
    layers = [] if opt == LAYERS_OF_CLIENT else [f"{opt}/java/lib/*"]
    argv = [
        str(choice.program),
        f"-Xmx{int(spec.memory_mb * HEAP_SHARE)}m",
        *flags(choice.version),
        *([f"-XX:SharedArchiveFile={archive}"] if archive.is_file() else []),
        "-cp",
        ":".join([class_path(jars), *layers]),
        CLIENT,
        spec.handler,
    ]
    return Start(
        argv=argv,
        programs=[str(choice.program.parent)],
        env={"JAVA_HOME": str(home)},
        libraries=shown(home, jars),
        notice=choice.notice,
    )


def flags(version: int) -> list[str]:
    """Those that one version of Java understands."""
    return [*FLAGS, *(flag for since, flag in FLAGS_SINCE.items() if version >= since)]


def class_path(jars: Path) -> str:
    """The client's jars, in an order that an archive of their classes can rely on."""
    return ":".join(map(str, sorted(jars.glob("*.jar"))))


def archive_of(jars: Path, version: int) -> Path:
    """Where the archive of the client's classes for one version of Java lies, if it was made."""
    return jars / f"classes-{version}.jsa"


def make_archive(program: Path, jars: Path, version: int) -> None:
    """Run the client until it finds no Runtime API, and keep what it loaded. Without success there is no archive."""
    making = archive_of(jars, version).with_suffix(".making")
    options = [f"-XX:ArchiveClassesAtExit={making}", *flags(version), "-cp", class_path(jars)]
    command = [str(program), *options, CLIENT, REHEARSED]
    env = {"AWS_LAMBDA_RUNTIME_API": NOWHERE, "LAMBDA_TASK_ROOT": str(jars)}
    with suppress(subprocess.TimeoutExpired):
        subprocess.run(command, cwd=jars, env=env, capture_output=True, timeout=60, check=False)
        if making.is_file():
            making.rename(archive_of(jars, version))


def java_for(runtime: str, shelf: Shelf) -> Choice:
    """The virtual machine for "javaN" or "javaN.al2"."""
    match = re.match(r"java(\d+)", runtime)
    return choose(javas(), int(match[1]) if match else 0, runtime, WORDS)


@cache
def javas() -> dict[int, Path]:
    """Major version → java, from JAVA_HOME, PATH and the folder where distributions put them."""
    named = [os.environ.get("JAVA_HOME"), str(Path(os.path.realpath(shutil.which("java") or "/")).parent.parent)]
    homes = [Path(home) for home in named if home] + sorted(Path(HOMES).glob("*"))
    found: dict[int, Path] = {}
    for home in homes:
        version = _version(home)
        if version >= OLDEST and (home / "bin" / "java").is_file():
            found.setdefault(version, Path(os.path.realpath(home)) / "bin" / "java")
    return found


def _version(home: Path) -> int:
    """The major version that a home says it has: 17 of "17.0.15", 8 of "1.8.0_412"; 0 where it says nothing."""
    try:
        told = (home / "release").read_text(errors="replace")
    except OSError:
        return 0
    match = re.search(r'^JAVA_VERSION="(?:1\.)?(\d+)', told, re.MULTILINE)
    return int(match[1]) if match else 0
