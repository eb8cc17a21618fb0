"""Secret values: sealed where they lie.

One idea: one master key a cloud, made at first use; a value is bound to its parameter and version, so that a sealed
text moved elsewhere does not open. It may not know parameters.
"""

import base64

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from freehold.kernel.store import Record, Tx

KEY_BYTES, NONCE_BYTES = 32, 12
NAME = "parameters"


class MasterKey(Record, table="ssm_master_keys", key="name", scope="global"):
    """The key under which all secret values of this cloud are sealed."""

    name: str
    secret: bytes


def _cipher(tx: Tx) -> AESGCM:
    key = tx.get(MasterKey, NAME)
    if key is None:
        key = MasterKey(name=NAME, secret=tx.ids.bytes(KEY_BYTES))
        tx.put(key)
    return AESGCM(key.secret)


def seal(tx: Tx, value: str, place: str) -> str:
    """The value as a text that only `unseal` with the same place opens."""
    nonce = tx.ids.bytes(NONCE_BYTES)
    return base64.b64encode(nonce + _cipher(tx).encrypt(nonce, value.encode(), place.encode())).decode()


def unseal(tx: Tx, text: str, place: str) -> str:
    sealed = base64.b64decode(text)
    return _cipher(tx).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode()).decode()
