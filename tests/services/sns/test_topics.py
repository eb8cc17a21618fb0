"""Topics and subscriptions: made, found, changed and removed."""

import json

QUEUE = "arn:aws:sqs:us-east-1:111111111111:orders"


def test_a_topic_shows_its_attributes(talk, aws):
    topic = talk(DisplayName="News")
    known = topic.sns.get_topic_attributes(TopicArn=topic.arn)["Attributes"]
    assert (known["DisplayName"], known["Owner"]) == ("News", aws.account)
    assert json.loads(known["Policy"])["Id"] == "__default_policy_ID"
    assert (known["SubscriptionsConfirmed"], known["SubscriptionsPending"]) == ("0", "0")
    topic.sns.set_topic_attributes(TopicArn=topic.arn, AttributeName="DisplayName", AttributeValue="Olds")
    assert topic.sns.get_topic_attributes(TopicArn=topic.arn)["Attributes"]["DisplayName"] == "Olds"


def test_making_a_topic_again_is_harmless_unless_it_differs(talk, refused):
    assert talk(DisplayName="a").arn == talk().arn
    with refused("InvalidParameter", "Topic already exists with different attributes"):
        talk(DisplayName="b")
    with refused("InvalidParameter", "Invalid parameter: Topic Name"):
        talk("a b")
    with refused("InvalidParameter", "Invalid parameter: Topic Name"):
        talk("a", FifoTopic="true")


def test_topics_that_are_not_there(talk, refused):
    topic = talk()
    topic.sns.delete_topic(TopicArn=topic.arn)
    topic.sns.delete_topic(TopicArn=topic.arn)
    with refused("NotFound", "Topic does not exist"):
        topic.publish("hello")
    with refused("InvalidParameter", "An ARN must have at least 6 elements, not 2"):
        topic.sns.publish(TopicArn="not:arn", Message="hello")


def test_topics_are_listed_by_page(aws):
    sns = aws("sns")
    arns = [sns.create_topic(Name=f"t{number:03}")["TopicArn"] for number in range(101)]
    pages = [[topic["TopicArn"] for topic in page["Topics"]] for page in sns.get_paginator("list_topics").paginate()]
    assert pages == [arns[:100], arns[100:]]


def test_tags(talk, refused):
    topic = talk()
    tags = [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]
    topic.sns.tag_resource(ResourceArn=topic.arn, Tags=tags)
    topic.sns.untag_resource(ResourceArn=topic.arn, TagKeys=["a"])
    assert topic.sns.list_tags_for_resource(ResourceArn=topic.arn)["Tags"] == tags[1:]
    with refused("InvalidParameter", "Duplicated keys are not allowed."):
        topic.sns.tag_resource(ResourceArn=topic.arn, Tags=[tags[0], tags[0]])


def test_permissions_are_statements_of_the_policy(talk, aws, refused):
    topic = talk()
    stranger = aws("sns", key="222222222222")
    with refused("AuthorizationError", "no resource-based policy allows"):
        stranger.publish(TopicArn=topic.arn, Message="hello")
    given = {"AWSAccountId": ["222222222222"], "ActionName": ["Publish"]}
    topic.sns.add_permission(TopicArn=topic.arn, Label="friends", **given)
    stranger.publish(TopicArn=topic.arn, Message="hello")
    with refused("InvalidParameter", "Statement already exists"):
        topic.sns.add_permission(TopicArn=topic.arn, Label="friends", **given)
    topic.sns.remove_permission(TopicArn=topic.arn, Label="friends")
    with refused("AuthorizationError"):
        stranger.publish(TopicArn=topic.arn, Message="hello")


def test_a_subscription_shows_its_attributes(talk, refused):
    topic = talk()
    arn = topic.subscribe("sqs", QUEUE, RawMessageDelivery="true")
    assert topic.subscribe("sqs", QUEUE) == arn
    known = topic.sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert (known["RawMessageDelivery"], known["PendingConfirmation"]) == ("true", "false")
    with refused("InvalidParameter", "Subscription already exists with different attributes"):
        topic.subscribe("sqs", QUEUE, RawMessageDelivery="false")
    topic.sns.set_subscription_attributes(
        SubscriptionArn=arn, AttributeName="FilterPolicy", AttributeValue='{"a": ["b"]}'
    )
    known = topic.sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert (known["FilterPolicy"], known["FilterPolicyScope"]) == ('{"a": ["b"]}', "MessageAttributes")
    topic.sns.unsubscribe(SubscriptionArn=arn)
    topic.sns.unsubscribe(SubscriptionArn=arn)
    with refused("NotFound", "Subscription does not exist"):
        topic.sns.get_subscription_attributes(SubscriptionArn=arn)


def test_what_a_subscription_may_be(talk, refused):
    topic = talk()
    for protocol, endpoint, words in (
        ("pigeon", "coop", "does not support this protocol string: pigeon"),
        ("sqs", "http://queue", "SQS endpoint ARN"),
        ("sqs", QUEUE + ".fifo", "FIFO SQS Queues can not be subscribed to standard SNS topics"),
        ("lambda", QUEUE, "Lambda endpoint ARN"),
        ("sms", "NAA+1555", "Invalid SMS endpoint: NAA+1555"),
        ("http", "https://a.b", "Endpoint must match the specified protocol"),
    ):
        with refused("InvalidParameter", words):
            topic.subscribe(protocol, endpoint)
    for name, text, words in (
        ("RawMessageDelivery", "yes", "RawMessageDelivery: Invalid value [yes]. Must be true or false."),
        ("FilterPolicy", "{", "Attributes Reason: FilterPolicy: failed to parse JSON."),
        ("RedrivePolicy", '{"deadLetterTargetArn": "fake"}', "deadLetterTargetArn is an invalid arn"),
        ("Colour", "red", "AttributeName"),
    ):
        with refused("InvalidParameter", words):
            topic.subscribe("sqs", QUEUE, **{name: text})
    for endpoint, role, words in (
        ("arn:aws:firehose:us-east-1:1:deliverystream/a", {}, "SubscriptionRoleArn is required"),
        ("arn:aws:firehose:us-east-1:1:deliverystream/a", {"SubscriptionRoleArn": "r"}, "Invalid role ARN"),
        ("arn:aws:kinesis:us-east-1:1:stream/a", {}, "Firehose endpoint ARN"),
    ):
        with refused("InvalidParameter", words):
            topic.subscribe("firehose", endpoint, **role)


def test_subscriptions_are_listed_by_page(talk, aws):
    topic = talk()
    made = {topic.subscribe("sms", f"+1555{number:07}") for number in range(101)}
    for name, wanted in (("list_subscriptions", {}), ("list_subscriptions_by_topic", {"TopicArn": topic.arn})):
        pages = [page["Subscriptions"] for page in topic.sns.get_paginator(name).paginate(**wanted)]
        assert [len(page) for page in pages] == [100, 1]
        assert {one["SubscriptionArn"] for page in pages for one in page} == made


def test_sms_settings(aws, refused):
    sns = aws("sns")
    assert sns.get_sms_attributes()["attributes"] == {"MonthlySpendLimit": "1"}
    sns.set_sms_attributes(attributes={"DefaultSMSType": "Promotional"})
    assert sns.get_sms_attributes(attributes=["DefaultSMSType"])["attributes"] == {"DefaultSMSType": "Promotional"}
    with refused("InvalidParameter", "DefaultSMSType is invalid"):
        sns.set_sms_attributes(attributes={"DefaultSMSType": "Loud"})


def test_a_fifo_topic_has_a_hundred_subscriptions(talk, refused):
    topic = talk("news.fifo", FifoTopic="true")
    for number in range(100):
        topic.subscribe("sqs", f"arn:aws:sqs:us-east-1:111111111111:q{number}")
    with refused("SubscriptionLimitExceeded"):
        topic.subscribe("sqs", "arn:aws:sqs:us-east-1:111111111111:one-more")


def test_a_batch_holds_something(talk, refused):
    topic = talk()
    with refused("EmptyBatchRequest"):
        topic.sns.publish_batch(TopicArn=topic.arn, PublishBatchRequestEntries=[])
