"""Access keys of users, and the master secret from which all keys and sessions are derived.

One idea: no secret of a key is ever stored. Each follows from the master secret, one record of the whole cloud, which
is drawn when it is first needed; whoever can read that record can sign as anybody, so the data directory is the
cloud's one secret at rest. It may not know what keys are used for.
"""

from freehold.engines import sessions
from freehold.kernel.store import Record, Tx
from freehold.services.iam.entities import User
from freehold.services.iam.errors import LimitExceeded, NoSuchKey

ACTIVE = "Active"
KEYS_MAX = 2
USE_NOTED_EVERY_S = 900.0


class Master(Record, table="iam_master", key="name", scope="global"):
    """The cloud's master secret."""

    name: str = "master"
    secret: bytes


class AccessKey(Record, table="iam_access_keys", key="id", index="account owner", scope="global"):
    """A user's key; `owner` is a user's folded name. Its last use is noted at most every USE_NOTED_EVERY_S seconds."""

    id: str
    account: str
    owner: str
    created_at: float
    status: str = ACTIVE
    used_at: float | None = None
    used_in: str = ""


def kept_master(tx: Tx) -> bytes:
    """The master secret; nothing, as long as no key was made."""
    found = tx.get(Master, "master")
    return found.secret if found else b""


def master(tx: Tx) -> bytes:
    """The master secret, drawn the first time."""
    kept = kept_master(tx)
    if kept:
        return kept
    drawn = Master(secret=tx.ids.bytes(sessions.MASTER_BYTES))
    tx.put(drawn)
    return drawn.secret


def create(tx: Tx, user: User) -> tuple[AccessKey, str]:
    """A new key of a user, and its secret."""
    if len(of_user(tx, user)) >= KEYS_MAX:
        raise LimitExceeded(quota="AccessKeysPerUser", limit=KEYS_MAX)
    secret = master(tx)
    while True:
        chance = tx.ids.bytes(sessions.CHANCE_BYTES)
        id = sessions.access_key(secret, sessions.PERMANENT, tx.account, chance)
        key = AccessKey(id=id, account=tx.account, owner=user.fold, created_at=tx.now)
        if tx.add(key):
            return key, sessions.secret(secret, id)


def of_user(tx: Tx, user: User) -> list[AccessKey]:
    return tx.range(AccessKey, tx.account, user.fold, index="account owner")


def find(tx: Tx, id: str, user: User) -> AccessKey:
    key = tx.get(AccessKey, id)
    if key is None or (key.account, key.owner) != (tx.account, user.fold):
        raise NoSuchKey(id=id)
    return key


def with_owner(tx: Tx, id: str) -> tuple[AccessKey, User] | None:
    """A key of this account, and whose it is."""
    key = tx.get(AccessKey, id)
    user = tx.get(User, key.owner) if key and key.account == tx.account else None
    return (key, user) if key and user else None


def carry_over(tx: Tx, old: str, new: str) -> None:
    """Give the keys of a renamed user to its new name; folded names."""
    for key in tx.range(AccessKey, tx.account, old, index="account owner"):
        key.owner = new
        tx.put(key)


def note_use(tx: Tx, key: AccessKey) -> None:
    """Remember that a key was used now, unless that was done lately."""
    if key.used_at is None or tx.now - key.used_at >= USE_NOTED_EVERY_S:
        key.used_at, key.used_in = tx.now, tx.region
        tx.put(key)
