"""Whatever is asked by whom nobody knows, the wire answers, and with no fault of its own."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from freehold.kernel.errors import AwsError
from freehold.services.apigateway.service import catalogue
from freehold.services.lambda_.service import invoke
from freehold.services.s3.encryption import asked
from freehold.web import Headers, HttpRequest

HOSTS = [
    "localhost",
    "127.0.0.1:4566",
    "[::1]:4566",
    "[",
    "]",
    "[:",
    "",
    ":",
    ".",
    "..amazonaws.com",
    ".s3.amazonaws.com",
    "sqs.us-east-1.amazonaws.com",
    "a.s3.localhost",
    "x.execute-api.us-east-1.amazonaws.com",
    "b.lambda-url.x.on.aws",
    "\xff",
    "a" * 300,
    "s3-",
    "s3express-",
    "%5b",
    "us-east-1.queue.amazonaws.com",
    ".queue.amazonaws.com",
]
PATHS = [
    "/",
    "//",
    "/.",
    "/%",
    "/%zz",
    "/%00",
    "/a/b",
    "/a%2f..",
    "/service/",
    "/service/x/operation/y",
    "/_freehold/",
    "/_freehold/health",
    "/2015-03-31/functions/",
    "/v20180820/",
    "/000000000000/q",
    "/\x7f",
    "/a;b",
    "/%ff%fe",
]
QUERIES = [
    "",
    "?",
    "Action=",
    "Action=%zz",
    "Action=SendMessage&Version=2012-11-05",
    "Version=2012-11-05",
    "uploads",
    "&&=",
    "X-Amz-Signature=a",
    "X-Amz-Credential=a/b/c/d/e&X-Amz-Signature=b",
    "AWSAccessKeyId=&Signature=",
    "list-type=%",
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=\u0661",
    "AWSAccessKeyId=a&Signature=b&Expires=\u00b2",
    "%=%",
]
SIGNED = "AWS4-HMAC-SHA256 Credential={}/20260101/{}/{}/aws4_request, SignedHeaders=host, Signature=00"
FIELDS = [
    *(
        ("authorization", SIGNED.format("test", "us-east-1", name))
        for name in ("s3", "sqs", "iam", "ec2", "", "x", "states")
    ),
    ("authorization", SIGNED.format("", "", "")),
    ("authorization", "AWS4-"),
    ("authorization", "AWS :"),
    ("authorization", "AWS a:b"),
    ("authorization", "Bearer x"),
    ("authorization", "AWS4-HMAC-SHA256 Signature="),
    ("x-amz-date", "99999999T999999Z"),
    ("date", "Mon, 32 Foo 99999 99:99:99 +9999"),
    ("date", "\xff"),
    ("x-amz-target", "."),
    ("x-amz-target", "AmazonSQS.SendMessage"),
    ("x-amz-target", "DynamoDB_20120810.\xff"),
    ("content-type", "application/x-amz-json-1.0"),
    ("content-type", "application/x-www-form-urlencoded"),
    ("content-type", "application/cbor"),
    ("content-type", "multipart/form-data"),
    ("content-type", ";"),
    ("smithy-protocol", "rpc-v2-cbor"),
    ("origin", "\xff"),
    ("origin", "null"),
    ("access-control-request-method", "\xff"),
    ("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
    ("x-amz-content-sha256", "\xff"),
    ("x-forwarded-proto", "https"),
    ("x-amzn-trace-id", ";;="),
    ("x-amz-account-id", "x"),
    ("content-encoding", "aws-chunked"),
    ("content-md5", "\xff"),
    ("x-amz-decoded-content-length", "-1"),
    ("range", "bytes=-"),
    ("expect", "x"),
]
BODIES = [
    b"",
    b"{}",
    b"[]",
    b"{",
    b"\xff",
    b"Action=SendMessage",
    b"Action=%ff",
    b"<a",
    b"\xbf\xff",
    b"0\r\n\r\n",
    b"--",
]

requests = st.tuples(
    st.sampled_from(["GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS", "PATCH", "TRACE"]),
    st.sampled_from(HOSTS),
    st.sampled_from(PATHS),
    st.sampled_from(QUERIES),
    st.lists(st.sampled_from(FIELDS), max_size=4),
    st.sampled_from(BODIES),
)


@given(requests)
@example(("GET", "[", "/", "", [], b""))
def test_odd_requests_of_strangers(cloud, request_):
    method, host, path, query, fields, body = request_
    http = HttpRequest(method, path, query, Headers([("host", host), *fields]), body, "192.0.2.1")
    assert cloud.run(cloud.cloud.wire(http)).status != 500


def test_a_form_without_end_is_refused_before_anybody_knows_whom_it_is_for(cloud):
    async def endless():
        piece = bytes(1 << 20)
        while True:
            yield piece

    form = [("host", "localhost"), ("content-type", "application/x-www-form-urlencoded")]
    http = HttpRequest("POST", "/", "", Headers(form), endless(), "192.0.2.1")
    assert cloud.run(cloud.cloud.wire(http)).status == 413


@pytest.mark.parametrize("read", [catalogue._read_position, invoke._client_context, asked._context])
def test_letters_beyond_ascii_are_no_base64(read):
    """Python says so with another error than for letters that are not of base64."""
    with pytest.raises(AwsError):
        read("\xff")
    assert asked._decoded("\xff") == b""
