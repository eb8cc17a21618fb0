"""CloudFormation types of SNS, their steps performed by a client."""

import json
from operator import methodcaller

from freehold.kernel.resources import Want
from freehold.kernel.service import snake
from freehold.services.sns import resources

QUEUE = "arn:aws:sqs:us-east-1:111111111111:orders"


def perform(aws, steps):
    """Do the calls of a generator; what it made."""
    try:
        ask = next(steps)
        while True:
            ask = steps.send(methodcaller(snake(ask.operation), **ask.request)(aws(ask.service)))
    except StopIteration as end:
        return end.value


def want(aws, properties, **more):
    return Want(aws.account, aws.region, "id", "shop", "News", "ABCDEFGHIJKL", properties, **more)


def test_a_topic_is_made_with_its_subscriptions_changed_and_removed(aws):
    sns = aws("sns")
    properties = {
        "DisplayName": "News",
        "Subscription": [{"Protocol": "sms", "Endpoint": "+15551234567"}],
        "Tags": [{"Key": "a", "Value": "1"}],
    }
    made = perform(aws, resources.create_topic(want(aws, properties)))
    assert made.attributes == {"TopicArn": made.id, "TopicName": "shop-News-ABCDEFGHIJKL"}
    changed = {"Subscription": [{"Protocol": "sqs", "Endpoint": QUEUE}], "SignatureVersion": 2}
    perform(aws, resources.update_topic(want(aws, changed, old=properties, id=made.id)))
    known = sns.get_topic_attributes(TopicArn=made.id)["Attributes"]
    assert (known["DisplayName"], known["SignatureVersion"]) == ("", "2")
    (listed,) = sns.list_subscriptions_by_topic(TopicArn=made.id)["Subscriptions"]
    assert listed["Endpoint"] == QUEUE
    assert sns.list_tags_for_resource(ResourceArn=made.id)["Tags"] == []
    perform(aws, resources.delete_topic(want(aws, {}, id=made.id)))
    assert sns.list_topics()["Topics"] == []


def test_a_subscription_and_a_policy(aws):
    sns = aws("sns")
    topic = sns.create_topic(Name="news")["TopicArn"]
    properties = {"TopicArn": topic, "Protocol": "sqs", "Endpoint": QUEUE, "FilterPolicy": {"a": ["b"]}}
    made = perform(aws, resources.create_subscription(want(aws, properties)))
    raw = {"TopicArn": topic, "Protocol": "sqs", "Endpoint": QUEUE, "RawMessageDelivery": True}
    perform(aws, resources.update_subscription(want(aws, raw, old=properties, id=made.id)))
    known = sns.get_subscription_attributes(SubscriptionArn=made.id)["Attributes"]
    assert known["RawMessageDelivery"] == "true" and "FilterPolicy" not in known
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": topic}
    policy = {"Topics": [topic], "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
    perform(aws, resources.create_policy(want(aws, policy)))
    assert json.loads(sns.get_topic_attributes(TopicArn=topic)["Attributes"]["Policy"]) == policy["PolicyDocument"]
    perform(aws, resources.delete_policy(want(aws, policy)))
    perform(aws, resources.delete_subscription(want(aws, raw, id=made.id)))
    assert sns.list_subscriptions()["Subscriptions"] == []
