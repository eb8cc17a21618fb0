"""Keys: made, told, switched off and on, and deleted.

https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
"""

from typing import Any

from freehold.engines.keys import specs
from freehold.kernel.call import Call
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.service import OPEN, Request, Response
from freehold.kernel.store import Tx
from freehold.kernel.timers import at, cancel
from freehold.services.kms import announcing, creation, errors, keys, materials, permissions, rotation, tags
from freehold.services.kms.catalogue import kms
from freehold.services.kms.errors import ValidationException
from freehold.services.kms.grants import Grant
from freehold.services.kms.keys import Alias, Key
from freehold.services.kms.opening import opened
from freehold.services.kms.pages import after, page

DAY_S = 86_400
WINDOW_DAYS = 30
ORIGINS_HERE = (keys.OWN, keys.EXTERNAL)


@kms.operation(needs=OPEN)
async def create_key(call: Call, request: Request) -> Response:
    """Material is made first, that of RSA keys in a worker process."""
    spec, usage = _spec(request)
    origin = request.get("Origin", keys.OWN)
    if origin not in ORIGINS_HERE or request.get("CustomKeyStoreId") or request.get("XksKeyId"):
        raise NotImplementedHere(service="kms", operation="keys in custom key stores")
    await call.transact(_allowed, call, request, spec, usage, origin)
    material = None
    if origin == keys.OWN:
        kind = specs.SPECS[spec]
        rsa = kind.kind == specs.RSA
        material = await call.compute(materials.make_rsa, kind.size) if rsa else materials.make(call.ids, spec)
    return await call.transact(_create, call, request, spec, usage, origin, material)


def _spec(request: Request) -> tuple[str, str]:
    """The key's spec and usage. Raises ValidationException."""
    spec, old = request.get("KeySpec"), request.get("CustomerMasterKeySpec")
    if spec and old and spec != old:
        raise ValidationException(reason=errors.SPECS_DIFFER)
    spec = spec or old or specs.SYMMETRIC
    if spec in specs.NOT_HERE:
        raise NotImplementedHere(service="kms", operation=f"keys of the spec {spec}")
    usage = request.get("KeyUsage")
    if usage is None and spec != specs.SYMMETRIC:
        raise ValidationException(reason=errors.USAGE_MISSING)
    usage = usage or specs.ENCRYPT
    if usage not in specs.SPECS[spec].algorithms:
        raise ValidationException(reason=errors.USAGE_INCOMPATIBLE.format(usage=usage, spec=spec))
    return spec, usage


def _allowed(tx: Tx, call: Call, request: Request, spec: str, usage: str, origin: str) -> None:
    facts: dict[str, Any] = {
        "kms:KeySpec": spec, "kms:KeyUsage": usage, "kms:KeyOrigin": origin,
        "kms:MultiRegion": str(bool(request.get("MultiRegion"))).lower(),
        "kms:BypassPolicyLockoutSafetyCheck": str(bool(request.get("BypassPolicyLockoutSafetyCheck"))).lower(),
    }  # fmt: skip
    given = tags.read(request.get("Tags", []))
    facts |= {f"aws:RequestTag/{name}": value for name, value in given.items()}
    facts |= {"aws:TagKeys": list(given)} if given else {}
    permissions.admit_at_large(call, tx, "kms:CreateKey", facts=facts)
    if given:
        permissions.admit_at_large(call, tx, "kms:TagResource", facts=facts)


def _create(
    tx: Tx, call: Call, request: Request, spec: str, usage: str, origin: str, material: bytes | None
) -> Response:  # fmt: skip
    multi = request.get("MultiRegion", False)
    id = creation.new_id(tx, multi)
    policy = request.get("Policy") or permissions.usual_policy(tx.account)
    bypass = request.get("BypassPolicyLockoutSafetyCheck", False)
    permissions.check_policy(call, tx, keys.arn(tx, id), policy, bypass)
    key = Key(
        id=id, spec=spec, usage=usage, origin=origin, policy=policy, created_at=tx.now,
        description=request.get("Description", ""), tags=tags.read(request.get("Tags", [])),
        regions=[tx.region] if multi else [],
    )  # fmt: skip
    return {"KeyMetadata": keys.metadata(tx, creation.create(call, tx, key, material))}


@kms.operation(needs=OPEN)
def describe_key(call: Call, tx: Tx, request: Request) -> Response:
    seat, key = opened(call, tx, request["KeyId"], "DescribeKey", aliased=True, foreign=True)
    return {"KeyMetadata": keys.metadata(seat, key)}


@kms.operation(needs=OPEN)
def list_keys(call: Call, tx: Tx, request: Request) -> Response:
    permissions.admit_at_large(call, tx, "kms:ListKeys")
    found = tx.range(Key, after=after(request), limit=request.get("Limit", 100) + 1)
    return page(
        request, "Keys", found, lambda one: {"KeyId": one.id, "KeyArn": keys.arn(tx, one.id)}, lambda one: one.id
    )


@kms.operation(needs=OPEN)
def update_key_description(call: Call, tx: Tx, request: Request) -> None:
    seat, key = opened(call, tx, request["KeyId"], "UpdateKeyDescription")
    keys.check_state(seat, key, keys.DISABLED, keys.PENDING_IMPORT)
    key.description = request["Description"]
    seat.put(key)


@kms.operation(needs=OPEN)
def enable_key(call: Call, tx: Tx, request: Request) -> None:
    seat, key = opened(call, tx, request["KeyId"], "EnableKey")
    keys.check_state(seat, key, keys.DISABLED)
    key.enabled = True
    seat.put(key)
    rotation.by_clock(call, seat, key)


@kms.operation(needs=OPEN)
def disable_key(call: Call, tx: Tx, request: Request) -> None:
    seat, key = opened(call, tx, request["KeyId"], "DisableKey")
    keys.check_state(seat, key, keys.DISABLED)
    key.enabled = False
    seat.put(key)


@kms.operation(needs=OPEN)
def schedule_key_deletion(call: Call, tx: Tx, request: Request) -> Response:
    days = request.get("PendingWindowInDays", WINDOW_DAYS)
    facts = {"kms:ScheduleKeyDeletionPendingWindowInDays": str(days)}
    seat, key = opened(call, tx, request["KeyId"], "ScheduleKeyDeletion", facts)
    keys.check_state(seat, key, keys.DISABLED, keys.PENDING_IMPORT)
    key.deletes_at, key.window_days = seat.now + days * DAY_S, days
    key.deletion = at(seat, key.deletes_at, "kms", "remove_key", key=key.id)
    seat.put(key)
    return {
        "KeyId": keys.arn(seat, key.id), "DeletionDate": key.deletes_at, "KeyState": keys.PENDING_DELETION,
        "PendingWindowInDays": days,
    }  # fmt: skip


@kms.operation(needs=OPEN)
def cancel_key_deletion(call: Call, tx: Tx, request: Request) -> Response:
    """The key comes back disabled."""
    seat, key = opened(call, tx, request["KeyId"], "CancelKeyDeletion")
    if key.deletes_at is None:
        raise errors.NotPendingDeletion(arn=keys.arn(seat, key.id))
    cancel(seat, key.deletion)
    key.deletes_at, key.enabled, key.deletion = None, False, ""
    seat.put(key)
    return {"KeyId": keys.arn(seat, key.id)}


@kms.internal
def remove_key(call: Call, tx: Tx, request: Request) -> None:
    """Forget a key whose window is over, with all that hangs on it; a key that was kept is left alone."""
    key = tx.get(Key, request["key"])
    if key is None or key.deletes_at is None or key.deletes_at > tx.now:
        return
    for alias in tx.range(Alias, key.id, index="key"):
        tx.delete(Alias, alias.name)
    for grant in tx.range(Grant, key.id):
        tx.delete(Grant, grant.key, grant.id)
    left = [region for region in key.regions if region != tx.region]
    for seat, one in keys.related(tx, key):
        one.regions = left
        seat.put(one)
    tx.delete(Key, key.id)
    if not left:
        materials.forget(tx, key.id)
    announcing.tell(tx, announcing.DELETED, key.id)


@kms.internal
def rotate_by_clock(call: Call, tx: Tx, request: Request) -> None:
    key = keys.get(tx, request["key"])
    if key and key.rotates_at == request["due_at"]:
        rotation.by_clock(call, tx, key)
