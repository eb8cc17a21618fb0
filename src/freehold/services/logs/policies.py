"""Resource policies of an account: documents that let AWS services write to its groups.

One idea: a policy is kept as it was put, once it is known to be one. It may not know requests.
"""

from freehold.engines.iam import MalformedPolicyDocument, parse
from freehold.kernel.store import Record, Tx
from freehold.services.logs import errors

POLICIES_MAX = 10


class ResourcePolicy(Record, table="logs_policies", key="name"):
    """A policy by its name; `updated_at` in epoch milliseconds."""

    name: str
    document: str
    updated_at: int


def put_policy(tx: Tx, name: str, document: str) -> ResourcePolicy:
    """Raises InvalidParameterException for what is no policy, LimitExceededException for one too many."""
    try:
        parse(document, "resource")
    except MalformedPolicyDocument as fault:
        raise errors.PolicyMalformed(reason=fault.message) from fault
    if not tx.get(ResourcePolicy, name) and tx.count(ResourcePolicy) >= POLICIES_MAX:
        raise errors.LimitExceededException()
    policy = ResourcePolicy(name=name, document=document, updated_at=int(tx.now * 1_000))
    tx.put(policy)
    return policy
