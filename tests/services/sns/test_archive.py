"""Archives of FIFO topics, and their replay."""

import json
from datetime import UTC, datetime

import pytest
from tests.services.sns.conftest import Talk

DEDUP_S = 301


@pytest.fixture
def topic(own_cloud):
    facts = {"FifoTopic": "true", "ContentBasedDeduplication": "true"}
    return Talk(own_cloud, "news.fifo", **facts, ArchivePolicy='{"MessageRetentionPeriod": "30"}')


def now(aws):
    return datetime.fromtimestamp(aws.running.cloud.clock.now(), UTC).isoformat()


def policy(since, until=None):
    end = {"EndingPoint": until} if until else {}
    return json.dumps({"PointType": "Timestamp", "StartingPoint": since, **end})


def say(topic, *texts):
    for text in texts:
        topic.publish(text, MessageGroupId="g")


def status(topic, arn):
    return topic.sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"].get("ReplayStatus")


def heard(topic, url, count):
    """So many envelopes, taken one after the other: a group in flight holds up the rest."""
    found = []
    while len(found) < count:
        for message in topic.heard(url):
            topic.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            found.append(json.loads(message["Body"]))
    return found


def test_a_new_subscription_hears_what_was_said_before(topic, own_cloud):
    since = now(own_cloud)
    own_cloud.advance(1)
    say(topic, "a", "b")
    url, arn = topic.queue("late.fifo")
    subscription = topic.subscribe("sqs", arn, ReplayPolicy=policy(since))
    say(topic, "c")
    found = heard(topic, url, 3)
    assert [envelope["Message"] for envelope in found] == ["a", "b", "c"]
    assert [envelope.get("Replayed") for envelope in found] == ["true", "true", None]
    assert status(topic, subscription) == "Completed"
    say(topic, "d")
    assert [envelope["Message"] for envelope in heard(topic, url, 1)] == ["d"]


def test_a_window_is_replayed_to_an_old_subscription(topic, own_cloud):
    url, arn = topic.queue("jobs.fifo")
    subscription = topic.subscribe("sqs", arn)
    say(topic, "a")
    own_cloud.advance(10)
    since = now(own_cloud)
    own_cloud.advance(1)
    say(topic, "b")
    own_cloud.advance(5)
    until = now(own_cloud)
    own_cloud.advance(5)
    say(topic, "c")
    assert [envelope["Message"] for envelope in heard(topic, url, 3)] == ["a", "b", "c"]
    own_cloud.advance(DEDUP_S)
    topic.sns.set_subscription_attributes(
        SubscriptionArn=subscription, AttributeName="ReplayPolicy", AttributeValue=policy(since, until)
    )
    say(topic, "d")
    assert [envelope["Message"] for envelope in heard(topic, url, 2)] == ["b", "d"]


def test_an_archive_says_since_when(topic, refused):
    known = topic.sns.get_topic_attributes(TopicArn=topic.arn)["Attributes"]
    assert known["BeginningArchiveTime"].endswith("Z")
    with refused("InvalidState"):
        topic.sns.delete_topic(TopicArn=topic.arn)
    topic.sns.set_topic_attributes(TopicArn=topic.arn, AttributeName="ArchivePolicy", AttributeValue="{}")
    topic.sns.delete_topic(TopicArn=topic.arn)


@pytest.mark.parametrize("text", ["{}x", '{"PointType": "Other", "StartingPoint": "2020-01-01"}', policy("no")])
def test_what_no_replay_is(topic, refused, text):
    _, arn = topic.queue("jobs.fifo")
    with refused("InvalidParameter", "ReplayPolicy"):
        topic.subscribe("sqs", arn, ReplayPolicy=text)


def test_only_archives_are_replayed(talk, refused):
    topic = talk("plain.fifo", FifoTopic="true")
    _, arn = topic.queue("jobs.fifo")
    with refused("InvalidParameter", "no active archive policy"):
        topic.subscribe("sqs", arn, ReplayPolicy=policy("2020-01-01T00:00:00Z"))
    with refused("InvalidParameter", "ArchivePolicy"):
        talk("other.fifo", FifoTopic="true", ArchivePolicy='{"MessageRetentionPeriod": "366"}')
