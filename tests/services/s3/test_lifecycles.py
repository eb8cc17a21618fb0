"""Lifecycle rules: taken, told, and carried out under a clock that jumps."""

from datetime import datetime

import pytest
from botocore.exceptions import ClientError

from freehold.services.s3.aging import rounds

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


@pytest.mark.parametrize("rule, code, words", [
    ({}, "InvalidRequest", "At least one action needs to be specified in a rule"),
    ({"Status": "Perhaps", "Expiration": {"Days": 1}}, "MalformedXML", ""),
    ({"Expiration": {"Days": 0}}, "InvalidArgument", "'Days' for Expiration action must be a positive integer"),
    ({"Expiration": {"Days": 1, "ExpiredObjectDeleteMarker": True}}, "MalformedXML", ""),
    ({"Expiration": {"Days": 1}, "Prefix": "both"}, "MalformedXML", ""),
    ({"Expiration": {"Days": 1}, "Filter": {"Prefix": "", "ObjectSizeGreaterThan": 5}}, "MalformedXML", ""),
    ({"Expiration": {"Date": datetime(2030, 1, 1, 2)}}, "InvalidArgument", "'Date' must be at midnight GMT"),
    ({"NoncurrentVersionExpiration": {}, "Expiration": {"Days": 1}}, "MalformedXML", ""),
    ({"NoncurrentVersionExpiration": {"NoncurrentDays": 0}}, "InvalidArgument",
     "'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer"),
    ({"Expiration": {"Days": 1}, "Filter": {"And": {"Tags": [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]}}},
     "InvalidRequest", "Duplicate Tag Keys are not allowed."),
    ({"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1}, "Filter": {"Tag": {"Key": "a", "Value": "1"}}},
     "InvalidRequest", "AbortIncompleteMultipartUpload cannot be specified with Tags."),
    ({"Transitions": [{"Days": 1, "StorageClass": "STANDARD"}]}, "MalformedXML", ""),
    ({"Transitions": [{"Days": 1, "StorageClass": "STANDARD_IA"}]}, "InvalidArgument",
     "'Days' in Transition action must be greater than or equal to 30 for storageClass 'STANDARD_IA'"),
    ({"Transitions": [{"Days": 9, "StorageClass": "GLACIER"}], "Expiration": {"Days": 9}}, "InvalidArgument",
     "'Days' in the Expiration action for filter '(prefix=)' must be greater than 'Days' in the Transition action"),
])  # fmt: skip
def test_rules_that_are_none(s3, bucket, refusal, rule, code, words):
    put = s3.put_bucket_lifecycle_configuration
    found, error = refusal(put, Bucket=bucket, LifecycleConfiguration=rules(rule))
    assert found == code and words in error["Message"]


def test_rules_must_have_names_of_their_own(s3, bucket, refusal):
    twice = rules({"ID": "same", "Expiration": {"Days": 1}}, {"ID": "same", "Expiration": {"Days": 2}})
    put = s3.put_bucket_lifecycle_configuration
    assert refusal(put, Bucket=bucket, LifecycleConfiguration=twice)[0] == "InvalidArgument"
    one = rules({"Expiration": {"Days": 1}})
    least = {"TransitionDefaultMinimumObjectSize": "none"}
    assert refusal(put, Bucket=bucket, LifecycleConfiguration=one, **least)[0] == "InvalidRequest"


def test_what_answers_tell_of_rules(s3, new_bucket):
    bucket = new_bucket(versioned=True)
    one = {"ID": "one", "Expiration": {"Days": 3}, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 2}}
    s3.put_bucket_lifecycle_configuration(
        Bucket=bucket, LifecycleConfiguration=rules(one, {"ID": "two", "Expiration": {"Days": 3}})
    )
    version = s3.put_object(Bucket=bucket, Key="a")["VersionId"]
    assert 'rule-id="one"' in s3.head_object(Bucket=bucket, Key="a")["Expiration"]
    assert "Expiration" not in s3.head_object(Bucket=bucket, Key="a", VersionId=version)
    upload = s3.create_multipart_upload(Bucket=bucket, Key="a")
    assert upload["AbortRuleId"] == "one"
    parts = s3.list_parts(Bucket=bucket, Key="a", UploadId=upload["UploadId"])
    assert parts["AbortDate"] == upload["AbortDate"]


def eventually(own_cloud, look):
    """Let keepers run; the clock of the cloud stands still meanwhile."""
    for _ in range(2_000):
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
    running = own_cloud.running
    files = lambda: len(running.run(running.cloud.door.blobs.older_than(-86_400)))  # noqa: E731
    s3.put_object(Bucket="swept", Key="a", Body=b"x" * 100_000)
    assert files() == 1
    s3.delete_object(Bucket="swept", Key="a")
    own_cloud.advance(2 * 3_600)
    assert eventually(own_cloud, lambda: files() == 0)


def aged(own_cloud, *wanted, days, name="aging", **more):
    """Put rules, let days pass, and wait until they have been carried out."""
    s3 = own_cloud("s3")
    s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration=rules(*wanted), **more)
    own_cloud.advance(days * DAY)


def test_versions_are_kept_by_number(own_cloud):
    s3 = own_cloud("s3")
    s3.create_bucket(Bucket="aging")
    s3.put_bucket_versioning(Bucket="aging", VersioningConfiguration={"Status": "Enabled"})
    made = [s3.put_object(Bucket="aging", Key="a", Body=b"x")["VersionId"] for _ in range(5)]
    aged(own_cloud, {"NoncurrentVersionExpiration": {"NoncurrentDays": 1, "NewerNoncurrentVersions": 2}}, days=3)
    left = lambda: [each["VersionId"] for each in s3.list_object_versions(Bucket="aging")["Versions"]]  # noqa: E731
    assert eventually(own_cloud, lambda: left() == made[:1:-1])


def test_lone_markers_go(own_cloud):
    s3 = own_cloud("s3")
    s3.create_bucket(Bucket="aging")
    s3.put_bucket_versioning(Bucket="aging", VersioningConfiguration={"Status": "Enabled"})
    s3.delete_object(Bucket="aging", Key="lone")
    s3.put_object(Bucket="aging", Key="kept")
    s3.delete_object(Bucket="aging", Key="kept")
    aged(own_cloud, {"Expiration": {"ExpiredObjectDeleteMarker": True}}, days=1)
    markers = lambda: [each["Key"] for each in s3.list_object_versions(Bucket="aging")["DeleteMarkers"]]  # noqa: E731
    assert eventually(own_cloud, lambda: markers() == ["kept"])


def test_objects_move(own_cloud):
    s3 = own_cloud("s3")
    s3.create_bucket(Bucket="aging")
    large, small = b"x" * 140_000, b"x"
    for key, body in (("large", large), ("small", small), ("named/small", small)):
        s3.put_object(Bucket="aging", Key=key, Body=body)
    moves = [{"Days": 30, "StorageClass": "STANDARD_IA"}, {"Days": 90, "StorageClass": "GLACIER"}]
    named = {"Filter": {"And": {"Prefix": "named/", "ObjectSizeGreaterThan": 0}}, "Transitions": moves[1:]}
    aged(own_cloud, {"Transitions": moves}, named, days=40)
    kinds = lambda: {each["Key"]: each["StorageClass"] for each in s3.list_objects_v2(Bucket="aging")["Contents"]}  # noqa: E731
    assert eventually(own_cloud, lambda: kinds()["large"] == "STANDARD_IA")
    assert (kinds()["small"], kinds()["named/small"]) == ("STANDARD", "STANDARD")
    own_cloud.advance(60 * DAY)
    assert eventually(own_cloud, lambda: kinds()["large"] == "GLACIER" and kinds()["named/small"] == "GLACIER")
    assert kinds()["small"] == "STANDARD"
    with pytest.raises(ClientError) as refused:
        s3.get_object(Bucket="aging", Key="large")
    assert refused.value.response["Error"]["Code"] == "InvalidObjectState"


def test_small_objects_may_be_archived(own_cloud):
    s3 = own_cloud("s3")
    s3.create_bucket(Bucket="aging")
    s3.put_object(Bucket="aging", Key="small", Body=b"x")
    moves = [{"Days": 1, "StorageClass": "GLACIER"}]
    varying = {"TransitionDefaultMinimumObjectSize": "varies_by_storage_class"}
    aged(own_cloud, {"Transitions": moves}, days=3, **varying)
    kind = lambda: s3.head_object(Bucket="aging", Key="small").get("StorageClass")  # noqa: E731
    assert eventually(own_cloud, lambda: kind() == "GLACIER")


def test_rules_that_change_are_carried_out_the_same_day(own_cloud):
    s3 = own_cloud("s3")
    s3.create_bucket(Bucket="aging")
    s3.put_object(Bucket="aging", Key="a")
    s3.put_object(Bucket="aging", Key="b")
    keys = lambda: [each["Key"] for each in s3.list_objects_v2(Bucket="aging").get("Contents", [])]  # noqa: E731
    aged(own_cloud, {"Expiration": {"Days": 1}, "Filter": {"Prefix": "a"}}, days=3)
    assert eventually(own_cloud, lambda: keys() == ["b"])
    aged(own_cloud, {"Expiration": {"Days": 1}, "Filter": {"Prefix": "b"}}, days=0.1)
    assert eventually(own_cloud, lambda: keys() == [])


def test_every_way_of_making_an_object_tells_when_it_expires(s3, bucket):
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=rules({"Expiration": {"Days": 3}}))
    s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    assert "expiry-date" in s3.copy_object(Bucket=bucket, Key="b", CopySource=f"{bucket}/a")["Expiration"]
    upload = s3.create_multipart_upload(Bucket=bucket, Key="c")["UploadId"]
    etag = s3.upload_part(Bucket=bucket, Key="c", UploadId=upload, PartNumber=1, Body=b"x")["ETag"]
    parts = {"Parts": [{"PartNumber": 1, "ETag": etag}]}
    done = s3.complete_multipart_upload(Bucket=bucket, Key="c", UploadId=upload, MultipartUpload=parts)
    assert "expiry-date" in done["Expiration"]


def test_many_stale_uploads_are_given_up(own_cloud, monkeypatch):
    monkeypatch.setattr(rounds, "PAGE", 2)
    s3 = own_cloud("s3")
    s3.create_bucket(Bucket="aging")
    for number in range(5):
        s3.create_multipart_upload(Bucket="aging", Key=f"k{number}")
        s3.create_multipart_upload(Bucket="aging", Key="same")
    aged(own_cloud, {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1}}, days=3)
    assert eventually(own_cloud, lambda: not s3.list_multipart_uploads(Bucket="aging").get("Uploads"))


def test_pages_of_keys_are_walked_whole(own_cloud, monkeypatch):
    monkeypatch.setattr(rounds, "PAGE", 2)
    s3 = own_cloud("s3")
    s3.create_bucket(Bucket="aging")
    s3.put_bucket_versioning(Bucket="aging", VersioningConfiguration={"Status": "Enabled"})
    for key in ("in/a", "in/b", "in/b", "in/b", "in/c", "in/d", "out"):
        s3.put_object(Bucket="aging", Key=key, Body=b"x")
    within = {"Filter": {"Prefix": "in/"}, "Expiration": {"Days": 1}}
    aged(own_cloud, within | {"NoncurrentVersionExpiration": {"NoncurrentDays": 1}}, days=3)
    listed = lambda: s3.list_object_versions(Bucket="aging")  # noqa: E731
    assert eventually(own_cloud, lambda: len(listed().get("DeleteMarkers", [])) == 4)
    own_cloud.advance(3 * DAY)
    assert eventually(own_cloud, lambda: [each["Key"] for each in listed()["Versions"]] == ["out"])
    assert eventually(own_cloud, lambda: "DeleteMarkers" not in listed())
