"""Signatures, message authentication codes, shared secrets, and public keys. They may not know where material lies.

https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
"""

import hmac

from freehold.engines.keys import ciphers, specs
from freehold.kernel.call import Call
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.service import OPEN, Request, Response
from freehold.kernel.store import Tx
from freehold.services.kms import errors, keys
from freehold.services.kms.catalogue import kms
from freehold.services.kms.errors import ValidationException
from freehold.services.kms.opening import check_tokens, material, opened, rehearse, used

RAW, DIGEST = "RAW", "DIGEST"


def _signing(call: Call, tx: Tx, request: Request, operation: str) -> tuple[str, bytes, bool]:
    """The key's ARN, its material, and whether the message is a digest. Raises ValidationException for one of another
    length."""
    algorithm, kind = request["SigningAlgorithm"], request.get("MessageType", RAW)
    facts = {"kms:SigningAlgorithm": algorithm, "kms:MessageType": kind}
    seat, key = used(call, tx, request["KeyId"], operation, algorithm, facts)
    check_tokens(seat, request)
    if kind not in (RAW, DIGEST) or (kind == DIGEST and key.kind.kind == specs.EDWARDS):
        raise NotImplementedHere(service="kms", operation=f"messages of the type {kind} for {key.spec}")
    if kind == DIGEST and len(request["Message"]) != ciphers.digest_size(algorithm):
        raise ValidationException(reason=errors.DIGEST_LENGTH.format(algorithm=algorithm))
    return keys.arn(seat, key.id), material(call, seat, key), kind == DIGEST


@kms.operation(needs=OPEN)
def sign(call: Call, tx: Tx, request: Request) -> Response:
    algorithm = request["SigningAlgorithm"]
    arn, private, hashed = _signing(call, tx, request, "Sign")
    rehearse(request)
    signature = ciphers.sign(private, algorithm, request["Message"], hashed)
    return {"KeyId": arn, "Signature": signature, "SigningAlgorithm": algorithm}


@kms.operation(needs=OPEN)
def verify(call: Call, tx: Tx, request: Request) -> Response:
    algorithm = request["SigningAlgorithm"]
    arn, private, hashed = _signing(call, tx, request, "Verify")
    if not ciphers.verifies(private, algorithm, request["Message"], request["Signature"], hashed):
        raise errors.KMSInvalidSignatureException()
    rehearse(request)
    return {"KeyId": arn, "SignatureValid": True, "SigningAlgorithm": algorithm}


def _mac(call: Call, tx: Tx, request: Request, operation: str) -> tuple[Response, bytes]:
    algorithm = request["MacAlgorithm"]
    seat, key = used(call, tx, request["KeyId"], operation, algorithm, {"kms:MacAlgorithm": algorithm})
    check_tokens(seat, request)
    made = ciphers.mac(material(call, seat, key), algorithm, request["Message"])
    return {"KeyId": keys.arn(seat, key.id), "MacAlgorithm": algorithm}, made


@kms.operation(needs=OPEN)
def generate_mac(call: Call, tx: Tx, request: Request) -> Response:
    answer, made = _mac(call, tx, request, "GenerateMac")
    rehearse(request)
    return answer | {"Mac": made}


@kms.operation(needs=OPEN)
def verify_mac(call: Call, tx: Tx, request: Request) -> Response:
    answer, made = _mac(call, tx, request, "VerifyMac")
    if not hmac.compare_digest(made, request["Mac"]):
        raise errors.KMSInvalidMacException()
    rehearse(request)
    return answer | {"MacValid": True}


@kms.operation(needs=OPEN)
def derive_shared_secret(call: Call, tx: Tx, request: Request) -> Response:
    if request.get("Recipient"):
        raise NotImplementedHere(service="kms", operation="answers to attested recipients")
    algorithm = request["KeyAgreementAlgorithm"]
    facts = {"kms:KeyAgreementAlgorithm": algorithm}
    seat, key = used(call, tx, request["KeyId"], "DeriveSharedSecret", algorithm, facts)
    check_tokens(seat, request)
    secret = ciphers.agree(material(call, seat, key), request["PublicKey"])
    if secret is None:
        raise ValidationException(reason="")
    rehearse(request)
    return {
        "KeyId": keys.arn(seat, key.id), "SharedSecret": secret, "KeyAgreementAlgorithm": algorithm,
        "KeyOrigin": key.origin,
    }  # fmt: skip


@kms.operation(needs=OPEN)
def get_public_key(call: Call, tx: Tx, request: Request) -> Response:
    seat, key = opened(call, tx, request["KeyId"], "GetPublicKey", aliased=True, foreign=True)
    check_tokens(seat, request)
    keys.check_state(seat, key)
    if key.kind.kind == specs.SECRET:
        raise errors.UnsupportedOperationException()
    return {
        "KeyId": keys.arn(seat, key.id), "PublicKey": ciphers.public(material(call, seat, key)),
        "CustomerMasterKeySpec": key.spec, "KeySpec": key.spec, "KeyUsage": key.usage,
        specs.MEMBERS[key.usage]: list(key.kind.algorithms[key.usage]),
    }  # fmt: skip
