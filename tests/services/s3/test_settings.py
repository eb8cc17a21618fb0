"""What is set on buckets: put, shown, removed, and whether it holds."""

import json
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

CORS = {"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"], "MaxAgeSeconds": 9}]}
KMS = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}, "BucketKeyEnabled": True}]}
WEBSITE = {"IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "error.html"}}

SETTINGS = [
    ("bucket_cors", "CORSConfiguration", CORS, "", "NoSuchCORSConfiguration"),
    ("bucket_website", "WebsiteConfiguration", WEBSITE, "", "NoSuchWebsiteConfiguration"),
    (
        "bucket_ownership_controls", "OwnershipControls", {"Rules": [{"ObjectOwnership": "ObjectWriter"}]},
        "OwnershipControls", "OwnershipControlsNotFoundError",
    ),
]  # fmt: skip


@pytest.mark.parametrize("name, member, value, shown, missing", SETTINGS)
def test_settings_are_put_shown_and_removed(s3, bucket, refusal, name, member, value, shown, missing):
    put, get, delete = (getattr(s3, f"{verb}_{name}") for verb in ("put", "get", "delete"))
    put(Bucket=bucket, **{member: value})
    answer = get(Bucket=bucket)
    assert (answer[shown] if shown else {key: answer[key] for key in value}) == value
    delete(Bucket=bucket)
    assert refusal(get, Bucket=bucket)[0] == missing


def test_encryption_is_never_off(s3, bucket):
    rules = lambda: s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]  # noqa: E731
    assert rules()[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=KMS)
    assert rules() == KMS["Rules"]
    s3.delete_bucket_encryption(Bucket=bucket)
    assert rules()[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"


def test_tags_of_a_bucket(s3, bucket, refusal):
    assert refusal(s3.get_bucket_tagging, Bucket=bucket)[0] == "NoSuchTagSet"
    tags = [{"Key": "a", "Value": "1"}]
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": tags})
    assert s3.get_bucket_tagging(Bucket=bucket)["TagSet"] == tags
    s3.delete_bucket_tagging(Bucket=bucket)
    assert refusal(s3.get_bucket_tagging, Bucket=bucket)[0] == "NoSuchTagSet"


def test_what_is_so_until_it_is_set(s3, bucket):
    assert s3.get_bucket_request_payment(Bucket=bucket)["Payer"] == "BucketOwner"
    assert "Status" not in s3.get_bucket_accelerate_configuration(Bucket=bucket)
    assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket=bucket)


def policy(bucket, *statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def statement(bucket, effect="Allow", action="s3:GetObject", principal="*", **more):
    resource = [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
    return {"Effect": effect, "Principal": principal, "Action": action, "Resource": resource} | more


def test_a_public_bucket(s3, aws, bucket, refusal):
    s3.put_object(Bucket=bucket, Key="a", Body=b"for all")
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{aws.url}/{bucket}/a")
    assert refused.value.status == 403 and b"<Code>AccessDenied</Code>" in refused.value.read()
    document = policy(bucket, statement(bucket))
    assert refusal(s3.put_bucket_policy, Bucket=bucket, Policy=document)[0] == "AccessDenied"
    s3.delete_public_access_block(Bucket=bucket)
    s3.put_bucket_policy(Bucket=bucket, Policy=document)
    assert json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"]) == json.loads(document)
    assert s3.get_bucket_policy_status(Bucket=bucket)["PolicyStatus"]["IsPublic"]
    assert urlopen(f"{aws.url}/{bucket}/a").read() == b"for all"
    with pytest.raises(HTTPError):
        urlopen(f"{aws.url}/{bucket}")
    s3.delete_bucket_policy(Bucket=bucket)
    assert refusal(s3.get_bucket_policy, Bucket=bucket)[0] == "NoSuchBucketPolicy"


def test_policies_that_are_none(s3, bucket, refusal):
    for document in ("[]", "{}", policy(bucket, statement("another"))):
        assert refusal(s3.put_bucket_policy, Bucket=bucket, Policy=document)[0] == "MalformedPolicy"


def test_another_account_needs_the_policy(s3, aws, bucket, refusal):
    from tests.conftest import Aws

    s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    other = Aws(aws.running, "888888888888")("s3")
    assert refusal(other.get_object, Bucket=bucket, Key="a")[0] == "AccessDenied"
    named = {"AWS": "arn:aws:iam::888888888888:root"}
    s3.put_bucket_policy(Bucket=bucket, Policy=policy(bucket, statement(bucket, principal=named)))
    assert other.get_object(Bucket=bucket, Key="a")["Body"].read() == b"x"
    assert refusal(other.put_object, Bucket=bucket, Key="a")[0] == "AccessDenied"


def test_a_denial_binds_the_owner_but_not_out(s3, bucket, refusal):
    s3.put_bucket_policy(Bucket=bucket, Policy=policy(bucket, statement(bucket, "Deny", "s3:*")))
    assert refusal(s3.put_object, Bucket=bucket, Key="a")[0] == "AccessDenied"
    s3.delete_bucket_policy(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="a")


def test_what_a_role_may(aws, s3, bucket, refusal):
    s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    allowed = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/a"}
    reader = aws.as_role("s3", "reader", allowed)
    assert reader.get_object(Bucket=bucket, Key="a")["Body"].read() == b"x"
    assert refusal(reader.get_object, Bucket=bucket, Key="b")[0] == "AccessDenied"
    assert refusal(reader.list_objects_v2, Bucket=bucket)[0] == "AccessDenied"
    assert refusal(reader.get_object, Bucket=bucket, Key="a", VersionId="null")[0] == "AccessDenied"
