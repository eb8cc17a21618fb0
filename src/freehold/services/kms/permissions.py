"""Who may do what with a key: its policy decides, with its grants.

One idea: unlike elsewhere, a key's policy binds everybody, its account's root too, and other policies count only where
it lets them. So each operation asks here, once its key is found. It may not know operations beyond their names.

https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec

from freehold.engines import iam
from freehold.kernel import arns, identity
from freehold.kernel.call import Call
from freehold.kernel.identity import Principal
from freehold.kernel.service import Operation
from freehold.kernel.store import Tx
from freehold.services.kms import errors, grants, keys
from freehold.services.kms.catalogue import kms
from freehold.services.kms.keys import Key

Facts = Mapping[str, str | list[str]]

THROUGH_SERVICES = ("kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant",
                    "kms:DescribeKey")  # fmt: skip
ABOUT_KEYS = ("kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant")


def usual_policy(account: str) -> str:
    """The policy of a key that is made without one: who may is left to the account's own policies."""
    statement = {
        "Sid": "Enable IAM User Permissions",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    document = {"Version": "2012-10-17", "Id": "key-default-1", "Statement": [statement]}
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode()


def managed_policy(account: str, region: str, service: str) -> str:
    """The policy of a key of AWS's own: everybody in the account who may use the service, through it."""
    through = {"kms:CallerAccount": account, "kms:ViaService": f"{service}.{region}.amazonaws.com"}
    statements = [
        {
            "Sid": f"Allow access through {service} for all principals in the account that are authorized to use it",
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Action": THROUGH_SERVICES,
            "Resource": "*",
            "Condition": {"StringEquals": through},
        },
        {
            "Sid": "Allow direct access to key metadata to the account",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
            "Action": ABOUT_KEYS,
            "Resource": "*",
        },
    ]
    document = {"Version": "2012-10-17", "Id": f"auto-{service}-1", "Statement": statements}
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode()


@lru_cache(maxsize=1_024)
def parsed(policy: str, given: tuple[str, ...] = ()) -> iam.Policy:
    """A key's policy with the statements of its grants. Raises MalformedPolicyDocument."""
    if not given:
        return iam.parse(policy, "key")
    document = iam.read(policy)
    for texts in given:
        document["Statement"] += msgspec.json.decode(texts)
    return iam.parse(document, "key")


def check_policy(call: Call, tx: Tx, key_arn: str, policy: str, bypass: bool) -> None:
    """Whether a key may have the policy. Raises MalformedPolicyDocumentException, also if it locks its author out."""
    try:
        found = parsed(policy)
    except iam.MalformedPolicyDocument as wrong:
        raise errors.MalformedPolicyDocumentException(reason=wrong.message) from wrong
    if bypass:
        return
    verdict = iam.weigh(call.principal, "kms:PutKeyPolicy", key_arn, found, call.facts(), same_account=True)
    if call.principal.account and not verdict.allowed:
        raise errors.PolicyLocksOut()


def of_key(tx: Tx, key: Key) -> iam.Policy:
    given = tuple(grants.statement(grant) for grant in grants.of_key(tx, key)) if key.granted else ()
    return parsed(key.policy, given)


@kms.guard
def policy_on(tx: Tx, arn: str) -> iam.Policy | None:
    """The policy on a key of this account."""
    place = arns.parse(arn)
    if place is None or place.account != tx.account:
        return None
    seat = tx.within(place.account, place.region)
    key = keys.get(seat, place.resource.removeprefix("key/"))
    return of_key(seat, key) if key else None


def admit(call: Call, tx: Tx, key: Key, action: str, facts: Mapping[str, Any] = {}) -> None:
    """Raise AccessDenied unless the caller may do this with the key. `tx` is seen from the key's account."""
    who = call.principal
    if not who.account and who.kind == identity.ROOT:
        return  # the cloud itself
    arn, home = keys.arn(tx, key.id), who.account == tx.account
    alone = who.kind in (identity.ROOT, identity.SERVICE)
    ours = key.manager == keys.AWS
    if alone and not key.granted and (ours or plain(key.policy)):
        way = tuple(_of_call(call).items()) if ours else ()
        verdict = _known(key.policy, action, arn, who, home, way)
    else:
        facts = _of_key(key) | _of_call(call) | dict(facts)
        if not alone:
            _weigh_own(call, tx, action, arn, facts)
        if home and not alone:
            return
        verdict = iam.weigh(who, action, arn, of_key(tx, key), {**call.facts(), **facts}, same_account=home)
    if not verdict.allowed and not home:
        raise errors.StrangerRefused(principal=who.arn, action=action)
    if not verdict.allowed:
        raise errors.Refused(principal=who.arn, action=action, resource=arn, reason=verdict.ending)


@lru_cache(maxsize=1_024)
def plain(policy: str) -> bool:
    """Whether a policy says the same whatever the circumstances: it has no conditions and no variables."""
    unescaped = msgspec.json.encode(msgspec.json.decode(policy))
    return b"Condition" not in unescaped and b"${" not in unescaped


@lru_cache(maxsize=4_096)
def _known(
    policy: str, action: str, arn: str, who: Principal, home: bool, way: tuple[tuple[str, str], ...]
) -> iam.Verdict:  # fmt: skip
    """The verdict of a policy that is plain, or asks for nothing but the way that a call came, as AWS's own do."""
    return iam.weigh(who, action, arn, parsed(policy), dict(way), same_account=home)


def _weigh_own(call: Call, tx: Tx, action: str, arn: str, facts: Facts) -> None:
    """What the caller's own policies say, with the key's where it is of the caller's account."""
    asked = Operation(kms, action, _nothing, False, lambda call, request: [(action, arn, facts)])
    call.door.authorize(tx.within(call.principal.account, tx.region), call, asked, {})


def _nothing() -> None:
    """Stands for the operation, which goes on once it is allowed."""


def admit_at_large(call: Call, tx: Tx, action: str, resource: str = "*", facts: Mapping[str, Any] = {}) -> None:
    """Raise AccessDenied unless the caller's own policies allow what is not done with one key."""
    if call.principal.kind not in (identity.ROOT, identity.SERVICE):
        _weigh_own(call, tx, action, resource, _of_call(call) | dict(facts))


def _of_key(key: Key) -> dict[str, Any]:
    told: dict[str, Any] = {"kms:KeySpec": key.spec, "kms:KeyUsage": key.usage, "kms:KeyOrigin": key.origin}
    told |= {f"aws:ResourceTag/{name}": value for name, value in key.tags.items()}
    return told | {"kms:MultiRegion": "true" if key.regions else "false"}


def _of_call(call: Call) -> dict[str, Any]:
    told: dict[str, Any] = {"kms:CallerAccount": call.principal.account}
    return told | ({"kms:ViaService": f"{call.via}.{call.region}.amazonaws.com"} if call.via else {})


def of_context(context: Mapping[str, str]) -> dict[str, Any]:
    """The condition keys of an encryption context."""
    if not context:
        return {}
    return {f"{grants.CONTEXT}{name}": value for name, value in context.items()} | {grants.CONTEXT_KEYS: list(context)}
