"""Rotation: a new material for a key, by the clock or on demand.

One idea: a rotation is one more material, made current in all of a key's Regions; the next one by the clock is an alarm
that knows for when it was set. It may not know ciphertexts.

https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
"""

from freehold.kernel.call import Call
from freehold.kernel.store import Tx
from freehold.kernel.timers import at
from freehold.services.kms import announcing, errors, keys, materials
from freehold.services.kms.keys import Key
from freehold.services.kms.materials import AUTOMATIC, ON_DEMAND, Material

DAY_S = 86_400
USUAL_DAYS = 365
ON_DEMAND_MAX = 25


def check(tx: Tx, key: Key, *fine: str) -> None:
    """Raise unless the key is one that can rotate: symmetric, and of the primary Region."""
    keys.check_state(tx, key, *fine)
    if not key.symmetric:
        raise errors.UnsupportedOperationException()
    if key.regions and key.regions[0] != tx.region:
        raise errors.NotPrimary(arn=keys.arn(tx, key.id))


def check_own(tx: Tx, key: Key) -> None:
    if key.origin != keys.OWN:
        raise errors.OriginUnsupported(arn=keys.arn(tx, key.id), origin=key.origin)


def enable(tx: Tx, key: Key, days: int) -> None:
    key.rotation_days, key.rotates_at = days, tx.now + days * DAY_S
    tx.put(key)
    _set_alarm(tx, key)


def disable(tx: Tx, key: Key) -> None:
    key.rotation_days, key.rotates_at = 0, None
    tx.put(key)


def _set_alarm(tx: Tx, key: Key) -> None:
    assert key.rotates_at
    at(tx, key.rotates_at, "kms", "rotate_by_clock", key=key.id, due_at=key.rotates_at)


def by_clock(call: Call, tx: Tx, key: Key) -> None:
    """Rotate a key whose time has come, and set the next alarm. One that is not enabled waits until it is."""
    if keys.state(tx, key) != keys.ENABLED or not key.rotates_at or key.rotates_at > tx.now:
        return
    due_at, period_s = key.rotates_at, key.rotation_days * DAY_S
    key.rotates_at = due_at + period_s if due_at + period_s > tx.now else tx.now + period_s
    tx.put(key)
    _new(call, tx, key, AUTOMATIC, due_at)
    _set_alarm(tx, key)


def on_demand(call: Call, tx: Tx, key: Key) -> None:
    """Raises LimitExceededException, and KMSInvalidStateException if imported material is awaited."""
    rows = tx.range(Material, key.id)
    if sum(row.rotation == ON_DEMAND for row in rows) >= ON_DEMAND_MAX:
        raise errors.LimitExceededException(arn=keys.arn(tx, key.id))
    if key.origin == keys.OWN:
        _new(call, tx, key, ON_DEMAND, tx.now)
        return
    waiting = pending(tx, key)
    if waiting is None or not waiting.usable(tx.now):
        raise errors.NothingPending(arn=keys.arn(tx, key.id))
    _become_current(tx, key, waiting, ON_DEMAND, tx.now)


def pending(tx: Tx, key: Key) -> Material | None:
    """The material that was imported to be rotated to."""
    return materials.find(tx, key.id, key.material + 1) if key.material else None


def _new(call: Call, tx: Tx, key: Key, why: str, when: float) -> None:
    made = materials.add(tx, call.vault, key.id, materials.make(tx.ids, key.spec))
    _become_current(tx, key, made, why, when)


def _become_current(tx: Tx, key: Key, row: Material, why: str, when: float) -> None:
    row.rotation, row.rotated_at = why, when
    tx.put(row)
    for seat, one in keys.related(tx, key):
        one.material = row.number
        seat.put(one)
        announcing.tell(seat, announcing.ROTATED, key.id)
