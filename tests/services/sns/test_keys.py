"""Topics with keys of KMS: who may publish."""

import pytest

ALL = {"Effect": "Allow", "Action": "sns:*", "Resource": "*"}


@pytest.fixture
def key(aws):
    return aws("kms").create_key()["KeyMetadata"]["KeyId"]


def test_a_publisher_needs_the_key(aws, talk, key, refused):
    topic = talk(KmsMasterKeyId=key)
    url = topic.hearer("orders", RawMessageDelivery="true")
    topic.publish("one")
    stranger = aws.as_role("sns", "stranger", ALL)
    with refused("KMSAccessDenied", "kms:GenerateDataKey"):
        stranger.publish(TopicArn=topic.arn, Message="x")
    with refused("KMSAccessDenied", "kms:GenerateDataKey"):
        entries = [{"Id": "a", "Message": "x"}]
        stranger.publish_batch(TopicArn=topic.arn, PublishBatchRequestEntries=entries)
    friend = aws.as_role("sns", "friend", ALL, {"Effect": "Allow", "Action": "kms:*", "Resource": "*"})
    friend.publish(TopicArn=topic.arn, Message="two")
    assert sorted(topic.bodies(url, 2)) == ["one", "two"]


def test_what_is_told_of_a_key_that_cannot_be_used(aws, talk, key, refused):
    topic, kms = talk(KmsMasterKeyId=key), aws("kms")
    kms.disable_key(KeyId=key)
    with refused("KMSDisabled"):
        topic.publish("x")
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    with refused("KMSInvalidState"):
        topic.publish("x")
    with refused("KMSNotFound"):
        talk("lost", KmsMasterKeyId="alias/none").publish("x")


def test_a_key_of_sns_s_own_serves_its_account(talk):
    topic = talk(KmsMasterKeyId="alias/aws/sns")
    assert topic.publish("hello")["MessageId"]
