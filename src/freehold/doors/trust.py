"""Trust: what programs read to take this cloud's certificates for good, whatever they are written in.

One idea: one bundle of the machine's roots and ours in the place where most look anyway, and the variables that the
others look at. It may not know certificates, only their files.

AWS_CA_BUNDLE https://docs.aws.amazon.com/sdkref/latest/guide/feature-gen-config.html
NODE_EXTRA_CA_CERTS https://nodejs.org/api/cli.html#node_extra_ca_certsfile
SSL_CERT_FILE https://docs.openssl.org/master/man3/SSL_CTX_load_verify_locations/ (and Go's crypto/x509, Ruby, .NET)
"""

import contextlib
import glob
import os
import shutil
import ssl
import warnings
from collections.abc import Mapping
from pathlib import Path

import botocore
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12

PLACE = "/etc/freehold"
JAVAS = (
    "/etc/ssl/certs/java/cacerts",
    "/usr/lib/jvm/*/lib/security/cacerts",
    "/usr/lib/jvm/*/jre/lib/security/cacerts",
)
USUAL = (  # where programs look that read no variable: Debian and Alpine, Amazon Linux, OpenSSL
    "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem",
)  # fmt: skip
READERS = ("AWS_CA_BUNDLE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
_BEGIN, _END = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"


def bundle(folder: Path) -> Path:
    """The file with the machine's roots and ours."""
    return folder / "bundle.pem"


def shown(folder: Path) -> dict[str, Path]:
    """Where the files of a folder are seen in a cell: at a place of their own, and over the machine's own."""
    bundles = {os.path.realpath(place) for place in USUAL if os.path.isfile(place)}
    home = os.path.dirname(os.path.dirname(os.path.realpath(shutil.which("java") or "/")))
    homes = [home, os.environ.get("JAVA_HOME", home)]
    named = [*JAVAS, *(f"{glob.escape(each)}/lib/security/cacerts" for each in homes)]
    stores = {os.path.realpath(place) for pattern in named for place in glob.glob(pattern) if os.path.isfile(place)}
    return {PLACE: folder} | dict.fromkeys(bundles, bundle(folder)) | dict.fromkeys(stores, folder / "authorities.p12")


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


def variables(own: Mapping[str, str]) -> dict[str, str]:
    """What programs are told in a cell; variables that a function's owner set stay."""
    return {name: value for name, value in readers(PLACE).items() if name not in own}


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
    """The roots as a Java trust store, without a password, as Java looks into its own with none."""
    kept = {}
    for part in roots.split(_BEGIN)[1:]:
        with warnings.catch_warnings(), contextlib.suppress(ValueError):  # old roots that break today's rules
            warnings.simplefilter("ignore")
            root = x509.load_pem_x509_certificate(_BEGIN + part.partition(_END)[0] + _END)
            kept[root.fingerprint(hashes.SHA256())] = root
    entries = [pkcs12.PKCS12Certificate(root, name.hex().encode()) for name, root in kept.items()]
    return pkcs12.serialize_java_truststore(entries, NoEncryption())
