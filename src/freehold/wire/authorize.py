"""The authorize station: may this principal do this to that?

One idea: operations declare what they need, the registry knows what the principal holds, IAM's machine decides, and
the words of the refusal are IAM's. It may not know where policies are kept, nor what they say.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Protocol

from freehold.engines.iam import Policy, Verdict
from freehold.kernel.call import Call
from freehold.kernel.errors import AccessDenied, AwsError
from freehold.kernel.identity import ANONYMOUS, SERVICE
from freehold.kernel.service import Facts, Operation, Request
from freehold.kernel.store import Tx

PASS_ROLE = "iam:PassRole"


class MissingAuthenticationToken(AwsError):
    words = "Request is missing Authentication Token"
    status = 403


class Standing(Protocol):
    """A caller's policies, boundary and session policies, with the condition keys of its request."""

    def weigh(
        self, action: str, resource: str, more: Callable[[], Mapping[str, Any]], *, policy: Policy | None,
        same_account: bool,
    ) -> Verdict: ...  # fmt: skip


class Registry(Protocol):
    """Who knows what callers hold."""

    def standing(self, tx: Tx, call: Call) -> Standing: ...


def _own(operation: Operation, action: str, facts: Facts, tx: Tx) -> Mapping[str, Any]:
    """A need's own condition keys, read in the transaction where that takes one."""
    passed = {"iam:PassedToService": f"{operation.service.name}.amazonaws.com"} if action == PASS_ROLE else {}
    return {**passed, **(facts(tx) if callable(facts) else facts)}


class Gatekeeper:
    """Holds a request up against what its principal holds."""

    def __init__(self, registry: Registry):
        self.registry = registry

    def admit(self, tx: Tx, call: Call, operation: Operation, request: Request) -> None:
        """Raise AccessDenied unless every action that the operation needs is allowed.

        A service principal is limited by the resource's policy alone, which its room checks. One who comes into another
        account, as a rule's or pipe's role may, needs the resource's policy beside its own.
        """
        if operation.needs is None or call.principal.trusted or call.principal.kind == SERVICE:
            return
        needs = operation.required(call, request)
        if not needs:
            return
        if call.principal.kind == ANONYMOUS:
            raise MissingAuthenticationToken()
        standing, home = self.registry.standing(tx, call), tx.account == call.principal.account
        for action, resource, *facts in needs:
            more = partial(_own, operation, action, facts[0] if facts else {}, tx)
            policy = operation.service.policy_on(tx, resource)
            verdict = standing.weigh(action, resource, more, policy=policy, same_account=home)
            if not verdict.allowed:
                raise AccessDenied(
                    principal=call.principal.arn, action=action, resource=resource, reason=verdict.ending
                )
