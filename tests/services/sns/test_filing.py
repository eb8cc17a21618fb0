"""Subscriptions that are found by what messages hold: as they come, change and go, each hears what it asks for."""

import json

COLOURS = ("red", "green", "blue")


def attributes(**given):
    return {name: {"DataType": "String", "StringValue": value} for name, value in given.items()}


def sorted_bodies(topic, url, count):
    return sorted(topic.bodies(url, count))


def test_filed_and_other_subscriptions_hear_each_what_it_asks_for(talk):
    topic = talk()
    asked = {colour: json.dumps({"colour": [colour]}) for colour in COLOURS}
    one = {name: topic.hearer(name, RawMessageDelivery="true", FilterPolicy=text) for name, text in asked.items()}
    warm = topic.hearer(
        "warm", RawMessageDelivery="true", FilterPolicy='{"colour": ["red", "orange"], "size": ["big"]}'
    )
    odd = topic.hearer("odd", RawMessageDelivery="true", FilterPolicy='{"colour": [{"anything-but": "red"}]}')
    body = topic.hearer(
        "body",
        RawMessageDelivery="true",
        FilterPolicyScope="MessageBody",
        FilterPolicy='{"order": {"colour": ["red"]}}',
    )
    every = topic.hearer("every", RawMessageDelivery="true")
    topic.publish("small red", MessageAttributes=attributes(colour="red", size="small"))
    topic.publish("big red", MessageAttributes=attributes(colour="red", size="big"))
    topic.publish("blue", MessageAttributes=attributes(colour="blue"))
    topic.publish('{"order": [{"colour": "red"}]}')
    assert len(topic.bodies(every, 4)) == 4
    assert sorted_bodies(topic, one["red"], 2) == ["big red", "small red"]
    assert topic.bodies(one["blue"]) == topic.bodies(odd) == ["blue"]
    assert topic.bodies(warm) == ["big red"]
    assert topic.bodies(body) == ['{"order": [{"colour": "red"}]}']
    assert topic.bodies(one["green"], wait=0) == topic.bodies(odd, wait=0) == topic.bodies(warm, wait=0) == []


def test_a_filter_that_changes_holds_for_the_next_message(talk):
    topic = talk()
    url, arn = topic.queue("q")
    subscription = topic.subscribe("sqs", arn, RawMessageDelivery="true", FilterPolicy='{"colour": ["red"]}')

    def change(name, value):
        topic.sns.set_subscription_attributes(
            SubscriptionArn=subscription, AttributeName=name, AttributeValue=value
        )  # fmt: skip

    def heard(message, **given):
        topic.publish(message, MessageAttributes=attributes(**given))
        topic.publish("end", MessageAttributes=attributes(colour="red", size="big"))
        return [body for body in topic.bodies(url, 2, wait=1) if body != "end"]

    assert heard("first", colour="red") == ["first"]
    change("FilterPolicy", '{"size": ["big"]}')
    assert heard("second", colour="red") == []
    assert heard("third", size="big") == ["third"]
    change("FilterPolicyScope", "MessageBody")
    assert heard('{"size": "big"}', colour="red") == ['{"size": "big"}']
    change("FilterPolicy", "")
    assert heard("fourth") == ["fourth"]


def test_what_is_filed_goes_with_its_subscription_and_topic(talk):
    topic = talk()
    url, arn = topic.queue("q")
    subscription = topic.subscribe("sqs", arn, RawMessageDelivery="true", FilterPolicy='{"colour": ["red"]}')
    topic.sns.unsubscribe(SubscriptionArn=subscription)
    topic.publish("gone", MessageAttributes=attributes(colour="red"))
    counts = topic.sns.get_topic_attributes(TopicArn=topic.arn)["Attributes"]
    assert (counts["SubscriptionsConfirmed"], counts["SubscriptionsDeleted"]) == ("0", "1")
    topic.subscribe("sqs", arn, RawMessageDelivery="true", FilterPolicy='{"colour": ["red"]}')
    topic.sns.delete_topic(TopicArn=topic.arn)
    topic.sns.create_topic(Name=topic.arn.rpartition(":")[2])
    topic.publish("new topic", MessageAttributes=attributes(colour="red"))
    topic.subscribe("sqs", arn, RawMessageDelivery="true")
    topic.publish("heard")
    assert topic.bodies(url) == ["heard"]
