"""Resource policies of an account: documents that let AWS services write to its groups.

One idea: a policy is kept as it was put, once it is known to be one; a service that writes as itself is let in by one
of them alone. It may not know requests.
"""

from freehold.engines import iam
from freehold.engines.iam import MalformedPolicyDocument, parse
from freehold.kernel.identity import SERVICE
from freehold.kernel.store import Record, Tx
from freehold.services.logs import errors

POLICIES_MAX = 10
NO_POLICY = "because no resource-based policy allows the logs action"
SERVICES_NEED = ("logs:CreateLogStream", "logs:PutLogEvents")


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


def admit(tx: Tx, arn: str) -> None:
    """Raise AccessDeniedException for a service that no policy lets write to the stream of this ARN."""
    caller = tx.principal
    if caller.kind != SERVICE:
        return
    documents = [iam.resource_policy(policy.document) for policy in tx.range(ResourcePolicy)]
    for action in SERVICES_NEED:
        asked = iam.Request(action, arn, iam.facts_of(caller), iam.asker(caller))
        verdicts = [iam.evaluate(asked, identity=[], resource=document, same_account=True) for document in documents]
        if not any(verdict.allowed for verdict in verdicts):
            ending = verdicts[0].ending if verdicts else NO_POLICY
            raise errors.AccessDeniedException(principal=caller.arn, action=action, resource=arn, reason=ending)
