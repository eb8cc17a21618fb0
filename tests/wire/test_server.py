"""The way of a request, through a real socket."""

import asyncio
import http.client
import json
import socket
import time
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from freehold.doors import http as doors
from freehold.web import HttpRequest, RequestEntityTooLarge
from freehold.wire import amendments
from freehold.wire.server import read_whole


def exchange(cloud, method, path, headers=None, body=b""):
    connection = http.client.HTTPConnection(urlsplit(cloud.url).netloc, timeout=30)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer, content


def signed_like(service):
    scope = f"test/20260101/us-east-1/{service}/aws4_request"
    return f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=00"


def test_what_aws_has_and_freehold_does_not_is_501(aws):
    with pytest.raises(ClientError) as refusal:
        aws("athena").list_work_groups()
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert refusal.value.response["Error"]["Code"] == "NotImplemented"
    assert "athena" in refusal.value.response["Error"]["Message"]


def test_an_unknown_service_says_so(cloud):
    answer, content = exchange(cloud, "POST", "/", {"Authorization": signed_like("teleport"), "X-Amz-Target": "T.Go"})
    assert answer.status == 501
    assert b"teleport" in content


def test_every_answer_has_a_request_id(aws):
    first, second = (aws("sts").get_caller_identity()["ResponseMetadata"]["RequestId"] for _ in range(2))
    assert first != second
    assert len(first) == 36


def test_keys_that_spell_an_account_are_its_root(aws):
    who = aws("sts").get_caller_identity()
    assert (who["Account"], who["Arn"]) == (aws.account, f"arn:aws:iam::{aws.account}:root")
    assert aws("sts", key="test").get_caller_identity()["Account"] == "000000000000"


def test_unsigned_requests_are_refused_in_the_protocol_they_speak(cloud):
    answer, content = exchange(cloud, "POST", "/", {"X-Amz-Target": "AmazonSQS.ListQueues"}, b"{}")
    assert answer.status == 400
    assert json.loads(content)["__type"].endswith("MissingAuthenticationTokenException")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer, content = exchange(cloud, "POST", "/", form, b"Action=ListUsers&Version=2010-05-08")
    assert answer.status == 403
    assert b"<Code>MissingAuthenticationToken</Code>" in content


def test_browsers_may_call_the_apis(cloud):
    headers = {"Origin": "http://app.example", "Access-Control-Request-Headers": "authorization,x-amz-target"}
    answer, _ = exchange(cloud, "OPTIONS", "/", headers)
    assert answer.status == 204
    assert answer.headers["access-control-allow-origin"] == "http://app.example"
    headers = {
        "Origin": "http://app.example",
        "Authorization": signed_like("sqs"),
        "X-Amz-Target": "AmazonSQS.ListQueues",
    }
    answer, _ = exchange(cloud, "POST", "/", headers, b"{}")
    assert answer.headers["access-control-allow-origin"] == "http://app.example"


def test_a_body_that_is_no_json_is_refused_and_the_connection_lives(cloud):
    connection = http.client.HTTPConnection(urlsplit(cloud.url).netloc, timeout=30)
    headers = {"Authorization": signed_like("sqs"), "X-Amz-Target": "AmazonSQS.ListQueues"}
    for body, status in ((b"{", 400), (b"[]", 400), (b"{}", 200)):
        connection.request("POST", "/", body, headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == status
    connection.close()


def test_a_request_that_is_too_large_for_its_operation():
    most = amendments.BODIES["lambda"]["CreateFunction"]
    asyncio.run(read_whole(HttpRequest("POST", "/", body=bytes(most)), "lambda", "CreateFunction"))
    words = f"Request must be smaller than {most} bytes for the CreateFunction operation"
    with pytest.raises(RequestEntityTooLarge, match=words):
        asyncio.run(read_whole(HttpRequest("POST", "/", body=bytes(most + 1)), "lambda", "CreateFunction"))


def test_the_house_tells_of_itself(cloud):
    assert cloud.get("/_freehold/health")["status"] == "ok"
    assert "sqs" in cloud.get("/_freehold/status")["services"]


def test_who_dawdles_over_a_request_head_is_cut_off(cloud, monkeypatch):
    monkeypatch.setattr(doors, "HEAD_WITHIN_S", 0.05)
    where = urlsplit(cloud.url)
    with socket.create_connection((where.hostname, where.port), timeout=5) as slow:
        slow.sendall(b"GET /_freehold/health HTTP/1.1\r\nHost: x\r\n")
        start = time.monotonic()
        assert slow.recv(100) == b""
        assert time.monotonic() - start < 5


@pytest.mark.parametrize("garbage", [b"\x16\x03\x01\x02\x00", b"GET\r\n\r\n", b"POST / HTTP/9.9\r\n\r\n", b"\r\n" * 50])
def test_garbage_on_the_socket_harms_nobody(cloud, garbage):
    where = urlsplit(cloud.url)
    with socket.create_connection((where.hostname, where.port), timeout=5) as rude:
        rude.sendall(garbage)
        rude.shutdown(socket.SHUT_WR)
        while rude.recv(4_096):
            pass
    assert cloud.get("/_freehold/health")["status"] == "ok"
