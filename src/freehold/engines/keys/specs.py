"""Key specs: what each can be used for, and by which algorithms.

One idea: a spec is a row. It may not know keys.

https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html
"""

from collections.abc import Mapping
from typing import NamedTuple

ENCRYPT, SIGN, MAC, AGREE = "ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"
SYMMETRIC = "SYMMETRIC_DEFAULT"
RSA, CURVE, EDWARDS, SECRET = "rsa", "curve", "edwards", "secret"

OAEP = ("RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256")
RSA_SIGNATURES = tuple(f"RSASSA_{way}_SHA_{size}" for way in ("PKCS1_V1_5", "PSS") for size in (256, 384, 512))
ECDH = ("ECDH",)

# Under which member the algorithms of a usage are told.
MEMBERS = {
    ENCRYPT: "EncryptionAlgorithms",
    SIGN: "SigningAlgorithms",
    MAC: "MacAlgorithms",
    AGREE: "KeyAgreementAlgorithms",
}


class Spec(NamedTuple):
    """`size` in bits for RSA, in bytes for secrets; `algorithms` by usage, the usual usage first."""

    kind: str
    size: int
    algorithms: Mapping[str, tuple[str, ...]]


def _rsa(bits: int) -> Spec:
    return Spec(RSA, bits, {ENCRYPT: OAEP, SIGN: RSA_SIGNATURES})


def _curve(size: int, digest: int, agrees: bool = True) -> Spec:
    return Spec(CURVE, size, {SIGN: (f"ECDSA_SHA_{digest}",)} | ({AGREE: ECDH} if agrees else {}))


def _mac(bits: int) -> Spec:
    return Spec(SECRET, bits // 8, {MAC: (f"HMAC_SHA_{bits}",)})


SPECS: dict[str, Spec] = {
    SYMMETRIC: Spec(SECRET, 32, {ENCRYPT: (SYMMETRIC,)}),
    "RSA_2048": _rsa(2_048),
    "RSA_3072": _rsa(3_072),
    "RSA_4096": _rsa(4_096),
    "ECC_NIST_P256": _curve(256, 256),
    "ECC_NIST_P384": _curve(384, 384),
    "ECC_NIST_P521": _curve(521, 512),
    "ECC_SECG_P256K1": _curve(256, 256, agrees=False),
    "ECC_NIST_EDWARDS25519": Spec(EDWARDS, 32, {SIGN: ("ED25519_SHA_512",)}),
    "HMAC_224": _mac(224),
    "HMAC_256": _mac(256),
    "HMAC_384": _mac(384),
    "HMAC_512": _mac(512),
}
NOT_HERE = ("SM2", "ML_DSA_44", "ML_DSA_65", "ML_DSA_87", "ML_KEM_512", "ML_KEM_768", "ML_KEM_1024")

# What operations need of a key.
USED_FOR: dict[str, str] = {
    **dict.fromkeys(("Encrypt", "Decrypt", "ReEncrypt", "ReEncryptTo", "ReEncryptFrom"), ENCRYPT),
    **dict.fromkeys(("GenerateDataKey", "GenerateDataKeyWithoutPlaintext"), ENCRYPT),
    **dict.fromkeys(("GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext"), ENCRYPT),
    **dict.fromkeys(("Sign", "Verify"), SIGN),
    **dict.fromkeys(("GenerateMac", "VerifyMac"), MAC),
    "DeriveSharedSecret": AGREE,
}
