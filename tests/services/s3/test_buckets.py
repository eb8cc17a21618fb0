"""Buckets: names, owners, places, emptiness."""

import pytest


def test_a_bucket_is_made_found_and_removed(s3, bucket, refusal):
    assert s3.head_bucket(Bucket=bucket)["BucketRegion"] == "us-east-1"
    assert s3.get_bucket_location(Bucket=bucket)["LocationConstraint"] is None
    assert [each["Name"] for each in s3.list_buckets()["Buckets"]] == [bucket]
    s3.delete_bucket(Bucket=bucket)
    assert refusal(s3.head_bucket, Bucket=bucket)[0] == "404"
    code, error = refusal(s3.list_objects_v2, Bucket=bucket)
    assert (code, error["BucketName"]) == ("NoSuchBucket", bucket)


@pytest.mark.parametrize("name", ["Upper-case", "192.168.0.1", "a..b", "xn--bucket", "bucket-s3alias", "under_score"])
def test_names_that_no_bucket_may_have(s3, refusal, name):
    assert refusal(s3.create_bucket, Bucket=name)[0] == "InvalidBucketName"


def test_names_are_unique_in_the_cloud(s3, aws, bucket, refusal):
    s3.create_bucket(Bucket=bucket)  # us-east-1 says nothing
    from tests.conftest import Aws

    other = Aws(aws.running, "999999999999")("s3")
    assert refusal(other.create_bucket, Bucket=bucket)[0] == "BucketAlreadyExists"


def test_a_bucket_of_another_region(aws, refusal):
    s3 = aws("s3", region="eu-west-1")
    place = {"LocationConstraint": "eu-west-1"}
    name = f"there-{aws.account}"
    assert refusal(s3.create_bucket, Bucket=name)[0] == "IllegalLocationConstraintException"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration=place)
    assert s3.get_bucket_location(Bucket=name)["LocationConstraint"] == "eu-west-1"
    again = refusal(s3.create_bucket, Bucket=name, CreateBucketConfiguration=place)
    assert again[0] == "BucketAlreadyOwnedByYou"


def test_a_region_that_is_none_is_put_right(aws):
    """Clients read in the refusal what to sign for, and ask again. s3cmd begins with `US`."""
    asked = []
    s3 = aws("s3", "US")
    s3.meta.events.register("response-received.s3.CreateBucket", lambda **told: asked.append(told["parsed_response"]))
    s3.create_bucket(Bucket=f"b{aws.account}")
    error = asked[0]["Error"]
    assert (error["Code"], error["Region"], len(asked)) == ("AuthorizationHeaderMalformed", "us-east-1", 2)
    assert aws("s3").head_bucket(Bucket=f"b{aws.account}")["BucketRegion"] == "us-east-1"


def test_a_full_bucket_stays(s3, bucket, refusal):
    s3.put_object(Bucket=bucket, Key="a", Body=b"")
    assert refusal(s3.delete_bucket, Bucket=bucket)[0] == "BucketNotEmpty"


def test_the_expected_owner(s3, aws, bucket, refusal):
    s3.head_bucket(Bucket=bucket, ExpectedBucketOwner=aws.account)
    code, _ = refusal(s3.list_objects_v2, Bucket=bucket, ExpectedBucketOwner="000000000001")
    assert code == "AccessDenied"


def test_pages_of_buckets(s3, new_bucket):
    names = sorted(new_bucket() for _ in range(3))
    pages = s3.get_paginator("list_buckets").paginate(PaginationConfig={"PageSize": 2})
    assert [[each["Name"] for each in page["Buckets"]] for page in pages] == [names[:2], names[2:]]
