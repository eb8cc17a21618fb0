"""Resource policies of functions and layers: whom they let in, and the statements AddPermission writes.

One idea: within its account a function is guarded by the caller's own policies, which the door weighs; a service or
another account needs the function's policy too. It may not know operations beyond their names.

https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
"""

import re
from typing import Any

import msgspec

from freehold.engines import iam
from freehold.kernel import identity
from freehold.kernel.identity import Principal
from freehold.kernel.store import Record, Tx
from freehold.services.lambda_ import errors

ACCOUNT = re.compile(r"\d{12}")
PRINCIPAL = re.compile(r"arn:aws[a-z-]*:(?:iam|sts)::(?:\d{12}:.+|cloudfront:user/.+)")

# A permission's conditions: member of AddPermission → operator and condition key.
CONDITIONS = {
    "SourceArn": ("ArnLike", "AWS:SourceArn"),
    "SourceAccount": ("StringEquals", "AWS:SourceAccount"),
    "PrincipalOrgID": ("StringEquals", "aws:PrincipalOrgID"),
    "OrganizationId": ("StringEquals", "aws:PrincipalOrgID"),
    "EventSourceToken": ("StringEquals", "lambda:EventSourceToken"),
    "FunctionUrlAuthType": ("StringEquals", "lambda:FunctionUrlAuthType"),
    "InvokedViaFunctionUrl": ("Bool", "lambda:InvokedViaFunctionUrl"),
}


class Policy(Record, table="lambda_policies", key="resource"):
    """The policy of an ARN: a function's with its qualifier, or a layer version's."""

    resource: str
    revision: str
    statements: list[dict[str, Any]] = []

    @property
    def document(self) -> dict[str, Any]:
        return {"Version": "2012-10-17", "Id": "default", "Statement": self.statements}


def add(tx: Tx, resource: str, request: dict[str, Any]) -> dict[str, Any]:
    """Write the statement of an AddPermission or AddLayerVersionPermission request."""
    policy = tx.get(Policy, resource) or Policy(resource=resource, revision="")
    check_revision(request, policy)
    if any(statement["Sid"] == request["StatementId"] for statement in policy.statements):
        raise errors.StatementExists(statement=request["StatementId"])
    made = {
        "Sid": request["StatementId"],
        "Effect": "Allow",
        "Principal": _principal(request["Principal"]),
        "Action": request["Action"],
        "Resource": resource,
    }
    condition: dict[str, dict[str, str]] = {}
    for member, (operator, key) in CONDITIONS.items():
        if request.get(member) is not None:
            value = request[member]
            condition.setdefault(operator, {})[key] = str(value).lower() if isinstance(value, bool) else value
    if condition:
        made["Condition"] = condition
    policy.statements.append(made)
    _keep(tx, policy)
    return made


def _principal(text: str) -> Any:
    if text == "*":
        return "*"
    if ACCOUNT.fullmatch(text):
        return {"AWS": f"arn:aws:iam::{text}:root"}
    if PRINCIPAL.fullmatch(text):
        return {"AWS": text}
    if "." not in text or text.startswith("arn:"):
        raise errors.BadPrincipal()
    return {"Service": text}


def check_revision(request: dict[str, Any], policy: Policy) -> None:
    if request.get("RevisionId") and request["RevisionId"] != policy.revision:
        operation = "GetLayerPolicy" if ":layer:" in policy.resource else "GetPolicy"
        raise errors.PreconditionFailedException(operation=operation)


def remove(tx: Tx, resource: str, request: dict[str, Any]) -> None:
    """Take a statement away; the policy is gone with its last one."""
    policy = tx.get(Policy, resource)
    if policy is None:
        raise errors.NoPolicy()
    check_revision(request, policy)
    left = [statement for statement in policy.statements if statement["Sid"] != request["StatementId"]]
    if len(left) == len(policy.statements):
        raise errors.StatementNotFound(statement=request["StatementId"])
    policy.statements = left
    _keep(tx, policy)


def find(tx: Tx, resource: str) -> Policy:
    policy = tx.get(Policy, resource)
    if policy is None:
        raise errors.NotThere()
    return policy


def _keep(tx: Tx, policy: Policy) -> None:
    policy.revision = tx.ids.uuid()
    if policy.statements:
        tx.put(policy)
    else:
        tx.delete(Policy, policy.resource)


def text(value: object) -> str:
    """A statement or a document as it is told."""
    return msgspec.json.encode(value).decode()


def shape(policy: Policy) -> dict[str, str]:
    """What GetPolicy and GetLayerVersionPolicy answer."""
    return {"Policy": text(policy.document), "RevisionId": policy.revision}


def forget(tx: Tx, resource: str) -> None:
    """Remove the policies of a function and of everything under it."""
    for policy in tx.range(Policy, low=resource, high=f"{resource};"):  # ';' follows ':'
        if policy.resource == resource or policy.resource.startswith(f"{resource}:"):
            tx.delete(Policy, policy.resource)


def admit(tx: Tx, action: str, resource: str, facts: dict[str, str] | None = None) -> None:
    """Raise NotAllowed for a service, a stranger or another account whom the resource's policy does not let in."""
    caller = tx.principal
    if caller.kind not in (identity.SERVICE, identity.ANONYMOUS) and caller.account in (tx.account, ""):
        return
    verdict = weigh(tx, caller, action, resource, facts or {})
    if not verdict.allowed:
        raise errors.NotAllowed(principal=caller.arn, action=action, resource=resource, reason=verdict.ending)


def weigh(tx: Tx, caller: Principal, action: str, resource: str, facts: dict[str, str]) -> iam.Verdict:
    """What the resource's policy says of a caller whose own policies allow it."""
    return iam.weigh(caller, action, resource, of(tx, resource), iam.facts_of(caller) | facts)


def of(tx: Tx, resource: str) -> iam.Policy | None:
    """The policy on a function, an alias, a version or a layer version of this account and region."""
    policy = tx.get(Policy, resource)
    return iam.resource_policy(msgspec.json.encode(policy.document)) if policy else None
