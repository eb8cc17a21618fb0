"""What layers say they fit: runtimes and architectures that there are, as AWS lists them.

One idea: a member is a row of a table, and what is wrong with a request is told of all of them at once. It may not know
layers.

https://docs.aws.amazon.com/lambda/latest/api/API_PublishLayerVersion.html
"""

from collections.abc import Collection
from typing import Any, NamedTuple

from freehold.sandbox.runtimes import lifecycle
from freehold.services.lambda_.configuration import KNOWN
from freehold.services.lambda_.layers.errors import Unfit

# Those by which layers can be looked for, as AWS's refusal lists them: some never came to be.
SOUGHT = (
    "ruby3.5", "ruby2.6", "dotnetcore1.0", "python3.7", "nodejs8.10", "nasa", "ruby2.7", "python2.7-greengrass",
    "dotnetcore2.0", "python3.8", "java21", "dotnet6", "dotnetcore2.1", "python3.9", "java11", "nodejs6.10", "provided",
    "dotnetcore3.1", "dotnet8", "java25", "java17", "nodejs", "nodejs4.3", "java8.al2", "go1.x", "dotnet10",
    "nodejs20.x", "go1.9", "byol", "nodejs10.x", "provided.al2023", "nodejs22.x", "python3.10", "java8", "nodejs12.x",
    "python3.11", "nodejs24.x", "nodejs8.x", "python3.12", "nodejs14.x", "nodejs8.9", "nodejs26.x", "python3.13",
    "python3.14", "nodejs16.x", "python3.15", "provided.al2", "nodejs4.3-edge", "nodejs18.x", "ruby3.2", "python3.4",
    "ruby3.3", "ruby3.4", "ruby2.5", "python3.6", "python2.7",
)  # fmt: skip
ARCHITECTURES = ("x86_64", "arm64")
OF_ENUM = "Member must satisfy enum value set: [{}]"


class Row(NamedTuple):
    """What a member may say, and the words that refuse all else."""

    allowed: Collection[str]
    words: str


OF_ARCHITECTURES = OF_ENUM.format(", ".join(ARCHITECTURES))
MEMBERS = {
    "CompatibleRuntimes": Row({*KNOWN, *SOUGHT, *lifecycle.RUNTIMES}, OF_ENUM.format(", ".join(KNOWN))),
    "CompatibleArchitectures": Row(
        ARCHITECTURES, f"Member must satisfy constraint: [{OF_ARCHITECTURES}, Member must not be null]"
    ),
    "CompatibleArchitecture": Row(ARCHITECTURES, OF_ARCHITECTURES),
    "CompatibleRuntime": Row({*SOUGHT, *lifecycle.RUNTIMES}, OF_ENUM.format(", ".join(SOUGHT))),
}


def check(request: dict[str, Any]) -> None:
    """Raise what a request says that there is not."""
    faults = []
    for member, row in MEMBERS.items():
        given = request.get(member) or []
        if set([given] if isinstance(given, str) else given) <= set(row.allowed):
            continue
        shown = given if isinstance(given, str) else f"[{', '.join(given)}]"
        path = member[0].lower() + member[1:]
        faults.append(f"Value '{shown}' at '{path}' failed to satisfy constraint: {row.words}")
    if faults:
        raise Unfit(count=f"{len(faults)} validation error{'s' * (len(faults) > 1)}", faults="; ".join(faults))
