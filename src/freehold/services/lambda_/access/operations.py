"""Who else may use functions: statements added, shown and taken away.

It may not know what they allow.
"""

import re

from freehold.engines import iam
from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.lambda_ import aliases, errors, functions
from freehold.services.lambda_.access import policies
from freehold.services.lambda_.access.reach import named
from freehold.services.lambda_.catalogue import function_arn, lambda_
from freehold.services.lambda_.functions import Function
from freehold.services.lambda_.names import LATEST

ALIAS = re.compile(r"(?!\d+$)[\w-]+")
LATEST_REFUSED = "We currently do not support adding policies for $LATEST."


def _function(tx: Tx, request: Request, operation: str) -> tuple[Tx, str]:
    """The ARN whose policy is meant; the function, version or alias must exist."""
    seat, ref = named(tx, request, operation)
    functions.find(seat, ref.name)
    if ALIAS.fullmatch(ref.qualifier):
        aliases.find(seat, ref.name, ref.qualifier)
    elif ref.qualifier:
        functions.version(seat, ref.name, ref.qualifier)
    return seat, functions.arn(seat, ref.name, ref.qualifier)


@lambda_.operation(needs={"lambda:AddPermission": function_arn})
def add_permission(call: Call, tx: Tx, request: Request) -> Response:
    seat, arn = _function(tx, request, "AddPermission")
    if arn.endswith(f":{LATEST}"):
        raise errors.InvalidParameterValueException(message=LATEST_REFUSED)
    return {"Statement": policies.text(policies.add(seat, arn, request))}


@lambda_.operation(needs={"lambda:RemovePermission": function_arn})
def remove_permission(call: Call, tx: Tx, request: Request) -> None:
    seat, ref = named(tx, request, "RemovePermission")
    if not seat.get(Function, ref.name):
        raise errors.NoPolicyFound(arn=functions.arn(seat, ref.name))
    policies.remove(*_function(tx, request, "RemovePermission"), request)


@lambda_.operation(needs={"lambda:GetPolicy": function_arn})
def get_policy(call: Call, tx: Tx, request: Request) -> Response:
    """A policy that is not there and a function that is not there are told alike."""
    seat, ref = named(tx, request, "GetPolicy")
    return policies.shape(policies.find(seat, functions.arn(seat, ref.name, ref.qualifier)))


@lambda_.guard
def policy_on(tx: Tx, arn: str) -> iam.Policy | None:
    """The policy that stands on an ARN of this account and region."""
    place = arns.parse(arn)
    ours = place and (place.account, place.region) == (tx.account, tx.region)
    return policies.of(tx, arn) if ours else None
