"""Certificates: by the name asked for, from an authority that can vouch for no other."""

import datetime
import os
import shutil
import socket
import ssl
import subprocess
import time

import pytest
from cryptography import x509

from freehold.doors import trust
from freehold.doors.contexts import KEPT_MAX, Contexts
from freehold.doors.issuer import open_issuer
from freehold.doors.names import Names

DAY = 86_400


@pytest.mark.parametrize(
    "host",
    [
        "sqs.us-east-1.amazonaws.com",
        "iam.amazonaws.com",
        "amazonaws.com",
        "sns.cn-north-1.amazonaws.com.cn",
        "amazonaws.com.cn",
        "my.dotted.bucket.s3.amazonaws.com",
        "abc.execute-api.eu-west-1.amazonaws.com",
        "abc.lambda-url.eu-west-1.on.aws",
        "lambda.eu-west-1.api.aws",
        "d111.cloudfront.net",
        "shop.auth.eu-west-1.amazoncognito.com",
        "localhost",
        "any.localhost",
        "sandbox.localdomain",
        "SQS.US-EAST-1.AMAZONAWS.COM",
    ],
)
def test_each_name_has_a_certificate(inside, host):
    with inside.connect(443, host) as connection:
        names = [value for _, value in connection.getpeercert()["subjectAltName"]]
        assert len(names) <= 4


def test_who_asks_for_no_name_gets_one_for_the_machine(inside):
    with inside.connect(443, None) as connection:
        assert ("IP Address", "127.0.0.1") in connection.getpeercert()["subjectAltName"]


@pytest.mark.parametrize("host", ["example.com", "amazonaws.com.evil.example", "evilamazonaws.com", "a" * 300 + ".aws"])
def test_other_names_are_refused(inside, host):
    with pytest.raises((OSError, UnicodeError, ValueError)):
        inside.connect(443, host)


def test_http_1_is_agreed_on(inside):
    context = ssl.create_default_context(cafile=inside.authority)
    context.set_alpn_protocols(["h2", "http/1.1"])
    plain = socket.create_connection(("127.0.0.1", inside.tcp[443]), timeout=30)
    with context.wrap_socket(plain, server_hostname="sts.amazonaws.com") as connection:
        assert connection.selected_alpn_protocol() == "http/1.1"
        assert connection.version() == "TLSv1.3"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_old_tls_is_refused(inside):
    context = ssl.create_default_context(cafile=inside.authority)
    context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    plain = socket.create_connection(("127.0.0.1", inside.tcp[443]), timeout=30)
    with pytest.raises(OSError):
        context.wrap_socket(plain, server_hostname="sts.amazonaws.com")


# The authority


@pytest.fixture
def issuer(tmp_path):
    return open_issuer(tmp_path, Names().suffixes, time.time())


def test_its_key_is_its_owners_alone(issuer, tmp_path):
    assert (tmp_path / "authority.pem").stat().st_mode & 0o777 == 0o600


def test_it_is_made_once(issuer, tmp_path):
    assert open_issuer(tmp_path, Names().suffixes, time.time()).pem == issuer.pem


def test_it_is_made_anew_when_it_is_old_or_names_change(issuer, tmp_path):
    assert open_issuer(tmp_path, Names(("cloud.example",)).suffixes, time.time()).pem != issuer.pem
    again = open_issuer(tmp_path, Names().suffixes, time.time() + 3_400 * DAY)
    left = again.certificate.not_valid_after_utc - datetime.datetime.now(datetime.UTC)
    assert left.days > 3_652


def test_a_torn_file_is_replaced(issuer, tmp_path):
    (tmp_path / "authority.pem").write_bytes(b"-----BEGIN")
    assert open_issuer(tmp_path, Names().suffixes, time.time()).pem


def test_it_can_vouch_for_no_other_names(issuer, tmp_path):
    """A client refuses what the authority signs beyond its constraints, whoever has stolen its key."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not on this machine")
    (tmp_path / "ours.pem").write_bytes(issuer.pem)
    for name, well in (("sqs.us-east-1.amazonaws.com", True), ("example.com", False), ("10.0.0.1", False)):
        (tmp_path / "leaf.pem").write_bytes(issuer.vouch([name], time.time()))
        command = ["openssl", "verify", "-CAfile", "ours.pem", "leaf.pem"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False)
        assert (done.returncode == 0) is well, done.stdout + done.stderr
        assert well or "permitted subtree violation" in done.stdout + done.stderr


def test_a_tenant_that_asks_for_many_names_fills_nothing(issuer):
    contexts = Contexts(issuer, Names(), "us-east-1", time.time)
    for number in range(KEPT_MAX + 8):
        contexts._of(f"a.b{number}.amazonaws.com")
    assert len(contexts._kept) == KEPT_MAX


def test_certificates_are_renewed(issuer):
    now = time.time()
    contexts = Contexts(issuer, Names(), "us-east-1", lambda: now)
    first = contexts._of("sts.amazonaws.com")
    assert contexts._of("iam.amazonaws.com") is first
    now += 301 * DAY
    assert contexts._of("sts.amazonaws.com") is not first


# Trust


def test_programs_trust_the_machines_roots_and_ours(issuer, tmp_path):
    trust.write(tmp_path / "trust", issuer.pem)
    whole = trust.bundle(tmp_path / "trust").read_bytes()
    assert whole.endswith(issuer.pem)
    assert whole.count(b"BEGIN CERTIFICATE") > 50
    at = trust.bundle(tmp_path / "trust").stat().st_mtime_ns
    trust.write(tmp_path / "trust", issuer.pem)
    assert trust.bundle(tmp_path / "trust").stat().st_mtime_ns == at


@pytest.mark.skipif(not shutil.which("keytool"), reason="java is not on this machine")
def test_java_reads_its_store(issuer, tmp_path):
    trust.write(tmp_path / "trust", issuer.pem)
    command = ["keytool", "-list", "-keystore", "authorities.p12", "-storepass", ""]
    environment = {**os.environ, "LANG": "C"}
    done = subprocess.run(
        command, cwd=tmp_path / "trust", capture_output=True, text=True, timeout=60, check=False, env=environment
    )
    assert issuer.certificate.fingerprint(x509.base.hashes.SHA256()).hex() in done.stdout
    assert "trustedCertEntry" in done.stdout


def test_variables_that_an_owner_set_stay():
    told = trust.variables({"SSL_CERT_FILE": "/mine"})
    assert "SSL_CERT_FILE" not in told
    assert told["NODE_EXTRA_CA_CERTS"] == "/etc/freehold/authority.pem"
    assert told["AWS_CA_BUNDLE"] == "/etc/freehold/bundle.pem"
