"""Uploads in parts."""

import hashlib
import io

import pytest
from boto3.s3.transfer import TransferConfig

MB = 1024**2
PARTS = [b"1" * 5 * MB, b"2" * 5 * MB, b"3" * 100]


@pytest.fixture
def begun(s3, bucket):
    """An upload of PARTS: where it is, and the parts to complete it with."""

    def begin(key="big", **more):
        place = {"Bucket": bucket, "Key": key}
        place["UploadId"] = s3.create_multipart_upload(**place, **more)["UploadId"]
        parts = []
        for number, body in enumerate(PARTS, 1):
            algorithm = {"ChecksumAlgorithm": more["ChecksumAlgorithm"]} if "ChecksumAlgorithm" in more else {}
            answer = s3.upload_part(**place, PartNumber=number, Body=body, **algorithm)
            checksums = {name: value for name, value in answer.items() if name.startswith("Checksum")}
            parts.append({"PartNumber": number, "ETag": answer["ETag"]} | (checksums if algorithm else {}))
        return place, parts

    return begin


def test_parts_become_an_object(s3, bucket, begun):
    place, parts = begun(Metadata={"m": "1"}, Tagging="t=1")
    md5s = b"".join(hashlib.md5(part).digest() for part in PARTS)
    answer = s3.complete_multipart_upload(**place, MultipartUpload={"Parts": parts})
    assert answer["ETag"] == f'"{hashlib.md5(md5s).hexdigest()}-3"'
    found = s3.get_object(Bucket=bucket, Key="big")
    assert (found["Body"].read(), found["Metadata"], found["TagCount"]) == (b"".join(PARTS), {"m": "1"}, 1)
    second = s3.get_object(Bucket=bucket, Key="big", PartNumber=2)
    assert (second["Body"].read(), second["PartsCount"]) == (PARTS[1], 3)
    edge = s3.get_object(Bucket=bucket, Key="big", Range=f"bytes={5 * MB - 2}-{5 * MB + 1}")
    assert edge["Body"].read() == b"1122"
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=bucket)


def test_one_client_uploads_and_another_reads(s3, bucket):
    body = b"".join(PARTS)
    s3.upload_fileobj(io.BytesIO(body), bucket, "file", Config=TransferConfig(multipart_threshold=5 * MB))
    assert s3.get_object(Bucket=bucket, Key="file")["Body"].read() == body
    assert s3.head_object(Bucket=bucket, Key="file")["ETag"].endswith('-2"')


def test_parts_that_do_not_fit(s3, begun, refusal):
    place, parts = begun()

    def complete(*wanted):
        return refusal(s3.complete_multipart_upload, **place, MultipartUpload={"Parts": list(wanted)})[0]

    assert complete(parts[1], parts[0]) == "InvalidPartOrder"
    assert complete(parts[0], parts[1] | {"ETag": '"other"'}) == "InvalidPart"
    assert complete({"PartNumber": 9, "ETag": "x"}) == "InvalidPart"
    assert complete(parts[2] | {"PartNumber": 3}, {"PartNumber": 4, "ETag": "x"}) == "InvalidPart"
    s3.upload_part(**place, PartNumber=4, Body=b"x")
    small = {"PartNumber": 4, "ETag": hashlib.md5(b"x").hexdigest()}
    assert complete(parts[2], small) == "EntityTooSmall"
    s3.abort_multipart_upload(**place)
    assert complete(*parts) == "NoSuchUpload"
    assert refusal(s3.upload_part, **place, PartNumber=1, Body=b"x")[0] == "NoSuchUpload"


@pytest.mark.parametrize(
    "algorithm, kind", [("CRC32", "COMPOSITE"), ("CRC32C", "FULL_OBJECT"), ("SHA256", "COMPOSITE")]
)
def test_checksums_of_the_whole(s3, bucket, begun, algorithm, kind):
    place, parts = begun(ChecksumAlgorithm=algorithm, ChecksumType=kind)
    member = f"Checksum{algorithm}"
    whole = s3.complete_multipart_upload(**place, MultipartUpload={"Parts": parts})
    assert whole["ChecksumType"] == kind
    assert whole[member].endswith("-3") == (kind == "COMPOSITE")
    if kind == "FULL_OBJECT":
        plain = s3.put_object(Bucket=bucket, Key="plain", Body=b"".join(PARTS), ChecksumAlgorithm=algorithm)
        assert plain[member] == whole[member]


def test_lists_of_parts_and_uploads(s3, bucket, begun):
    place, parts = begun("a/1")
    begun("b")
    pages = s3.get_paginator("list_parts").paginate(**place, PaginationConfig={"PageSize": 2})
    assert [[each["ETag"] for each in page["Parts"]] for page in pages] == [
        [part["ETag"] for part in parts[:2]], [parts[2]["ETag"]],
    ]  # fmt: skip
    answer = s3.list_multipart_uploads(Bucket=bucket, Delimiter="/")
    assert [each["Key"] for each in answer["Uploads"]] == ["b"]
    assert answer["CommonPrefixes"] == [{"Prefix": "a/"}]
    pages = s3.get_paginator("list_multipart_uploads").paginate(Bucket=bucket, PaginationConfig={"PageSize": 1})
    assert [each["Key"] for page in pages for each in page.get("Uploads", [])] == ["a/1", "b"]


def test_parts_copied_from_objects(s3, bucket, refusal):
    s3.put_object(Bucket=bucket, Key="source", Body=b"0123456789")
    place = {"Bucket": bucket, "Key": "copy"}
    place["UploadId"] = s3.create_multipart_upload(**place)["UploadId"]
    copy = place | {"CopySource": f"{bucket}/source", "PartNumber": 1}
    part = s3.upload_part_copy(**copy, CopySourceRange="bytes=2-5")["CopyPartResult"]
    assert refusal(s3.upload_part_copy, **copy, CopySourceRange="bytes=2-50")[0] == "InvalidArgument"
    parts = [{"PartNumber": 1, "ETag": part["ETag"]}]
    s3.complete_multipart_upload(**place, MultipartUpload={"Parts": parts})
    assert s3.get_object(Bucket=bucket, Key="copy")["Body"].read() == b"2345"
    attributes = s3.get_object_attributes(Bucket=bucket, Key="copy", ObjectAttributes=["ObjectParts", "Checksum"])
    assert attributes["ObjectParts"]["TotalPartsCount"] == 1
    assert attributes["Checksum"]["ChecksumType"] == "FULL_OBJECT"
