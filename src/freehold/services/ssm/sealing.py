"""Secret values: sealed by a key of KMS's, for who may use it.

One idea: KMS is asked as the caller, inside the caller's transaction, with the parameter as encryption context. What is
longer than a key encrypts is sealed under a data key that lies beside it. It may not know names or versions' numbers.

https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
"""

import base64
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.store import Record, Tx
from freehold.services.ssm import errors

NONCE_BYTES, LENGTH_BYTES = 12, 2
NAME = "parameters"
DENIED = ("AccessDenied", "AccessDeniedException")


class MasterKey(Record, table="ssm_master_keys", key="name", scope="global"):
    """The key under which secret values were sealed before KMS was there."""

    name: str
    secret: bytes


def seal(call: Call, tx: Tx, key: str, arn: str, value: str, *, long: bool) -> str:
    """The value as a text that only `unseal` for the same parameter opens. Raises InvalidKeyId,
    AccessDeniedException."""
    context = {"PARAMETER_ARN": arn}
    if not long:
        request = {"KeyId": key, "Plaintext": value.encode(), "EncryptionContext": context}
        return _text(_ask(call, tx, "Encrypt", request)["CiphertextBlob"])
    made = _ask(call, tx, "GenerateDataKey", {"KeyId": key, "KeySpec": "AES_256", "EncryptionContext": context})
    nonce, blob = tx.ids.bytes(NONCE_BYTES), made["CiphertextBlob"]
    sealed = AESGCM(made["Plaintext"]).encrypt(nonce, value.encode(), arn.encode())
    return _text(len(blob).to_bytes(LENGTH_BYTES, "big") + blob + nonce + sealed)


def unseal(call: Call, tx: Tx, arn: str, text: str, *, long: bool) -> str:
    """The ciphertext says its key, so an alias may have moved since. Raises InvalidKeyId, AccessDeniedException."""
    sealed = base64.b64decode(text)
    request: dict[str, Any] = {"EncryptionContext": {"PARAMETER_ARN": arn}}
    if not long:
        return _ask(call, tx, "Decrypt", request | {"CiphertextBlob": sealed})["Plaintext"].decode()
    start = LENGTH_BYTES + int.from_bytes(sealed[:LENGTH_BYTES], "big")
    data_key = _ask(call, tx, "Decrypt", request | {"CiphertextBlob": sealed[LENGTH_BYTES:start]})["Plaintext"]
    nonce, rest = sealed[start : start + NONCE_BYTES], sealed[start + NONCE_BYTES :]
    return AESGCM(data_key).decrypt(nonce, rest, arn.encode()).decode()


def unseal_old(tx: Tx, text: str, place: str) -> str:
    """What was sealed before KMS was there; `place` is the parameter's ARN and the version's number."""
    key, sealed = tx.get(MasterKey, NAME), base64.b64decode(text)
    assert key, "the key of what was sealed is kept"
    return AESGCM(key.secret).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode()).decode()


def _text(sealed: bytes) -> str:
    return base64.b64encode(sealed).decode()


def _ask(call: Call, tx: Tx, operation: str, request: dict[str, Any]) -> dict[str, Any]:
    try:
        return call.ask_within(tx, "kms", operation, request)
    except AwsError as refusal:
        if (refusal.status or 400) >= 500:
            raise
        said = errors.KeyRefused if refusal.shape() in DENIED else errors.InvalidKeyId
        raise said(reason=refusal.message, code=refusal.shape()) from refusal
