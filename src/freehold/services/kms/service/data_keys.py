"""Data keys and pairs: made here, given out together with themselves encrypted.

They may not know where material lies.

https://docs.aws.amazon.com/kms/latest/developerguide/data-keys.html
"""

from collections.abc import Mapping
from typing import Any

from freehold.engines.keys import ciphers, specs
from freehold.kernel.call import Call
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.service import OPEN, Request, Response
from freehold.kernel.store import Tx
from freehold.services.kms import errors, keys, materials, permissions
from freehold.services.kms.catalogue import kms
from freehold.services.kms.errors import ValidationException
from freehold.services.kms.keys import Key
from freehold.services.kms.opening import check_tokens, rehearse, used
from freehold.services.kms.service.encryption import seal

LENGTHS = {"AES_256": 32, "AES_128": 16}


def _used(call: Call, tx: Tx, request: Request, operation: str, facts: Mapping[str, Any] = {}) -> tuple[Tx, Key]:
    if request.get("Recipient"):
        raise NotImplementedHere(service="kms", operation="answers to attested recipients")
    context = permissions.of_context(request.get("EncryptionContext", {}))
    facts = {"kms:EncryptionAlgorithm": specs.SYMMETRIC, **context, **facts}
    seat, key = used(call, tx, request["KeyId"], operation, specs.SYMMETRIC, facts)
    check_tokens(seat, request)
    return seat, key


def _data_key(call: Call, tx: Tx, request: Request, operation: str) -> tuple[Response, bytes]:
    spec, count = request.get("KeySpec"), request.get("NumberOfBytes")
    if (spec is None) == (count is None):
        raise ValidationException(reason=errors.LENGTH_UNCLEAR)
    seat, key = _used(call, tx, request, operation)
    plaintext = seat.ids.bytes(count if count is not None else LENGTHS[str(spec)])
    blob = seal(call, seat, key, plaintext, request.get("EncryptionContext", {}))
    rehearse(request)
    return {"CiphertextBlob": blob, "KeyId": keys.arn(seat, key.id)}, plaintext


@kms.operation(needs=OPEN)
def generate_data_key(call: Call, tx: Tx, request: Request) -> Response:
    answer, plaintext = _data_key(call, tx, request, "GenerateDataKey")
    return answer | {"Plaintext": plaintext}


@kms.operation(needs=OPEN)
def generate_data_key_without_plaintext(call: Call, tx: Tx, request: Request) -> Response:
    answer, _ = _data_key(call, tx, request, "GenerateDataKeyWithoutPlaintext")
    return answer


async def _pair(call: Call, request: Request, operation: str) -> tuple[Response, bytes]:
    """A pair's answer and its private key. What may be refused is refused before a key is made."""
    spec = request["KeyPairSpec"]
    if spec in specs.NOT_HERE:
        raise NotImplementedHere(service="kms", operation=f"key pairs of the spec {spec}")
    facts = {"kms:DataKeyPairSpec": spec}
    await call.transact(lambda tx: _used(call, tx, request, operation, facts))
    rehearse(request)
    kind = specs.SPECS[spec]
    rsa = kind.kind == specs.RSA
    private = await call.compute(materials.make_rsa, kind.size) if rsa else materials.make(call.ids, spec)

    def give(tx: Tx) -> Response:
        seat, key = _used(call, tx, request, operation, facts)
        blob = seal(call, seat, key, private, request.get("EncryptionContext", {}))
        told = {"KeyId": keys.arn(seat, key.id), "KeyPairSpec": spec, "PublicKey": ciphers.public(private)}
        return told | {"PrivateKeyCiphertextBlob": blob}

    return await call.transact(give), private


@kms.operation(needs=OPEN)
async def generate_data_key_pair(call: Call, request: Request) -> Response:
    answer, private = await _pair(call, request, "GenerateDataKeyPair")
    return answer | {"PrivateKeyPlaintext": private}


@kms.operation(needs=OPEN)
async def generate_data_key_pair_without_plaintext(call: Call, request: Request) -> Response:
    answer, _ = await _pair(call, request, "GenerateDataKeyPairWithoutPlaintext")
    return answer
