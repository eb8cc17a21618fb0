"""Delivery streams that are subscribed: messages become lines of files."""

import json

import pytest
from tests.services.sns.conftest import Talk


@pytest.fixture
def river(own_cloud):
    """A topic, the ARN of a delivery stream into the bucket `lake`, and that of a role that may put into it."""
    aws = own_cloud
    aws("s3").create_bucket(Bucket="lake")
    may = {"Effect": "Allow", "Action": ["s3:PutObject", "firehose:PutRecord"], "Resource": "*"}
    deliverer = aws.role("deliverer", "firehose.amazonaws.com", may)
    to = {"RoleARN": deliverer, "BucketARN": "arn:aws:s3:::lake", "BufferingHints": {"IntervalInSeconds": 60}}
    made = aws("firehose").create_delivery_stream(DeliveryStreamName="river", S3DestinationConfiguration=to)
    return Talk(aws, "news", FirehoseFailureFeedbackRoleArn=deliverer), made["DeliveryStreamARN"], may


def lines(aws):
    aws.advance(61)
    s3 = aws("s3")
    while not (found := s3.list_objects_v2(Bucket="lake").get("Contents")):
        pass
    return b"".join(s3.get_object(Bucket="lake", Key=one["Key"])["Body"].read() for one in found).decode()


def sent(aws, count):
    """Wait until so many records have come."""
    from freehold.services.firehose.buffers import Waiting

    call = aws.running.cloud.door.call(aws.account, "us-east-1")
    while aws.running.run(call.transact(lambda tx: tx.count(Waiting))) < count:
        pass


@pytest.mark.parametrize("raw", [True, False])
def test_messages_are_lines(river, own_cloud, raw):
    topic, arn, may = river
    role = own_cloud.role("pourer", "sns.amazonaws.com", may)
    topic.subscribe("firehose", arn, SubscriptionRoleArn=role, RawMessageDelivery=str(raw).lower())
    ids = [topic.publish(f"notice {number}", Subject="S")["MessageId"] for number in range(2)]
    sent(own_cloud, 2)
    text = lines(own_cloud)
    if raw:
        assert sorted(text.split("notice ")) == ["", "0", "1"]
        return
    told = [json.loads(line) for line in text.splitlines()]
    assert {one["MessageId"] for one in told} == set(ids)
    assert all([*one] == ["Type", "MessageId", "TopicArn", "Subject", "Message", "Timestamp", "UnsubscribeURL"]
               for one in told)  # fmt: skip


def test_a_role_that_may_not_is_no_way_in(river, own_cloud):
    topic, arn, may = river
    role = own_cloud.role("stranger", "lambda.amazonaws.com", may)
    dead, dead_arn = topic.queue("dead")
    redrive = json.dumps({"deadLetterTargetArn": dead_arn})
    topic.subscribe("firehose", arn, SubscriptionRoleArn=role, RawMessageDelivery="true", RedrivePolicy=redrive)
    topic.publish("a")
    assert topic.bodies(dead) == ["a"]


def test_who_subscribes_a_stream_passes_the_role(river, own_cloud, refused):
    topic, arn, may = river
    role = own_cloud.role("pourer", "sns.amazonaws.com", may)
    client = own_cloud.as_role("sns", "maker", {"Effect": "Allow", "Action": "sns:*", "Resource": "*"})
    attributes = {"SubscriptionRoleArn": role}
    with refused("AuthorizationError", "iam:PassRole"):
        client.subscribe(TopicArn=topic.arn, Protocol="firehose", Endpoint=arn, Attributes=attributes)
    made = topic.subscribe("firehose", arn, **attributes)
    with refused("AuthorizationError", "iam:PassRole"):
        client.set_subscription_attributes(
            SubscriptionArn=made, AttributeName="SubscriptionRoleArn", AttributeValue=role
        )
