"""Data protection of log groups: which policies are in force for what comes to a group.

One idea: a group is marked as soon as a policy may concern it, its own or its account's; so a group without one is
written to and read as if there were no policies. It may not know events.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/mask-sensitive-log-data.html
"""

from functools import lru_cache

from freehold.engines import protection
from freehold.engines.protection import LOGS, Audit, BadPolicy, Destination, Policy
from freehold.kernel.deliveries import promise
from freehold.kernel.store import Record, Tx
from freehold.services.logs import accounts, errors
from freehold.services.logs.accounts import PROTECTION, AccountPolicy
from freehold.services.logs.groups import Group

ACTIVATED, DELETED = "ACTIVATED", "DELETED"
MARKED_MAX = 500  # groups in one transaction
LANE = "logs-marks"


class Guard(Record, table="logs_guards", key="group_id"):
    """A group's own policy; `updated_at` in epoch milliseconds."""

    group_id: str
    document: str
    updated_at: int


@lru_cache(maxsize=512)
def read(document: str) -> Policy:
    """The policy that a document is. Raises InvalidParameterException."""
    try:
        return protection.parse(document, LOGS)
    except BadPolicy as fault:
        raise errors.ProtectionMalformed(reason=fault.reason) from fault


def destination(policy: Policy) -> Destination:
    """Where the policy's findings go."""
    [found] = [one.operation.findings for one in policy.statements if isinstance(one.operation, Audit)]
    return found


def guard(tx: Tx, group: Group, document: str) -> Guard:
    """Put a group's policy in force for what comes from now on."""
    made = Guard(group_id=group.id, document=document, updated_at=int(tx.now * 1_000))
    tx.put(made)
    group.guarded = ACTIVATED
    tx.put(group)
    return made


def own(tx: Tx, group: Group) -> Guard | None:
    """The group's own policy."""
    return tx.get(Guard, group.id) if group.guarded == ACTIVATED else None


def unguard(tx: Tx, group: Group) -> None:
    """Nothing that comes from now on is hidden; what was, still is."""
    if tx.delete(Guard, group.id):
        group.guarded = DELETED
        tx.put(group)


def guard_all(tx: Tx, name: str, document: str) -> AccountPolicy:
    """Put the account's policy in force. Raises LimitExceededException if there is one of another name."""
    policy = accounts.put_policy(tx, PROTECTION, name, document)
    mark(tx)
    return policy


def unguard_all(tx: Tx, name: str) -> None:
    """Raises ResourceNotFoundException."""
    accounts.delete_policy(tx, PROTECTION, name)
    mark(tx)


def mark(tx: Tx, after: str = "") -> None:
    """Note at each group behind the name `after` whether it inherits the account's policy; some now, the rest in
    transactions of their own."""
    inherits = accounts.policy_of(tx, PROTECTION) is not None
    groups = tx.range(Group, after=(after,), limit=MARKED_MAX)
    for group in groups:
        if group.inherits != inherits:
            group.inherits = inherits
            tx.put(group)
    if len(groups) == MARKED_MAX:
        promise(tx, "logs", "mark_groups", {"after": groups[-1].name}, lane=LANE, width=1)


def in_force(tx: Tx, group: Group) -> list[Policy]:
    """The policies for what comes to a group now."""
    shared = accounts.policy_of(tx, PROTECTION) if group.inherits else None
    return [read(one.document) for one in (own(tx, group), shared) if one]
