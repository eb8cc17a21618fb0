"""Policies of an account, which hold for all its log groups in a region.

One idea: a policy is kept as it was put, by its kind and name. It may not know groups.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutAccountPolicy.html
"""

from freehold.kernel.store import Record, Tx
from freehold.services.logs import errors

PROTECTION = "DATA_PROTECTION_POLICY"


class AccountPolicy(Record, table="logs_account_policies", key="kind name"):
    """A policy; `updated_at` in epoch milliseconds."""

    kind: str
    name: str
    document: str
    updated_at: int


def put_policy(tx: Tx, kind: str, name: str, document: str) -> AccountPolicy:
    """Raises LimitExceededException if there is one of the kind under another name."""
    if any(policy.name != name for policy in tx.range(AccountPolicy, kind)):
        raise errors.LimitExceededException()
    policy = AccountPolicy(kind=kind, name=name, document=document, updated_at=int(tx.now * 1_000))
    tx.put(policy)
    return policy


def delete_policy(tx: Tx, kind: str, name: str) -> None:
    """Raises ResourceNotFoundException."""
    if not tx.delete(AccountPolicy, kind, name):
        raise errors.AccountPolicyNotFound()


def policy_of(tx: Tx, kind: str) -> AccountPolicy | None:
    """The account's policy of a kind of which there may be one."""
    return next(iter(tx.range(AccountPolicy, kind, limit=1)), None)
