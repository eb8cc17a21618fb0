"""Groups: what schedules lie in.

One idea: every account has the default group, which is written down when it is first looked for; deleting any other
marks it, and its schedules go with it bit by bit. It may not know when schedules are due.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-group.html
"""

from typing import Any

from freehold.kernel.store import Record, Tx
from freehold.services.scheduler import errors
from freehold.services.scheduler.catalogue import DEFAULT, group_arn

ACTIVE, DELETING = "ACTIVE", "DELETING"
GROUPS_MAX = 500


class Group(Record, table="scheduler_groups", key="name"):
    """A group; its moments in epoch seconds."""

    name: str
    created_at: float
    changed_at: float
    state: str = ACTIVE
    tags: dict[str, str] = {}


def find_group(tx: Tx, name: str) -> Group:
    """Raises ResourceNotFoundException."""
    group = tx.get(Group, name)
    if group is None and name == DEFAULT:
        group = Group(name=DEFAULT, created_at=tx.now, changed_at=tx.now)
        tx.put(group)
    if group is None:
        raise errors.GroupNotFound(name=name)
    return group


def open_group(tx: Tx, name: str) -> Group:
    """A group that may be changed. Raises ResourceNotFoundException, and ConflictException for one that goes away."""
    group = find_group(tx, name)
    if group.state == DELETING:
        raise errors.GroupDeleting(name=name)
    return group


def add_group(tx: Tx, name: str, tags: dict[str, str]) -> Group:
    """Raises ConflictException, ServiceQuotaExceededException, and ValidationException for the default one."""
    refuse_default(name)
    if tx.get(Group, name) is None and tx.count(Group) + (tx.get(Group, DEFAULT) is None) >= GROUPS_MAX:
        raise errors.ServiceQuotaExceededException(most=GROUPS_MAX)
    group = Group(name=name, created_at=tx.now, changed_at=tx.now, tags=tags)
    if not tx.add(group):
        raise errors.GroupExists(name=name)
    return group


def refuse_default(name: str) -> None:
    if name == DEFAULT:
        raise errors.DefaultGroup()


def described(tx: Tx, group: Group) -> dict[str, Any]:
    return {
        "Arn": group_arn(tx.account, tx.region, group.name),
        "Name": group.name,
        "State": group.state,
        "CreationDate": group.created_at,
        "LastModificationDate": group.changed_at,
    }
