"""The main door as an HTTPS proxy, for tools that are told of one."""

import os
import shutil
import socket
import ssl
import subprocess
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config


@pytest.fixture
def proxied(cloud):
    """Where the proxy is, and what trusts it."""
    cloud.run(cloud.cloud.doors.ready())
    return cloud.url, str(cloud.cloud.doors.trust / "bundle.pem")


def test_boto3_through_the_proxy(proxied, aws):
    url, bundle = proxied
    sqs = boto3.client(
        "sqs", region_name="eu-west-1", verify=bundle, aws_access_key_id=aws.account, aws_secret_access_key="test",
        config=Config(proxies={"https": url}),
    )  # fmt: skip
    made = sqs.create_queue(QueueName="jobs")["QueueUrl"]
    assert made == f"https://sqs.eu-west-1.amazonaws.com/{aws.account}/jobs"
    for _ in range(3):
        sqs.send_message(QueueUrl=made, MessageBody="x" * 100_000)
    assert len(sqs.receive_message(QueueUrl=made)["Messages"][0]["Body"]) == 100_000


def test_a_tool_that_reads_the_usual_variables(proxied, aws):
    if not shutil.which("curl"):
        pytest.skip("curl is not on this machine")
    url, bundle = proxied
    variables = {**os.environ, "HTTPS_PROXY": url, "CURL_CA_BUNDLE": bundle}
    command = ["curl", "-sS", "https://sts.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15"]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=60, check=False)
    assert "MissingAuthenticationToken" in done.stdout, done.stderr


def said(cloud, text: bytes) -> bytes:
    where = urlsplit(cloud.url)
    with socket.create_connection((where.hostname, where.port), timeout=30) as connection:
        connection.sendall(text)
        heard = b""
        while part := connection.recv(65_536):
            heard += part
    return heard


@pytest.mark.parametrize(
    "target",
    ["example.com:443", "sqs.us-east-1.amazonaws.com:80", "127.0.0.1:22", "sqs.us-east-1.amazonaws.com", "[::1]:443"],
)
def test_other_places_are_not_reached(cloud, target):
    heard = said(cloud, f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
    assert heard.startswith((b"HTTP/1.1 403 ", b"HTTP/1.1 400 "))


def test_the_refusal_says_what_is_passed_on(cloud):
    heard = said(cloud, b"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n")
    assert heard.endswith(b"Freehold passes on to port 443 of AWS's names only, not to example.com:443\n")


def opened(cloud):
    where = urlsplit(cloud.url)
    connection = socket.create_connection((where.hostname, where.port), timeout=30)
    connection.sendall(b"CONNECT sts.amazonaws.com:443 HTTP/1.1\r\nHost: sts.amazonaws.com:443\r\n\r\n")
    assert connection.recv(65_536) == b"HTTP/1.1 200 Connection established\r\n\r\n"
    return connection


def test_what_is_no_tls_ends_the_tunnel(proxied, cloud):
    with opened(cloud) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: sts.amazonaws.com\r\n\r\n")
        heard = connection.recv(65_536)
        assert b"HTTP" not in heard


def test_a_request_right_after_the_handshake_is_answered(proxied, cloud):
    """It may come before the server has taken note that the handshake is over."""
    context = ssl.create_default_context(cafile=proxied[1])
    for _ in range(20):
        with context.wrap_socket(opened(cloud), server_hostname="sts.amazonaws.com") as connection:
            connection.sendall(b"GET /nothing HTTP/1.1\r\nHost: sts.amazonaws.com\r\nConnection: close\r\n\r\n")
            assert connection.recv(65_536).startswith(b"HTTP/1.1 ")


def test_a_tunnel_is_no_way_around_who_may(proxied, cloud):
    """Within it the caller's address and the rights of its keys are those of the connection itself."""
    context = ssl.create_default_context(cafile=proxied[1])
    with context.wrap_socket(opened(cloud), server_hostname="localhost") as connection:
        connection.sendall(b"GET /_freehold/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200 ")


def test_what_follows_a_tunnels_request_at_once_is_not_taken_for_another(cloud):
    text = b"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"
    assert said(cloud, text).count(b"HTTP/1.1 ") == 1
