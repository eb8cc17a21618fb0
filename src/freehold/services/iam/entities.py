"""Entities: the roles, users, groups, policies and instance profiles of an account, by their names.

One idea: they are five kinds of one thing, something with a name that is unique whatever its letters' case, a path, an
ARN, a unique id and tags. It may not know policies' contents.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
"""

from collections.abc import Iterable
from typing import ClassVar, TypeVar

from freehold.kernel.errors import AwsError
from freehold.kernel.ids import BASE32
from freehold.kernel.store import Record, Tx
from freehold.services.iam.errors import (
    EntityAlreadyExists,
    LimitExceeded,
    NoSuchEntity,
    NoSuchProfile,
    PolicyExists,
    ProfileExists,
    UnmodifiableEntity,
)

LINKED_PATH = "/aws-service-role/"
TAGS_MAX = 50
_CHANCE_LENGTH = 17


class Entity(Record):
    """`fold` is the name in lower case, by which it is kept; `inline` the policies that are part of it, by name."""

    noun: ClassVar[str]  # as ARNs have it
    word: ClassVar[str]  # as operations and quotas have it
    prefix: ClassVar[str]  # of unique ids

    fold: str
    name: str
    path: str
    id: str
    created_at: float
    tags: dict[str, str] = {}
    inline: dict[str, str] = {}

    @property
    def linked(self) -> bool:
        """Whether it is a service-linked role."""
        return self.path.startswith(LINKED_PATH)


class Role(Entity, table="iam_roles", key="fold", scope="account"):
    """`trust` is the document that says who may act as it."""

    noun = "role"
    word = "Role"
    prefix = "AROA"

    trust: str
    description: str | None = None
    session_max_s: int = 3_600


class User(Entity, table="iam_users", key="fold", scope="account"):
    noun = "user"
    word = "User"
    prefix = "AIDA"


class Group(Entity, table="iam_groups", key="fold", scope="account"):
    noun = "group"
    word = "Group"
    prefix = "AGPA"


class Policy(Entity, table="iam_policies", key="fold", scope="account"):
    """A customer-managed policy: documents and creation times by version number, and which is in force."""

    noun = "policy"
    word = "Policy"
    prefix = "ANPA"

    documents: dict[int, str]
    version_times: dict[int, float]
    default: int = 1
    newest: int = 1
    updated_at: float
    description: str | None = None


class Profile(Entity, table="iam_instance_profiles", key="fold", scope="account"):
    """An instance profile; `roles` are folded names, at most one."""

    noun = "instance-profile"
    word = "InstanceProfile"
    prefix = "AIPA"

    roles: list[str] = []


E = TypeVar("E", bound=Entity)
NAMED_BY: dict[type[Entity], str] = {
    Role: "RoleName",
    User: "UserName",
    Group: "GroupName",
    Policy: "PolicyName",
    Profile: "InstanceProfileName",
}
_ABSENT: dict[type[Entity], type[AwsError]] = {Profile: NoSuchProfile}
_TAKEN: dict[type[Entity], type[AwsError]] = {Policy: PolicyExists, Profile: ProfileExists}


def arn(account: str, kind: type[Entity], path: str, name: str) -> str:
    return f"arn:aws:iam::{account}:{kind.noun}{path}{name}"


def arn_of(tx: Tx, entity: Entity) -> str:
    return arn(tx.account, type(entity), entity.path, entity.name)


def find(tx: Tx, kind: type[E], name: str) -> E:
    """The entity of a name in any case; NoSuchEntity if there is none."""
    found = tx.get(kind, name.lower())
    if found is None:
        raise _ABSENT.get(kind, NoSuchEntity)(what=kind.noun, name=name)
    return found


def find_open(tx: Tx, kind: type[E], name: str) -> E:
    """The same, to be changed: service-linked roles are their service's."""
    found = find(tx, kind, name)
    if found.linked:
        raise UnmodifiableEntity(name=found.name)
    return found


def enter(tx: Tx, entity: Entity) -> None:
    """Keep a new entity; EntityAlreadyExists if its name is taken."""
    if not tx.add(entity):
        raise _TAKEN.get(type(entity), EntityAlreadyExists)(what=entity.word, name=entity.name)


def rename(tx: Tx, entity: Entity, name: str, path: str) -> None:
    """Give an entity another name or path; its id stays."""
    old, entity.fold, entity.name, entity.path = entity.fold, name.lower(), name, path
    if old != entity.fold:
        enter(tx, entity)
        tx.delete(type(entity), old)
    else:
        tx.put(entity)


def unique_id(tx: Tx, kind: type[Entity]) -> str:
    return kind.prefix + tx.ids.text(_CHANCE_LENGTH, BASE32)


def all_of(tx: Tx, kind: type[E], path_prefix: str = "/") -> list[E]:
    """Every entity of a kind under a path, by name."""
    return [entity for entity in tx.range(kind) if entity.path.startswith(path_prefix)]


def tag(tx: Tx, entity: Entity, tags: dict[str, str]) -> None:
    entity.tags = entity.tags | tags
    if len(entity.tags) > TAGS_MAX:
        raise LimitExceeded(quota=f"TagsPer{entity.word}", limit=TAGS_MAX)
    tx.put(entity)


def untag(tx: Tx, entity: Entity, keys: Iterable[str]) -> None:
    entity.tags = {key: value for key, value in entity.tags.items() if key not in set(keys)}
    tx.put(entity)
