"""Resource policies of streams and consumers: whom of other accounts they let in.

One idea: within its account a stream is guarded by the caller's own policies, which the door weighs; another account
needs the stream's policy too. It may not know streams.

https://docs.aws.amazon.com/streams/latest/dev/resource-based-policy-examples.html
"""

from freehold.engines import iam
from freehold.kernel.store import Tx
from freehold.services.kinesis.errors import AccessDeniedException, BadPolicy


def check(text: str) -> str:
    """The policy's text. Raises InvalidArgumentException if it is no policy for a resource."""
    try:
        iam.parse(text, "resource")
    except iam.MalformedPolicyDocument as wrong:
        raise BadPolicy(reason=wrong.message) from wrong
    return text


def admit(tx: Tx, action: str, arn: str, policy: str) -> None:
    """Raise AccessDeniedException for a principal of another account whom the policy (a text) does not let in."""
    caller = tx.principal
    whole = f"kinesis:{action}"
    verdict = iam.weigh(caller, whole, arn, iam.resource_policy(policy), iam.facts_of(caller))
    if not verdict.allowed:
        raise AccessDeniedException(principal=caller.arn, action=whole, resource=arn, reason=verdict.ending)
