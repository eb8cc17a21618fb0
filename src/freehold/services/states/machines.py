"""State machines: their settings as they are, and as they were published.

One idea: what an execution needs of its machine is one value, its settings; a version is a copy of it under a number,
an alias a die thrown between versions, and starting an execution resolves an ARN to settings once. It may not know
executions.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-state-machine-version.html
"""

from typing import Any, NamedTuple

import msgspec

from freehold.kernel.store import Record, Tx
from freehold.services.states import names
from freehold.services.states.errors import (
    AliasConflict,
    AliasNotFound,
    RevisionConflict,
    StateMachineAlreadyExists,
    StateMachineDeleting,
    StateMachineDoesNotExist,
    ValidationException,
    VersionInUse,
)

ACTIVE, DELETING = "ACTIVE", "DELETING"
INITIAL = "INITIAL"  # what a machine that was never updated is called where its revision is asked for


class Settings(msgspec.Struct, frozen=True, omit_defaults=True):
    """What runs and how: a definition's digest, the role, and AWS's LoggingConfiguration, TracingConfiguration and
    EncryptionConfiguration, the last empty where AWS's own key is used."""

    digest: str
    role_arn: str
    logging: dict[str, Any]
    tracing: dict[str, Any]
    encryption: dict[str, Any] = {}


class StateMachine(Record, table="states_machines", key="name"):
    """A state machine; `revision` is empty until its first update."""

    name: str
    id: str
    kind: str
    settings: Settings
    created_at: float
    updated_at: float
    revision: str = ""
    status: str = ACTIVE
    versions: int = 0  # numbers are never given twice
    tags: dict[str, str] = {}


class Version(Record, table="states_versions", key="machine number"):
    machine: str
    number: int
    settings: Settings
    revision: str
    created_at: float
    description: str = ""


class Alias(Record, table="states_aliases", key="machine name"):
    """`routing` is [(version, weight in percent)]."""

    machine: str
    name: str
    routing: list[tuple[int, int]]
    created_at: float
    updated_at: float
    description: str = ""


class Target(NamedTuple):
    """What an ARN of a machine, a version or an alias leads to."""

    machine: StateMachine
    settings: Settings
    version: Version | None = None
    alias: Alias | None = None


def create(tx: Tx, name: str, kind: str, settings: Settings, tags: dict[str, str]) -> StateMachine:
    """Make a machine, or find the one that is the same but for role and tags. Raises StateMachineAlreadyExists."""
    known = tx.get(StateMachine, name)
    if known is None:
        known = StateMachine(
            name=name, id=tx.ids.uuid(), kind=kind, settings=settings, created_at=tx.now, updated_at=tx.now, tags=tags
        )
        tx.put(known)
    elif known.status == DELETING:
        raise StateMachineDeleting(arn=names.arn(tx, names.MACHINE, name))
    elif (known.kind, known.settings) != (kind, msgspec.structs.replace(settings, role_arn=known.settings.role_arn)):
        raise StateMachineAlreadyExists(arn=names.arn(tx, names.MACHINE, name))
    return known


def opened(tx: Tx, arn: str) -> StateMachine:
    """The machine of an unqualified ARN. Raises InvalidArn, StateMachineDoesNotExist."""
    named = names.read(arn, names.MACHINE)
    here = (named.account, named.region) == (tx.account, tx.region)
    machine = tx.get(StateMachine, named.name) if here and not named.rest else None
    if machine is None:
        raise StateMachineDoesNotExist(arn=arn)
    return machine


def living(tx: Tx, arn: str) -> StateMachine:
    """As `opened`, for those who would change or start it. Raises StateMachineDeleting."""
    machine = opened(tx, arn)
    if machine.status == DELETING:
        raise StateMachineDeleting(arn=arn)
    return machine


def resolve(tx: Tx, arn: str) -> Target:
    """What the ARN of a machine, a version or an alias leads to. Raises InvalidArn, StateMachineDoesNotExist."""
    named = names.read(arn, names.MACHINE)
    if not named.rest:
        machine = opened(tx, arn)
        return Target(machine, machine.settings)
    machine = opened(tx, arn[: -len(named.rest) - 1])
    alias = None if named.rest.isdecimal() else tx.get(Alias, named.name, named.rest)
    number = int(named.rest) if named.rest.isdecimal() else _drawn(tx, alias)
    version = tx.get(Version, named.name, number)
    if version is None:
        raise StateMachineDoesNotExist(arn=arn)
    return Target(machine, version.settings, version, alias)


def _drawn(tx: Tx, alias: Alias | None) -> int:
    """The version that an alias sends this execution to."""
    left = tx.ids.random() * 100
    for number, weight in alias.routing if alias else ():
        left -= weight
        if left < 0:
            return number
    return 0


def update(tx: Tx, machine: StateMachine, settings: Settings) -> None:
    """Give the machine other settings, and a new revision if they differ."""
    machine.updated_at = tx.now
    if settings != machine.settings:
        machine.settings, machine.revision = settings, tx.ids.uuid()
    tx.put(machine)


def publish(tx: Tx, machine: StateMachine, description: str, revision: str = "") -> Version:
    """The newest version, which is a new one if the machine has changed since. Raises ConflictException."""
    current = machine.revision or INITIAL
    if revision not in ("", current):
        raise RevisionConflict(asked=revision, current=current)
    newest = tx.range(Version, machine.name, reverse=True, limit=1)
    if newest and (newest[0].revision, newest[0].settings) == (machine.revision, machine.settings):
        return newest[0]
    machine.versions += 1
    version = Version(
        machine=machine.name, number=machine.versions, settings=machine.settings, revision=machine.revision,
        created_at=tx.now, description=description,
    )  # fmt: skip
    tx.put(machine)
    tx.put(version)
    return version


def unpublish(tx: Tx, name: str, number: int) -> None:
    """Remove a version. Raises ConflictException while an alias leads to it."""
    users = [alias.name for alias in tx.range(Alias, name) if number in dict(alias.routing)]
    if users:
        raise VersionInUse(aliases=", ".join(users))
    tx.delete(Version, name, number)


def remove(tx: Tx, machine: StateMachine) -> None:
    """Forget a machine, its versions and its aliases."""
    for version in tx.range(Version, machine.name):
        tx.delete(Version, machine.name, version.number)
    for alias in tx.range(Alias, machine.name):
        tx.delete(Alias, machine.name, alias.name)
    tx.delete(StateMachine, machine.name)


# Aliases


def routing(tx: Tx, items: list[dict[str, Any]]) -> tuple[str, list[tuple[int, int]]]:
    """The machine's name and the [(version, weight)] of an API's routing configuration. Raises ValidationException."""
    texts = [item["stateMachineVersionArn"] for item in items]
    received = f"Received: [{', '.join(texts)}]"
    named = [names.read(text, names.MACHINE) for text in texts]
    if not all(one.rest.isdecimal() for one in named) or len({one.name for one in named}) != 1:
        raise ValidationException(message=f"Routing configuration must contain state machine version ARNs. {received}")
    if len(set(texts)) != len(texts):
        raise ValidationException(
            message=f"Routing configuration must contain distinct state machine version ARNs. {received}"
        )
    weights = [item["weight"] for item in items]
    if sum(weights) != 100:
        raise ValidationException(message=f"Sum of routing configuration weights must equal 100. Received: {weights}")
    for text in texts:
        resolve(tx, text)
    return named[0].name, [(int(one.rest), weight) for one, weight in zip(named, weights, strict=True)]


def create_alias(tx: Tx, name: str, machine: str, routes: list[tuple[int, int]], description: str) -> Alias:
    """Make an alias, or find the one that is the same. Raises ConflictException."""
    alias = Alias(
        machine=machine, name=name, routing=routes, created_at=tx.now, updated_at=tx.now, description=description
    )
    if not tx.add(alias):
        known = tx.get(Alias, machine, name)
        assert known
        if (known.routing, known.description) != (routes, description):
            raise AliasConflict()
        return known
    return alias


def opened_alias(tx: Tx, arn: str) -> Alias:
    """The alias of an ARN. Raises InvalidArn, ResourceNotFound."""
    named = names.read(arn, names.MACHINE)
    here = (named.account, named.region) == (tx.account, tx.region)
    alias = tx.get(Alias, named.name, named.rest) if here else None
    if alias is None:
        raise AliasNotFound()
    return alias
