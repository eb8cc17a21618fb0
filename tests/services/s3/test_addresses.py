"""Addresses: hosts under which buckets are reached, links that anybody may use for a while, and what is not here."""

from datetime import UTC, datetime
from http.client import HTTPConnection
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import boto3
import pytest
from botocore.config import Config

HOSTS = [
    "{bucket}.s3.amazonaws.com",
    "{bucket}.s3.us-east-1.amazonaws.com",
    "{bucket}.s3-us-east-1.amazonaws.com",
    "{bucket}.s3.dualstack.us-east-1.amazonaws.com",
    "{bucket}.s3-accelerate.amazonaws.com",
    "{bucket}.s3-accelerate.dualstack.amazonaws.com",
    "{bucket}.s3-fips.us-east-1.amazonaws.com",
    "{bucket}.s3.localhost",
    "{bucket}.s3.us-east-1.localhost",
]


@pytest.fixture
def ask(aws):
    """Ask at a host, signed as the account's root: status, headers (small letters), body."""

    def send(host, path="/a", method="GET", signed=True, region="us-east-1"):
        credential = f"Credential={aws.account}/20260101/{region}/s3/aws4_request"
        headers = {"Host": host}
        if signed:
            headers["Authorization"] = f"AWS4-HMAC-SHA256 {credential}, SignedHeaders=host, Signature=x"
        connection = HTTPConnection(urlsplit(aws.url).netloc, timeout=30)
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()

    return send


@pytest.mark.parametrize("host", HOSTS)
def test_hosts_that_name_a_bucket(s3, bucket, ask, host):
    s3.put_object(Bucket=bucket, Key="a", Body=b"here")
    assert ask(host.format(bucket=bucket))[::2] == (200, b"here")


def test_a_host_of_another_region(s3, aws, new_bucket, ask):
    west = aws("s3", region="eu-west-1")
    name = new_bucket(west, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    west.put_object(Bucket=name, Key="a")
    for signed in (True, False):
        status, headers, body = ask(f"{name}.s3.us-west-2.amazonaws.com", signed=signed, region="us-west-2")
        assert status == 301 and headers["x-amz-bucket-region"] == "eu-west-1"
        assert f"<Endpoint>{name}.s3.eu-west-1.amazonaws.com</Endpoint>".encode() in body
    assert ask(f"{name}.s3.eu-west-1.amazonaws.com", region="eu-west-1")[0] == 200


def presigned(aws, version, method="get_object", **more):
    client = boto3.client(
        "s3", endpoint_url=aws.url, region_name="us-east-1", aws_access_key_id=aws.account,
        aws_secret_access_key="test", config=Config(signature_version=version, s3={"addressing_style": "path"}),
    )  # fmt: skip
    expires = more.pop("expires", 900)
    return client.generate_presigned_url(method, Params=more, ExpiresIn=expires)


@pytest.mark.parametrize("version", ["s3", "s3v4"])
def test_links(s3, aws, bucket, version):
    put = presigned(aws, version, "put_object", Bucket=bucket, Key="a", ContentType="text/plain")
    assert urlopen(Request(put, b"x", {"Content-Type": "text/plain"}, method="PUT"), timeout=30).status == 200
    with urlopen(presigned(aws, version, Bucket=bucket, Key="a"), timeout=30) as answer:
        assert answer.read() == b"x"
    listed = presigned(aws, version, "list_objects_v2", Bucket=bucket)
    assert b"<Key>a</Key>" in urlopen(listed, timeout=30).read()
    urlopen(Request(presigned(aws, version, "delete_object", Bucket=bucket, Key="a"), method="DELETE"), timeout=30)
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


def test_a_link_is_over_when_it_is(own_cloud):
    """Whoever's key signed it: that a link has ended can be told without its secret."""
    s3 = own_cloud("s3")
    s3.create_bucket(Bucket="links")
    s3.put_object(Bucket="links", Key="a")
    stamp = f"{datetime.fromtimestamp(own_cloud.running.cloud.clock.now(), UTC):%Y%m%dT%H%M%SZ}"
    query = (
        f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={own_cloud.account}%2F{stamp[:8]}%2Fus-east-1%2Fs3%2F"
        f"aws4_request&X-Amz-Date={stamp}&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=x"
    )

    def status_and_body(**headers):
        connection = HTTPConnection(urlsplit(own_cloud.url).netloc, timeout=30)
        connection.request("GET", f"/links/a?{query}", headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()

    assert status_and_body()[0] == 200
    status, body = status_and_body(**{"x-amz-request-payer": "requester"})
    assert status == 403 and b"<HeadersNotSigned>x-amz-request-payer</HeadersNotSigned>" in body
    own_cloud.advance(120)
    status, body = status_and_body()
    assert status == 403 and b"<Message>Request has expired</Message>" in body and b"<X-Amz-Expires>60<" in body


def test_directory_buckets_are_refused(s3, ask, refusal):
    name = "fast--use1-az4--x-s3"
    assert refusal(s3.list_directory_buckets)[0] == "NotImplemented"
    status, _, body = ask(f"{name}.s3express-use1-az4.us-east-1.amazonaws.com", "/?session")
    assert status == 501 and b"<Code>NotImplemented</Code>" in body
    assert ask("localhost", f"/{name}/a")[0] == 501
