"""Access points: other names of buckets, with policies of their own; and what an account forbids its buckets."""

import json
import re
from http.client import HTTPConnection
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config


@pytest.fixture
def control(aws):
    """A client of S3 Control, which says its account before the host's name; addresses have no names before them."""
    client = boto3.client(
        "s3control", endpoint_url=aws.url, region_name="us-east-1", aws_access_key_id=aws.account,
        aws_secret_access_key="test", config=Config(retries={"max_attempts": 0}),
    )  # fmt: skip

    def without_account(request, **_):
        request.url = re.sub(r"//\d{12}\.", "//", request.url)

    client.meta.events.register("before-send.s3-control", without_account)
    return client


@pytest.fixture
def point(control, aws, bucket):
    """An access point of the bucket: its name, ARN and alias."""
    name = f"point-{aws.account[-5:]}"
    made = control.create_access_point(AccountId=aws.account, Name=name, Bucket=bucket)
    return name, made["AccessPointArn"], made["Alias"]


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def test_a_point_is_made_shown_and_removed(control, aws, bucket, point, refusal):
    name, arn, alias = point
    assert arn == f"arn:aws:s3:us-east-1:{aws.account}:accesspoint/{name}"
    assert alias.startswith(f"{name}-") and alias.endswith("-s3alias")
    named = {"AccountId": aws.account, "Name": name}
    shown = control.get_access_point(**named)
    assert (shown["Bucket"], shown["NetworkOrigin"], shown["Alias"]) == (bucket, "Internet", alias)
    assert all(shown["PublicAccessBlockConfiguration"].values())
    listed = control.list_access_points(AccountId=aws.account, Bucket=bucket)["AccessPointList"]
    assert [each["Name"] for each in listed] == [name]
    assert refusal(control.create_access_point, **named, Bucket=bucket)[0] == "AccessPointAlreadyOwnedByYou"
    control.delete_access_point(**named)
    assert refusal(control.get_access_point, **named)[0] == "NoSuchAccessPoint"
    assert refusal(control.create_access_point, **named, Bucket="no-such-bucket-here")[0] == "InvalidRequest"


def test_by_alias_and_by_host(s3, aws, bucket, point):
    name, _, alias = point
    s3.put_object(Bucket=alias, Key="a", Body=b"by alias")
    assert s3.get_object(Bucket=bucket, Key="a")["Body"].read() == b"by alias"
    assert [each["Key"] for each in s3.list_objects_v2(Bucket=alias)["Contents"]] == ["a"]
    connection = HTTPConnection(urlsplit(aws.url).netloc, timeout=30)
    credential = f"AWS4-HMAC-SHA256 Credential={aws.account}/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, "
    host = f"{name}-{aws.account}.s3-accesspoint.us-east-1.amazonaws.com"
    connection.request("GET", "/a", headers={"Host": host, "Authorization": f"{credential}Signature=x"})
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (200, b"by alias")


def test_who_may_come_by_it(control, s3, aws, bucket, point, refusal):
    name, arn, alias = point
    s3.put_object(Bucket=bucket, Key="a", Body=b"1")
    stranger = aws("s3", key="777777777777")
    delegate = {
        "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"StringEquals": {"s3:DataAccessPointAccount": aws.account}},
    }  # fmt: skip
    s3.put_bucket_policy(Bucket=bucket, Policy=policy(delegate))
    assert refusal(stranger.get_object, Bucket=alias, Key="a")[0] == "AccessDenied"
    allowed = {
        "Effect": "Allow", "Principal": {"AWS": "777777777777"}, "Action": "s3:GetObject",
        "Resource": f"{arn}/object/*",
    }  # fmt: skip
    named = {"AccountId": aws.account, "Name": name}
    control.put_access_point_policy(**named, Policy=policy(allowed))
    assert not control.get_access_point_policy_status(**named)["PolicyStatus"]["IsPublic"]
    assert stranger.get_object(Bucket=alias, Key="a")["Body"].read() == b"1"
    assert refusal(stranger.get_object, Bucket=bucket, Key="a")[0] == "AccessDenied"
    denied = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": f"{arn}/object/*"}
    control.put_access_point_policy(**named, Policy=policy(denied))
    assert refusal(s3.put_object, Bucket=alias, Key="b")[0] == "AccessDenied"
    control.delete_access_point_policy(**named)
    assert refusal(control.get_access_point_policy, **named)[0] == "NoSuchAccessPointPolicy"


def test_a_role_that_may_use_the_point_alone(s3, aws, bucket, point, refusal):
    _, arn, alias = point
    s3.put_object(Bucket=bucket, Key="a", Body=b"1")
    client = aws.as_role("s3", f"of-{bucket}", {
        "Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{arn}/object/*"
    })  # fmt: skip
    assert client.get_object(Bucket=alias, Key="a")["Body"].read() == b"1"
    assert refusal(client.get_object, Bucket=bucket, Key="a")[0] == "AccessDenied"


def test_a_public_policy_is_blocked(control, aws, point, refusal):
    name, arn, _ = point
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"{arn}/object/*"}
    put = {"AccountId": aws.account, "Name": name, "Policy": policy(everybody)}
    assert refusal(control.put_access_point_policy, **put)[0] == "AccessDenied"


def test_what_an_account_forbids(control, s3, aws, bucket, refusal):
    s3.delete_public_access_block(Bucket=bucket)
    assert refusal(control.get_public_access_block, AccountId=aws.account)[0] == "NoSuchPublicAccessBlockConfiguration"
    control.put_public_access_block(
        AccountId=aws.account, PublicAccessBlockConfiguration={"BlockPublicPolicy": True}
    )  # fmt: skip
    shown = control.get_public_access_block(AccountId=aws.account)["PublicAccessBlockConfiguration"]
    assert shown["BlockPublicPolicy"] and not shown["BlockPublicAcls"]
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    assert refusal(s3.put_bucket_policy, Bucket=bucket, Policy=policy(statement))[0] == "AccessDenied"
    control.delete_public_access_block(AccountId=aws.account)
    s3.put_bucket_policy(Bucket=bucket, Policy=policy(statement))
    assert refusal(control.list_access_points, AccountId="999999999999")[0] == "AccessDenied"


def test_batch_jobs_are_not_here(control, aws, refusal):
    assert refusal(control.list_jobs, AccountId=aws.account)[0] == "NotImplemented"


def test_deletions_of_many_are_weighed_by_the_way_they_came(control, s3, aws, bucket, point):
    name, arn, alias = point
    s3.put_object(Bucket=bucket, Key="a")
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteObject", "Resource": f"{arn}/object/*"}
    control.put_access_point_policy(AccountId=aws.account, Name=name, Policy=policy(deny))
    wanted = {"Objects": [{"Key": "a"}]}
    assert s3.delete_objects(Bucket=alias, Delete=wanted)["Errors"][0]["Code"] == "AccessDenied"
    assert "Errors" not in s3.delete_objects(Bucket=bucket, Delete=wanted)


def test_a_copy_is_made_by_way_of_a_point(s3, bucket, point, refusal, aws):
    _, arn, alias = point
    s3.put_object(Bucket=bucket, Key="a/b", Body=b"ab")
    for source in (f"{alias}/a/b", f"{arn}/object/a/b", {"Bucket": arn, "Key": "a/b"}):
        s3.copy_object(Bucket=bucket, Key="copy", CopySource=source)
        assert s3.get_object(Bucket=bucket, Key="copy")["Body"].read() == b"ab"
        s3.delete_object(Bucket=bucket, Key="copy")
    other = aws.as_role("s3", "no-way", {"Effect": "Allow", "Action": "s3:*", "Resource": f"arn:aws:s3:::{bucket}*"})
    assert refusal(other.copy_object, Bucket=bucket, Key="copy", CopySource=f"{alias}/a/b")[0] == "AccessDenied"
