"""Doors to test with: those of a guest, on plain sockets of this machine instead of a cell's."""

import http.client
import json
import socket
import ssl
from contextlib import contextmanager

import boto3
import pytest
from botocore.config import Config

from freehold.engines.hosts import is_aws
from freehold.sandbox.doors import Guest


def listening(kind=socket.SOCK_STREAM):
    made = socket.socket(socket.AF_INET, kind)
    made.bind(("127.0.0.1", 0))
    if kind == socket.SOCK_STREAM:
        made.listen(64)
    made.setblocking(False)
    return made


class Behind:
    """The doors of one guest. `tcp` and `udp` say where each port really listens."""

    def __init__(self, cloud, guest: Guest):
        self.cloud, self.guest = cloud, guest
        doors = cloud.cloud.doors
        tcp = {port: listening() for port in doors.tcp}
        udp = {port: listening(socket.SOCK_DGRAM) for port in doors.udp}
        self.port = doors.port
        self.tcp = {port: made.getsockname()[1] for port, made in tcp.items()}
        self.udp = {port: made.getsockname()[1] for port, made in udp.items()}
        self.opened = cloud.run(doors.open(guest, tcp, udp))
        self.authority = str(doors.trust / "authority.pem")

    def close(self):
        self.cloud.loop.call_soon_threadsafe(self.opened.close)

    def connect(self, port: int, host: str | None = None) -> socket.socket:
        """A connection to a door; over TLS on 443, which asks for `host` and trusts this cloud alone."""
        plain = socket.create_connection(("127.0.0.1", self.tcp[port]), timeout=30)
        if port != 443:
            return plain
        context = ssl.create_default_context(cafile=self.authority)
        context.check_hostname = host is not None
        return context.wrap_socket(plain, server_hostname=host)

    def ask(self, host: str, path: str = "/", method: str = "GET", port: int = 443, body=None, headers=()):
        """Status, headers and body of one request."""
        connection = http.client.HTTPConnection(host)
        connection.sock = self.connect(port, host)
        connection.request(method, path, body, {"Host": host, **dict(headers)})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, answer.headers, content

    def raw(self, port: int, text: bytes, host: str = "sqs.us-east-1.amazonaws.com") -> bytes:
        """All that a door says to these bytes before it hangs up."""
        with self.connect(port, host) as connection:
            connection.sendall(text)
            said = b""
            while part := connection.recv(65_536):
                said += part
        return said

    @contextmanager
    def names(self, monkeypatch):
        """AWS's names lead here, for whoever looks them up in this process."""
        look_up = socket.getaddrinfo

        def found(host, port, *more, **other):
            if is_aws(host):
                return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", self.tcp[port]))]
            return look_up(host, port, *more, **other)

        with monkeypatch.context() as patch:
            patch.setattr(socket, "getaddrinfo", found)
            yield

    def client(self, service: str, region: str = "us-east-1", key: dict | None = None, **more):
        """boto3 as it is, with AWS's own endpoints."""
        key = key or {"AccessKeyId": "test", "SecretAccessKey": "test"}
        return boto3.client(
            service, region_name=region, verify=self.authority, aws_access_key_id=key["AccessKeyId"],
            aws_secret_access_key=key["SecretAccessKey"], aws_session_token=key.get("SessionToken"),
            config=Config(retries={"total_max_attempts": 1}, **more),
        )  # fmt: skip


@pytest.fixture(scope="session")
def inside(cloud):
    behind = Behind(cloud, Guest(id="one", names=("localhost.example", "*.allowed.example")))
    yield behind
    behind.close()


@pytest.fixture
def role_key(aws):
    """Keys of a role of this test's account that may do anything, as functions have them."""
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{aws.account}:root"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = aws("iam").create_role(RoleName="guest", AssumeRolePolicyDocument=document)["Role"]
    allowed = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    aws("iam").put_role_policy(RoleName="guest", PolicyName="all", PolicyDocument=policy)
    return aws("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="guest")["Credentials"]
