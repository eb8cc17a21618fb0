"""Values as they lie: encrypted under a data key of their own, which KMS gives and opens for who may use the key.

One idea: the key is asked for as the caller, inside the caller's transaction, with the secret and version as encryption
context, so that KMS's policies decide and a value moved elsewhere does not open. It may not know labels.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
"""

from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.store import Tx
from freehold.services.secretsmanager import errors, secrets
from freehold.services.secretsmanager.secrets import OWN_KEY, Secret, Version

NONCE_BYTES = 12


def key_arn(seat: Tx, key: str) -> str:
    """The key, as whoever asks from elsewhere has to call it."""
    key = key or OWN_KEY
    if key.startswith("arn:"):
        return key
    resource = key if key.startswith("alias/") else f"key/{key}"
    return arns.arn("kms", seat.region, seat.account, resource)


def check_reach(call: Call, seat: Tx, key: str) -> None:
    """AWS's own key serves its own account alone."""
    if call.principal.account not in ("", seat.account) and key in ("", OWN_KEY):
        raise errors.KeyOfOthers()


def seal(call: Call, tx: Tx, seat: Tx, secret: Secret, id: str, value: str | bytes) -> Version:
    """A version that holds the value. `tx` is the caller's, `seat` the secret's.

    Raises AccessDeniedException, EncryptionFailure, InvalidRequestException.
    """
    check_reach(call, seat, secret.key)
    context = _context(seat, secret, id)
    request = {"KeyId": key_arn(seat, secret.key), "KeySpec": "AES_256", "EncryptionContext": context}
    made = _ask(call, tx, "GenerateDataKey", request, errors.EncryptionFailure)
    nonce = seat.ids.bytes(NONCE_BYTES)
    plain = value.encode() if isinstance(value, str) else value
    sealed = nonce + _cipher(made["Plaintext"]).encrypt(nonce, plain, id.encode())
    return Version(
        secret=secret.id, id=id, created_at=seat.now, binary=isinstance(value, bytes), sealed=sealed,
        data_key=made["CiphertextBlob"], key=secret.key,
    )  # fmt: skip


def unseal(call: Call, tx: Tx, seat: Tx, secret: Secret, version: Version) -> str | bytes:
    """A version's value. Its data key says the key it is under, so an alias may have moved since.

    Raises AccessDeniedException, DecryptionFailure, InvalidRequestException.
    """
    check_reach(call, seat, version.key)
    request = {"CiphertextBlob": version.data_key, "EncryptionContext": _context(seat, secret, version.id)}
    data_key = _ask(call, tx, "Decrypt", request, errors.DecryptionFailure)["Plaintext"]
    nonce, sealed = version.sealed[:NONCE_BYTES], version.sealed[NONCE_BYTES:]
    plain = _cipher(data_key).decrypt(nonce, sealed, version.id.encode())
    return plain if version.binary else plain.decode()


def _context(seat: Tx, secret: Secret, id: str) -> dict[str, str]:
    return {"SecretARN": secrets.arn(seat, secret), "SecretVersionId": id}


@lru_cache(maxsize=1_024)
def _cipher(data_key: bytes) -> AESGCM:
    return AESGCM(data_key)


def _ask(call: Call, tx: Tx, operation: str, request: dict[str, Any], failure: type[AwsError]) -> dict[str, Any]:
    try:
        return call.ask_within(tx, "kms", operation, request)
    except AwsError as refusal:
        if refusal.shape() in ("AccessDenied", "AccessDeniedException"):
            raise errors.KeyRefused() from refusal
        if (refusal.status or 400) >= 500:
            raise
        raise failure() from refusal
