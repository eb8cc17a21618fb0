"""Object lock: retention and legal holds, under a clock that jumps."""

from datetime import UTC, datetime, timedelta

import pytest

DAY = 86_400
ENABLED = {"ObjectLockEnabled": "Enabled"}


@pytest.fixture
def locked(new_bucket):
    return new_bucket(ObjectLockEnabledForBucket=True)


@pytest.fixture
def put(s3, locked):
    """Put an object; its version's id."""

    def of(key="a", **more):
        return s3.put_object(Bucket=locked, Key=key, Body=b"x", **more)["VersionId"]

    return of


def after(**span):
    return datetime.now(UTC) + timedelta(**span)


def test_configurations(s3, locked, bucket, refusal):
    assert s3.get_bucket_versioning(Bucket=locked)["Status"] == "Enabled"
    assert s3.get_object_lock_configuration(Bucket=locked)["ObjectLockConfiguration"] == ENABLED
    assert refusal(s3.get_object_lock_configuration, Bucket=bucket)[0] == "ObjectLockConfigurationNotFoundError"
    put = s3.put_object_lock_configuration
    assert refusal(put, Bucket=bucket, ObjectLockConfiguration=ENABLED)[0] == "InvalidBucketState"
    for rule in ({}, {"DefaultRetention": {}}, {"DefaultRetention": {"Mode": "GOVERNANCE"}},
                 {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1, "Years": 1}},
                 {"DefaultRetention": {"Mode": "OTHER", "Days": 1}}):  # fmt: skip
        assert refusal(put, Bucket=locked, ObjectLockConfiguration=ENABLED | {"Rule": rule})[0] == "MalformedXML"
    suspended = {"Status": "Suspended"}
    assert (
        refusal(s3.put_bucket_versioning, Bucket=locked, VersioningConfiguration=suspended)[0] == "InvalidBucketState"
    )
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    put(Bucket=bucket, ObjectLockConfiguration=ENABLED)


def test_governed_versions_may_be_bypassed(s3, locked, put, refusal, aws):
    version = put(ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate=after(days=9))
    head = s3.head_object(Bucket=locked, Key="a")
    assert head["ObjectLockMode"] == "GOVERNANCE" and head["ObjectLockRetainUntilDate"] > after(days=8)
    named = {"Bucket": locked, "Key": "a", "VersionId": version}
    code, error = refusal(s3.delete_object, **named)
    assert (code, error["Message"]) == ("AccessDenied", "Access Denied because object protected by object lock.")
    told = s3.delete_objects(Bucket=locked, Delete={"Objects": [{"Key": "a", "VersionId": version}]})
    assert told["Errors"][0]["Code"] == "AccessDenied"
    deleter = aws.as_role("s3", "deleter", {"Effect": "Allow", "Action": "s3:Delete*", "Resource": "*"})
    code, error = refusal(deleter.delete_object, **named, BypassGovernanceRetention=True)
    assert code == "AccessDenied" and "s3:BypassGovernanceRetention" in error["Message"]
    s3.delete_object(**named, BypassGovernanceRetention=True)
    assert refusal(s3.head_object, **named)[0] == "404"


def test_retention_may_grow_but_not_shrink(s3, locked, put, refusal):
    version = put(ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate=after(days=5))
    change = s3.put_object_retention
    named = {"Bucket": locked, "Key": "a", "VersionId": version}
    longer = {"Mode": "GOVERNANCE", "RetainUntilDate": after(days=6)}
    change(**named, Retention=longer)
    shorter = {"Mode": "GOVERNANCE", "RetainUntilDate": after(days=1)}
    assert refusal(change, **named, Retention=shorter)[0] == "AccessDenied"
    change(**named, Retention=shorter, BypassGovernanceRetention=True)
    change(**named, Retention={}, BypassGovernanceRetention=True)
    assert refusal(s3.get_object_retention, **named)[0] == "NoSuchObjectLockConfiguration"
    kept = {"Mode": "COMPLIANCE", "RetainUntilDate": after(days=5)}
    change(**named, Retention=kept)
    for wanted in (shorter, {}, {"Mode": "GOVERNANCE", "RetainUntilDate": after(days=9)}):
        assert refusal(change, **named, Retention=wanted, BypassGovernanceRetention=True)[0] == "AccessDenied"
    assert refusal(s3.delete_object, **named, BypassGovernanceRetention=True)[0] == "AccessDenied"
    past = {"Mode": "COMPLIANCE", "RetainUntilDate": datetime(2020, 1, 1, tzinfo=UTC)}
    code, error = refusal(change, **named, Retention=past)
    assert (code, error["ArgumentValue"]) == ("InvalidArgument", "Tue Dec 31 16:00:00 PST 2019")
    assert refusal(change, **named, Retention={"Mode": "COMPLIANCE"})[0] == "MalformedXML"


def test_legal_holds(s3, locked, put, refusal):
    named = {"Bucket": locked, "Key": "a"}
    version = put()
    assert refusal(s3.get_object_legal_hold, **named)[0] == "NoSuchObjectLockConfiguration"
    s3.put_object_legal_hold(**named, LegalHold={"Status": "ON"})
    assert s3.head_object(**named)["ObjectLockLegalHoldStatus"] == "ON"
    marker = s3.delete_object(**named)
    assert marker["DeleteMarker"]  # the version is behind it, and stays
    gone = {**named, "VersionId": version}
    assert refusal(s3.delete_object, **gone, BypassGovernanceRetention=True)[0] == "AccessDenied"
    s3.put_object_legal_hold(**gone, LegalHold={"Status": "OFF"})
    assert s3.get_object_legal_hold(**gone)["LegalHold"] == {"Status": "OFF"}
    s3.delete_object(**gone)
    assert refusal(s3.put_object_legal_hold, **named, LegalHold={})[0] in ("MalformedXML", "NoSuchKey")


def test_markers_have_no_locks(s3, locked, put, refusal):
    put()
    marker = s3.delete_object(Bucket=locked, Key="a")["VersionId"]
    named = {"Bucket": locked, "Key": "a", "VersionId": marker}
    wanted = {"Mode": "GOVERNANCE", "RetainUntilDate": after(days=1)}
    assert refusal(s3.put_object_retention, **named, Retention=wanted)[0] == "MethodNotAllowed"
    s3.delete_object(**named)


@pytest.mark.parametrize("asked, argument", [
    ({"ObjectLockMode": "GOVERNANCE"}, "x-amz-object-lock-retain-until-date"),
    ({"ObjectLockRetainUntilDate": after(days=1)}, "x-amz-object-lock-mode"),
    ({"ObjectLockRetainUntilDate": after(days=1), "ObjectLockMode": "BAD"}, "x-amz-object-lock-mode"),
    ({"ObjectLockRetainUntilDate": after(days=-1), "ObjectLockMode": "COMPLIANCE"},
     "x-amz-object-lock-retain-until-date"),
])  # fmt: skip
def test_locks_that_are_none(s3, locked, refusal, asked, argument):
    for ask in (s3.put_object, s3.create_multipart_upload):
        code, error = refusal(ask, Bucket=locked, Key="a", **asked)
        assert (code, error["ArgumentName"]) == ("InvalidArgument", argument)


def test_buckets_without_locks(s3, bucket, refusal):
    s3.put_object(Bucket=bucket, Key="a")
    hold = {"ObjectLockLegalHoldStatus": "ON"}
    assert refusal(s3.put_object, Bucket=bucket, Key="b", **hold)[0] == "InvalidRequest"
    assert refusal(s3.get_object_legal_hold, Bucket=bucket, Key="a")[0] == "InvalidRequest"
    assert refusal(s3.delete_object, Bucket=bucket, Key="a", BypassGovernanceRetention=True)[0] == "InvalidArgument"


def test_uploads_and_copies(s3, locked, put):
    until = after(days=3)
    lock = {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": until}
    upload = s3.create_multipart_upload(Bucket=locked, Key="a", **lock)["UploadId"]
    etag = s3.upload_part(Bucket=locked, Key="a", UploadId=upload, PartNumber=1, Body=b"abc")["ETag"]
    parts = {"Parts": [{"PartNumber": 1, "ETag": etag}]}
    s3.complete_multipart_upload(Bucket=locked, Key="a", UploadId=upload, MultipartUpload=parts)
    assert s3.head_object(Bucket=locked, Key="a")["ObjectLockMode"] == "COMPLIANCE"
    s3.copy_object(Bucket=locked, Key="b", CopySource=f"{locked}/a")
    assert "ObjectLockMode" not in s3.head_object(Bucket=locked, Key="b")
    s3.copy_object(Bucket=locked, Key="b", CopySource=f"{locked}/a", ObjectLockLegalHoldStatus="ON")
    assert s3.head_object(Bucket=locked, Key="b")["ObjectLockLegalHoldStatus"] == "ON"


def test_what_is_usual_ends(own_cloud):
    s3 = own_cloud("s3")
    s3.create_bucket(Bucket="kept", ObjectLockEnabledForBucket=True)
    rule = {"Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 1}}}
    s3.put_object_lock_configuration(Bucket="kept", ObjectLockConfiguration=ENABLED | rule)
    version = s3.put_object(Bucket="kept", Key="a", Body=b"x")["VersionId"]
    own_cloud.advance(DAY - 60)
    with pytest.raises(s3.exceptions.ClientError):
        s3.delete_object(Bucket="kept", Key="a", VersionId=version)
    own_cloud.advance(120)
    s3.delete_object(Bucket="kept", Key="a", VersionId=version)


def test_rules_leave_what_is_locked(own_cloud):
    s3 = own_cloud("s3")
    s3.create_bucket(Bucket="aging", ObjectLockEnabledForBucket=True)
    held = s3.put_object(Bucket="aging", Key="a", Body=b"1", ObjectLockLegalHoldStatus="ON")["VersionId"]
    s3.put_object(Bucket="aging", Key="a", Body=b"2")
    s3.put_object(Bucket="aging", Key="a", Body=b"3")
    rule = {"Status": "Enabled", "Filter": {}, "NoncurrentVersionExpiration": {"NoncurrentDays": 1}}
    s3.put_bucket_lifecycle_configuration(Bucket="aging", LifecycleConfiguration={"Rules": [rule | {"ID": "r"}]})
    own_cloud.advance(3 * DAY)
    for _ in range(2_000):
        own_cloud.running.get("/_freehold/clock")
        left = [each["VersionId"] for each in s3.list_object_versions(Bucket="aging")["Versions"]]
        if len(left) == 2:
            break
    assert len(left) == 2 and held in left
