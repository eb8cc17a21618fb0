"""STS's API: one function per operation; AWS names in, AWS names out. It may not know how credentials are made.

https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html
"""

from typing import Any

from freehold.engines import sessions
from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.identity import ANONYMOUS, ROLE, ROOT, USER, Principal
from freehold.kernel.service import OPEN, Request, Response, Service
from freehold.kernel.store import Tx
from freehold.services.sts.errors import AccessDenied, MissingAuthenticationToken, MultiFactorFailed, ValidationError

sts = Service("sts")

FEDERATED = "FederatedUser"
HOUR_S, HALF_DAY_S = 3_600, 43_200
CHAIN_MAX_S = HOUR_S  # how long a session may be that a role's session asks for
ROOT_MAX_S = HOUR_S
POLICY_MAX = 2_048  # characters of a session policy, of which PackedPolicySize is a percentage

TOO_LONG = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
TOO_LONG_CHAINED = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
NOT_AN_ARN = "{} is invalid"
NO_SESSION_CREDENTIALS = "Cannot call {} with session credentials"


@sts.operation(needs=OPEN)
def get_caller_identity(call: Call, tx: Tx, request: Request) -> Response:
    """Anybody may know who they are; no policy can forbid it."""
    principal = _signed(call)
    return {"UserId": principal.id, "Account": principal.account, "Arn": principal.arn}


@sts.operation(needs=OPEN)
def get_access_key_info(call: Call, tx: Tx, request: Request) -> Response:
    """The account that a key tells, whether it is valid or not."""
    _signed(call)
    account = sessions.account_of(request["AccessKeyId"])
    if not account:
        raise ValidationError(reason=NOT_AN_ARN.format(request["AccessKeyId"]))
    return {"Account": account}


@sts.operation(needs=OPEN)
async def assume_role(call: Call, request: Request) -> Response:
    """Act as a role that trusts the caller. IAM weighs the trust policy together with the caller's own."""
    _signed(call)
    _refuse_tags("AssumeRole", request)
    role_arn, name = request["RoleArn"], request["RoleSessionName"]
    account = _account_of(role_arn)
    facts = {"sts:RoleSessionName": name}
    if "ExternalId" in request:
        facts["sts:ExternalId"] = request["ExternalId"]
    asked = {"role": role_arn, "actions": ["sts:AssumeRole"], "facts": facts}
    role = await call.ask("iam", "weigh_assuming", asked)
    _check_mfa(request)
    lasting_s = _lasting_s(call, request, role["session_max_s"])
    limits = await _session_policy(call, request, account)
    id, arn = f"{role['id']}:{name}", arns.arn("sts", "", account, f"assumed-role/{role['name']}/{name}")
    principal = Principal(ROLE, account, arn, id, role["arn"], limits)
    answer = {"AssumedRoleUser": {"AssumedRoleId": id, "Arn": arn}, **_packed(request)}
    return answer | {"Credentials": await _mint(call, principal, lasting_s)}


@sts.operation(needs=OPEN)
async def get_session_token(call: Call, request: Request) -> Response:
    """Credentials of the same user for a while; a user needs no permission for it."""
    principal = _long_term(call, "GetSessionToken")
    _check_mfa(request)
    lasting_s = request.get("DurationSeconds", HALF_DAY_S)
    if principal.kind == ROOT:
        lasting_s = min(lasting_s, ROOT_MAX_S)
    return {"Credentials": await _mint(call, principal, lasting_s)}


def federated_user(call: Call, request: Request) -> str:
    return arns.arn("sts", "", call.account, f"federated-user/{request['Name']}")


@sts.operation(needs={"sts:GetFederationToken": federated_user})
async def get_federation_token(call: Call, request: Request) -> Response:
    """Credentials of somebody the caller vouches for: what both the caller's policies and the session's allow."""
    _refuse_tags("GetFederationToken", request)
    issuer = _long_term(call, "GetFederationToken")
    lasting_s = request.get("DurationSeconds", HALF_DAY_S)
    if issuer.kind == ROOT:
        lasting_s = min(lasting_s, ROOT_MAX_S)
    limits = await _session_policy(call, request, call.account)
    id, arn = f"{call.account}:{request['Name']}", federated_user(call, request)
    principal = Principal(FEDERATED, call.account, arn, id, issuer.arn, limits)
    answer = {"FederatedUser": {"FederatedUserId": id, "Arn": arn}, **_packed(request)}
    return answer | {"Credentials": await _mint(call, principal, lasting_s)}


def _signed(call: Call) -> Principal:
    if call.principal.kind == ANONYMOUS:
        raise MissingAuthenticationToken
    return call.principal


def _long_term(call: Call, operation: str) -> Principal:
    """The caller, who must be a user or the account's root."""
    principal = _signed(call)
    if principal.kind not in (USER, ROOT):
        raise AccessDenied(reason=NO_SESSION_CREDENTIALS.format(operation))
    return principal


def _account_of(role_arn: str) -> str:
    parsed = arns.parse(role_arn)
    if parsed is None:
        raise ValidationError(reason=NOT_AN_ARN.format(role_arn))
    return parsed.account


def _check_mfa(request: Request) -> None:
    """There are no MFA devices here, so no code of one can be right."""
    if "SerialNumber" in request or "TokenCode" in request:
        raise MultiFactorFailed


def _refuse_tags(operation: str, request: Request) -> None:
    """Sessions carry no tags yet: better said than left out in silence."""
    for member in ("Tags", "TransitiveTagKeys", "SourceIdentity", "ProvidedContexts"):
        if request.get(member):
            raise NotImplementedHere(service="sts", operation=f"{operation} with {member}")


def _lasting_s(call: Call, request: Request, role_max_s: int) -> int:
    lasting_s: int = request.get("DurationSeconds", HOUR_S)
    if call.principal.kind == ROLE and lasting_s > CHAIN_MAX_S:
        raise ValidationError(reason=TOO_LONG_CHAINED)
    if lasting_s > role_max_s:
        raise ValidationError(reason=TOO_LONG)
    return lasting_s


async def _session_policy(call: Call, request: Request, account: str) -> str:
    """The policies that a session is limited by, checked, as principals carry them."""
    limits = [each["arn"] for each in request.get("PolicyArns", ())]
    asked = {"policy": request.get("Policy"), "arns": limits, "account": account}
    return (await call.ask("iam", "check_session_policy", asked))["session_policy"]


def _packed(request: Request) -> dict[str, int]:
    """How much of the room for session policies is taken, in percent."""
    size = len(request.get("Policy", "")) + sum(len(each["arn"]) for each in request.get("PolicyArns", ()))
    return {"PackedPolicySize": -(-100 * size // POLICY_MAX)} if size else {}


async def _mint(call: Call, principal: Principal, lasting_s: int) -> dict[str, Any]:
    asked = {"principal": principal, "expires_at": float(int(call.now + lasting_s))}
    return await call.ask("iam", "mint", asked)
