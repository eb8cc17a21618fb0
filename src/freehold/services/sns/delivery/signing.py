"""Signatures: how receivers know that a message is this cloud's.

One idea: one RSA key of the cloud, made when it is first needed and kept; its certificate is where SigningCertURL
points. It may not know what is signed.

https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
"""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from freehold.kernel.store import Record, Tx

BITS = 2_048
LIFE = timedelta(days=3_650)
NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
DIGESTS: dict[str, hashes.HashAlgorithm] = {"1": hashes.SHA1(), "2": hashes.SHA256()}


class SigningKey(Record, table="sns_signing_keys", key="name", scope="global"):
    """The key of this cloud and its certificate, both PEM; `id` is the certificate's name in URLs."""

    name: str
    id: str
    key: bytes
    certificate: bytes


def key_of(tx: Tx) -> SigningKey:
    known = tx.get(SigningKey, "cloud")
    if known:
        return known
    key = rsa.generate_private_key(public_exponent=65_537, key_size=BITS)
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )  # fmt: skip
    made = SigningKey(name="cloud", id=tx.ids.hex(32), key=text, certificate=_certificate(key, tx.now))
    tx.put(made)
    return made


def _certificate(key: rsa.RSAPrivateKey, now: float) -> bytes:
    since = datetime.fromtimestamp(now, UTC)
    builder = x509.CertificateBuilder(NAME, NAME, key.public_key(), x509.random_serial_number(), since, since + LIFE)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@lru_cache(maxsize=8)
def _loaded(text: bytes) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(text, None, unsafe_skip_rsa_key_validation=True)  # it was made here
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def sign(key: SigningKey, text: str, version: str) -> str:
    """The signature (base64) of a text, by signature version 1 or 2."""
    return b64encode(_loaded(key.key).sign(text.encode(), padding.PKCS1v15(), DIGESTS[version])).decode()
