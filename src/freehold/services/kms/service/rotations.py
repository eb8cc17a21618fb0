"""Rotation: switched on and off, asked for, and told. It may not know materials' bytes.

https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
"""

from freehold.kernel.call import Call
from freehold.kernel.service import OPEN, Request, Response
from freehold.kernel.store import Tx
from freehold.services.kms import errors, keys, rotation
from freehold.services.kms.catalogue import kms
from freehold.services.kms.keys import Key
from freehold.services.kms.materials import Material
from freehold.services.kms.opening import opened
from freehold.services.kms.pages import whole

ALL = "ALL_KEY_MATERIAL"


@kms.operation(needs=OPEN)
def enable_key_rotation(call: Call, tx: Tx, request: Request) -> None:
    days = request.get("RotationPeriodInDays", rotation.USUAL_DAYS)
    seat, key = opened(call, tx, request["KeyId"], "EnableKeyRotation", {"kms:RotationPeriodInDays": str(days)})
    rotation.check(seat, key)
    rotation.check_own(seat, key)
    if key.rotation_days != days:
        rotation.enable(seat, key, days)


@kms.operation(needs=OPEN)
def disable_key_rotation(call: Call, tx: Tx, request: Request) -> None:
    seat, key = opened(call, tx, request["KeyId"], "DisableKeyRotation")
    rotation.check(seat, key)
    rotation.check_own(seat, key)
    rotation.disable(seat, key)


@kms.operation(needs=OPEN)
def get_key_rotation_status(call: Call, tx: Tx, request: Request) -> Response:
    """A replica's rotation is its primary's."""
    seat, key = opened(call, tx, request["KeyId"], "GetKeyRotationStatus", foreign=True)
    if not key.symmetric:
        raise errors.UnsupportedOperationException()
    primary = keys.get(seat.within(seat.account, key.regions[0]), key.id) if key.regions else key
    told: Response = {"KeyId": keys.arn(seat, key.id), "KeyRotationEnabled": bool(primary and primary.rotation_days)}
    if primary and primary.rotation_days:
        told["RotationPeriodInDays"] = primary.rotation_days
        told |= {"NextRotationDate": primary.rotates_at} if primary.rotates_at else {}
    return told


@kms.operation(needs=OPEN)
def rotate_key_on_demand(call: Call, tx: Tx, request: Request) -> Response:
    seat, key = opened(call, tx, request["KeyId"], "RotateKeyOnDemand")
    rotation.check(seat, key)
    rotation.on_demand(call, seat, key)
    return {"KeyId": keys.arn(seat, key.id)}


@kms.operation(needs=OPEN)
def list_key_rotations(call: Call, tx: Tx, request: Request) -> Response:
    seat, key = opened(call, tx, request["KeyId"], "ListKeyRotations")
    if not key.symmetric:
        raise errors.UnsupportedOperationException()
    everything = request.get("IncludeKeyMaterial") == ALL
    rows = [row for row in seat.range(Material, key.id) if everything or row.rotated_at]
    return whole(request, "Rotations", rows, lambda row: _told(seat, key, row), lambda row: f"{row.number:09d}", 100)


def _told(tx: Tx, key: Key, row: Material) -> Response:
    place = "CURRENT" if row.number == key.material else "NON_CURRENT"
    told: Response = {
        "KeyId": keys.arn(tx, key.id), "KeyMaterialId": row.id,
        "KeyMaterialState": place if row.number <= key.material else "PENDING_ROTATION",
    }  # fmt: skip
    if row.rotated_at:
        told |= {"RotationDate": row.rotated_at, "RotationType": row.rotation}
    if key.origin == keys.EXTERNAL:
        told["ImportState"] = "IMPORTED" if row.usable(tx.now) else "PENDING_IMPORT"
        told["ExpirationModel"] = "KEY_MATERIAL_EXPIRES" if row.expires_at else "KEY_MATERIAL_DOES_NOT_EXPIRE"
        told |= {"ValidTo": row.expires_at} if row.expires_at else {}
        told |= {"KeyMaterialDescription": row.description} if row.description else {}
    return told
