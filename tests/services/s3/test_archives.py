"""Archived objects: unreadable until they are asked back, and again when their time is over."""

import json

import pytest
from botocore.exceptions import ClientError

HOUR, DAY = 3_600, 86_400


@pytest.fixture
def cold(own_cloud):
    """A bucket of archived objects, under a clock that stands still: the client and a way to ask one back."""
    s3 = own_cloud("s3")
    s3.create_bucket(Bucket="cold")
    s3.put_object(Bucket="cold", Key="a", Body=b"frozen", StorageClass="GLACIER")
    return s3


def restore(s3, key="a", days=2, **tier):
    return s3.restore_object(Bucket="cold", Key=key, RestoreRequest={"Days": days, **tier})


def status(answer):
    return answer["ResponseMetadata"]["HTTPStatusCode"]


def refused(ask, *args, **kwargs):
    with pytest.raises(ClientError) as refusal:
        ask(*args, **kwargs)
    return refusal.value.response["Error"]["Code"]


def eventually(own_cloud, look):
    for _ in range(2_000):
        if look():
            return True
        own_cloud.running.get("/_freehold/clock")
    return False


def test_a_copy_comes_and_goes(cold, own_cloud):
    assert refused(cold.get_object, Bucket="cold", Key="a") == "InvalidObjectState"
    assert refused(cold.copy_object, Bucket="cold", Key="b", CopySource="cold/a") == "InvalidObjectState"
    assert status(restore(cold)) == 202
    assert cold.head_object(Bucket="cold", Key="a")["Restore"] == 'ongoing-request="true"'
    assert refused(restore, cold) == "RestoreAlreadyInProgress"
    assert refused(cold.get_object, Bucket="cold", Key="a") == "InvalidObjectState"
    own_cloud.advance(5 * HOUR)
    head = cold.head_object(Bucket="cold", Key="a")
    assert head["Restore"].startswith('ongoing-request="false", expiry-date=') and head["StorageClass"] == "GLACIER"
    assert cold.get_object(Bucket="cold", Key="a")["Body"].read() == b"frozen"
    cold.copy_object(Bucket="cold", Key="b", CopySource="cold/a")
    assert status(restore(cold, days=5)) == 200
    own_cloud.advance(4 * DAY)
    assert cold.get_object(Bucket="cold", Key="a")["Body"].read() == b"frozen"
    own_cloud.advance(3 * DAY)
    assert refused(cold.get_object, Bucket="cold", Key="a") == "InvalidObjectState"
    assert "Restore" not in cold.head_object(Bucket="cold", Key="a")


def test_tiers(cold, own_cloud):
    cold.put_object(Bucket="cold", Key="deep", Body=b"x", StorageClass="DEEP_ARCHIVE")
    cold.put_object(Bucket="cold", Key="warm", Body=b"x")
    quick = {"GlacierJobParameters": {"Tier": "Expedited"}}
    assert refused(restore, cold, "deep", **quick) == "InvalidArgument"
    assert refused(restore, cold, "warm") == "InvalidObjectState"
    assert refused(cold.restore_object, Bucket="cold", Key="a", RestoreRequest={}) == "MalformedXML"
    restore(cold, "deep", GlacierJobParameters={"Tier": "Bulk"})
    restore(cold, **quick)
    own_cloud.advance(5 * 60)
    assert cold.get_object(Bucket="cold", Key="a")["Body"].read() == b"frozen"
    own_cloud.advance(24 * HOUR)
    assert refused(cold.get_object, Bucket="cold", Key="deep") == "InvalidObjectState"
    own_cloud.advance(24 * HOUR)
    assert cold.get_object(Bucket="cold", Key="deep")["Body"].read() == b"x"


def test_listings_tell_of_copies(cold, own_cloud):
    restore(cold)
    listed = lambda **more: cold.list_objects_v2(Bucket="cold", **more)["Contents"][0]  # noqa: E731
    assert "RestoreStatus" not in listed()
    asked = {"OptionalObjectAttributes": ["RestoreStatus"]}
    assert listed(**asked)["RestoreStatus"] == {"IsRestoreInProgress": True}
    own_cloud.advance(5 * HOUR)
    told = listed(**asked)["RestoreStatus"]
    assert told["IsRestoreInProgress"] is False and told["RestoreExpiryDate"]


def test_copies_are_told_of(cold, own_cloud):
    sqs = own_cloud("sqs")
    url = sqs.create_queue(QueueName="heard")["QueueUrl"]
    arn = f"arn:aws:sqs:us-east-1:{own_cloud.account}:heard"
    allow = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps({"Statement": [allow]})})
    one = {"QueueArn": arn, "Events": ["s3:ObjectRestore:*"]}
    cold.put_bucket_notification_configuration(Bucket="cold", NotificationConfiguration={"QueueConfigurations": [one]})
    told = {}

    def heard():
        for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
            for record in json.loads(message["Body"]).get("Records", []):
                told[record["eventName"]] = record
        return told

    restore(cold)
    own_cloud.advance(5 * HOUR)
    assert eventually(own_cloud, lambda: "ObjectRestore:Completed" in heard())
    own_cloud.advance(5 * DAY)
    assert eventually(own_cloud, lambda: "ObjectRestore:Delete" in heard())
    done = told["ObjectRestore:Completed"]
    assert done["glacierEventData"]["restoreEventData"]["lifecycleRestoreStorageClass"] == "GLACIER"
    assert done["userIdentity"]["principalId"].startswith("AmazonCustomer:")
    assert told["ObjectRestore:Post"]["s3"]["object"]["size"] == 6
