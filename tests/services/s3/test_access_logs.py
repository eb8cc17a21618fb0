"""Access logs: every request to a bucket, in another bucket."""

import json
import re

import pytest

LINE = re.compile(
    r"\w{64} (?P<bucket>\S+) \[\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d \+0000\] \S+ \S+ \S+ (?P<operation>\S+) (?P<key>\S+) "
    r'"(?P<uri>[^"]+)" (?P<status>\d+) (?P<code>\S+) \S+ (?P<size>\S+) \S+ \S+ "[^"]*" "[^"]*" \S+ \S+ '
    r"(?P<signed>\S+) \S+ (?P<how>\S+) \S+ \S+ - -"
)


@pytest.fixture
def logged(own_cloud):
    """A client, a bucket whose requests are logged, and the bucket with its logs."""
    s3 = own_cloud("s3")
    s3.create_bucket(Bucket="seen")
    s3.create_bucket(Bucket="logs")
    statement = {
        "Effect": "Allow", "Principal": {"Service": "logging.s3.amazonaws.com"}, "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::logs/*", "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::seen"}},
    }  # fmt: skip
    s3.put_bucket_policy(Bucket="logs", Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    return s3


def written(own_cloud, s3):
    """What was logged by an hour later: keys, and lines as matches."""
    for _ in range(4):
        own_cloud.advance(400)
        keys = [each["Key"] for each in s3.list_objects_v2(Bucket="logs").get("Contents", ())]
        if keys:
            break
    text = "".join(s3.get_object(Bucket="logs", Key=key)["Body"].read().decode() for key in keys)
    return keys, [LINE.fullmatch(line) for line in text.splitlines()]


def test_requests_are_written_down(own_cloud, logged, refusal):
    status = {"LoggingEnabled": {"TargetBucket": "logs", "TargetPrefix": "seen/"}}
    logged.put_bucket_logging(Bucket="seen", BucketLoggingStatus=status)
    assert logged.get_bucket_logging(Bucket="seen")["LoggingEnabled"] == status["LoggingEnabled"]
    logged.put_object(Bucket="seen", Key="a b", Body=b"12345")
    logged.get_object(Bucket="seen", Key="a b")
    assert refusal(logged.get_object, Bucket="seen", Key="none")[0] == "NoSuchKey"
    keys, lines = written(own_cloud, logged)
    assert all(re.fullmatch(r"seen/\d{4}(-\d\d){5}-[0-9A-F]{16}", key) for key in keys)
    assert all(lines)
    told = [(line["operation"], line["key"], line["status"], line["code"], line["size"]) for line in lines]
    assert ("REST.PUT.OBJECT", "a%20b", "200", "-", "5") in told
    assert ("REST.GET.OBJECT", "a%20b", "200", "-", "5") in told
    assert ("REST.GET.OBJECT", "none", "404", "NoSuchKey", "-") in told
    assert {(line["signed"], line["how"]) for line in lines} == {("SigV4", "AuthHeader")}


def test_partitioned_by_day(own_cloud, logged):
    form = {"PartitionedPrefix": {"PartitionDateSource": "EventTime"}}
    enabled = {"TargetBucket": "logs", "TargetPrefix": "p/", "TargetObjectKeyFormat": form}
    logged.put_bucket_logging(Bucket="seen", BucketLoggingStatus={"LoggingEnabled": enabled})
    logged.list_objects_v2(Bucket="seen")
    keys, _ = written(own_cloud, logged)
    day = r"(\d{4})/(\d\d)/(\d\d)/\1-\2-\3-00-00-00-[0-9A-F]{16}"
    assert keys and all(re.fullmatch(rf"p/{own_cloud.account}/us-east-1/seen/{day}", key) for key in keys)


def test_targets_that_will_not_do(s3, bucket, new_bucket, aws, refusal):
    def put(target):
        status = {"LoggingEnabled": {"TargetBucket": target, "TargetPrefix": ""}}
        return refusal(s3.put_bucket_logging, Bucket=bucket, BucketLoggingStatus=status)[0]

    assert put("no-such-bucket-here") == "InvalidTargetBucketForLogging"
    far = new_bucket(CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    assert put(far) == "CrossLocationLoggingProhibitted"
