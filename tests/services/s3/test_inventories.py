"""Inventories: lists of what lies in a bucket, written when their day comes."""

import csv
import gzip
import hashlib
import io
import json
from datetime import UTC, datetime

import pytest

from freehold.services.s3.reports import inventories

DAY_S = 86_400


def configuration(**more):
    return {
        "Id": "all", "IsEnabled": True, "IncludedObjectVersions": "All", "Schedule": {"Frequency": "Daily"},
        "OptionalFields": ["ETag", "Size"],
        "Destination": {"S3BucketDestination": {"Bucket": "arn:aws:s3:::lists", "Format": "CSV", "Prefix": "of"}},
    } | more  # fmt: skip


@pytest.fixture
def kept(own_cloud):
    """A client, with a versioned bucket and one that takes its inventories."""
    s3 = own_cloud("s3")
    for name in ("kept", "lists"):
        s3.create_bucket(Bucket=name)
    s3.put_bucket_versioning(Bucket="kept", VersioningConfiguration={"Status": "Enabled"})
    statement = {
        "Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::lists/*", "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::kept"}},
    }  # fmt: skip
    s3.put_bucket_policy(Bucket="lists", Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    return s3


def reports(own_cloud, s3):
    """The manifests that are there a day later."""
    for _ in range(26):
        own_cloud.advance(3_700)
        keys = [each["Key"] for each in s3.list_objects_v2(Bucket="lists").get("Contents", ())]
        found = [key for key in keys if key.endswith("manifest.checksum")]
        if found:
            return [key.replace("checksum", "json") for key in found]
    return []


def test_a_day_later_there_is_a_list(own_cloud, kept):
    kept.put_object(Bucket="kept", Key="a b", Body=b"1")
    kept.put_object(Bucket="kept", Key="a b", Body=b"22")
    kept.put_object(Bucket="kept", Key="z", Body=b"333")
    kept.delete_object(Bucket="kept", Key="z")
    kept.put_bucket_inventory_configuration(Bucket="kept", Id="all", InventoryConfiguration=configuration())
    (key,) = reports(own_cloud, kept)
    body = kept.get_object(Bucket="lists", Key=key)["Body"].read()
    checksum = kept.get_object(Bucket="lists", Key=key.replace("json", "checksum"))["Body"].read().decode()
    assert hashlib.md5(body).hexdigest() == checksum
    manifest = json.loads(body)
    assert manifest["fileSchema"] == "Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size, ETag"
    (file,) = manifest["files"]
    assert file["key"].startswith("of/kept/all/data/")
    packed = kept.get_object(Bucket="lists", Key=file["key"])["Body"].read()
    assert (len(packed), hashlib.md5(packed).hexdigest()) == (file["size"], file["MD5checksum"])
    rows = list(csv.reader(io.StringIO(gzip.decompress(packed).decode())))
    assert [(row[1], row[3], row[4], row[5]) for row in rows] == [
        ("a%20b", "true", "false", "2"), ("a%20b", "false", "false", "1"),
        ("z", "true", "true", ""), ("z", "false", "false", "3"),
    ]  # fmt: skip


def test_what_is_switched_off_or_refused_is_not_written(own_cloud, kept):
    off = configuration(IsEnabled=False)
    kept.put_bucket_inventory_configuration(Bucket="kept", Id="all", InventoryConfiguration=off)
    assert not reports(own_cloud, kept)
    kept.put_bucket_inventory_configuration(Bucket="kept", Id="all", InventoryConfiguration=configuration())
    kept.delete_bucket_policy(Bucket="lists")
    assert not reports(own_cloud, kept)


@pytest.mark.parametrize(
    "frequency, now, due",
    [
        ("Daily", datetime(2026, 3, 4, 5), datetime(2026, 3, 5)),
        ("Weekly", datetime(2026, 3, 4, 5), datetime(2026, 3, 8)),
        ("Weekly", datetime(2026, 3, 8, 5), datetime(2026, 3, 15)),
    ],
)
def test_when_a_list_is_due(frequency, now, due):
    asked = configuration(Schedule={"Frequency": frequency})
    moment = inventories.due_at(asked, now.replace(tzinfo=UTC).timestamp())
    assert moment == due.replace(tzinfo=UTC).timestamp()


def test_other_forms_are_refused(s3, bucket, refusal):
    asked = configuration()
    asked["Destination"]["S3BucketDestination"]["Format"] = "Parquet"
    put = {"Bucket": bucket, "Id": "all", "InventoryConfiguration": asked}
    assert refusal(s3.put_bucket_inventory_configuration, **put)[0] == "NotImplemented"
