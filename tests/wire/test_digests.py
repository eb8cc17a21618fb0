"""Bodies that are read whole are held to what their headers claim of them."""

import base64
import hashlib

import pytest

from freehold.engines.checksums import checksum
from freehold.kernel.errors import AwsError
from freehold.web import Headers
from freehold.wire import digests
from freehold.wire.models import model

BODY = b"<Tagging/>"
MD5 = base64.b64encode(hashlib.md5(BODY).digest()).decode()
TAGGING, LISTING = model("s3").operations["PutBucketTagging"], model("s3").operations["ListObjectsV2"]


def crc(name):
    running = checksum(name)
    running.update(BODY)
    return running.base64()


@pytest.mark.parametrize(
    "headers",
    [
        {"content-md5": MD5},
        {"x-amz-checksum-crc32": crc("CRC32")},
        {"x-amz-checksum-sha256": crc("SHA256"), "content-md5": MD5},
        {"x-amz-trailer": "x-amz-checksum-crc32"},
    ],
)
def test_true_claims_pass(headers):
    digests.check(TAGGING, Headers(headers.items()), BODY)


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "InvalidRequest"),
        ({"content-md5": "?"}, "InvalidDigest"),
        ({"content-md5": base64.b64encode(bytes(16)).decode()}, "BadDigest"),
        ({"x-amz-checksum-crc32c": crc("CRC32")}, "BadDigest"),
    ],
)
def test_false_claims_do_not(headers, code):
    with pytest.raises(AwsError) as refused:
        digests.check(TAGGING, Headers(headers.items()), BODY)
    assert refused.value.shape() == code


def test_some_need_none():
    digests.check(LISTING, Headers(), b"")


def test_those_that_are_older_than_checksums_need_none():
    digests.check(model("s3").operations["PutObjectAcl"], Headers(), b"<AccessControlPolicy/>")


def test_what_is_claimed_of_an_object_is_not_claimed_of_the_body():
    completing = model("s3").operations["CompleteMultipartUpload"]
    digests.check(completing, Headers({"x-amz-checksum-crc32": "AAAAAA=="}.items()), BODY)
