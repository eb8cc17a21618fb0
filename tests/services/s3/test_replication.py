"""Replication: versions that come to be in other buckets, as the role that is named may bring them."""

import json

import pytest
from tests.running import wait_for

from freehold.services.s3.contents import Sealing
from freehold.services.s3.replication import rules
from freehold.services.s3.versions import Version

ALL = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}


@pytest.fixture
def pair(s3, new_bucket, aws):
    """Two versioned buckets, the second in another region, and a role that may replicate."""
    source = new_bucket(versioned=True)
    west = aws("s3", region="eu-west-1")
    target = new_bucket(west, versioned=True, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return source, target


def rule(target, priority=1, prefix="", markers="Disabled", **more):
    destination = {"Bucket": f"arn:aws:s3:::{target}"} | more.pop("destination", {})
    return {
        "ID": f"r{priority}", "Priority": priority, "Status": "Enabled", "Filter": {"Prefix": prefix},
        "DeleteMarkerReplication": {"Status": markers}, "Destination": destination,
    } | more  # fmt: skip


def configure(s3, source, role, *rules):
    s3.put_bucket_replication(Bucket=source, ReplicationConfiguration={"Role": role, "Rules": list(rules)})


def settled(s3, source, key, **more):
    """The replication status of an object, once it is decided."""
    return wait_for(
        lambda: (found := s3.head_object(Bucket=source, Key=key, **more)["ReplicationStatus"]) != "PENDING" and found
    )


def test_versions_come_to_be_elsewhere(s3, aws, pair):
    source, target = pair
    role = aws.role("replicator", "s3.amazonaws.com", ALL)
    configure(s3, source, role, rule(target, prefix="in/", destination={"StorageClass": "STANDARD_IA"}))
    put = s3.put_object(
        Bucket=source,
        Key="in/a",
        Body=b"x" * 40_000,
        Metadata={"colour": "red"},
        Tagging="k=v",
        ContentType="text/plain",
    )
    s3.put_object(Bucket=source, Key="out/a", Body=b"x")
    assert settled(s3, source, "in/a") == "COMPLETED"
    west = aws("s3", region="eu-west-1")
    there = west.get_object(Bucket=target, Key="in/a")
    assert there["Body"].read() == b"x" * 40_000
    assert (there["VersionId"], there["ETag"]) == (put["VersionId"], put["ETag"])
    assert (there["Metadata"], there["ContentType"]) == ({"colour": "red"}, "text/plain")
    assert (there["ReplicationStatus"], there["StorageClass"]) == ("REPLICA", "STANDARD_IA")
    tags = lambda: west.get_object_tagging(Bucket=target, Key="in/a")["TagSet"]  # noqa: E731
    assert tags() == [{"Key": "k", "Value": "v"}]
    s3.put_object_tagging(Bucket=source, Key="in/a", Tagging={"TagSet": [{"Key": "k", "Value": "w"}]})
    wait_for(lambda: tags() == [{"Key": "k", "Value": "w"}])
    keys = [each["Key"] for each in west.list_object_versions(Bucket=target)["Versions"]]
    assert keys == ["in/a"]
    assert "ReplicationStatus" not in s3.head_object(Bucket=source, Key="out/a")


def test_uploads_in_parts(s3, aws, pair):
    source, target = pair
    role = aws.role("of-parts", "s3.amazonaws.com", ALL)
    configure(s3, source, role, rule(target))
    parts = [b"a" * 5 * 1024 * 1024, b"b"]
    id = s3.create_multipart_upload(Bucket=source, Key="a")["UploadId"]
    done = [
        {"PartNumber": n, "ETag": s3.upload_part(Bucket=source, Key="a", UploadId=id, PartNumber=n, Body=part)["ETag"]}
        for n, part in enumerate(parts, 1)
    ]
    s3.complete_multipart_upload(Bucket=source, Key="a", UploadId=id, MultipartUpload={"Parts": done})
    assert settled(s3, source, "a") == "COMPLETED"
    west = aws("s3", region="eu-west-1")
    there = west.get_object(Bucket=target, Key="a", PartNumber=2)
    assert there["Body"].read() == b"b" and there["PartsCount"] == 2


@pytest.mark.parametrize("markers", ["Enabled", "Disabled"])
def test_delete_markers(s3, aws, pair, markers):
    source, target = pair
    role = aws.role(f"markers-{markers}", "s3.amazonaws.com", ALL)
    configure(s3, source, role, rule(target, markers=markers))
    s3.put_object(Bucket=source, Key="a")
    assert settled(s3, source, "a") == "COMPLETED"
    marker = s3.delete_object(Bucket=source, Key="a")["VersionId"]
    s3.put_object(Bucket=source, Key="a")
    assert settled(s3, source, "a") == "COMPLETED"  # what was deleted before has arrived before
    found = aws("s3", region="eu-west-1").list_object_versions(Bucket=target).get("DeleteMarkers", [])
    assert [each["VersionId"] for each in found] == ([marker] if markers == "Enabled" else [])


def test_a_role_that_may_not(s3, aws, pair):
    source, target = pair
    reads = {"Effect": "Allow", "Action": "s3:GetObject*", "Resource": "*"}
    role = aws.role("reader-only", "s3.amazonaws.com", reads)
    configure(s3, source, role, rule(target))
    s3.put_object(Bucket=source, Key="a")
    assert settled(s3, source, "a") == "FAILED"
    assert "Versions" not in aws("s3", region="eu-west-1").list_object_versions(Bucket=target)


def test_who_may_send_to_another_account(s3, aws, new_bucket):
    source, other = new_bucket(versioned=True), aws("s3", key="888888888888")
    target = new_bucket(other, versioned=True)
    role = aws.role("far", "s3.amazonaws.com", ALL)
    far = {"Account": "888888888888", "AccessControlTranslation": {"Owner": "Destination"}}
    configure(s3, source, role, rule(target, destination=far))
    s3.put_object(Bucket=source, Key="a")
    assert settled(s3, source, "a") == "FAILED"
    statement = {
        "Effect": "Allow", "Principal": {"AWS": role}, "Action": "s3:ReplicateObject",
        "Resource": f"arn:aws:s3:::{target}/*",
    }  # fmt: skip
    other.put_bucket_policy(Bucket=target, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    s3.put_object(Bucket=source, Key="b")
    assert settled(s3, source, "b") == "COMPLETED"
    assert other.head_object(Bucket=target, Key="b")["ReplicationStatus"] == "REPLICA"


def test_configurations_that_may_not_be_set(s3, aws, bucket, pair, refusal):
    source, target = pair
    role = f"arn:aws:iam::{aws.account}:role/r"

    def put(name, *given):
        configuration = {"Role": role, "Rules": list(given)}
        return refusal(s3.put_bucket_replication, Bucket=name, ReplicationConfiguration=configuration)

    assert put(bucket, rule(target))[0] == "InvalidRequest"
    assert put(source, rule(bucket))[1]["Message"] == "Destination bucket must have versioning enabled."
    assert put(source)[0] == "MalformedXML"
    assert put(source, rule(target), rule(target) | {"ID": "other"})[0] == "InvalidRequest"
    assert refusal(s3.get_bucket_replication, Bucket=source)[0] == "ReplicationConfigurationNotFoundError"
    configure(s3, source, role, rule(target))
    suspended = {"Bucket": source, "VersioningConfiguration": {"Status": "Suspended"}}
    assert refusal(s3.put_bucket_versioning, **suspended)[0] == "InvalidBucketState"
    s3.delete_bucket_replication(Bucket=source)
    s3.put_bucket_versioning(**suspended)


@pytest.mark.parametrize(
    "asked, version, chosen",
    [
        ([rule("t", 1, "a"), rule("t", 2, "a/b")], {"key": "a/b"}, {"t": 2}),
        ([rule("t", 1), rule("u", 2)], {"key": "a"}, {"t": 1, "u": 2}),
        ([rule("t", Filter={"Tag": {"Key": "k", "Value": "v"}})], {"key": "a", "tags": {"k": "v"}}, {"t": 1}),
        ([rule("t", Filter={"Tag": {"Key": "k", "Value": "v"}})], {"key": "a"}, {}),
        ([rule("t", Status="Disabled")], {"key": "a"}, {}),
        ([rule("t")], {"key": "a", "sealing": Sealing("aws:kms")}, {}),
        ([rule("t", markers="Enabled")], {"key": "a", "marker": True}, {"t": 1}),
    ],
)
def test_which_rule_speaks(asked, version, chosen):
    found = rules.wanted(asked, Version(bucket="s", modified_at=0.0, **version))
    assert {target: one["Priority"] for target, one in found.items()} == chosen


def test_objects_under_keys_of_kms(s3, aws, pair):
    source, target = pair
    role = aws.role("with-keys", "s3.amazonaws.com", ALL, {"Effect": "Allow", "Action": "kms:*", "Resource": "*"})
    here = aws("kms").create_key()["KeyMetadata"]["Arn"]
    there = aws("kms", region="eu-west-1").create_key()["KeyMetadata"]["Arn"]
    chosen = {"SourceSelectionCriteria": {"SseKmsEncryptedObjects": {"Status": "Enabled"}}}
    sealed = {"EncryptionConfiguration": {"ReplicaKmsKeyID": there}}
    configure(s3, source, role, rule(target, destination=sealed, **chosen))
    s3.put_object(Bucket=source, Key="a", Body=b"secret", ServerSideEncryption="aws:kms", SSEKMSKeyId=here)
    assert settled(s3, source, "a") == "COMPLETED"
    found = aws("s3", region="eu-west-1").get_object(Bucket=target, Key="a")
    assert (found["Body"].read(), found["SSEKMSKeyId"]) == (b"secret", there)


def test_no_role_of_another_account_carries(s3, pair, refusal):
    source, target = pair
    configuration = {"Role": "arn:aws:iam::999999999999:role/theirs", "Rules": [rule(target)]}
    code, told = refusal(s3.put_bucket_replication, Bucket=source, ReplicationConfiguration=configuration)
    assert (code, told["Message"]) == ("AccessDenied", "Cross-account pass role is not allowed.")
