"""Grants: a right given to one principal, without touching the key's policy.

One idea: a grant is one more statement of the policy, its constraints are conditions, and a grant to make grants has
the condition that they allow no more. It may not know how policies are weighed.

https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
"""

import re
from typing import Any

import msgspec

from freehold.kernel.store import Record, Tx
from freehold.services.kms import errors
from freehold.services.kms.keys import Key

CONTEXT, CONTEXT_KEYS = "kms:EncryptionContext:", "kms:EncryptionContextKeys"
EQUALS, SUBSET = "EncryptionContextEquals", "EncryptionContextSubset"
TOKEN_LENGTH = 128
ID = re.compile(r"[0-9a-f]{64}")

# The operations that have an encryption context, which constraints are about.
CONTEXTUAL = (
    *("Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext"),
    *("GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext"),
)


class Grant(Record, table="kms_grants", key="key id", index=("token", "retiring id")):
    """A grant on a key. `grantee` and `retiring` are principals' ARNs, or services' names."""

    key: str
    id: str
    token: str
    grantee: str
    operations: list[str]
    issuer: str
    created_at: float
    retiring: str = ""
    name: str = ""
    constraints: dict[str, dict[str, str]] = {}

    @property
    def terms(self) -> tuple[Any, ...]:
        """What makes two grants of one name the same."""
        return self.name, self.grantee, self.retiring, sorted(self.operations), self.constraints


def add(tx: Tx, key: Key, grant: Grant) -> Grant:
    """Give the grant; one that was given before under its name, and is the same, stands for it."""
    if grant.name:
        known = next((one for one in of_key(tx, key) if one.terms == grant.terms), None)
        if known:
            return known
    tx.put(grant)
    key.granted += 1
    tx.put(key)
    return grant


def of_key(tx: Tx, key: Key) -> list[Grant]:
    return tx.range(Grant, key.id)


def check_id(id: str) -> None:
    """Raises InvalidGrantIdException for what is no grant's id."""
    if not ID.fullmatch(id):
        raise errors.InvalidGrantIdException()


def find(tx: Tx, key: Key, id: str) -> Grant:
    """Raises InvalidGrantIdException, NotFoundException."""
    check_id(id)
    found = tx.get(Grant, key.id, id)
    if found is None:
        raise errors.GrantNotThere(id=id)
    return found


def by_token(tx: Tx, token: str) -> Grant:
    """Raises InvalidGrantTokenException."""
    found = tx.range(Grant, token, index="token", limit=1)
    if not found:
        raise errors.InvalidGrantTokenException()
    return found[0]


def remove(tx: Tx, key: Key, grant: Grant) -> None:
    tx.delete(Grant, grant.key, grant.id)
    key.granted -= 1
    tx.put(key)


def statement(grant: Grant) -> str:
    """The grant as a statement of its key's policy, in JSON."""
    bound = [name for name in grant.operations if name in CONTEXTUAL]
    free = [name for name in grant.operations if name not in (*CONTEXTUAL, "CreateGrant")]
    found = [_allowing(grant, bound, _conditions(grant))] if bound else []
    found += [_allowing(grant, free, {})] if free else []
    if "CreateGrant" in grant.operations:
        no_more = {"ForAllValues:StringEquals": {"kms:GrantOperations": grant.operations}}
        found.append(_allowing(grant, ["CreateGrant"], no_more))
    return msgspec.json.encode(found).decode()


def _allowing(grant: Grant, operations: list[str], conditions: dict[str, Any]) -> dict[str, Any]:
    kind = "AWS" if grant.grantee.startswith("arn:") or grant.grantee.isdecimal() else "Service"
    allowing = {
        "Effect": "Allow",
        "Principal": {kind: grant.grantee},
        "Action": [f"kms:{name}" for name in operations],
        "Resource": "*",
    }
    return allowing | ({"Condition": conditions} if conditions else {})


def _conditions(grant: Grant) -> dict[str, Any]:
    exact, least = grant.constraints.get(EQUALS), grant.constraints.get(SUBSET)
    pairs = {f"{CONTEXT}{name}": value for name, value in (exact or least or {}).items()}
    found: dict[str, Any] = {"StringEquals": pairs} if pairs else {}
    if exact is not None:
        found["ForAllValues:StringEquals"] = {CONTEXT_KEYS: list(exact)}
    return found


def told(tx_arn: str, grant: Grant) -> dict[str, Any]:
    """A grant as lists tell it."""
    service = "Service" if not (grant.grantee.startswith("arn:") or grant.grantee.isdecimal()) else ""
    some = {
        f"Grantee{service}Principal": grant.grantee,
        f"Retiring{'' if grant.retiring.startswith('arn:') else 'Service'}Principal": grant.retiring,
        "Constraints": grant.constraints,
        "Name": grant.name,
    }
    always = {
        "KeyId": tx_arn, "GrantId": grant.id, "CreationDate": grant.created_at, "IssuingAccount": grant.issuer,
        "Operations": grant.operations,
    }  # fmt: skip
    return always | {member: value for member, value in some.items() if value}
