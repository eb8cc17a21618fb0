"""Policy documents: inline ones, managed ones and their versions, and the text behind an ARN.

One idea: documents are kept as they were written and compiled when they are used; a compiled document is remembered by
its text, so every holder of the same words shares it. It may not know who holds what.
"""

from functools import lru_cache

from freehold.engines import iam
from freehold.kernel import arns
from freehold.kernel.store import Tx
from freehold.services.iam import aws_managed
from freehold.services.iam.entities import Entity, Group, Policy, Role, User, arn_of, unique_id
from freehold.services.iam.errors import (
    DefaultVersion,
    InlineTooLong,
    InvalidInput,
    LimitExceeded,
    NoSuchEntity,
    NoSuchPolicy,
    NoSuchVersion,
    TooManyVersions,
)

INLINE_MAX: dict[type[Entity], int] = {Role: 10_240, User: 2_048, Group: 5_120}  # characters, without white space
MANAGED_MAX, TRUST_MAX = 6_144, 2_048
VERSIONS_MAX = 5


@lru_cache(4_096)
def compiled(document: str, kind: str = "identity") -> iam.Policy:
    """The policy that a document says; MalformedPolicyDocument if it says none."""
    return iam.parse(document, kind)


def size(document: str) -> int:
    """Characters, as IAM counts them: white space is free."""
    return len("".join(document.split()))


def check_managed(document: str) -> str:
    compiled(document, "managed")
    if size(document) > MANAGED_MAX:
        raise LimitExceeded(quota="PolicySize", limit=MANAGED_MAX)
    return document


def check_trust(document: str) -> str:
    compiled(document, "trust")
    if size(document) > TRUST_MAX:
        raise LimitExceeded(quota="ACLSizePerRole", limit=TRUST_MAX)
    return document


def put_inline(tx: Tx, holder: Entity, name: str, document: str) -> None:
    compiled(document)
    holder.inline = holder.inline | {name: document}
    limit = INLINE_MAX[type(holder)]
    if sum(map(size, holder.inline.values())) > limit:
        raise InlineTooLong(limit=limit, noun=holder.noun, name=holder.name)
    tx.put(holder)


def inline(holder: Entity, name: str) -> str:
    if name not in holder.inline:
        raise NoSuchEntity(what=f"{holder.noun} policy", name=name)
    return holder.inline[name]


def delete_inline(tx: Tx, holder: Entity, name: str) -> None:
    inline(holder, name)
    holder.inline = {kept: document for kept, document in holder.inline.items() if kept != name}
    tx.put(holder)


def new_policy(tx: Tx, name: str, path: str, document: str, description: str | None, tags: dict[str, str]) -> Policy:
    return Policy(
        fold=name.lower(), name=name, path=path, id=unique_id(tx, Policy), created_at=tx.now, updated_at=tx.now,
        documents={1: check_managed(document)}, version_times={1: tx.now}, description=description, tags=tags,
    )  # fmt: skip


def managed(tx: Tx, arn: str) -> Policy:
    """The managed policy of an ARN: AWS's own, or one of this account; NoSuchEntity if there is none."""
    parsed = arns.parse(arn)
    if parsed is None or parsed.service != "iam":
        raise InvalidInput(arn=arn)
    if parsed.account == "aws":
        found = aws_managed.find(arn)
    else:
        found = tx.get(Policy, arn.rpartition("/")[2].lower()) if parsed.account == tx.account else None
        found = found if found and arn_of(tx, found) == arn else None
    if found is None:
        raise NoSuchPolicy(arn=arn)
    return found


def own(tx: Tx, arn: str) -> Policy:
    """A managed policy to be changed: AWS's are not the account's to change."""
    policy = managed(tx, arn)
    if aws_managed.find(arn):
        raise NoSuchPolicy(arn=arn)
    return policy


def in_force(tx: Tx, arn: str) -> str | None:
    """The document of a managed policy's default version, if the policy is there."""
    try:
        policy = managed(tx, arn)
    except (NoSuchPolicy, InvalidInput):
        return None
    return policy.documents[policy.default]


def version(policy: Policy, arn: str, version_id: str) -> int:
    """The number of a version `v3` of a policy."""
    number = int(version_id[1:].partition(".")[0])
    if number not in policy.documents:
        raise NoSuchVersion(arn=arn, version=version_id)
    return number


def add_version(tx: Tx, policy: Policy, document: str, default: bool) -> int:
    check_managed(document)
    if len(policy.documents) >= VERSIONS_MAX:
        raise TooManyVersions(limit=VERSIONS_MAX)
    policy.newest += 1
    policy.documents[policy.newest], policy.version_times[policy.newest] = document, tx.now
    if default:
        policy.default = policy.newest
    policy.updated_at = tx.now
    tx.put(policy)
    return policy.newest


def delete_version(tx: Tx, policy: Policy, number: int) -> None:
    if number == policy.default:
        raise DefaultVersion
    del policy.documents[number], policy.version_times[number]
    policy.updated_at = tx.now
    tx.put(policy)
