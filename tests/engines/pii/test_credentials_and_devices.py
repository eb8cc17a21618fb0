import pytest

from freehold.engines import pii

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
LINES = "MIIEpAIBAAKCAQEA04up8hoqzS1+APIB0RhjXyObwHQnOzhAk5Bd7mhkSbPkyhP1\niWFUEN3vKsNC1ovqN7sQ=="


def armoured(label, begin="\n"):
    return f"-----BEGIN {label}-----{begin}{LINES}\n-----END {label}-----"


PGP = armoured("PGP PRIVATE KEY BLOCK", "\nVersion: 1\n\n")
RSA = armoured("RSA PRIVATE KEY", "\nDEK-Info: AES-128-CBC,00\n\n")
PUTTY = (
    "PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nComment: key\nPublic-Lines: 1\nAAAAB3Nza\nPrivate-Lines: 1\n"
    "AAABAQC\nPrivate-MAC: 0123456789abcdef0123456789abcdef01234567"
)

FOUND = [
    ("AwsSecretKey", f"aws_secret_access_key = {SECRET}", SECRET),
    ("AwsSecretKey", f'{{"Credentials":{{"SecretAccessKey":"{SECRET}"}}}}', SECRET),
    ("AwsSecretKey", f"Set-AWSCredential -SecretKey {SECRET}", SECRET),
    ("OpenSshPrivateKey", f"key: {armoured('OPENSSH PRIVATE KEY')} done", armoured("OPENSSH PRIVATE KEY")),
    ("PgpPrivateKey", PGP, PGP),
    ("PkcsPrivateKey", armoured("PRIVATE KEY"), armoured("PRIVATE KEY")),
    ("PkcsPrivateKey", RSA, RSA),
    ("PkcsPrivateKey", f"cut off: -----BEGIN EC PRIVATE KEY-----\n{LINES}", f"-----BEGIN EC PRIVATE KEY-----\n{LINES}"),
    ("PuttyPrivateKey", f"{PUTTY}\n", PUTTY),
    ("IpAddress", "from 10.0.0.1, port 80", "10.0.0.1"),
    ("IpAddress", '{"sourceIPAddress":"203.0.113.7"}', "203.0.113.7"),
    ("IpAddress", "http://192.168.1.1:8080/", "192.168.1.1"),
    ("IpAddress", "10.1.2.3/24", "10.1.2.3"),
    ("IpAddress", "ping ::1 now", "::1"),
    ("IpAddress", "[2001:db8::8a2e:370:7334]:443", "2001:db8::8a2e:370:7334"),
    ("IpAddress", "2001:0db8:0000:0000:0000:8a2e:0370:7334", "2001:0db8:0000:0000:0000:8a2e:0370:7334"),
    ("IpAddress", "::ffff:10.1.2.3", "::ffff:10.1.2.3"),
    ("IpAddress", "fe80::1%eth0", "fe80::1"),
]  # fmt: skip

NOT_FOUND = [
    ("AwsSecretKey", f"key {SECRET}"),
    ("AwsSecretKey", f"secret key {SECRET}0"),
    ("AwsSecretKey", "secret key da39a3ee5e6b4b0d3255bfef95601890afd80709"),  # a SHA-1
    ("PkcsPrivateKey", armoured("PUBLIC KEY")),
    ("PkcsPrivateKey", "-----BEGIN PRIVATE KEY----- is how it begins"),
    ("IpAddress", "256.1.1.1"),
    ("IpAddress", "1.2.3.4.5"),
    ("IpAddress", "version 1.2.3.4"),
    ("IpAddress", "v1.2.3.4"),
    ("IpAddress", "at 12:33:11"),
    ("IpAddress", "00:1B:44:11:3A:B7"),
    ("IpAddress", "std::vector, a::b"),
]


@pytest.mark.parametrize(("name", "text", "expected"), FOUND, ids=[text[:40] for _, text, _ in FOUND])
def test_found(name, text, expected):
    assert [text[start:end] for _, start, end in pii.scanner([name]).find(text)] == [expected]


@pytest.mark.parametrize(("name", "text"), NOT_FOUND, ids=[text[:40] for _, text in NOT_FOUND])
def test_not_found(name, text):
    assert pii.scanner([name]).find(text) == []


def test_two_keys_are_two_findings():
    text = f"{armoured('PRIVATE KEY')}\nand\n{armoured('PRIVATE KEY')}\n{PUTTY}\n{PUTTY}"
    found = pii.scanner(["PkcsPrivateKey", "PuttyPrivateKey"]).find(text)
    assert [text[start:end] for _, start, end in found] == [armoured("PRIVATE KEY")] * 2 + [PUTTY] * 2


def test_a_key_in_json_is_found_with_its_escapes():
    escaped = armoured("PRIVATE KEY").replace("\n", "\\n")
    text = f'{{"key":"{escaped}"}}'
    assert [text[start:end] for _, start, end in pii.scanner(["PkcsPrivateKey"]).find(text)] == [escaped]
