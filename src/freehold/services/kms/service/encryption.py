"""Encrypt, Decrypt and ReEncrypt, and random bytes.

One idea: a symmetric ciphertext says itself whose it is; an asymmetric one is whatever a key can read. They may not
know where material lies.

https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html
"""

from collections.abc import Mapping
from typing import NamedTuple

from freehold.engines.keys import ciphers, ciphertexts, specs
from freehold.kernel.call import Call
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.service import OPEN, Request, Response
from freehold.kernel.store import Tx
from freehold.services.kms import errors, keys, materials, permissions
from freehold.services.kms.catalogue import kms
from freehold.services.kms.errors import ValidationException
from freehold.services.kms.keys import Key
from freehold.services.kms.opening import check_tokens, check_usage, material, opened, rehearse, used

Context = Mapping[str, str]


class Opened(NamedTuple):
    """What was encrypted, by which key, and under which of its materials."""

    plaintext: bytes
    tx: Tx
    key: Key
    material_id: str


def seal(call: Call, tx: Tx, key: Key, plaintext: bytes, context: Context) -> bytes:
    """A ciphertext blob of a symmetric key."""
    nonce = tx.ids.bytes(ciphers.NONCE_BYTES)
    head = ciphertexts.head(tx.account, key.id, key.material, nonce)
    return head + ciphers.seal(material(call, tx, key), nonce, plaintext, ciphertexts.bound(head, context))


def _encrypt(call: Call, tx: Tx, key: Key, algorithm: str, plaintext: bytes, context: Context) -> bytes:
    if key.symmetric:
        return seal(call, tx, key, plaintext, context)
    most = ciphers.oaep_max(algorithm, key.kind.size)
    if len(plaintext) > most:
        raise ValidationException(reason=errors.TOO_LONG.format(algorithm=algorithm, spec=key.spec, most=most))
    return ciphers.encrypt_oaep(material(call, tx, key), algorithm, plaintext)


def _facts(algorithm: str, context: Context) -> permissions.Facts:
    return {"kms:EncryptionAlgorithm": algorithm} | permissions.of_context(context)


@kms.operation(needs=OPEN)
def encrypt(call: Call, tx: Tx, request: Request) -> Response:
    algorithm, context = request.get("EncryptionAlgorithm", specs.SYMMETRIC), request.get("EncryptionContext", {})
    seat, key = used(call, tx, request["KeyId"], "Encrypt", algorithm, _facts(algorithm, context))
    check_tokens(seat, request)
    blob = _encrypt(call, seat, key, algorithm, request["Plaintext"], context)
    rehearse(request)
    return {"CiphertextBlob": blob, "KeyId": keys.arn(seat, key.id), "EncryptionAlgorithm": algorithm}


@kms.operation(needs=OPEN)
def decrypt(call: Call, tx: Tx, request: Request) -> Response:
    if request.get("Recipient"):
        raise NotImplementedHere(service="kms", operation="answers to attested recipients")
    algorithm, context = request.get("EncryptionAlgorithm", specs.SYMMETRIC), request.get("EncryptionContext", {})
    check_tokens(tx, request)
    found = _decrypt(call, tx, "Decrypt", request.get("CiphertextBlob"), request.get("KeyId"), algorithm, context)
    rehearse(request)
    answer: Response = {
        "KeyId": keys.arn(found.tx, found.key.id), "Plaintext": found.plaintext, "EncryptionAlgorithm": algorithm,
    }  # fmt: skip
    return answer | ({"KeyMaterialId": found.material_id} if found.key.symmetric else {})


def _decrypt(
    call: Call, tx: Tx, operation: str, blob: bytes | None, key_id: str | None, algorithm: str, context: Context
) -> Opened:  # fmt: skip
    if blob is None:
        raise ValidationException(reason=errors.CIPHERTEXT_MISSING)
    if algorithm == specs.SYMMETRIC:
        return _unseal(call, tx, operation, blob, key_id, context)
    if key_id is None:
        raise ValidationException(reason=errors.KEY_ID_MISSING)
    seat, key = used(call, tx, key_id, operation, algorithm, _facts(algorithm, {}))
    try:
        return Opened(ciphers.decrypt_oaep(material(call, seat, key), algorithm, blob), seat, key, "")
    except ciphers.Undecipherable as fault:
        raise errors.InvalidCiphertextException() from fault


def _unseal(call: Call, tx: Tx, operation: str, blob: bytes, key_id: str | None, context: Context) -> Opened:
    facts = _facts(specs.SYMMETRIC, context)
    wanted = opened(call, tx, key_id, operation, facts, aliased=True, foreign=True) if key_id else None
    told = ciphertexts.read(blob)
    if told is None:
        raise errors.InvalidCiphertextException()
    seat, key = wanted or _teller(call, tx, operation, told, facts)
    if (seat.account, key.id) != (told.account, told.key):
        raise errors.IncorrectKeyException()
    keys.check_state(seat, key)
    check_usage(seat, key, operation, specs.SYMMETRIC)
    row = materials.find(seat, key.id, told.material)
    bytes_of_key = material(call, seat, key, told.material)
    try:
        plaintext = ciphers.unseal(bytes_of_key, told.nonce, told.sealed, ciphertexts.bound(told.head, context))
    except ciphers.Undecipherable as fault:
        raise errors.InvalidCiphertextException() from fault
    return Opened(plaintext, seat, key, row.id if row else "")


def _teller(
    call: Call, tx: Tx, operation: str, told: ciphertexts.Envelope, facts: permissions.Facts
) -> tuple[Tx, Key]:  # fmt: skip
    """The key that a ciphertext says it was made by, in this Region."""
    seat = tx.within(told.account, tx.region)
    key = keys.get(seat, told.key)
    if key is None:
        raise errors.CiphertextOfOthers()
    permissions.admit(call, seat, key, f"kms:{operation}", facts)
    return seat, key


@kms.operation(needs=OPEN)
def re_encrypt(call: Call, tx: Tx, request: Request) -> Response:
    source = request.get("SourceEncryptionAlgorithm", specs.SYMMETRIC)
    target = request.get("DestinationEncryptionAlgorithm", specs.SYMMETRIC)
    before, after = request.get("SourceEncryptionContext", {}), request.get("DestinationEncryptionContext", {})
    check_tokens(tx, request)
    found = _decrypt(
        call, tx, "ReEncryptFrom", request.get("CiphertextBlob"), request.get("SourceKeyId"), source, before
    )  # fmt: skip
    seat, key = used(call, tx, request["DestinationKeyId"], "ReEncryptTo", target, _facts(target, after))
    blob = _encrypt(call, seat, key, target, found.plaintext, after)
    rehearse(request)
    return {
        "CiphertextBlob": blob,
        "SourceKeyId": keys.arn(found.tx, found.key.id), "KeyId": keys.arn(seat, key.id),
        "SourceEncryptionAlgorithm": source, "DestinationEncryptionAlgorithm": target,
    }  # fmt: skip


@kms.operation(needs=OPEN)
def generate_random(call: Call, tx: Tx, request: Request) -> Response:
    if request.get("Recipient") or request.get("CustomKeyStoreId"):
        raise NotImplementedHere(service="kms", operation="random bytes for recipients or of custom key stores")
    permissions.admit_at_large(call, tx, "kms:GenerateRandom")
    if request.get("NumberOfBytes") is None:
        raise ValidationException(reason=errors.BYTES_MISSING)
    return {"Plaintext": tx.ids.bytes(request["NumberOfBytes"])}
