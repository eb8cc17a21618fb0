"""Keys: what is remembered of one, what state it is in, and how it is found.

One idea: a key's state follows from its record and the time; nothing is swept. It may not know what keys are used for.

https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
"""

import re
from typing import Any

from freehold.engines.keys import specs
from freehold.kernel import arns
from freehold.kernel.store import Record, Tx
from freehold.services.kms import errors, materials

CUSTOMER, AWS = "CUSTOMER", "AWS"
OWN, EXTERNAL = "AWS_KMS", "EXTERNAL"
ENABLED, DISABLED = "Enabled", "Disabled"
PENDING_DELETION, PENDING_IMPORT = "PendingDeletion", "PendingImport"
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32}")


class Key(Record, table="kms_keys", key="id", version=1):
    """A key in one Region. `material` is the number of its current one (0 for none), which related keys share;
    `regions` are those of a multi-Region key, its primary's first. `granted` counts its grants. Moments in epoch
    seconds."""

    id: str
    spec: str
    usage: str
    policy: str
    created_at: float
    origin: str = OWN
    manager: str = CUSTOMER
    description: str = ""
    enabled: bool = True
    deletes_at: float | None = None
    window_days: int = 0
    deletion: str = ""
    tags: dict[str, str] = {}
    material: int = 0
    regions: list[str] = []
    rotation_days: int = 0
    rotates_at: float | None = None
    granted: int = 0

    @property
    def kind(self) -> specs.Spec:
        return specs.SPECS[self.spec]

    @property
    def symmetric(self) -> bool:
        return self.spec == specs.SYMMETRIC


class Alias(Record, table="kms_aliases", key="name", index="key"):
    """Another name of a key; `name` begins with `alias/`."""

    name: str
    key: str
    created_at: float
    updated_at: float


def arn(tx: Tx, id: str) -> str:
    return arns.arn("kms", tx.region, tx.account, f"key/{id}")


def alias_arn(tx: Tx, name: str) -> str:
    return arns.arn("kms", tx.region, tx.account, name)


def get(tx: Tx, id: str) -> Key | None:
    """The key of an id, unless its time has come."""
    key = tx.get(Key, id)
    return None if key is None or (key.deletes_at is not None and key.deletes_at <= tx.now) else key


def open_key(tx: Tx, id: str) -> Key:
    """The key of an id. Raises NotFoundException."""
    if not ID.fullmatch(id):
        raise errors.KeyIdInvalid(id=id)
    key = get(tx, id)
    if key is None:
        raise errors.KeyNotThere(arn=arn(tx, id))
    return key


def place(tx: Tx, text: str) -> tuple[Tx, str]:
    """From where a key or alias is seen, and its id or name there. Raises NotFoundException, InvalidArnException."""
    if not text.startswith("arn:"):
        return tx, text
    parts = arns.parse(text)
    if parts is None or parts.service != "kms" or not parts.resource.startswith(("key/", "alias/")):
        raise errors.InvalidArnException(arn=text)
    if parts.region != tx.region:
        raise errors.ArnElsewhere(region=parts.region)
    return tx.within(parts.account, parts.region), parts.resource.removeprefix("key/")


def state(tx: Tx, key: Key) -> str:
    if key.deletes_at is not None:
        return PENDING_DELETION
    if key.origin == EXTERNAL and not materials.imported(tx, key.id, key.material):
        return PENDING_IMPORT
    return ENABLED if key.enabled else DISABLED


REFUSALS = {
    PENDING_DELETION: errors.PendingDeletion,
    PENDING_IMPORT: errors.PendingImport,
    DISABLED: errors.DisabledException,
}


def check_state(tx: Tx, key: Key, *fine: str) -> None:
    """Raise unless the key is enabled, or in one of the states that are fine too."""
    found = state(tx, key)
    if found != ENABLED and found not in fine:
        raise REFUSALS[found](arn=arn(tx, key.id))


def metadata(tx: Tx, key: Key) -> dict[str, Any]:
    """A key as DescribeKey tells it."""
    now = state(tx, key)
    told: dict[str, Any] = {
        "AWSAccountId": tx.account, "KeyId": key.id, "Arn": arn(tx, key.id), "CreationDate": key.created_at,
        "Enabled": now == ENABLED, "Description": key.description, "KeyUsage": key.usage, "KeyState": now,
        "Origin": key.origin, "KeyManager": key.manager, "CustomerMasterKeySpec": key.spec, "KeySpec": key.spec,
        "MultiRegion": bool(key.regions),
    }  # fmt: skip
    told[specs.MEMBERS[key.usage]] = list(key.kind.algorithms[key.usage])
    if key.deletes_at is not None:
        told["DeletionDate"] = key.deletes_at
    if key.regions:
        told["MultiRegionConfiguration"] = _family(tx, key)
    return told | _material(tx, key)


def _material(tx: Tx, key: Key) -> dict[str, Any]:
    current = materials.find(tx, key.id, key.material)
    if current is None:
        return {}
    told: dict[str, Any] = {"CurrentKeyMaterialId": current.id} if key.symmetric else {}
    if key.origin == EXTERNAL and current.usable(tx.now):
        ends = current.expires_at
        told["ExpirationModel"] = "KEY_MATERIAL_EXPIRES" if ends else "KEY_MATERIAL_DOES_NOT_EXPIRE"
        told |= {"ValidTo": ends} if ends else {}
    return told


def _family(tx: Tx, key: Key) -> dict[str, Any]:
    primary, *replicas = [{"Arn": arn(tx.within(tx.account, one), key.id), "Region": one} for one in key.regions]
    kind = "PRIMARY" if key.regions[0] == tx.region else "REPLICA"
    return {"MultiRegionKeyType": kind, "PrimaryKey": primary, "ReplicaKeys": replicas}


def related(tx: Tx, key: Key) -> list[tuple[Tx, Key]]:
    """The key in all its Regions, itself among them, each seen from there."""
    if not key.regions:
        return [(tx, key)]
    seats = [tx.within(tx.account, region) for region in key.regions]
    return [(seat, found) for seat in seats if (found := key if seat.region == tx.region else get(seat, key.id))]
