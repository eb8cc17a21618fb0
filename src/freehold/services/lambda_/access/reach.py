"""Reach: what a request names, and whether its caller may reach it there.

One idea: a function of another account is reached only as far as its own policy shares it, and only for the operations
that AWS lets accounts share. It may not know what the operations do.

https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-cross-account.html
"""

from freehold.kernel.service import Request
from freehold.kernel.store import Tx
from freehold.services.lambda_ import errors, functions, names
from freehold.services.lambda_.access import policies
from freehold.services.lambda_.names import Ref

NO_POLICY = "because no resource-based policy allows the {action} action"

# What a function's policy can let other accounts do.
SHARED = frozenset(
    f"lambda:{operation}"
    for operation in (
        "InvokeFunction", "InvokeFunctionUrl", "GetFunction", "GetFunctionConfiguration", "UpdateFunctionCode",
        "DeleteFunction", "PublishVersion", "ListVersionsByFunction", "CreateAlias", "GetAlias", "ListAliases",
        "UpdateAlias", "DeleteAlias", "GetPolicy", "PutFunctionConcurrency", "DeleteFunctionConcurrency", "ListTags",
        "TagResource", "UntagResource",
    )
)  # fmt: skip


def named(tx: Tx, request: Request, operation: str) -> tuple[Tx, Ref]:
    """What the request names, and the transaction as seen from there. Raises NotAllowed if it is not shared."""
    ref = names.read(request["FunctionName"], request.get("Qualifier", ""))
    return seat(tx, ref, f"lambda:{operation}"), ref


def seat(tx: Tx, ref: Ref, action: str) -> Tx:
    """The transaction as seen from where the function is."""
    there = functions.here(tx, ref)
    if there.account == tx.account:
        return tx
    arn = functions.arn(there, ref.name, ref.qualifier)
    check_shared(there, action, arn)
    policies.admit(there, action, arn)
    return there


def check_shared(tx: Tx, action: str, arn: str) -> None:
    """Raise NotAllowed for what only a resource's own account may do."""
    if action not in SHARED:
        reason = NO_POLICY.format(action=action)
        raise errors.NotAllowed(principal=tx.principal.arn, action=action, resource=arn, reason=reason)
