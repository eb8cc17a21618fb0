"""Signature Version 2: S3's own examples, and links as boto3 makes them."""

import json
from email.utils import formatdate
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from botocore.auth import HmacV1Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from freehold.kernel.errors import AwsError
from freehold.wire import sigv2, sigv4
from freehold.wire.http import Headers

KEY, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
EXPIRES = 1175139620
LINK = f"AWSAccessKeyId={KEY}&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D&Expires={EXPIRES}"
DATE, MOMENT = "Tue, 27 Mar 2007 19:36:42 +0000", 1175024202
SIGNED = f"AWS {KEY}:bWq2s1WEIj+Ydj0vQ697zp+IXMU="


def verified(method, path, query="", headers=(), bucket="johnsmith", region="us-east-1", now=EXPIRES, secret=SECRET):
    """The code of the refusal, None if the signature is taken."""
    told = Headers(headers)
    signature = sigv4.find(method, path, query, told.pairs)
    try:
        sigv2.verify(signature, secret, method, path, query, told, bucket, region, now)
    except AwsError as refusal:
        return refusal.shape(), refusal.message
    return None


def test_the_examples_of_the_documentation():
    assert verified("GET", "/photos/puppy.jpg", LINK) is None
    headers = [("date", DATE), ("authorization", SIGNED)]
    assert verified("GET", "/photos/puppy.jpg", "", headers, now=MOMENT) is None


@pytest.mark.parametrize(
    ("method", "path", "query", "bucket"),
    [
        ("PUT", "/photos/puppy.jpg", LINK, "johnsmith"),
        ("GET", "/photos/kitten.jpg", LINK, "johnsmith"),
        ("GET", "/photos/puppy.jpg", LINK, "janesmith"),
        ("GET", "/photos/puppy.jpg", LINK.replace("620", "621"), "johnsmith"),
        ("GET", "/photos/puppy.jpg", f"{LINK}&versionId=1", "johnsmith"),
        ("GET", "/photos/puppy.jpg", f"{LINK}&acl", "johnsmith"),
        ("GET", "/photos/puppy.jpg", f"{LINK}&response-content-type=text/html", "johnsmith"),
        ("GET", "/photos/puppy.jpg", f"{LINK}&x-amz-acl=public-read", "johnsmith"),
    ],
)
def test_what_was_not_signed_is_refused(method, path, query, bucket):
    assert verified(method, path, query, bucket=bucket)[0] == "SignatureDoesNotMatch"


def test_other_headers_of_amazons_are_refused():
    assert verified("GET", "/photos/puppy.jpg", LINK, [("x-amz-acl", "private")])[0] == "SignatureDoesNotMatch"
    assert verified("GET", "/photos/puppy.jpg", LINK, secret="wrong")[0] == "SignatureDoesNotMatch"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (LINK, "Request has expired"),
        (LINK.partition("&Expires")[0], sigv2.INCOMPLETE),
        (LINK.replace(str(EXPIRES), "soon"), sigv2.NO_NUMBER.format("soon")),
    ],
)
def test_links_that_say_no_time_or_a_past_one(query, words):
    assert verified("GET", "/photos/puppy.jpg", query, now=EXPIRES + 1) == ("AccessDenied", words)


def test_a_request_of_another_time_is_refused():
    headers = [("date", DATE), ("authorization", SIGNED)]
    assert verified("GET", "/photos/puppy.jpg", "", headers, now=MOMENT + 901)[0] == "RequestTimeTooSkewed"
    assert verified("GET", "/photos/puppy.jpg", "", headers[1:], now=MOMENT) == ("AccessDenied", sigv2.NO_DATE)


def test_young_regions_and_young_parameters_want_version_4():
    refused = ("InvalidRequest", sigv2.NOT_HERE)
    assert verified("GET", "/photos/puppy.jpg", LINK, region="eu-central-1") == refused
    assert verified("GET", "/", f"{LINK}&encryption") == refused


# Through the door


@pytest.fixture
def user(aws):
    """The key of a user who may do anything with S3, and a bucket."""
    iam = aws("iam")
    iam.create_user(UserName="u")
    allowed = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    iam.put_user_policy(
        UserName="u", PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    )
    key = iam.create_access_key(UserName="u")["AccessKey"]
    aws("s3").create_bucket(Bucket=f"b{aws.account}")
    return key["AccessKeyId"], key["SecretAccessKey"]


def sent(method, url, body=None, headers=()):
    try:
        with urlopen(Request(url, body, dict(headers), method=method), timeout=30) as answer:
            return answer.status, answer.read()
    except HTTPError as refusal:
        return refusal.code, refusal.read()


def test_links_as_boto3_makes_them(aws, user):
    s3, bucket = aws("s3", key=user[0], secret=user[1]), f"b{aws.account}"
    link = s3.generate_presigned_url("put_object", {"Bucket": bucket, "Key": "a b/ü"})
    assert "AWSAccessKeyId=" in link
    assert sent("PUT", link, b"hello", [("content-type", "")])[0] == 200
    told = {"Bucket": bucket, "Key": "a b/ü", "ResponseContentType": "text/x"}
    link = s3.generate_presigned_url("get_object", told)
    assert sent("GET", link) == (200, b"hello")
    assert sent("GET", link.replace("text%2Fx", "text%2Fy"))[0] == 403
    assert sent("GET", link.replace("Signature=", "Signature=A"))[0] == 403
    assert sent("DELETE", link)[0] == 403


def test_a_link_of_a_session_carries_its_token(aws):
    bucket = f"b{aws.account}"
    aws("s3").create_bucket(Bucket=bucket)
    aws("s3").put_object(Bucket=bucket, Key="k", Body=b"hello")
    allowed = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/k"}
    s3 = aws.as_role("s3", "reader", allowed)
    link = s3.generate_presigned_url("get_object", {"Bucket": bucket, "Key": "k"})
    assert "AWSAccessKeyId=ASIA" in link
    assert sent("GET", link) == (200, b"hello")
    assert sent("GET", s3.generate_presigned_url("get_object", {"Bucket": bucket, "Key": "other"}))[0] == 403


def test_old_tools_sign_in_the_header(aws, user):
    bucket = f"b{aws.account}"
    request = AWSRequest("PUT", f"{aws.url}/{bucket}/k", data=b"hello", headers={"x-amz-meta-of": "me"})
    request.headers["Date"] = formatdate(aws.running.cloud.clock.now(), usegmt=True)
    HmacV1Auth(Credentials(*user)).add_auth(request)
    assert request.headers["Authorization"].startswith(f"AWS {user[0]}:")
    headers = [*request.headers.items(), ("content-type", "")]
    assert sent("PUT", urlsplit(request.url).geturl(), b"hello", headers)[0] == 200
