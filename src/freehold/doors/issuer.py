"""The private certificate authority of one cloud.

One idea: it is made once, can vouch for nothing but the names that this cloud serves, and its key never leaves the data
folder. It may not know connections.

https://www.rfc-editor.org/rfc/rfc5280 (4.2.1.10: name constraints)
"""

import ipaddress
import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFE = timedelta(days=3_652)
RENEWED_BEFORE = timedelta(days=365)  # so a leaf never outlives it
LEAF_LIFE = timedelta(days=365)
CLOCKS_DIFFER_BY = timedelta(days=1)
LOOPBACK = ipaddress.ip_network("127.0.0.0/8")
SIGNS_CERTIFICATES = x509.KeyUsage(
    digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
    key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
)  # fmt: skip


class Issuer:
    """Vouches for names. Every certificate of one process has the same key, which lies nowhere."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate):
        self._key, self.certificate = key, certificate

    @cached_property
    def _leaf_key(self) -> ec.EllipticCurvePrivateKey:
        return ec.generate_private_key(ec.SECP256R1())

    @property
    def pem(self) -> bytes:
        """The authority's own certificate."""
        return self.certificate.public_bytes(Encoding.PEM)

    def vouch(self, names: Iterable[str], now: float) -> bytes:
        """A key and a certificate for these DNS names and IPv4 addresses, as PEM. The first stands for all."""
        kinds = [x509.IPAddress(ipaddress.ip_address(n)) if _is_number(n) else x509.DNSName(n) for n in names]
        at = datetime.fromtimestamp(now, UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(_called(str(kinds[0].value)))
            .issuer_name(self.certificate.subject)
            .public_key(self._leaf_key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(at - CLOCKS_DIFFER_BY)
            .not_valid_after(at + LEAF_LIFE)
            .add_extension(x509.SubjectAlternativeName(kinds), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(_key_id(self._key), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        key = self._leaf_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return key + made.public_bytes(Encoding.PEM)


def open_issuer(folder: Path, suffixes: tuple[str, ...], now: float) -> Issuer:
    """The authority of a folder; made, or made anew, if it is not there, grows old, or serves other names."""
    path = folder / "authority.pem"
    try:
        text = path.read_bytes()
        key, certificate = load_pem_private_key(text, None), x509.load_pem_x509_certificate(text)
    except (OSError, ValueError):
        return _make(path, suffixes, now)
    allowed = certificate.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or ()
    served = {name.value for name in allowed if isinstance(name, x509.DNSName)}
    lasts = certificate.not_valid_after_utc - RENEWED_BEFORE > datetime.fromtimestamp(now, UTC)
    if served != set(suffixes) or not lasts or not isinstance(key, ec.EllipticCurvePrivateKey):
        return _make(path, suffixes, now)
    return Issuer(key, certificate)


def _make(path: Path, suffixes: tuple[str, ...], now: float) -> Issuer:
    """A new authority, kept for its owner's eyes only."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, at = _called("Freehold"), datetime.fromtimestamp(now, UTC)
    allowed = [*map(x509.DNSName, suffixes), x509.IPAddress(LOOPBACK)]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - CLOCKS_DIFFER_BY)
        .not_valid_after(at + LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(SIGNS_CERTIFICATES, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.NameConstraints(permitted_subtrees=allowed, excluded_subtrees=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secret + made.public_bytes(Encoding.PEM))
    fresh.replace(path)
    return Issuer(key, made)


def _called(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])


def _key_id(key: ec.EllipticCurvePrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def _is_number(name: str) -> bool:
    return name.replace(".", "").isdigit()
