"""Tags of buckets and objects: what they must be, and whose they are."""

import pytest

LONG = "k" * 129


def tags(*pairs):
    return {"TagSet": [{"Key": key, "Value": value} for key, value in pairs]}


@pytest.mark.parametrize("wanted, words", [
    (tags(("k", "1"), ("k", "2")), "Cannot provide multiple Tags with the same key"),
    (tags(("a,b", "1")), "The TagKey you have provided is invalid"),
    (tags((LONG, "1")), "The TagKey you have provided is invalid"),
    (tags(("k", "a,b")), "The TagValue you have provided is invalid"),
    (tags(("aws:k", "1")), "Your TagKey cannot be prefixed with aws:"),
])  # fmt: skip
def test_objects_tags_that_are_none(s3, bucket, refusal, wanted, words):
    s3.put_object(Bucket=bucket, Key="a")
    code, error = refusal(s3.put_object_tagging, Bucket=bucket, Key="a", Tagging=wanted)
    assert (code, error["Message"]) == ("InvalidTag", words)


def test_how_many_there_may_be(s3, bucket, refusal):
    s3.put_object(Bucket=bucket, Key="a")
    eleven = tags(*((f"k{number}", "") for number in range(11)))
    assert refusal(s3.put_object_tagging, Bucket=bucket, Key="a", Tagging=eleven)[0] == "BadRequest"
    s3.put_bucket_tagging(Bucket=bucket, Tagging=eleven)
    many = tags(*((f"k{number}", "") for number in range(51)))
    assert refusal(s3.put_bucket_tagging, Bucket=bucket, Tagging=many)[0] == "BadRequest"


@pytest.mark.parametrize("header", ["k=1&k=2", "k=1,l=2"])
def test_headers_that_are_none(s3, bucket, refusal, header):
    code, error = refusal(s3.put_object, Bucket=bucket, Key="a", Tagging=header)
    assert (code, error["ArgumentValue"]) == ("InvalidArgument", header)


def test_buckets_tags(s3, bucket, refusal, aws):
    assert refusal(s3.put_bucket_tagging, Bucket=bucket, Tagging=tags(("aws:k", "1")))[1]["TagKey"] == "aws:k"
    name = f"tagged-{aws.account}"
    wanted = {"Tags": [{"Key": "k", "Value": "v"}]}
    s3.create_bucket(Bucket=name, CreateBucketConfiguration=wanted)
    assert s3.get_bucket_tagging(Bucket=name)["TagSet"] == wanted["Tags"]
    s3.create_bucket(Bucket=name)
    again = refusal(s3.create_bucket, Bucket=name, CreateBucketConfiguration=wanted)
    assert again[0] == "BucketAlreadyOwnedByYou"
    ours = {"Tags": [{"Key": "aws:k", "Value": "v"}]}
    assert (
        "User-defined tag keys"
        in refusal(s3.create_bucket, Bucket=f"{name}-2", CreateBucketConfiguration=ours)[1]["Message"]
    )


def test_versions_have_tags_of_their_own(s3, new_bucket, refusal):
    bucket = new_bucket(versioned=True)
    old = s3.put_object(Bucket=bucket, Key="a", Tagging="of=old")["VersionId"]
    s3.put_object(Bucket=bucket, Key="a")
    s3.put_object_tagging(Bucket=bucket, Key="a", Tagging=tags(("of", "new")))
    assert s3.get_object_tagging(Bucket=bucket, Key="a")["TagSet"][0]["Value"] == "new"
    assert s3.get_object_tagging(Bucket=bucket, Key="a", VersionId=old)["TagSet"][0]["Value"] == "old"
    s3.copy_object(Bucket=bucket, Key="b", CopySource=f"{bucket}/a")
    s3.copy_object(Bucket=bucket, Key="c", CopySource=f"{bucket}/a", TaggingDirective="REPLACE", Tagging="of=copy")
    told = [s3.get_object_tagging(Bucket=bucket, Key=key)["TagSet"][0]["Value"] for key in "bc"]
    assert told == ["new", "copy"]
    assert refusal(s3.get_object_tagging, Bucket=bucket, Key="z")[1]["Key"] == f"{bucket}/z"


def test_a_new_buckets_tags_may_not_repeat_a_key(s3, aws, refusal):
    twice = {"Tags": [{"Key": "k", "Value": "1"}, {"Key": "k", "Value": "2"}]}
    create = s3.create_bucket
    assert refusal(create, Bucket=f"twice-{aws.account}", CreateBucketConfiguration=twice)[0] == "InternalError"
