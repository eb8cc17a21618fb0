"""Attachments: which managed policies are held by whom, as permissions or as a boundary; and who is in which group.

One idea: these are relations between names, kept once and read from both ends. It may not know what policies say.
"""

from freehold.kernel.store import Record, Tx
from freehold.services.iam.entities import Entity, Group, Role, User
from freehold.services.iam.errors import LimitExceeded, NoSuchEntity, NoSuchPolicy

HOLDERS: dict[str, type[Entity]] = {kind.noun: kind for kind in (Role, User, Group)}
PERMISSIONS, BOUNDARY = "PermissionsPolicy", "PermissionsBoundary"
POLICIES_MAX = 10
GROUPS_MAX = 10


class Attachment(
    Record, table="iam_attachments", key="noun holder use policy", index="policy use noun holder", scope="account"
):
    """`noun` and `holder` (a folded name) say who holds the policy of the ARN `policy`."""

    noun: str
    holder: str
    use: str
    policy: str


class Membership(Record, table="iam_memberships", key="member group_name", index="group_name member", scope="account"):
    """Folded names."""

    member: str
    group_name: str


def policies(tx: Tx, holder: Entity, use: str = PERMISSIONS) -> list[str]:
    """ARNs of the managed policies that a role, user or group holds."""
    return [held.policy for held in tx.range(Attachment, holder.noun, holder.fold, use)]


def boundary(tx: Tx, holder: Entity) -> str | None:
    return next(iter(policies(tx, holder, BOUNDARY)), None)


def holders(tx: Tx, policy: str, use: str) -> list[Entity]:
    """Roles, users and groups that hold a policy."""
    rows = tx.range(Attachment, policy, use, index="policy use noun holder")
    found = (tx.get(HOLDERS[row.noun], row.holder) for row in rows)
    return [holder for holder in found if holder]


def count(tx: Tx, policy: str, use: str) -> int:
    return tx.count(Attachment, policy, use, index="policy use noun holder")


def attach(tx: Tx, holder: Entity, policy: str) -> None:
    held = policies(tx, holder)
    if policy not in held and len(held) >= POLICIES_MAX:
        raise LimitExceeded(quota=f"PoliciesPer{holder.word}", limit=POLICIES_MAX)
    tx.put(Attachment(noun=holder.noun, holder=holder.fold, use=PERMISSIONS, policy=policy))


def detach(tx: Tx, holder: Entity, policy: str) -> None:
    if not tx.delete(Attachment, holder.noun, holder.fold, PERMISSIONS, policy):
        raise NoSuchPolicy(arn=policy)


def bound(tx: Tx, holder: Entity, policy: str | None) -> None:
    """Set the permissions boundary, or take it away."""
    for old in policies(tx, holder, BOUNDARY):
        tx.delete(Attachment, holder.noun, holder.fold, BOUNDARY, old)
    if policy:
        tx.put(Attachment(noun=holder.noun, holder=holder.fold, use=BOUNDARY, policy=policy))


def groups(tx: Tx, user: User) -> list[Group]:
    found = (tx.get(Group, row.group_name) for row in tx.range(Membership, user.fold))
    return [group for group in found if group]


def members(tx: Tx, group: Group) -> list[User]:
    rows = tx.range(Membership, group.fold, index="group_name member")
    found = (tx.get(User, row.member) for row in rows)
    return [user for user in found if user]


def join(tx: Tx, user: User, group: Group) -> None:
    already = {row.group_name for row in tx.range(Membership, user.fold)}
    if group.fold not in already and len(already) >= GROUPS_MAX:
        raise LimitExceeded(quota="GroupsPerUser", limit=GROUPS_MAX)
    tx.add(Membership(member=user.fold, group_name=group.fold))


def leave(tx: Tx, user: User, group: Group) -> None:
    if not tx.delete(Membership, user.fold, group.fold):
        raise NoSuchEntity(what="user", name=user.name)


def carry_over(tx: Tx, kind: type[Entity], old: str, new: str) -> None:
    """Rename a holder in every relation; folded names."""
    for row in tx.range(Attachment, kind.noun, old):
        tx.delete(Attachment, kind.noun, old, row.use, row.policy)
        row.holder = new
        tx.put(row)
    joined = tx.range(Membership, old) if kind is User else tx.range(Membership, old, index="group_name member")
    for place in joined:
        tx.delete(Membership, place.member, place.group_name)
        place.member, place.group_name = (new, place.group_name) if kind is User else (place.member, new)
        tx.put(place)
