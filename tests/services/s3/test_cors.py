"""Cross-origin requests: what a bucket's rules let web pages do, and what browsers are told."""

import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from freehold.services.s3.cors import rules

PAGE = "https://app.example.com"
RULE = {
    "AllowedOrigins": ["https://*.example.com"], "AllowedMethods": ["GET", "PUT"], "AllowedHeaders": ["x-amz-*"],
    "ExposeHeaders": ["etag"], "MaxAgeSeconds": 30,
}  # fmt: skip


@pytest.fixture
def asked(aws):
    """Ask as a browser would: status, headers (small letters), body."""

    def ask(method, path, **headers):
        request = Request(f"{aws.url}/{path}", method=method)
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        try:
            answer = urlopen(request, timeout=30)
        except HTTPError as error:
            answer = error
        with answer:
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read()

    return ask


@pytest.fixture
def open_bucket(s3, bucket):
    """A bucket that anybody may read, with one rule."""
    s3.delete_public_access_block(Bucket=bucket)
    statement = {
        "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*",
    }  # fmt: skip
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [RULE]})
    s3.put_object(Bucket=bucket, Key="a", Body=b"for all")
    return bucket


def preflight(asked, path, origin=PAGE, method="GET", headers=""):
    more = {"Access_Control_Request_Headers": headers} if headers else {}
    return asked("OPTIONS", path, Origin=origin, Access_Control_Request_Method=method, **more)


def test_a_preflight_that_fits_a_rule(asked, open_bucket):
    status, headers, body = preflight(asked, f"{open_bucket}/a", headers="X-Amz-Acl,x-amz-date")
    assert (status, body) == (200, b"")
    told = {name: value for name, value in headers.items() if name.startswith("access-control")}
    assert told == {
        "access-control-allow-origin": PAGE,
        "access-control-allow-methods": "GET, PUT",
        "access-control-allow-headers": "x-amz-acl, x-amz-date",
        "access-control-allow-credentials": "true",
        "access-control-expose-headers": "etag",
        "access-control-max-age": "30",
    }
    assert headers["vary"] == "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"


@pytest.mark.parametrize("how", [{"origin": "https://example.com"}, {"method": "DELETE"}, {"headers": "authorization"}])
def test_a_preflight_that_fits_none(asked, open_bucket, how):
    status, headers, body = preflight(asked, f"{open_bucket}/a", **how)
    assert status == 403 and "access-control-allow-origin" not in headers
    assert b"<Code>AccessForbidden</Code><Message>CORSResponse: This CORS request is not allowed." in body
    assert b"<ResourceType>OBJECT</ResourceType>" in body


def test_preflights_without_rules(asked, bucket):
    assert b"CORSResponse: CORS is not enabled for this bucket." in preflight(asked, f"{bucket}/a")[2]
    assert b"CORSResponse: Bucket not found" in preflight(asked, "no-such-bucket-here/a")[2]
    status, _, body = asked("OPTIONS", f"{bucket}/a")
    assert status == 400 and b"Insufficient information. Origin request header needed." in body


def test_answers_to_web_pages(asked, open_bucket, bucket):
    status, headers, _ = asked("GET", f"{open_bucket}/a", Origin=PAGE)
    assert status == 200 and headers["access-control-allow-origin"] == PAGE
    for origin in ("https://elsewhere.example.org", ""):
        _, headers, _ = asked("GET", f"{open_bucket}/a", **({"Origin": origin} if origin else {}))
        assert not [name for name in headers if name.startswith("access-control")]


def test_everybodys_rule_allows_no_credentials():
    told = dict(rules.told({"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}, PAGE, []))
    assert told["Access-Control-Allow-Origin"] == "*" and "Access-Control-Allow-Credentials" not in told


@pytest.mark.parametrize(
    "pattern, origin, fits",
    [
        ("https://*.example.com", "https://a.b.example.com", True),
        ("https://*.example.com", "https://example.com", False),
        ("http*://example.com", "https://example.com", True),
        ("*", "null", True),
        ("https://aa*aa", "https://aaa", False),
    ],
)
def test_wildcards_of_origins(pattern, origin, fits):
    rule = {"AllowedOrigins": [pattern], "AllowedMethods": ["GET"]}
    assert bool(rules.fitting([rule], origin, "GET", [])) == fits


@pytest.mark.parametrize(
    "more, code",
    [
        ({"AllowedMethods": ["OPTIONS"]}, "InvalidRequest"),
        ({"AllowedOrigins": ["*.*"]}, "InvalidRequest"),
        ({"ExposeHeaders": ["x-*"]}, "InvalidRequest"),
    ],
)
def test_rules_that_may_not_be_set(s3, bucket, refusal, more, code):
    assert refusal(s3.put_bucket_cors, Bucket=bucket, CORSConfiguration={"CORSRules": [RULE | more]})[0] == code
