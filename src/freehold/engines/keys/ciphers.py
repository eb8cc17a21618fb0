"""The cryptography: what is done with a key's material, by algorithm.

One idea: material is bytes, a secret or a private key in PKCS #8 (DER), and every function here is one of it; the
`cryptography` package does the arithmetic. It may not know keys, requests, nor where material lies.

RFC 8017 (RSA), FIPS 186-5 (ECDSA, Ed25519), FIPS 198-1 (HMAC), SP 800-56A (ECDH), SP 800-38F (key wrapping).
"""

import hashlib
import hmac
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap_with_padding

DIGESTS: dict[str, Any] = {
    "SHA_1": hashes.SHA1, "SHA_256": hashes.SHA256, "SHA_384": hashes.SHA384, "SHA_512": hashes.SHA512,
}  # fmt: skip
CURVES: dict[str, Any] = {
    "ECC_NIST_P256": ec.SECP256R1, "ECC_NIST_P384": ec.SECP384R1, "ECC_NIST_P521": ec.SECP521R1,
    "ECC_SECG_P256K1": ec.SECP256K1,
}  # fmt: skip
NONCE_BYTES = 12
DER, PKCS8, SPKI = (
    serialization.Encoding.DER,
    serialization.PrivateFormat.PKCS8,
    serialization.PublicFormat.SubjectPublicKeyInfo,
)


class Undecipherable(Exception):
    """The text was not made by this key, or not so."""


def private_bytes(key: Any) -> bytes:
    return key.private_bytes(DER, PKCS8, serialization.NoEncryption())


@lru_cache(maxsize=512)
def private(material: bytes) -> Any:
    """A private key of PKCS #8. Raises ValueError for anything else.

    That RSA's numbers are primes was seen when the key was made or imported; seeing it again takes a third of a second.
    """
    return serialization.load_der_private_key(material, None, unsafe_skip_rsa_key_validation=True)


@lru_cache(maxsize=512)
def public(material: bytes) -> bytes:
    """The public key as SubjectPublicKeyInfo (DER, RFC 5280)."""
    return private(material).public_key().public_bytes(DER, SPKI)


def fits(spec: str, kind: str, size: int, material: bytes) -> bool:
    """Whether imported material is a key of this spec."""
    if kind == "secret":
        return len(material) == size
    try:
        key = serialization.load_der_private_key(material, None)
    except (ValueError, TypeError):
        return False
    if kind == "rsa":
        return isinstance(key, rsa.RSAPrivateKey) and key.key_size == size
    if kind == "curve":
        return isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, CURVES[spec])
    return isinstance(key, ed25519.Ed25519PrivateKey)


@lru_cache(maxsize=4_096)
def _aes(material: bytes) -> AESGCM:
    return AESGCM(material)


def seal(material: bytes, nonce: bytes, plaintext: bytes, bound: bytes) -> bytes:
    """AES-256-GCM; `bound` is authenticated with the text, and not part of it."""
    return _aes(material).encrypt(nonce, plaintext, bound)


def unseal(material: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
    """Raises Undecipherable."""
    try:
        return _aes(material).decrypt(nonce, sealed, bound)
    except Exception as fault:  # InvalidTag, and what is too short to have one
        raise Undecipherable from fault


def _oaep(algorithm: str) -> padding.OAEP:
    digest = DIGESTS[algorithm.removeprefix("RSAES_OAEP_")]
    return padding.OAEP(padding.MGF1(digest()), digest(), None)


def oaep_max(algorithm: str, bits: int) -> int:
    """How many bytes an RSA key can encrypt (RFC 8017, 7.1.1)."""
    return bits // 8 - 2 * DIGESTS[algorithm.removeprefix("RSAES_OAEP_")].digest_size - 2


def encrypt_oaep(material: bytes, algorithm: str, plaintext: bytes) -> bytes:
    return private(material).public_key().encrypt(plaintext, _oaep(algorithm))


def decrypt_oaep(material: bytes, algorithm: str, ciphertext: bytes) -> bytes:
    """Raises Undecipherable."""
    try:
        return private(material).decrypt(ciphertext, _oaep(algorithm))
    except ValueError as fault:
        raise Undecipherable from fault


def unwrap(material: bytes, algorithm: str, wrapped: bytes) -> bytes:
    """Key material that came wrapped under an RSA key, or under an AES key that came so. Raises Undecipherable."""
    if not algorithm.startswith("RSA_AES_KEY_WRAP_"):
        return decrypt_oaep(material, algorithm, wrapped)
    length = private(material).key_size // 8
    oaep = algorithm.replace("RSA_AES_KEY_WRAP_", "RSAES_OAEP_")
    try:
        return aes_key_unwrap_with_padding(decrypt_oaep(material, oaep, wrapped[:length]), wrapped[length:])
    except (InvalidUnwrap, ValueError) as fault:
        raise Undecipherable from fault


def digest_size(algorithm: str) -> int:
    return DIGESTS[f"SHA_{algorithm.rpartition('_')[2]}"].digest_size


def _scheme(algorithm: str, hashed: bool) -> tuple[Any, ...]:
    """What `sign` and `verify` of the package are given besides the message."""
    if algorithm.startswith("ED25519"):
        return ()
    digest = DIGESTS[f"SHA_{algorithm.rpartition('_')[2]}"]()
    told = utils.Prehashed(digest) if hashed else digest
    if algorithm.startswith("ECDSA"):
        return (ec.ECDSA(told),)
    if "_PSS_" in algorithm:
        return padding.PSS(padding.MGF1(digest), digest.digest_size), told
    return padding.PKCS1v15(), told


def sign(material: bytes, algorithm: str, message: bytes, hashed: bool) -> bytes:
    """The signature; of a digest if `hashed`. ECDSA's is DER (RFC 3279)."""
    return private(material).sign(message, *_scheme(algorithm, hashed))


def verifies(material: bytes, algorithm: str, message: bytes, signature: bytes, hashed: bool) -> bool:
    try:
        private(material).public_key().verify(signature, message, *_scheme(algorithm, hashed))
    except InvalidSignature:
        return False
    return True


def mac(material: bytes, algorithm: str, message: bytes) -> bytes:
    return hmac.digest(material, message, algorithm.removeprefix("HMAC_").replace("_", "").lower())


def agree(material: bytes, public_key: bytes) -> bytes | None:
    """The secret shared with the owner of a public key (DER); None if that is no key of the same curve."""
    own = private(material)
    try:
        other = serialization.load_der_public_key(public_key)
        if not isinstance(other, ec.EllipticCurvePublicKey):
            return None
        return own.exchange(ec.ECDH(), other)
    except ValueError:
        return None


def fingerprint(place: str, material: bytes) -> str:
    """The id of a key's material: the same for the same material of the same key, and saying nothing of it."""
    return hashlib.sha256(place.encode() + b"\0" + material).hexdigest()
