"""The keys that this process has opened, so that they need not be asked for again at once.

One idea: an opened key never changes, only how long it may be remembered; what is forgotten is asked for again. It may
not know requests.
"""

from typing import NamedTuple
from weakref import WeakKeyDictionary

from freehold.engines.macs import Mac
from freehold.kernel.store import Record, Tx
from freehold.kernel.vault import Vault
from freehold.services.s3.contents import OPEN, Keys, Sealing

ROOT_LASTS_S = 30 * 86_400  # then new objects are sealed under a new one
BUCKET_KEY_LASTS_S = 3_600  # then KMS is asked for another
REMEMBERED_S = 300  # how long KMS's word counts that a caller may use a bucket's key
REMEMBERED_MAX = 10_000


class Root(Record, table="s3_roots", key="id", index="made_at", scope="global"):
    """A key of the service's own, sealed by the vault."""

    id: str
    made_at: float
    sealed: bytes


class BucketKey(Record, table="s3_bucket_keys", key="bucket key_id", scope="global"):
    """The data key that a bucket's objects share for a while, so that KMS is asked seldom."""

    bucket: str
    key_id: str
    arn: str
    data_key: bytes
    made_at: float


class Lock(NamedTuple):
    """What a new object is sealed with: what is kept of it, and the keys."""

    sealing: Sealing
    keys: Keys


class Opened(NamedTuple):
    key: bytes
    until: float


class Ring:
    """The opened keys of one cloud. `lock` is what new objects are sealed with until `renewed_at`."""

    def __init__(self) -> None:
        self.roots: dict[str, Mac] = {}
        self.lock, self.renewed_at = Lock(OPEN, ()), 0.0
        self._shared: dict[tuple[str, bytes], Opened] = {}

    def remembered(self, who: str, data_key: bytes, now: float) -> bytes | None:
        """A bucket's key, if this caller was let use it a moment ago."""
        found = self._shared.get((who, data_key))
        return found.key if found and found.until > now else None

    def remember(self, who: str, data_key: bytes, key: bytes, now: float) -> None:
        if len(self._shared) >= REMEMBERED_MAX:
            self._shared.clear()
        self._shared[who, data_key] = Opened(key, now + REMEMBERED_S)


RINGS: WeakKeyDictionary[Vault, Ring] = WeakKeyDictionary()


def ring_of(vault: Vault) -> Ring:
    return RINGS.get(vault) or RINGS.setdefault(vault, Ring())


def root_id(tx: Tx) -> Root | None:
    """The root that new objects are sealed under, if it is not too old."""
    found = tx.range(Root, index="made_at", reverse=True, limit=1)
    return found[0] if found and found[0].made_at > tx.now - ROOT_LASTS_S else None
