"""Acting as a role: how functions, workflows and integrations get the permissions they were given, and no others.

One idea: a service asks STS like anyone else, so a role that does not trust it cannot be used. It may not know how
credentials are minted.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

from freehold.kernel import arns
from freehold.kernel.errors import AccessDenied, AwsError
from freehold.kernel.identity import ROLE, Principal, service

if TYPE_CHECKING:
    from freehold.kernel.call import Call


class CrossAccountRole(AccessDenied):
    words = "Cross-account pass role is not allowed."
    code = "AccessDenied"


class Session(NamedTuple):
    """A role being acted as. `credentials` is STS's: AccessKeyId, SecretAccessKey, SessionToken, Expiration."""

    call: "Call"
    credentials: dict[str, Any]


async def assume(call: "Call", role_arn: str, by: str | Principal, name: str, duration_s: int = 3_600) -> Session:
    """Act as a role on behalf of a service (`lambda.amazonaws.com`, or the principal that it acts as). Raises STS's
    AccessDenied and others.

    The role must be of the account that is looked at: it trusts a service to use it there, not for whoever asks.
    """
    account = account_of(own(call.account, role_arn))
    asker = call.acting(service(by, account) if isinstance(by, str) else by, account)
    request = {"RoleArn": role_arn, "RoleSessionName": name, "DurationSeconds": duration_s}
    answer = await asker.ask("sts", "AssumeRole", request)
    return Session(call.acting(assumed(role_arn, answer), call.account), answer["Credentials"])


def assumed(role_arn: str, answer: dict[str, Any]) -> Principal:
    """The principal that AssumeRole answered with."""
    user = answer["AssumedRoleUser"]
    return Principal(ROLE, account_of(role_arn), user["Arn"], user["AssumedRoleId"], role_arn)


async def permitted(acting: "Call", service: str, operation: str, request: dict[str, Any]) -> bool:
    """Whether the caller's own policies allow an operation, without doing it."""
    door = acting.door
    try:
        await acting.transact(door.authorize, acting, door.room(service).find(operation), request)
    except AwsError as refusal:
        if (refusal.status or 400) >= 500:
            raise
        return False
    return True


def session(role_arn: str, name: str) -> Principal:
    """The principal of a role's session, for promises made inside a transaction by one who may act as the role."""
    account, role = account_of(role_arn), role_arn.rpartition("/")[2]
    return Principal(ROLE, account, f"arn:aws:sts::{account}:assumed-role/{role}/{name}", "", role_arn)


def own(account: str, role_arn: str) -> str:
    """The role's ARN, if it is of this account. Raises CrossAccountRole."""
    if account_of(role_arn) != account:
        raise CrossAccountRole
    return role_arn


def account_of(role_arn: str) -> str:
    parsed = arns.parse(role_arn)
    return parsed.account if parsed else ""
