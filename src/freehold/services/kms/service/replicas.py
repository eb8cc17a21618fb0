"""Multi-Region keys: one key in several Regions, each with its own policy, tags and state.

One idea: related keys share their rows of material, so a ciphertext of one is read by all. They may not know requests
of other kinds.

https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
"""

from freehold.kernel.call import Call
from freehold.kernel.service import OPEN, Request, Response
from freehold.kernel.store import Tx
from freehold.services.kms import errors, keys, permissions, rotation, tags
from freehold.services.kms.catalogue import kms
from freehold.services.kms.keys import Key
from freehold.services.kms.opening import opened


def _primary(call: Call, tx: Tx, request: Request, operation: str, fact: str, region: str) -> tuple[Tx, Key]:
    seat, key = opened(call, tx, request["KeyId"], operation, {fact: region})
    keys.check_state(seat, key)
    if not key.regions or key.regions[0] != seat.region:
        raise errors.NotPrimary(arn=keys.arn(seat, key.id))
    return seat, key


@kms.operation(needs=OPEN)
def replicate_key(call: Call, tx: Tx, request: Request) -> Response:
    """The answer tells the replica as AWS does, being made; it is there at once."""
    region = request["ReplicaRegion"]
    seat, key = _primary(call, tx, request, "ReplicateKey", "kms:ReplicaRegion", region)
    there = seat.within(seat.account, region)
    if region in key.regions:
        raise errors.ReplicaAlreadyThere(arn=keys.arn(there, key.id))
    policy = request.get("Policy") or permissions.usual_policy(seat.account)
    bypass = request.get("BypassPolicyLockoutSafetyCheck", False)
    permissions.check_policy(call, there, keys.arn(there, key.id), policy, bypass)
    given = tags.read(request.get("Tags", []))
    replica = Key(
        id=key.id, spec=key.spec, usage=key.usage, origin=key.origin, policy=policy, created_at=seat.now,
        description=request.get("Description", ""), tags=given, material=key.material, regions=[*key.regions, region],
    )  # fmt: skip
    there.put(replica)
    for place, one in keys.related(seat, key):
        one.regions = replica.regions
        place.put(one)
    told = keys.metadata(there, replica) | {"Enabled": False, "KeyState": "Creating"}
    told.pop("CurrentKeyMaterialId", None)
    answer: Response = {"ReplicaKeyMetadata": told, "ReplicaPolicy": policy}
    return answer | ({"ReplicaTags": tags.listed(given)} if given else {})


@kms.operation(needs=OPEN)
def update_primary_region(call: Call, tx: Tx, request: Request) -> None:
    """Rotation goes on in the new primary's Region."""
    region = request["PrimaryRegion"]
    seat, key = _primary(call, tx, request, "UpdatePrimaryRegion", "kms:PrimaryRegion", region)
    if region not in key.regions:
        raise errors.KeyNotThere(arn=keys.arn(seat.within(seat.account, region), key.id))
    regions = [region, *(one for one in key.regions if one != region)]
    days = key.rotation_days
    rotation.disable(seat, key)
    for place, one in keys.related(seat, key):
        one.regions = regions
        place.put(one)
        if days and place.region == region:
            rotation.enable(place, one, days)
