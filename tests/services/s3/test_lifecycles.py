"""Lifecycle rules: taken, told, and carried out under a clock that jumps."""

import pytest
from botocore.exceptions import ClientError

DAY = 86_400


def rules(*wanted):
    return {"Rules": [{"Status": "Enabled", "Filter": {"Prefix": ""}} | rule for rule in wanted]}


def test_rules_are_kept_with_a_name(s3, bucket, refusal):
    assert refusal(s3.get_bucket_lifecycle_configuration, Bucket=bucket)[0] == "NoSuchLifecycleConfiguration"
    s3.put_bucket_lifecycle_configuration(
        Bucket=bucket,
        LifecycleConfiguration=rules({"Expiration": {"Days": 3}, "ID": "three"}, {"Expiration": {"Days": 9}}),
    )
    found = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert found[0]["ID"] == "three" and found[1]["ID"]
    assert 'rule-id="three"' in s3.put_object(Bucket=bucket, Key="a")["Expiration"]
    s3.delete_bucket_lifecycle(Bucket=bucket)
    assert "Expiration" not in s3.head_object(Bucket=bucket, Key="a")


@pytest.mark.parametrize("rule, code", [
    ({}, "InvalidRequest"),
    ({"Expiration": {"Days": 0}}, "InvalidArgument"),
    ({"Expiration": {"Days": 1, "ExpiredObjectDeleteMarker": True}}, "MalformedXML"),
    ({"Expiration": {"Days": 1}, "Prefix": "both"}, "MalformedXML"),
])  # fmt: skip
def test_rules_that_are_none(s3, bucket, refusal, rule, code):
    put = s3.put_bucket_lifecycle_configuration
    assert refusal(put, Bucket=bucket, LifecycleConfiguration=rules(rule))[0] == code


def eventually(own_cloud, look):
    """Let keepers run; the clock of the cloud stands still meanwhile."""
    for _ in range(200):
        if look():
            return True
        own_cloud.running.get("/_freehold/clock")
    return False


def test_objects_expire(own_cloud):
    s3 = own_cloud("s3")
    s3.create_bucket(Bucket="aging")
    s3.create_bucket(Bucket="keeping")
    for name in ("aging", "keeping"):
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        s3.put_object(Bucket=name, Key="old/1", Body=b"1")
        s3.put_object(Bucket=name, Key="new", Body=b"2")
    upload = s3.create_multipart_upload(Bucket="aging", Key="old/2")["UploadId"]
    rule = {
        "Filter": {"Prefix": "old/"}, "Expiration": {"Days": 1},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
    }  # fmt: skip
    s3.put_bucket_lifecycle_configuration(Bucket="aging", LifecycleConfiguration=rules(rule))
    own_cloud.advance(2 * DAY)
    keys = lambda name: [each["Key"] for each in s3.list_objects_v2(Bucket=name)["Contents"]]  # noqa: E731
    assert eventually(own_cloud, lambda: keys("aging") == ["new"])
    assert keys("keeping") == ["new", "old/1"]
    with pytest.raises(ClientError):
        s3.list_parts(Bucket="aging", Key="old/2", UploadId=upload)
    own_cloud.advance(2 * DAY)
    count = lambda: len(s3.list_object_versions(Bucket="aging")["Versions"])  # noqa: E731
    assert eventually(own_cloud, lambda: count() == 1)


def test_dropped_contents_are_removed(own_cloud):
    s3 = own_cloud("s3")
    s3.create_bucket(Bucket="swept")
    files = lambda: len(own_cloud.running.cloud.door.blobs.older_than(-86_400))  # noqa: E731
    s3.put_object(Bucket="swept", Key="a", Body=b"x" * 100_000)
    assert files() == 1
    s3.delete_object(Bucket="swept", Key="a")
    own_cloud.advance(2 * 3_600)
    assert eventually(own_cloud, lambda: files() == 0)
