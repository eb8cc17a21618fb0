"""Objects: put, read, copied, deleted."""

import base64
import hashlib
import io
import json
from datetime import UTC, datetime, timedelta
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from freehold.engines.checksums import checksum

BIG = bytes(range(256)) * 400  # more than lies in a record


@pytest.mark.parametrize("body", [b"", b"hello", BIG])
def test_what_was_put_is_read(s3, bucket, body):
    etag = f'"{hashlib.md5(body).hexdigest()}"'
    said = {"ContentType": "text/plain", "CacheControl": "max-age=1", "Metadata": {"Colour": "red"}}
    assert s3.put_object(Bucket=bucket, Key="a b/ü+", Body=body, **said)["ETag"] == etag
    for answer in (s3.get_object(Bucket=bucket, Key="a b/ü+"), s3.head_object(Bucket=bucket, Key="a b/ü+")):
        assert (answer["ETag"], answer["ContentLength"]) == (etag, len(body))
        assert (answer["ContentType"], answer["CacheControl"]) == ("text/plain", "max-age=1")
        assert (answer["Metadata"], answer["ServerSideEncryption"]) == ({"colour": "red"}, "AES256")
    assert s3.get_object(Bucket=bucket, Key="a b/ü+")["Body"].read() == body


def test_streams(s3, bucket):
    s3.upload_fileobj(io.BytesIO(BIG), bucket, "stream")
    found = io.BytesIO()
    s3.download_fileobj(bucket, "stream", found)
    assert found.getvalue() == BIG


def test_what_is_not_there(s3, bucket, refusal):
    code, error = refusal(s3.get_object, Bucket=bucket, Key="gone")
    assert (code, error["Message"], error["Key"]) == ("NoSuchKey", "The specified key does not exist.", "gone")
    assert refusal(s3.head_object, Bucket=bucket, Key="gone")[0] == "404"
    s3.delete_object(Bucket=bucket, Key="gone")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.integers(0, 120_000), last=st.integers(0, 120_000), big=st.booleans())
def test_ranges_are_slices(s3, bucket, refusal, first, last, big):
    body = BIG if big else b"0123456789" * 7
    s3.put_object(Bucket=bucket, Key="r", Body=body)
    asked = {"Bucket": bucket, "Key": "r", "Range": f"bytes={first}-{last}"}
    if last < first:
        assert s3.get_object(**asked)["Body"].read() == body
    elif first >= len(body):
        assert refusal(s3.get_object, **asked)[0] == "InvalidRange"
    else:
        answer = s3.get_object(**asked)
        assert answer["Body"].read() == body[first : last + 1]
        end = min(last, len(body) - 1)
        assert answer["ContentRange"] == f"bytes {first}-{end}/{len(body)}"
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 206


def test_ranges_from_the_end(s3, bucket):
    s3.put_object(Bucket=bucket, Key="r", Body=b"0123456789")
    read = lambda text: s3.get_object(Bucket=bucket, Key="r", Range=text)["Body"].read()  # noqa: E731
    assert (read("bytes=-3"), read("bytes=7-"), read("bytes=-30"), read("lines=1-2")) == (
        b"789", b"789", b"0123456789", b"0123456789",
    )  # fmt: skip


def test_conditions_of_readers(s3, bucket, refusal):
    etag = s3.put_object(Bucket=bucket, Key="a", Body=b"x")["ETag"]
    read = {"Bucket": bucket, "Key": "a"}
    before, after = (datetime.now(UTC) + timedelta(days=days) for days in (-1, 1))
    s3.get_object(**read, IfMatch=etag, IfUnmodifiedSince=before)  # If-Match decides
    s3.get_object(**read, IfNoneMatch='"other"', IfModifiedSince=after)  # If-None-Match decides
    code, error = refusal(s3.get_object, **read, IfMatch='"other"')
    assert (code, error["Condition"]) == ("PreconditionFailed", "If-Match")
    assert refusal(s3.get_object, **read, IfUnmodifiedSince=before)[0] == "PreconditionFailed"
    assert refusal(s3.get_object, **read, IfNoneMatch=etag)[0] == "304"
    made = s3.head_object(**read, IfModifiedSince=after)["LastModified"]  # what is yet to come is no condition
    assert refusal(s3.head_object, **read, IfModifiedSince=made)[0] == "304"


def test_conditions_of_writers(s3, bucket, refusal):
    put = {"Bucket": bucket, "Key": "a"}
    assert refusal(s3.put_object, **put, IfMatch='"x"')[0] == "NoSuchKey"
    etag = s3.put_object(**put, Body=b"1", IfNoneMatch="*")["ETag"]
    code, error = refusal(s3.put_object, **put, Body=b"2", IfNoneMatch="*")
    assert (code, error["Condition"]) == ("PreconditionFailed", "If-None-Match")
    assert refusal(s3.put_object, **put, Body=b"2", IfMatch='"other"')[0] == "PreconditionFailed"
    s3.put_object(**put, Body=b"2", IfMatch=etag)
    assert refusal(s3.delete_object, **put, IfMatch=etag)[0] == "PreconditionFailed"
    assert refusal(s3.delete_object, **put, IfMatchSize=1)[1]["Header"] == "x-amz-if-match-size"
    odd = ({"IfMatch": "*"}, {"IfNoneMatch": etag}, {"IfMatch": etag, "IfNoneMatch": "*"})
    assert [refusal(s3.put_object, **put, **each)[0] for each in odd] == ["NotImplemented"] * 3


@pytest.mark.parametrize("algorithm", ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"])
def test_checksums(s3, bucket, algorithm):
    member = f"Checksum{algorithm}"
    put = s3.put_object(Bucket=bucket, Key="a", Body=BIG, ChecksumAlgorithm=algorithm)
    read = s3.get_object(Bucket=bucket, Key="a", ChecksumMode="ENABLED")
    assert read["Body"].read() == BIG
    assert put[member] == read[member]
    assert read["ChecksumType"] == "FULL_OBJECT"
    attributes = s3.get_object_attributes(Bucket=bucket, Key="a", ObjectAttributes=["Checksum", "ObjectSize", "ETag"])
    assert attributes["Checksum"][member] == put[member]
    assert attributes["ObjectSize"] == len(BIG)


def test_bodies_that_are_not_what_was_said(s3, bucket, refusal):
    put = {"Bucket": bucket, "Key": "a", "Body": b"hello"}
    assert refusal(s3.put_object, **put, ContentMD5="AAAA")[0] == "InvalidDigest"
    wrong = base64.b64encode(hashlib.md5(b"other").digest()).decode()
    assert refusal(s3.put_object, **put, ContentMD5=wrong)[0] == "BadDigest"
    sha = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
    assert refusal(s3.put_object, **put, ChecksumSHA256=sha)[0] == "BadDigest"
    assert refusal(s3.put_object, **put, ChecksumSHA256="AAAA")[0] == "InvalidRequest"
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


def test_what_an_answer_is_to_say(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    answer = s3.get_object(Bucket=bucket, Key="a", ResponseContentType="image/png", ResponseCacheControl="no-store")
    assert (answer["ContentType"], answer["CacheControl"]) == ("image/png", "no-store")


def test_many_are_deleted(s3, bucket):
    for key in "abc":
        s3.put_object(Bucket=bucket, Key=key, Body=b"")
    asked = [{"Key": "a"}, {"Key": "b", "ETag": '"other"'}, {"Key": "gone"}]
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": asked})
    assert [each["Key"] for each in answer["Deleted"]] == ["a", "gone"]
    assert [(each["Key"], each["Code"]) for each in answer["Errors"]] == [("b", "PreconditionFailed")]
    assert "Deleted" not in s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "b"}], "Quiet": True})
    assert [each["Key"] for each in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["c"]


def test_documents_have_their_limits(s3, bucket, refusal):
    """What is too long is refused before it is parsed: more than a thousand keys, and more bytes than any need."""
    for count in (1_001, 60_000):
        asked = [{"Key": f"k{number}"} for number in range(count)]
        assert refusal(s3.delete_objects, Bucket=bucket, Delete={"Objects": asked})[0] == "MalformedXML"
    s3.put_object(Bucket=bucket, Key="k")
    long = [{"Key": "a", "Value": "x" * 9_000_000}]
    told = refusal(s3.put_object_tagging, Bucket=bucket, Key="k", Tagging={"TagSet": long})
    assert (told[0], told[1]["Message"]) == ("MaxMessageLengthExceeded", "Your request was too big.")
    longest = [{"Key": "&" * 1_000 + f"{number:03}"} for number in range(1_000)]
    assert len(s3.delete_objects(Bucket=bucket, Delete={"Objects": longest})["Deleted"]) == 1_000


@pytest.mark.parametrize("body", [b"small", BIG])
def test_copies(s3, bucket, new_bucket, body, refusal):
    there = new_bucket()
    s3.put_object(Bucket=bucket, Key="ä b", Body=body, Metadata={"m": "1"}, Tagging="t=1")
    s3.copy_object(Bucket=there, Key="c", CopySource={"Bucket": bucket, "Key": "ä b"})
    copy = s3.get_object(Bucket=there, Key="c")
    assert (copy["Body"].read(), copy["Metadata"], copy["TagCount"]) == (body, {"m": "1"}, 1)
    itself = {"Bucket": there, "Key": "c", "CopySource": f"{there}/c"}
    assert refusal(s3.copy_object, **itself)[0] == "InvalidRequest"
    s3.copy_object(**itself, MetadataDirective="REPLACE", Metadata={"n": "2"}, TaggingDirective="REPLACE")
    copy = s3.get_object(Bucket=there, Key="c")
    assert (copy["Body"].read(), copy["Metadata"]) == (body, {"n": "2"})
    assert "TagCount" not in copy
    code, error = refusal(s3.copy_object, **itself, StorageClass="STANDARD_IA", CopySourceIfMatch='"other"')
    assert (code, error["Condition"]) == ("PreconditionFailed", "x-amz-copy-source-If-Match")


def test_presigned_addresses(s3, bucket):
    place = {"Bucket": bucket, "Key": "p q"}
    put = Request(s3.generate_presigned_url("put_object", Params=place), data=b"by address", method="PUT")
    assert urlopen(put).status == 200
    assert urlopen(s3.generate_presigned_url("get_object", Params=place)).read() == b"by address"


def test_limits_of_what_is_said(s3, bucket, refusal):
    put = {"Bucket": bucket, "Key": "a"}
    assert refusal(s3.put_object, **put, Metadata={"k": "v" * 2_048})[0] == "MetadataTooLarge"
    assert refusal(s3.put_object, Bucket=bucket, Key="k" * 1_025)[0] == "KeyTooLongError"
    assert refusal(s3.put_object, **put, ACL="public-read")[0] == "AccessControlListNotSupported"
    assert refusal(s3.put_object, **put, WriteOffsetBytes=1)[0] == "NotImplemented"


def test_tags(s3, bucket, refusal):
    s3.put_object(Bucket=bucket, Key="a", Tagging="k=1&l=two%20words")
    read = lambda: s3.get_object_tagging(Bucket=bucket, Key="a")["TagSet"]  # noqa: E731
    assert read() == [{"Key": "k", "Value": "1"}, {"Key": "l", "Value": "two words"}]
    s3.put_object_tagging(Bucket=bucket, Key="a", Tagging={"TagSet": [{"Key": "m", "Value": ""}]})
    assert read() == [{"Key": "m", "Value": ""}]
    twice = {"TagSet": [{"Key": "m", "Value": "1"}, {"Key": "m", "Value": "2"}]}
    assert refusal(s3.put_object_tagging, Bucket=bucket, Key="a", Tagging=twice)[0] == "InvalidTag"
    s3.delete_object_tagging(Bucket=bucket, Key="a")
    assert read() == []


@pytest.mark.parametrize("name", ["XXHASH64", "XXHASH3", "XXHASH128", "CRC64NVME", "SHA512"])
def test_the_younger_checksums_are_held_to_and_told(s3, bucket, refusal, name):
    running = checksum(name)
    running.update(b"content")
    stated = {f"Checksum{name}": running.base64()}
    s3.put_object(Bucket=bucket, Key="k", Body=b"content", **stated)
    assert s3.head_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")[f"Checksum{name}"] == running.base64()
    assert refusal(s3.put_object, Bucket=bucket, Key="k", Body=b"other", **stated)[0] == "BadDigest"


def test_a_copy_of_what_has_an_address_in_its_key(s3, bucket):
    s3.put_object(Bucket=bucket, Key="seen/http://example.com/page", Body=b"page")
    s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "seen/http://example.com/page"})
    assert s3.get_object(Bucket=bucket, Key="copy")["Body"].read() == b"page"


def test_what_an_answer_cannot_say(s3, bucket, refusal):
    s3.put_object(Bucket=bucket, Key="a", Body=b"a")
    said = {"ResponseContentDisposition": "attachment; filename=\u65e5"}
    refused, told = refusal(s3.get_object, Bucket=bucket, Key="a", **said)
    assert (refused, told["ArgumentName"]) == ("InvalidArgument", "response-content-disposition")
    assert told["Message"] == "Header value cannot be represented using ISO-8859-1."
    for wrong in ("bytes=" + "9" * 5_000 + "-", "bytes=0-" + "9" * 5_000):
        assert s3.get_object(Bucket=bucket, Key="a", Range=wrong)["ContentLength"] == 1


def test_nobody_in_particular_says_what_an_answer_is_to_say(s3, bucket, aws):
    s3.put_object(Bucket=bucket, Key="a", Body=b"a")
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    s3.delete_public_access_block(Bucket=bucket)
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [everybody]}))
    for argument in ("response-content-type=text/html", "response-expires=Thu,%2001%20Jan%202026%2000:00:00%20GMT"):
        with pytest.raises(HTTPError, match="400"):
            urlopen(f"{aws.url}/{bucket}/a?{argument}", timeout=30)
    assert urlopen(f"{aws.url}/{bucket}/a", timeout=30).read() == b"a"
