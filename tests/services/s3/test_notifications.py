"""Notifications: who hears of which object."""

import json

import pytest


@pytest.fixture
def queue(aws):
    """A queue that S3 may write to: its URL and ARN."""
    sqs = aws("sqs")
    url = sqs.create_queue(QueueName="heard")["QueueUrl"]
    arn = f"arn:aws:sqs:us-east-1:{aws.account}:heard"
    allow = {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": document})
    return url, arn


def heard(sqs, url, wait=5):
    """The bodies of what lies in a queue, waiting for the first."""
    found = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=wait, MaxNumberOfMessages=10).get("Messages", [])
    for message in found:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [json.loads(message["Body"]) for message in found]


def test_a_queue_hears_of_objects(s3, aws, bucket, queue):
    url, arn = queue
    filters = {"Key": {"FilterRules": [{"Name": "prefix", "Value": "in/"}, {"Name": "suffix", "Value": ".txt"}]}}
    one = {"QueueArn": arn, "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:Delete"], "Filter": filters}
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"QueueConfigurations": [one]})
    sqs = aws("sqs")
    assert heard(sqs, url)[0]["Event"] == "s3:TestEvent"
    kept = s3.get_bucket_notification_configuration(Bucket=bucket)["QueueConfigurations"][0]
    assert kept["Events"] == one["Events"] and kept["Id"]
    s3.put_object(Bucket=bucket, Key="out/a.txt", Body=b"x")
    s3.put_object(Bucket=bucket, Key="in/a b.txt", Body=b"xyz")
    record = heard(sqs, url)[0]["Records"][0]
    assert (record["eventName"], record["s3"]["bucket"]["name"]) == ("ObjectCreated:Put", bucket)
    assert (record["s3"]["object"]["key"], record["s3"]["object"]["size"]) == ("in/a+b.txt", 3)
    s3.delete_object(Bucket=bucket, Key="in/a b.txt")
    assert heard(sqs, url)[0]["Records"][0]["eventName"] == "ObjectRemoved:Delete"


def test_a_destination_that_refuses(s3, aws, bucket, refusal):
    put = s3.put_bucket_notification_configuration
    arn = f"arn:aws:sqs:us-east-1:{aws.account}:nowhere"
    one = {"QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}
    wanted = {"QueueConfigurations": [one]}
    code, error = refusal(put, Bucket=bucket, NotificationConfiguration=wanted)
    assert (code, error["Message"]) == (
        "InvalidArgument", "Unable to validate the following destination configurations",
    )  # fmt: skip
