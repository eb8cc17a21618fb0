"""Materials: the bytes that a key consists of, one row for each that it ever had.

One idea: a row is numbered and never changed but to be forgotten; rows lie sealed in the vault, are of the account, and
so shared by a key's related keys in other Regions. They may not know what is done with them.
"""

from collections.abc import Callable
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from freehold.engines.keys import ciphers, specs
from freehold.kernel.ids import Ids
from freehold.kernel.store import Record, Tx
from freehold.kernel.vault import Vault

EXPONENT = 65_537
AUTOMATIC, ON_DEMAND = "AUTOMATIC", "ON_DEMAND"


class Material(Record, table="kms_materials", key="key number", scope="account"):
    """One of a key's materials. `sealed` is empty once it is deleted; `rotation` says why it followed another."""

    key: str
    number: int
    id: str
    sealed: bytes
    rotation: str = ""
    rotated_at: float | None = None
    expires_at: float | None = None
    description: str = ""

    def usable(self, now: float) -> bool:
        return bool(self.sealed) and (self.expires_at is None or self.expires_at > now)


def find(tx: Tx, key: str, number: int) -> Material | None:
    return tx.get(Material, key, number) if number else None


def imported(tx: Tx, key: str, number: int) -> bool:
    found = find(tx, key, number)
    return found is not None and found.usable(tx.now)


def make_rsa(bits: int) -> bytes:
    """A new RSA key. Takes up to seconds: for a worker process. Its chance is the machine's, as that of curves is."""
    return ciphers.private_bytes(rsa.generate_private_key(EXPONENT, bits))


def make(ids: Ids, spec: str) -> bytes:
    """New material of a spec. An RSA key takes long: have `make_rsa` make it in a worker process instead."""
    kind = specs.SPECS[spec]
    makers: dict[str, Callable[[], bytes]] = {
        specs.RSA: lambda: make_rsa(kind.size),
        specs.CURVE: lambda: ciphers.private_bytes(ec.generate_private_key(ciphers.CURVES[spec]())),
        specs.EDWARDS: lambda: ciphers.private_bytes(
            ed25519.Ed25519PrivateKey.from_private_bytes(ids.bytes(kind.size))
        ),
        specs.SECRET: lambda: ids.bytes(kind.size),
    }
    return makers[kind.kind]()


def add(tx: Tx, vault: Vault, key: str, material: bytes) -> Material:
    """The next material of a key, which does not make it the current one."""
    last = tx.range(Material, key, reverse=True, limit=1)
    number = last[0].number + 1 if last else 1
    sealed = vault.seal(material, _place(tx.account, key, number))
    made = Material(key=key, number=number, id=ciphers.fingerprint(key, material), sealed=sealed)
    tx.put(made)
    return made


def restore(tx: Tx, vault: Vault, row: Material, material: bytes) -> None:
    """Put a material back that was deleted or has expired."""
    row.sealed = vault.seal(material, _place(tx.account, row.key, row.number))
    tx.put(row)


def bytes_of(tx: Tx, vault: Vault, row: Material) -> bytes:
    return _opened(vault, row.sealed, _place(tx.account, row.key, row.number))


def _place(account: str, key: str, number: int) -> str:
    return f"kms:{account}:{key}:{number}"


@lru_cache(maxsize=4_096)
def _opened(vault: Vault, sealed: bytes, place: str) -> bytes:
    return vault.open(sealed, place)


def forget(tx: Tx, key: str) -> None:
    for row in tx.range(Material, key):
        tx.delete(Material, row.key, row.number)
