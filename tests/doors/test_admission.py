"""What a hostile tenant tries at the doors of its cell: each is known by its socket, whatever it says."""

import json
import socket
from contextlib import suppress

import pytest
from botocore.exceptions import ClientError
from tests.doors.talking import until

from freehold.doors import handshakes

SIGNED = "AWS4-HMAC-SHA256 Credential={}/20260101/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=00"
WHOAMI = "/?Action=GetCallerIdentity&Version=2011-06-15"
PORTS = [80, 443, 0]  # 0: the cloud's own


def ask(inside, port, path, headers=(), method="GET", body=None, host="127.0.0.1"):
    return inside.ask(host, path, method, port or inside.port, body, headers)


@pytest.mark.parametrize("port", PORTS)
@pytest.mark.parametrize(
    "key", ["test", "000000000000", "111122223333", "AKIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE"]
)
def test_made_up_keys_are_nobody(inside, port, key):
    status, _, body = ask(inside, port, WHOAMI, {"Authorization": SIGNED.format(key)}, host="sts.amazonaws.com")
    assert status == 403
    assert b"InvalidClientTokenId" in body


DISGUISES = [
    {},
    {"X-Forwarded-For": "127.0.0.1"},
    {"Forwarded": "for=127.0.0.1;host=localhost;proto=https"},
    {"X-Real-Ip": "127.0.0.1", "X-Forwarded-Host": "localhost"},
    {"Origin": "http://localhost"},
]


@pytest.mark.parametrize("port", PORTS)
@pytest.mark.parametrize("page", ["status", "outbox", "clock"])
@pytest.mark.parametrize("headers", DISGUISES)
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_pages_of_the_house_are_shut(inside, port, page, headers, host):
    assert ask(inside, port, f"/_freehold/{page}", headers, host=host)[0] == 403


def test_the_clock_is_not_the_guests_to_move(inside, cloud):
    before = cloud.cloud.clock.now()
    assert ask(inside, 0, "/_freehold/clock", method="POST", body=b'{"advance": 1e6}')[0] == 403
    assert cloud.cloud.clock.now() < before + 1e5


def test_a_bucket_keeps_its_paths(inside):
    status, _, body = ask(inside, 443, "/_freehold/outbox", host="photos-of-nobody.s3.amazonaws.com")
    assert status in (403, 404)
    assert b"<Error>" in body


# What policies are told of a request


@pytest.fixture
def guarded(aws):
    """A bucket with one object that is read over TLS alone, by anybody."""
    s3, name = aws("s3"), f"guarded-{aws.account}"
    s3.create_bucket(Bucket=name)
    s3.delete_public_access_block(Bucket=name)
    s3.put_object(Bucket=name, Key="k", Body=b"open")
    statement = {"Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{name}/k"}
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    statements = [{"Effect": "Allow", **statement}, {"Effect": "Deny", **statement, "Condition": plain}]
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": statements}))
    return name


@pytest.mark.parametrize(("port", "status"), [(443, 200), (80, 403), (0, 200)])
@pytest.mark.parametrize("headers", [{}, {"X-Forwarded-Proto": "https"}, {"X-Forwarded-Proto": "http"}])
def test_a_transport_is_as_secure_as_it_is(inside, guarded, port, status, headers):
    """Plain HTTP on port 80 is what it is; on the cloud's own port it stays within the machine."""
    host = f"{guarded}.s3.amazonaws.com"
    assert ask(inside, port, "/k", headers, host=host)[0] == status


@pytest.mark.parametrize(("asked", "status"), [("{address}/32", 200), ("127.0.0.0/8", 403), ("0.0.0.0/0", 200)])
def test_a_guest_has_an_address_of_its_own(inside, aws, asked, status):
    s3, name = aws("s3"), f"from-{aws.account}"
    s3.create_bucket(Bucket=name)
    s3.delete_public_access_block(Bucket=name)
    s3.put_object(Bucket=name, Key="k", Body=b"open")
    near = {"IpAddress": {"aws:SourceIp": asked.format(address=inside.guest.address)}}
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{name}/k"}
    document = {"Version": "2012-10-17", "Statement": [{**statement, "Condition": near}]}
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps(document))
    assert ask(inside, 443, "/k", {"X-Forwarded-For": "127.0.0.1"}, host=f"{name}.s3.amazonaws.com")[0] == status


# Requests that say two things


HEALTH = b"GET /_freehold/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
DOUBLE = [
    b"GET / HTTP/1.1\r\nHost: sqs.us-east-1.amazonaws.com\r\nHost: localhost\r\n\r\n",
    b"GET http://localhost/_freehold/status HTTP/1.1\r\nHost: sqs.us-east-1.amazonaws.com\r\n\r\n",
    b"GET HTTP://localhost/ HTTP/1.1\r\nHost: sqs.us-east-1.amazonaws.com\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nContent-Length: 40\r\n\r\nabcd" + HEALTH,
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HEALTH,
    b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + HEALTH,
    b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + HEALTH,
    b"GET / HTTP/1.1\nHost: localhost\n\n" + HEALTH,
    b"GET / HTTP/1.1\r\nHost: localhost\r\n X: folded\r\n\r\n",
    b"CONNECT sqs.us-east-1.amazonaws.com:443 HTTP/1.1\r\nHost: sqs.us-east-1.amazonaws.com:443\r\n\r\n" + HEALTH,
]


@pytest.mark.parametrize("text", DOUBLE)
@pytest.mark.parametrize("port", PORTS)
def test_ambiguous_requests_end_the_connection(inside, port, text):
    said = inside.raw(port or inside.port, text)
    assert said.startswith(b"HTTP/1.1 400 ")
    assert said.count(b"HTTP/1.1 ") == 1


def test_an_endless_head_is_cut_off(inside):
    with inside.connect(inside.port) as connection, suppress(ConnectionError):
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        for number in range(100):
            connection.sendall(b"X-%d: %b\r\n" % (number, b"y" * 60_000))
        assert connection.recv(65_536) == b""


def test_tls_is_not_spoken_on_the_plain_door_nor_plain_on_the_tls_door(inside):
    hello = bytes.fromhex("160301002e0100002a0303") + bytes(32) + b"\0\0\2\x13\1\1\0"
    assert inside.raw(80, hello).startswith(b"HTTP/1.1 400 ")
    with socket.create_connection(("127.0.0.1", inside.tcp[443]), timeout=30) as plain, suppress(ConnectionError):
        plain.sendall(HEALTH)
        assert b"HTTP" not in plain.recv(65_536)


FORM = (
    b"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 2\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
)


def test_a_guest_takes_no_more_than_its_share_of_connections(inside, monkeypatch):
    guests = inside.opened.guests
    monkeypatch.setattr(guests, "most", 4)
    held = [inside.connect(inside.port) for _ in range(4)]
    for connection in held:
        connection.sendall(FORM + b"a")
    until(lambda: len(guests.open) == 4 and not guests.resting)
    with inside.connect(inside.port) as fifth:
        assert said_first(fifth).startswith(b"HTTP/1.1 503 ")
    for connection in held:
        connection.sendall(b"b")
        assert connection.recv(65_536).startswith(b"HTTP/1.1 4")
        connection.close()


def test_a_guest_that_says_no_hello_takes_no_more_than_its_share_either(inside, monkeypatch):
    """Connections count from when they are accepted, whether or not TLS is ever spoken on them."""
    guests = inside.opened.guests
    until(lambda: not guests.open)
    monkeypatch.setattr(guests, "most", 4)
    held = [socket.create_connection(("127.0.0.1", inside.tcp[443]), timeout=30) for _ in range(12)]
    assert [end_of(connection) for connection in held[:8]] == [b""] * 8
    assert len(guests.open) == 4
    assert inside.ask("localhost", "/_freehold/health")[0] == 200
    for connection in held:
        connection.close()
    until(lambda: not guests.open)


def test_hellos_have_their_time(inside, monkeypatch):
    monkeypatch.setattr(handshakes, "HANDSHAKE_WITHIN_S", 0.01)
    with socket.create_connection(("127.0.0.1", inside.tcp[443]), timeout=30) as silent:
        assert end_of(silent) == b""


def end_of(connection):
    try:
        return connection.recv(65_536)
    except ConnectionError:
        return b""


def said_first(connection):
    try:
        connection.sendall(HEALTH)
        return connection.recv(65_536)
    except ConnectionError:
        return b""


def test_what_a_role_may_not_it_may_not_by_any_name(inside, aws, monkeypatch):
    client = aws.as_role("sqs", "weak")
    frozen = client._request_signer._credentials.get_frozen_credentials()
    key = {"AccessKeyId": frozen.access_key, "SecretAccessKey": frozen.secret_key, "SessionToken": frozen.token}
    with inside.names(monkeypatch), pytest.raises(ClientError, match="AccessDenied"):
        inside.client("sqs", key=key).create_queue(QueueName="mine")
