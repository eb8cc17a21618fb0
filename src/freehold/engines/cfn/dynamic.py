"""Dynamic references: `{{resolve:service:reference}}` in the text of an evaluated value.

One idea: they are found as data and filled through a function passed in, so a secret is seen only where it is used.
It may not know the services that hold the values.

AWS CloudFormation User Guide, "Get values stored in other services using dynamic references".
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from freehold.engines.cfn.errors import InvalidTemplate

PATTERN = re.compile(r"\{\{resolve:(ssm|ssm-secure|secretsmanager):([^{}]*)\}\}")
SSM = re.compile(r"(?P<name>[A-Za-z0-9_.\-/]+)(?::(?P<version>\d+))?")
SECRET_ARN = re.compile(r"arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:[^:]+")
SECRET_PARTS_MAX = 4


@dataclass(frozen=True, slots=True)
class Stored:
    """A Systems Manager parameter; the latest when `version` is None. `secure` when it must be a SecureString."""

    name: str
    version: int | None = None
    secure: bool = False


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret's text, or the value under `key` of its JSON. `stage` and `version` choose; the current when neither."""

    id: str
    key: str | None = None
    stage: str | None = None
    version: str | None = None


Dynamic = Stored | Secret


def dynamic_references(value: Any) -> Iterator[Dynamic]:
    """Every dynamic reference in the texts of `value`. Raises InvalidTemplate for one of the wrong form."""
    if isinstance(value, str):
        yield from (_parsed(match) for match in PATTERN.finditer(value))
    elif isinstance(value, dict | list):
        for child in value.values() if isinstance(value, dict) else value:
            yield from dynamic_references(child)


def filled(value: Any, resolve: Callable[[Dynamic], str]) -> Any:
    """`value` with every dynamic reference replaced by what `resolve` gives for it."""
    if isinstance(value, str):
        return PATTERN.sub(lambda match: resolve(_parsed(match)), value)
    if isinstance(value, dict):
        return {key: filled(child, resolve) for key, child in value.items()}
    if isinstance(value, list):
        return [filled(child, resolve) for child in value]
    return value


def _parsed(match: re.Match[str]) -> Dynamic:
    service, reference = match.groups()
    return _secret(reference, match[0]) if service == "secretsmanager" else _stored(service, reference, match[0])


def _stored(service: str, reference: str, written: str) -> Stored:
    found = SSM.fullmatch(reference)
    if not found:
        raise InvalidTemplate(message=f"Incorrect format is used in the following SSM reference: [{written}]")
    version = found["version"]
    return Stored(found["name"], int(version) if version else None, secure=service == "ssm-secure")


def _secret(reference: str, written: str) -> Secret:
    arn = SECRET_ARN.match(reference)
    id_ = arn[0] if arn else reference.split(":", 1)[0]
    kind, *parts = [*reference[len(id_) + 1 :].split(":")]
    if not id_ or kind not in ("", "SecretString") or len(parts) >= SECRET_PARTS_MAX:
        raise InvalidTemplate(
            message=f"Incorrect format is used in the following Secrets Manager reference: [{written}]"
        )
    key, stage, version = [part or None for part in [*parts, "", "", ""][:3]]
    return Secret(id_, key, stage, version)
