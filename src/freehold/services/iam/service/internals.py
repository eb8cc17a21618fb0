"""What other rooms ask of IAM and no client can: may this role be assumed, and the credentials of a session.

One idea: the trust policy and the caller's own are weighed where both are kept, and the master secret stays here. It
may not know what the sessions are for.
"""

from typing import Any

import msgspec

from freehold.engines import sessions
from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.errors import AccessDenied
from freehold.kernel.identity import Principal
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.iam import documents, keys, standing
from freehold.services.iam.entities import Role, arn_of
from freehold.services.iam.service.catalogue import iam, known


@iam.internal
def weigh_assuming(call: Call, tx: Tx, request: Request) -> Response:
    """May the caller do `actions` to the role of the ARN `role`? `facts` are the condition keys of the request.

    Returns the role's `id`, `arn`, `name` and `session_max_s`; raises AccessDenied, also where there is no such role.
    """
    text = request["role"]
    role = _role(tx, text)
    home = arns.parse(text)
    caller = standing.standing(call, standing.gather(tx, call.principal))
    for action in request["actions"]:
        refused: dict[str, Any] = {"principal": call.principal.arn, "action": action, "resource": text}
        if role is None or home is None:
            raise AccessDenied(**refused, reason="")
        seat = tx.within(home.account)
        more = known(seat, role).facts | request["facts"]
        verdict = caller.weigh(
            action, text, more.copy,
            policy=documents.compiled(role.trust, "trust"), same_account=call.principal.account == home.account,
        )  # fmt: skip
        if not verdict.allowed:
            raise AccessDenied(**refused, reason=verdict.ending)
    if role is None:
        raise LookupError("weigh_assuming needs an action")
    return {"id": role.id, "arn": text, "name": role.name, "session_max_s": role.session_max_s}


def _role(tx: Tx, text: str) -> Role | None:
    parsed = arns.parse(text)
    if parsed is None or parsed.service != "iam" or not parsed.resource.startswith("role/"):
        return None
    home = tx.within(parsed.account)
    role = home.get(Role, text.rpartition("/")[2].lower())
    return role if role and arn_of(home, role) == text else None


@iam.internal
def check_session_policy(call: Call, tx: Tx, request: Request) -> Response:
    """Check the `policy` (a document) and `arns` that are to limit a session of `account`.

    Returns `session_policy` as principals carry it. Raises MalformedPolicyDocument, NoSuchEntity or InvalidInput.
    """
    policy, limits = request.get("policy"), request.get("arns", [])
    if policy:
        documents.compiled(policy)
    for arn in limits:
        documents.managed(tx.within(request["account"]), arn)
    items = [*limits, *([policy] if policy else [])]
    return {"session_policy": msgspec.json.encode(items).decode() if items else ""}


@iam.internal
def mint(call: Call, tx: Tx, request: Request) -> Response:
    """Credentials, as STS answers them, of a session of `principal` that ends at `expires_at` (epoch seconds)."""
    principal: Principal = request["principal"]
    master = keys.master(tx)
    key = sessions.access_key(master, sessions.TEMPORARY, principal.account, tx.ids.bytes(sessions.CHANCE_BYTES))
    claims = {"key": key, "expires_at": request["expires_at"], "principal": msgspec.structs.asdict(principal)}
    token = sessions.seal(master, claims)
    return {
        "AccessKeyId": key,
        "SecretAccessKey": sessions.secret(master, key, token),
        "SessionToken": token,
        "Expiration": request["expires_at"],
    }
