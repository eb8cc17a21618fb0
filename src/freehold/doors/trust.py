"""Trust: what programs read to take this cloud's certificates for good, whatever they are written in.

One idea: one bundle of the machine's roots and ours in the place where most look anyway, and the variables that the
others look at. It may not know certificates, only their files.

AWS_CA_BUNDLE https://docs.aws.amazon.com/sdkref/latest/guide/feature-gen-config.html
NODE_EXTRA_CA_CERTS https://nodejs.org/api/cli.html#node_extra_ca_certsfile
SSL_CERT_FILE https://docs.openssl.org/master/man3/SSL_CTX_load_verify_locations/ (and Go's crypto/x509, Ruby, .NET)
"""

import contextlib
import os
import ssl
import warnings
from collections.abc import Mapping
from pathlib import Path

import botocore
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12

PLACE = "/etc/freehold"
USUAL = (  # where programs look that read no variable: Debian and Alpine, Amazon Linux, OpenSSL
    "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem",
)  # fmt: skip
PASSWORD = "changeit"  # Java's own; a store of certificates holds no secret

READERS = ("AWS_CA_BUNDLE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
JAVA = "JAVA_TOOL_OPTIONS"
JAVA_STORE = (
    f"-Djavax.net.ssl.trustStore={PLACE}/authorities.p12 -Djavax.net.ssl.trustStoreType=PKCS12 "
    f"-Djavax.net.ssl.trustStorePassword={PASSWORD}"
)
_BEGIN, _END = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"


def bundle(folder: Path) -> Path:
    """The file with the machine's roots and ours."""
    return folder / "bundle.pem"


def shown(folder: Path) -> dict[str, Path]:
    """Where the files of a folder are seen in a cell: at a place of their own, and over the machine's own bundles."""
    real = [os.path.realpath(place) for place in USUAL if os.path.isfile(place)]
    return {PLACE: folder} | dict.fromkeys(real, bundle(folder))


def write(folder: Path, ours: bytes) -> None:
    """Make the files, unless they are those of today; everybody may read them. `ours` is the PEM of our own root."""
    whole = _roots().rstrip() + b"\n" + ours
    last = bundle(folder)  # written last, so what it matches is whole
    if last.exists() and last.read_bytes() == whole:
        return
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    for path, content in {
        folder / "authority.pem": ours,
        folder / "authorities.p12": _java_store(whole),
        last: whole,
    }.items():
        fresh = path.with_suffix(".new")
        fresh.write_bytes(content)
        fresh.chmod(0o644)
        fresh.replace(path)


def readers(folder: str) -> dict[str, str]:
    """The variables that lead to the files, seen in this folder; Node adds ours to roots of its own."""
    return dict.fromkeys(READERS, f"{folder}/bundle.pem") | {"NODE_EXTRA_CA_CERTS": f"{folder}/authority.pem"}


def variables(runtime: str, own: Mapping[str, str]) -> dict[str, str]:
    """What a runtime is told in a cell; variables that its owner set stay, save that Java is told of both."""
    told = {name: value for name, value in readers(PLACE).items() if name not in own}
    if runtime.startswith("java"):
        told[JAVA] = f"{JAVA_STORE} {own.get(JAVA, '')}".strip()
    return told


def _roots() -> bytes:
    """What this machine trusts, else what botocore brings."""
    openssls = ssl.get_default_verify_paths().cafile or USUAL[0]
    brought = Path(botocore.__file__).parent / "cacert.pem"
    for path in (*USUAL, openssls, brought):
        try:
            return Path(path).read_bytes()
        except OSError:
            continue
    return b""


def _java_store(roots: bytes) -> bytes:
    """The roots as a Java trust store, in the form that every Java reads."""
    kept = {}
    for part in roots.split(_BEGIN)[1:]:
        with warnings.catch_warnings(), contextlib.suppress(ValueError):  # old roots that break today's rules
            warnings.simplefilter("ignore")
            root = x509.load_pem_x509_certificate(_BEGIN + part.partition(_END)[0] + _END)
            kept[root.fingerprint(hashes.SHA256())] = root
    form = (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(1_000)
        .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
        .hmac_hash(hashes.SHA1())
        .build(PASSWORD.encode())
    )
    entries = [pkcs12.PKCS12Certificate(root, name.hex().encode()) for name, root in kept.items()]
    return pkcs12.serialize_java_truststore(entries, form)
