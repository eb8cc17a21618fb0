"""Secrets and their versions: what is remembered, how one is found, and how labels move.

One idea: a secret says which version each label is on; AWSPREVIOUS follows AWSCURRENT by itself. They may not know how
values are encrypted.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
"""

import re
from typing import Any, NamedTuple

from freehold.kernel import arns
from freehold.kernel.store import Record, Tx
from freehold.services.secretsmanager import errors

CURRENT, PENDING, PREVIOUS = "AWSCURRENT", "AWSPENDING", "AWSPREVIOUS"
NAME = re.compile(r"[A-Za-z0-9/_+=.@!\-]{1,512}")
WHOLE = re.compile(r"(.+)-([A-Za-z0-9]{6})")
SUFFIX_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
SUFFIX_LENGTH = 6
DAY_S = 86_400
STAGES_MAX = 20
VERSIONS_MAX = 100
OWN_KEY = "alias/aws/secretsmanager"


class Rotation(NamedTuple):
    """How a secret is rotated. `token` is the version that is being made, if a rotation is under way; `tries` counts
    how often it was begun again."""

    function: str = ""
    rules: dict[str, Any] = {}
    token: str = ""
    rotated_at: float | None = None
    due_at: float | None = None
    tries: int = 0


class Secret(Record, table="secretsmanager_secrets", key="name"):
    """A secret. `suffix` ends its ARN; `stages` is label → version; `key` is as it was given, empty for AWS's own."""

    name: str
    suffix: str
    created_at: float
    changed_at: float
    description: str = ""
    key: str = ""
    kind: str = ""
    stages: dict[str, str] = {}
    tags: dict[str, str] | None = None
    policy: str = ""
    accessed_on: float | None = None
    deletes_at: float | None = None
    rotation: Rotation | None = None

    @property
    def id(self) -> str:
        return f"{self.name}-{self.suffix}"

    def stages_of(self, version: str) -> list[str]:
        return sorted(label for label, on in self.stages.items() if on == version)


class Version(Record, table="secretsmanager_versions", key="secret id"):
    """A value that a secret had or has, encrypted under a data key, which is encrypted under `key`."""

    secret: str
    id: str
    created_at: float
    binary: bool
    sealed: bytes
    data_key: bytes
    key: str = ""
    accessed_on: float | None = None


class Named(NamedTuple):
    """What a request calls a secret: from where it is seen, its name, and its ARN's suffix, if that is told."""

    tx: Tx
    name: str
    suffix: str = ""


def arn(tx: Tx, secret: Secret) -> str:
    return arns.arn("secretsmanager", tx.region, tx.account, f"secret:{secret.id}")


def named(tx: Tx, text: str) -> Named:
    """A name, an ARN, or an ARN without its suffix. Raises ValidationException for what can be none."""
    parts = arns.parse(text)
    if parts is None:
        if not NAME.fullmatch(text):
            raise errors.NameInvalid()
        return Named(tx, text)
    resource = parts.resource.removeprefix("secret:")
    whole = WHOLE.fullmatch(resource)
    seat = tx.within(parts.account, parts.region)
    return Named(seat, whole[1], whole[2]) if whole else Named(seat, resource)


def find(told: Named) -> Secret | None:
    """The secret, unless its time has come."""
    found = told.tx.get(Secret, told.name)
    if found is None or (told.suffix and told.suffix != found.suffix):
        return None
    return None if found.deletes_at is not None and found.deletes_at <= told.tx.now else found


def check_kept(secret: Secret) -> None:
    if secret.deletes_at is not None:
        raise errors.MarkedForDeletion()


def version(tx: Tx, secret: Secret, id: str) -> Version | None:
    return tx.get(Version, secret.id, id)


def select(tx: Tx, secret: Secret, id: str | None, stage: str | None) -> Version:
    """The version that a request asks for. Raises ResourceNotFoundException, InvalidRequestException."""
    if id is None:
        label = stage or CURRENT
        found = version(tx, secret, secret.stages.get(label, ""))
        if found is None:
            raise errors.StageNotThere(stage=label)
        return found
    found = version(tx, secret, id)
    if found is None:
        raise errors.VersionNotThere(version=id)
    if stage and secret.stages.get(stage) != id:
        raise errors.StageElsewhere()
    return found


def place(tx: Tx, secret: Secret, id: str, labels: list[str]) -> None:
    """Put labels on a version, wherever they were; the version that was current becomes the previous one, and is no
    longer pending."""
    for label in labels:
        before = secret.stages.get(label)
        secret.stages = {**secret.stages, label: id}
        if label == CURRENT and before and before != id:
            secret.stages[PREVIOUS] = before
            if secret.stages.get(PENDING) == before:
                del secret.stages[PENDING]
    if len(secret.stages) > STAGES_MAX:
        raise errors.LimitExceededException(reason=errors.STAGES_MANY)
    secret.changed_at = tx.now
    tx.put(secret)


def move(tx: Tx, secret: Secret, label: str, from_: str | None, to: str | None) -> None:
    """Move a label from one version to another, or away.

    Raises InvalidParameterException, ResourceNotFoundException.
    """
    on = secret.stages.get(label)
    if to is not None and version(tx, secret, to) is None:
        raise errors.VersionNotThere(version=to)
    if from_ is None and on and on != to:
        raise errors.StageAttached(stage=label, version=on)
    if from_ is not None and on != from_:
        raise errors.StageNotAttached(stage=label, version=from_)
    if to is not None:
        place(tx, secret, to, [label])
        return
    if label == CURRENT:
        raise errors.CurrentMustStay()
    secret.stages = {one: id for one, id in secret.stages.items() if one != label}
    secret.changed_at = tx.now
    tx.put(secret)


def add_version(tx: Tx, secret: Secret, made: Version, labels: list[str]) -> None:
    """A secret's first version is its current one, whatever else. The oldest of many without labels is forgotten."""
    tx.put(made)
    place(tx, secret, made.id, labels if secret.stages.get(CURRENT) else [CURRENT, *labels])
    listed = tx.range(Version, secret.id)
    bare = sorted((one for one in listed if not secret.stages_of(one.id)), key=lambda one: one.created_at)
    for old in bare[: max(0, len(listed) - VERSIONS_MAX)]:
        tx.delete(Version, old.secret, old.id)


def note_access(tx: Tx, secret: Secret, found: Version) -> None:
    """Remember the day of use, which is a write on the first use of a day only."""
    today = tx.now // DAY_S * DAY_S
    if secret.accessed_on != today:
        secret.accessed_on = today
        tx.put(secret)
    if found.accessed_on != today:
        found.accessed_on = today
        tx.put(found)


def forget(tx: Tx, secret: Secret) -> None:
    for one in tx.range(Version, secret.id):
        tx.delete(Version, one.secret, one.id)
    tx.delete(Secret, secret.name)


def facts(secret: Secret) -> dict[str, Any]:
    """What lists and DescribeSecret both tell, but for its versions."""
    turn = secret.rotation or Rotation()
    told: dict[str, Any] = {
        "Description": secret.description, "KmsKeyId": secret.key, "Type": secret.kind,
        "LastAccessedDate": secret.accessed_on, "DeletedDate": secret.deletes_at,
        "RotationLambdaARN": turn.function, "RotationRules": dict(turn.rules), "LastRotatedDate": turn.rotated_at,
        "NextRotationDate": turn.due_at,
    }  # fmt: skip
    told = {member: value for member, value in told.items() if value}
    told |= {"RotationEnabled": True} if turn.function and turn.rules else {}
    if secret.tags is not None:
        told["Tags"] = [{"Key": name, "Value": value} for name, value in secret.tags.items()]
    return told | {"Name": secret.name, "CreatedDate": secret.created_at, "LastChangedDate": secret.changed_at}


def versions_to_stages(secret: Secret) -> dict[str, list[str]]:
    return {id: secret.stages_of(id) for id in dict.fromkeys(secret.stages.values())}
