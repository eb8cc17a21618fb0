"""The authorize station: may this principal do this to that?

One idea: operations declare what they need, IAM's machine decides, and the words of the refusal are IAM's. It may not
know where policies are kept; an `Authority` gives them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from datetime import UTC, datetime
from typing import Any

from freehold.engines import iam
from freehold.kernel.call import Call
from freehold.kernel.errors import AccessDenied, AwsError
from freehold.kernel.identity import ANONYMOUS, SERVICE, Authority
from freehold.kernel.service import Operation, Request
from freehold.kernel.store import Tx


class MissingAuthenticationToken(AwsError):
    words = "Request is missing Authentication Token"
    status = 403


class Gatekeeper:
    """Holds a request up against the identity policies of its principal."""

    def __init__(self, authority: Authority):
        self.authority = authority

    def admit(self, tx: Tx, call: Call, operation: Operation, request: Request) -> None:
        """Raise AccessDenied unless every action that the operation needs is allowed.

        A service principal is limited by the resource's policy alone, which its room checks.
        """
        if operation.needs is None or call.principal.trusted or call.principal.kind == SERVICE:
            return
        needs = operation.required(call, request)
        if call.principal.kind == ANONYMOUS:
            if needs:
                raise MissingAuthenticationToken()
            return
        if needs:
            policies = self.authority.identity_policies(tx, call.principal)
            facts = context(call)
            for action, resource in needs:
                verdict = iam.evaluate(iam.Request(action, resource, facts), identity=policies)
                if not verdict.allowed:
                    raise AccessDenied(
                        principal=call.principal.arn, action=action, resource=resource, reason=verdict.ending
                    )


def context(call: Call) -> dict[str, Any]:
    """The global condition keys of a call.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """
    principal = call.principal
    facts = {
        "aws:PrincipalArn": principal.issuer or principal.arn,
        "aws:PrincipalAccount": principal.account,
        "aws:PrincipalType": principal.kind,
        "aws:userid": principal.id,
        "aws:RequestedRegion": call.region,
        "aws:CurrentTime": datetime.fromtimestamp(call.now, UTC).isoformat().replace("+00:00", "Z"),
        "aws:EpochTime": str(int(call.now)),
        "aws:SecureTransport": "true" if call.base_url.startswith("https:") else "false",
        "aws:UserAgent": call.user_agent,
    }
    if call.source_ip:
        facts["aws:SourceIp"] = call.source_ip
    if principal.kind == "User":
        facts["aws:username"] = principal.arn.rpartition("/")[2]
    return facts
