"""Grants: given, told, given up and taken back.

https://docs.aws.amazon.com/kms/latest/developerguide/create-grant-overview.html
"""

from typing import Any

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.service import OPEN, Request, Response
from freehold.kernel.store import Tx
from freehold.services.kms import errors, grants, keys, permissions
from freehold.services.kms.catalogue import kms
from freehold.services.kms.errors import ValidationException
from freehold.services.kms.grants import Grant
from freehold.services.kms.keys import Key
from freehold.services.kms.opening import check_tokens, opened, rehearse
from freehold.services.kms.pages import whole

LISTED = 50
GRANTEE = ("GranteePrincipal", "GranteeServicePrincipal")
RETIRING = ("RetiringPrincipal", "RetiringServicePrincipal")
CONSTRAINTS = (grants.EQUALS, grants.SUBSET)


def _named(request: Request, members: tuple[str, str]) -> str:
    """A principal, told as one of IAM's or as a service."""
    return next((request[member] for member in members if request.get(member)), "")


@kms.operation(needs=OPEN)
def create_grant(call: Call, tx: Tx, request: Request) -> Response:
    grantee, retiring, operations = _named(request, GRANTEE), _named(request, RETIRING), request["Operations"]
    if not grantee:
        raise ValidationException(reason=errors.GRANTEE_MISSING)
    constraints = {name: value for name, value in request.get("Constraints", {}).items() if name in CONSTRAINTS}
    facts: dict[str, Any] = {
        "kms:GrantOperations": operations, "kms:GranteePrincipal": grantee,
        "kms:GrantConstraintType": list(constraints), "kms:GrantIsForAWSResource": "true" if call.via else "false",
    } | ({"kms:RetiringPrincipal": retiring} if retiring else {})  # fmt: skip
    seat, key = opened(call, tx, request["KeyId"], "CreateGrant", facts, foreign=True)
    check_tokens(seat, request)
    keys.check_state(seat, key)
    rehearse(request)
    given = grants.add(seat, key, Grant(
        key=key.id, id=seat.ids.hex(64), token=seat.ids.hex(grants.TOKEN_LENGTH), grantee=grantee, retiring=retiring,
        operations=operations, constraints=constraints, name=request.get("Name", ""), created_at=seat.now,
        issuer=f"arn:aws:iam::{call.principal.account or seat.account}:root",
    ))  # fmt: skip
    return {"GrantToken": given.token, "GrantId": given.id}


@kms.operation(needs=OPEN)
def list_grants(call: Call, tx: Tx, request: Request) -> Response:
    seat, key = opened(call, tx, request["KeyId"], "ListGrants", foreign=True)
    id, grantee = request.get("GrantId"), _named(request, GRANTEE)
    if id:
        grants.check_id(id)
    listed = [
        one
        for one in grants.of_key(seat, key)
        if (not id or one.id == id) and (not grantee or one.grantee == grantee)
    ]  # fmt: skip
    arn = keys.arn(seat, key.id)
    return whole(request, "Grants", listed, lambda one: grants.told(arn, one), lambda one: one.id, LISTED)


@kms.operation(needs=OPEN)
def list_retirable_grants(call: Call, tx: Tx, request: Request) -> Response:
    permissions.admit_at_large(call, tx, "kms:ListRetirableGrants")
    listed = tx.range(Grant, _named(request, RETIRING), index="retiring id")
    there = [one for one in listed if keys.get(tx, one.key)]
    return whole(
        request, "Grants", there, lambda one: grants.told(keys.arn(tx, one.key), one), lambda one: one.id, LISTED
    )  # fmt: skip


@kms.operation(needs=OPEN)
def revoke_grant(call: Call, tx: Tx, request: Request) -> None:
    seat, key = opened(call, tx, request["KeyId"], "RevokeGrant", foreign=True)
    found = grants.find(seat, key, request["GrantId"])
    rehearse(request)
    grants.remove(seat, key, found)


@kms.operation(needs=OPEN)
def retire_grant(call: Call, tx: Tx, request: Request) -> None:
    """By who may retire it, or may by the grant itself or the key's policy."""
    seat, key, grant = _told(tx, request)
    if not _may_retire(call, grant):
        permissions.admit(call, seat, key, "kms:RetireGrant")
    rehearse(request)
    grants.remove(seat, key, grant)


def _told(tx: Tx, request: Request) -> tuple[Tx, Key, Grant]:
    if request.get("GrantToken"):
        grant = grants.by_token(tx, request["GrantToken"])
        return tx, keys.open_key(tx, grant.key), grant
    if not request.get("KeyId") or not request.get("GrantId"):
        raise ValidationException(reason=errors.GRANT_UNCLEAR)
    seat, id = keys.place(tx, request["KeyId"])
    key = keys.open_key(seat, id)
    return seat, key, grants.find(seat, key, request["GrantId"])


def _may_retire(call: Call, grant: Grant) -> bool:
    who = call.principal
    own = {who.arn, who.issuer, who.account} - {""}
    able = [grant.retiring] + ([grant.grantee] if "RetireGrant" in grant.operations else [])
    return any(one in own or (one.endswith(":root") and _account(one) == who.account) for one in able if one)


def _account(arn: str) -> str:
    parts = arns.parse(arn)
    return parts.account if parts else ""
