"""Resource policies of streams and consumers: whom of other accounts they let in.

One idea: within its account a stream is guarded by the caller's own policies, which the door weighs; another account
needs the stream's policy too. It may not know streams.

https://docs.aws.amazon.com/streams/latest/dev/resource-based-policy-examples.html
"""

from functools import lru_cache

from freehold.engines import iam
from freehold.kernel.store import Tx
from freehold.services.kinesis.errors import AccessDeniedException, BadPolicy

parsed = lru_cache(maxsize=512)(lambda text: iam.parse(text, "resource"))


def check(text: str) -> str:
    """The policy's text. Raises InvalidArgumentException if it is no policy for a resource."""
    try:
        parsed(text)
    except iam.MalformedPolicyDocument as wrong:
        raise BadPolicy(reason=wrong.message) from wrong
    return text


def admit(tx: Tx, action: str, arn: str, policy: str) -> None:
    """Raise AccessDeniedException for a principal of another account whom the policy (a text) does not let in."""
    caller = tx.principal
    facts = {"aws:PrincipalArn": caller.issuer or caller.arn, "aws:PrincipalAccount": caller.account}
    request = iam.Request(f"kinesis:{action}", arn, facts, iam.asker(caller))
    resource = parsed(policy) if policy else None
    verdict = iam.evaluate(request, identity=[iam.WEIGHED], resource=resource, same_account=False)
    if not verdict.allowed:
        raise AccessDeniedException(principal=caller.arn, action=request.action, resource=arn, reason=verdict.ending)
