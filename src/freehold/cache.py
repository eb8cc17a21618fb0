"""The cache: what functions find beside them as in AWS, fetched once for all clouds of a user.

One idea: each thing is a row: where it lies, how it is seen to be there, and which package manager fetches it from what
its ecosystem itself publishes. It may not know clouds.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from freehold.sandbox import stand_ins
from freehold.sandbox.runtimes import Shelf, javas, pythons

# The clients of AWS's SDK for JavaScript v3 that a nodejs function finds beside it, as in AWS: those of services here.
SDK = (
    "client-api-gateway", "client-cloudformation", "client-cloudwatch", "client-cloudwatch-logs", "client-dynamodb",
    "client-dynamodb-streams", "client-iam", "client-kinesis", "client-lambda", "client-s3", "client-sfn", "client-sns",
    "client-sqs", "client-ssm", "client-sts", "lib-dynamodb", "util-dynamodb", "s3-request-presigner",
)  # fmt: skip
NPM = ("npm", "install", "--no-audit", "--no-fund", "--loglevel=error")
POM = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>freehold</groupId><artifactId>java-client</artifactId><version>1</version>
<dependencies><dependency><groupId>com.amazonaws</groupId>
<artifactId>aws-lambda-java-runtime-interface-client</artifactId><version>2.6.0</version></dependency></dependencies>
</project>
"""
PIP = (sys.executable, "-m", "pip", "install", "--quiet", "--no-compile", "--disable-pip-version-check")
MAVEN = ("mvn", "--quiet", "--batch-mode", "dependency:copy-dependencies")


class Thing(NamedTuple):
    """What can be fetched: its folder in the cache, a file that shows it is there, the tool and how it is done."""

    name: str
    folder: str
    mark: str
    tool: str
    fetch: Callable[[Path], None]

    def there(self) -> bool:
        return any((folder() / self.folder).glob(self.mark))


def folder() -> Path:
    """Where all of it lies."""
    return stand_ins.cache()


def shelf() -> Shelf:
    """What functions would find, seen from outside a cloud."""
    return Shelf(python=folder() / "python", cache=folder())


def _npm(place: Path, wanted: dict[str, str]) -> None:
    (place / "package.json").write_text(json.dumps({"private": True, "dependencies": wanted}))
    _run(NPM, place)


def _sdk_3(place: Path) -> None:
    _npm(place, {f"@aws-sdk/{name}": "^3" for name in SDK})


def _sdk_2(place: Path) -> None:
    _npm(place, {"aws-sdk": "^2"})


def _java(place: Path) -> None:
    """The client's jars, and an archive of their classes for each Java of this machine."""
    (place / "pom.xml").write_text(POM)
    _run((*MAVEN, f"-DoutputDirectory={place}"), place)
    for version, program in javas.javas().items():
        javas.make_archive(program, place, version)


def _dotnet(place: Path) -> None:
    """Python.NET, and the settings that start whichever .NET there is, for functions that bring none."""
    _run((*PIP, "--no-deps", "--upgrade", "--target", str(place), "pythonnet==3.*"), place)
    framework = {"name": "Microsoft.NETCore.App", "version": "6.0.0"}
    settings = {"runtimeOptions": {"framework": framework, "rollForward": "LatestMajor"}}
    (place / "pythonnet/runtime/Python.Runtime.runtimeconfig.json").write_text(json.dumps(settings))


def _powertools(major: str, minor: int, place: Path) -> None:
    """As the public layer has it: with all that is optional, without the SDK that runtimes bring."""
    version = ("--python-version", f"3.{minor}", "--only-binary=:all:")
    wanted = f"aws-lambda-powertools[all]=={major}.*"
    _run((*PIP, *version, "--upgrade", "--target", str(place / "python"), wanted), place)
    for name in ("boto3", "botocore", "s3transfer"):
        for part in (place / "python").glob(f"{name}*"):
            shutil.rmtree(part)


def _run(command: tuple[str, ...], place: Path) -> None:
    """Raises CalledProcessError with the tool's words, OSError where there is no such tool."""
    subprocess.run(command, cwd=place, check=True, capture_output=True, text=True)


THINGS = (
    Thing("AWS SDK for nodejs18.x and later", "nodejs", "node_modules/@aws-sdk/client-sts", "npm", _sdk_3),
    Thing("AWS SDK for nodejs16.x and earlier", "nodejs-v2", "node_modules/aws-sdk", "npm", _sdk_2),
    Thing("Python.NET, for dotnet functions", "dotnet", "pythonnet/runtime/*.runtimeconfig.json", "pip", _dotnet),
    Thing("Java runtime interface client", "java", "aws-lambda-java-runtime-interface-client-*.jar", "mvn", _java),
)


def things() -> Iterator[Thing]:
    """All rows; Powertools for each interpreter that runs functions."""
    yield from THINGS
    for minor in sorted(minor for minor in pythons.pythons() if minor >= pythons.oldest_with_sdk()):
        for major in stand_ins.POWERTOOLS:
            place = str(stand_ins.powertools(major, minor).relative_to(folder()))
            name = f"Powertools {major} for python3.{minor}"
            yield Thing(name, place, "python/aws_lambda_powertools", "pip", partial(_powertools, major, minor))


def fetch(thing: Thing) -> None:
    """Fetch one thing, or bring it up to date. Raises CalledProcessError with its tool's words, OSError without it."""
    place = folder() / thing.folder
    place.mkdir(parents=True, exist_ok=True)
    thing.fetch(place)
