"""Encryption at rest: nothing lies readable, the right keys open it, and answers tell of it as AWS's do."""

import base64
import hashlib
import itertools
import json
import os

import pytest

MB = 1024**2
SECRET = b"a secret that lies nowhere"
KEY, OTHER = os.urandom(32), os.urandom(32)
BIG = SECRET * (700_000 // len(SECRET))  # some frames
_names = itertools.count()


def customer(key, prefix=""):
    """A customer's key as members of a request."""
    secret, md5 = (base64.b64encode(each).decode() for each in (key, hashlib.md5(key).digest()))
    return {
        f"{prefix}SSECustomerAlgorithm": "AES256",
        f"{prefix}SSECustomerKey": secret,
        f"{prefix}SSECustomerKeyMD5": md5,
    }


def body(answer):
    return answer["Body"].read()


@pytest.fixture
def key(aws):
    return aws("kms").create_key()["KeyMetadata"]["Arn"]


@pytest.fixture
def disk(cloud):
    """Everything that the cloud has on its disk."""

    def read():
        files = (file for file in cloud.config.data.rglob("*") if file.is_file())
        return b"".join(file.read_bytes() for file in files)

    return read


@pytest.mark.parametrize("content", [SECRET, BIG], ids=["small", "big"])
@pytest.mark.parametrize("method", ["AES256", "aws:kms", "aws:kms:dsse", "SSE-C"])
def test_nothing_lies_readable(s3, bucket, disk, content, method):
    secret = f"{method} {len(content)} {next(_names)} ".encode() + os.urandom(16)
    said = customer(KEY) if method == "SSE-C" else {"ServerSideEncryption": method}
    s3.put_object(Bucket=bucket, Key="k", Body=secret + content, **said)
    lies = disk()
    assert secret not in lies and content[:512] not in lies
    read = customer(KEY) if method == "SSE-C" else {}
    assert body(s3.get_object(Bucket=bucket, Key="k", **read)) == secret + content
    assert body(s3.get_object(Bucket=bucket, Key="k", Range="bytes=2-9", **read)) == secret[2:10]
    edge = body(s3.get_object(Bucket=bucket, Key="k", Range="bytes=262140-262150", **read)) if content is BIG else b""
    assert edge == (secret + content)[262140:262151]


def test_the_usual_is_s3_s_own_key(s3, bucket):
    assert s3.put_object(Bucket=bucket, Key="k", Body=b"x")["ServerSideEncryption"] == "AES256"
    found = s3.head_object(Bucket=bucket, Key="k")
    assert (found["ServerSideEncryption"], found["ETag"]) == ("AES256", f'"{hashlib.md5(b"x").hexdigest()}"')


def test_a_bucket_s_default(s3, bucket, key):
    by_default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    rules = [{"ApplyServerSideEncryptionByDefault": by_default, "BucketKeyEnabled": True}]
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": rules})
    for name in ("one", "two"):  # the second under the data key of the first
        told = s3.put_object(Bucket=bucket, Key=name, Body=SECRET)
        assert (told["ServerSideEncryption"], told["SSEKMSKeyId"], told["BucketKeyEnabled"]) == ("aws:kms", key, True)
        assert told["ETag"] != f'"{hashlib.md5(SECRET).hexdigest()}"'
        assert body(s3.get_object(Bucket=bucket, Key=name)) == SECRET
    plain = s3.put_object(Bucket=bucket, Key="three", Body=SECRET, ServerSideEncryption="AES256")
    assert (plain["ServerSideEncryption"], "SSEKMSKeyId" in plain) == ("AES256", False)


def test_kms_decides_who_reads(aws, s3, bucket, key, refusal):
    context = base64.b64encode(json.dumps({"team": "red"}).encode()).decode()
    said = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key, "SSEKMSEncryptionContext": context}
    told = s3.put_object(Bucket=bucket, Key="k", Body=SECRET, **said)
    assert json.loads(base64.b64decode(told["SSEKMSEncryptionContext"])) == {"team": "red"}
    reads = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    decrypts = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": key,
                "Condition": {"StringEquals": {"kms:EncryptionContext:team": "red",
                                               "kms:ViaService": "s3.us-east-1.amazonaws.com"}}}  # fmt: skip
    blind, seeing = aws.as_role("s3", "blind", reads), aws.as_role("s3", "seeing", reads, decrypts)
    assert refusal(blind.get_object, Bucket=bucket, Key="k")[0] == "AccessDenied"
    assert blind.head_object(Bucket=bucket, Key="k")["SSEKMSKeyId"] == key
    assert body(seeing.get_object(Bucket=bucket, Key="k")) == SECRET
    assert refusal(seeing.put_object, Bucket=bucket, Key="l", Body=b"", **said)[0] == "AccessDenied"
    aws("kms").disable_key(KeyId=key)
    assert refusal(s3.get_object, Bucket=bucket, Key="k")[0] == "KMS.DisabledException"
    unknown = key.rpartition("/")[0] + "/00000000-0000-0000-0000-000000000000"
    refused = refusal(s3.put_object, Bucket=bucket, Key="k", **said | {"SSEKMSKeyId": unknown})
    assert refused[0] == "KMS.NotFoundException"


def test_a_customer_s_key_alone_opens(s3, bucket, refusal):
    place = {"Bucket": bucket, "Key": "k"}
    told = s3.put_object(**place, Body=SECRET, **customer(KEY))
    assert (told["SSECustomerAlgorithm"], "ServerSideEncryption" in told) == ("AES256", False)
    assert refusal(s3.get_object, **place)[0] == "InvalidRequest"
    for ask in (s3.get_object, s3.get_object_attributes):
        more = {"ObjectAttributes": ["ETag"]} if ask == s3.get_object_attributes else {}
        code, error = refusal(ask, **place, **customer(OTHER), **more)
        assert (code, "correct secret key" in error["Message"]) == ("AccessDenied", True)
    wrong = customer(KEY) | {"SSECustomerKeyMD5": base64.b64encode(bytes(16)).decode()}
    assert "did not match" in refusal(s3.get_object, **place, **wrong)[1]["Message"]
    s3.put_object(Bucket=bucket, Key="plain", Body=b"")
    assert refusal(s3.get_object, Bucket=bucket, Key="plain", **customer(KEY))[0] == "InvalidRequest"


def test_parts_are_sealed_under_their_upload_s_key(s3, bucket, disk, key, refusal):
    for said, more in ((customer(KEY), customer(KEY)), ({"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key}, {})):
        place = {"Bucket": bucket, "Key": f"k{len(more)}"}
        first, second = os.urandom(5 * MB), os.urandom(100)
        place["UploadId"] = s3.create_multipart_upload(**place, **said)["UploadId"]
        if more:
            assert refusal(s3.upload_part, **place, PartNumber=1, Body=b"")[0] == "InvalidRequest"
            assert refusal(s3.upload_part, **place, PartNumber=1, Body=b"", **customer(OTHER))[0] == "InvalidRequest"
        parts = [
            {"PartNumber": number, "ETag": s3.upload_part(**place, PartNumber=number, Body=part, **more)["ETag"]}
            for number, part in enumerate((first, second), 1)
        ]
        s3.complete_multipart_upload(**place, MultipartUpload={"Parts": parts})
        del place["UploadId"]
        assert second not in disk()
        assert body(s3.get_object(**place, **more)) == first + second
        assert body(s3.get_object(**place, **more, Range=f"bytes={5 * MB - 3}-{5 * MB + 2}")) == first[-3:] + second[:3]


def test_copies_are_sealed_anew(s3, bucket, key):
    s3.put_object(Bucket=bucket, Key="from", Body=BIG, **customer(KEY))
    source = {"CopySource": f"{bucket}/from", **customer(KEY, "CopySource")}
    s3.copy_object(Bucket=bucket, Key="other", **source, **customer(OTHER))
    assert body(s3.get_object(Bucket=bucket, Key="other", **customer(OTHER))) == BIG
    told = s3.copy_object(Bucket=bucket, Key="kms", **source, ServerSideEncryption="aws:kms", SSEKMSKeyId=key)
    assert (told["SSEKMSKeyId"], body(s3.get_object(Bucket=bucket, Key="kms"))) == (key, BIG)
    upload = {"Bucket": bucket, "Key": "part"}
    upload["UploadId"] = s3.create_multipart_upload(**upload)["UploadId"]
    copied = s3.upload_part_copy(**upload, PartNumber=1, **source, CopySourceRange="bytes=10-300000")["CopyPartResult"]
    parts = [{"PartNumber": 1, "ETag": copied["ETag"]}]
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
    assert body(s3.get_object(Bucket=bucket, Key="part")) == BIG[10:300_001]


@pytest.mark.parametrize(
    ("said", "code", "words"),
    [
        ({"ServerSideEncryption": "rot13"}, "InvalidArgument", "not supported"),
        ({"SSEKMSKeyId": "k"}, "InvalidArgument", "requires HTTP header"),
        (customer(KEY) | {"ServerSideEncryption": "AES256"}, "InvalidArgument", "incompatible"),
        (customer(KEY) | {"SSECustomerAlgorithm": "KMS"}, "InvalidEncryptionAlgorithmError", "AES256"),
        (customer(b"short"), "InvalidArgument", "invalid for the specified algorithm"),
        ({"ServerSideEncryption": "aws:kms", "SSEKMSEncryptionContext": "?"}, "InvalidArgument", "Base64-encoded"),
    ],
)
def test_what_cannot_be_asked(s3, bucket, refusal, said, code, words):
    refused = refusal(s3.put_object, Bucket=bucket, Key="k", Body=b"", **said)
    assert (refused[0], words in refused[1]["Message"]) == (code, True)
