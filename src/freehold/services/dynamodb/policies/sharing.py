"""Sharing: in which account a request is answered, and whether its caller is let in there.

One idea: the door has weighed the caller's own policies, and those of tables of its account with them. What is left is
here: another account's caller needs the table's policy to allow it, and the owner's root can be denied by it. It may
not know what operations do.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-cross-account-access.html
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from freehold.engines import iam
from freehold.kernel import arns, identity
from freehold.kernel.call import Call
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.service import Needs, Operation, Request, Service
from freehold.kernel.store import Tx
from freehold.services.dynamodb.at_hand import look
from freehold.services.dynamodb.policies import documents, errors


class Shared(Service):
    """A catalogue whose operations are answered in the account of the table or stream that they name."""

    def operation(self, needs: Needs) -> Callable[[Callable], Callable]:
        enter = super().operation(needs)

        def share(run: Callable) -> Callable:
            if run.__code__.co_argcount < len(("call", "tx", "request")):
                return enter(run)  # it waits, and asks when it has a transaction
            asked = Operation(self, run.__name__, run, False, needs)

            @wraps(run)
            def answer(call: Call, tx: Tx, request: Request) -> Any:
                return run(*seated(call, tx, asked, request), request)

            return enter(answer)

        return share


def seated(call: Call, tx: Tx, operation: Operation, request: Request) -> tuple[Call, Tx]:
    """The call and the transaction as seen from the account whose tables a request names. Raises AccessDenied."""
    names = _named(request)
    owners = {_owner(call, name) if name[:4] == "arn:" else call.account for name in names}
    if owners <= {call.account}:
        if call.principal.kind == identity.ROOT and call.principal.account:
            _check_denials(call, tx, operation, request, names)
        return call, tx
    if len(owners) > 1:
        raise NotImplementedHere(service="dynamodb", operation="requests over tables of several accounts")
    home = tx.within(owners.pop())
    for action, arn, *facts in operation.required(call, request):
        _admit(call, home, action, arn, facts[0] if facts else {}, same_account=False)
    return call.within(home.account), home


def _named(request: Request) -> Iterable[str]:
    """The names and ARNs of the tables and streams that a request is about, each once."""
    if "TableName" in request:
        return (request["TableName"],)
    if "RequestItems" in request:
        return request["RequestItems"].keys()
    if "TransactItems" in request:
        return dict.fromkeys(one["TableName"] for action in request["TransactItems"] for one in action.values() if one)
    if "StreamArn" in request:
        return (request["StreamArn"],)
    return (request["ShardIterator"].strip('"').partition("|")[0],) if "ShardIterator" in request else ()


def _owner(call: Call, arn: str) -> str:
    place = arns.parse(arn)
    return place.account if place else call.account


def _check_denials(call: Call, tx: Tx, operation: Operation, request: Request, names: Iterable[str]) -> None:
    """The root of an account needs no policy, but is bound by those on its tables."""
    for name in names:
        place = arns.parse(name) if name[:4] == "arn:" else None
        found = documents.standing_on(tx, place.resource) if place else look(call, tx, name)
        if found and found.policy:
            for action, arn, *facts in operation.required(call, request):
                _admit(call, tx, action, arn, facts[0] if facts else {}, same_account=True)


def _admit(call: Call, tx: Tx, action: str, arn: str, facts: Any, *, same_account: bool) -> None:
    if call.principal.kind == identity.SERVICE and same_account:
        return
    own = facts(tx) if callable(facts) else facts
    policy = documents.policy_on(tx, arn)
    verdict = iam.weigh(call.principal, action, arn, policy, {**call.facts(), **own}, same_account=same_account)
    if not verdict.allowed:
        raise errors.Refused(principal=call.principal.arn, action=action, resource=arn, reason=verdict.ending)
