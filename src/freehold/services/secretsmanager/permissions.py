"""Who may do what with a secret: the caller's own policies, and the secret's.

One idea: what a secret's ARN is can only be known once it is found, so each operation asks here. It may not know
operations beyond their names.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html
"""

from collections.abc import Mapping
from typing import Any

from freehold.engines import iam
from freehold.kernel import arns, identity
from freehold.kernel.call import Call
from freehold.kernel.service import Operation
from freehold.kernel.store import Tx
from freehold.services.secretsmanager import errors, secrets
from freehold.services.secretsmanager.catalogue import secretsmanager
from freehold.services.secretsmanager.secrets import Secret


@secretsmanager.guard
def policy_on(tx: Tx, arn: str) -> iam.Policy | None:
    """The policy on a secret of this account."""
    parts = arns.parse(arn)
    if parts is None or parts.account != tx.account:
        return None
    secret = secrets.find(secrets.named(tx, arn))
    return iam.resource_policy(secret.policy) if secret else None


def opened(call: Call, tx: Tx, text: str, action: str, facts: Mapping[str, Any] = {}) -> tuple[Tx, Secret]:
    """A secret and from where it is seen, if the caller may do this with it.

    Raises ValidationException, AccessDeniedException, ResourceNotFoundException.
    """
    told = secrets.named(tx, text)
    secret = secrets.find(told)
    resource = f"secret:{secret.id if secret else told.name}"
    arn = arns.arn("secretsmanager", told.tx.region, told.tx.account, resource)
    admit(call, told.tx, secret, f"secretsmanager:{action}", arn, facts)
    if secret is None:
        raise errors.ResourceNotFoundException()
    return told.tx, secret


def admit(
    call: Call, tx: Tx, secret: Secret | None, action: str, arn: str, facts: Mapping[str, Any] = {}
) -> None:  # fmt: skip
    """Raise AccessDenied unless the caller may. `tx` is seen from the secret's account."""
    who = call.principal
    if not who.account and who.kind == identity.ROOT:
        return  # the cloud itself
    facts = {"secretsmanager:SecretId": arn, **_of_secret(secret), **facts}
    outsider = who.kind in (identity.ROOT, identity.SERVICE)
    if not outsider:
        asked = Operation(secretsmanager, action, _nothing, False, lambda call, request: [(action, arn, facts)])
        call.door.authorize(tx.within(who.account, tx.region), call, asked, {})
    home = who.account == tx.account and who.kind != identity.SERVICE
    policy = iam.resource_policy(secret.policy) if secret else None
    if home and (policy is None or not outsider):
        return
    verdict = iam.weigh(who, action, arn, policy, {**call.facts(), **facts}, same_account=home)
    if not verdict.allowed:
        raise errors.Refused(principal=who.arn, action=action, resource=arn, reason=verdict.ending)


def admit_at_large(call: Call, tx: Tx, action: str) -> None:
    """For what is not done with one secret."""
    admit(call, tx, None, f"secretsmanager:{action}", "*")


def _nothing() -> None:
    """Stands for the operation, which goes on once it is allowed."""


def _of_secret(secret: Secret | None) -> dict[str, Any]:
    if secret is None:
        return {}
    tags = {f"secretsmanager:ResourceTag/{name}": value for name, value in (secret.tags or {}).items()}
    tags |= {f"aws:ResourceTag/{name}": value for name, value in (secret.tags or {}).items()}
    rotator = secret.rotation.function if secret.rotation else ""
    return tags | ({"secretsmanager:resource/AllowRotationLambdaArn": rotator} if rotator else {})


def check(text: str) -> None:
    """Raises MalformedPolicyDocumentException."""
    try:
        iam.parse(text, "resource")
    except iam.MalformedPolicyDocument as wrong:
        raise errors.MalformedPolicyDocumentException(reason=wrong.message) from wrong


def public(text: str) -> bool:
    """Whether a policy lets everybody in: an Allow for all, without a condition."""
    for statement in iam.read(text)["Statement"]:
        principal = statement.get("Principal")
        named = principal.get("AWS") if isinstance(principal, dict) else principal
        everybody = "*" in (named if isinstance(named, list) else [named])
        if statement["Effect"] == "Allow" and everybody and not statement.get("Condition"):
            return True
    return False
