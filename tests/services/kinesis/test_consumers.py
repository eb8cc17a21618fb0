"""Consumers: registered, described, and sent records as they come."""

import itertools

import pytest
from botocore.exceptions import ClientError


def refused(code, words=""):
    return pytest.raises(ClientError, match=f"{code}.*{words}")


@pytest.fixture
def consumer(line):
    return line.client.register_stream_consumer(StreamARN=line.arn, ConsumerName="reader")["Consumer"]["ConsumerARN"]


def subscribe(line, consumer, shard="shardId-000000000000", **position):
    answer = line.client.subscribe_to_shard(
        ConsumerARN=consumer, ShardId=shard, StartingPosition={"Type": "TRIM_HORIZON"} | position
    )
    return (event["SubscribeToShardEvent"] for event in answer["EventStream"])


def records(events, count):
    """The data of the next so many records."""
    found = itertools.chain.from_iterable(event["Records"] for event in events)
    return [record["Data"] for record in itertools.islice(found, count)]


def test_consumers_come_and_go(line, consumer):
    client, named = line.client, {"StreamARN": line.arn, "ConsumerName": "reader"}
    assert consumer.startswith(f"{line.arn}/consumer/reader:")
    with refused("ResourceInUseException", "already exists"):
        client.register_stream_consumer(**named)
    described = client.describe_stream_consumer(ConsumerARN=consumer)["ConsumerDescription"]
    assert (described["StreamARN"], described["ConsumerStatus"]) == (line.arn, "ACTIVE")
    assert client.describe_stream_consumer(**named)["ConsumerDescription"] == described
    client.register_stream_consumer(StreamARN=line.arn, ConsumerName="writer")
    first = client.list_stream_consumers(StreamARN=line.arn, MaxResults=1)
    rest = client.list_stream_consumers(StreamARN=line.arn, NextToken=first["NextToken"])
    assert [one["ConsumerName"] for one in first["Consumers"] + rest["Consumers"]] == ["reader", "writer"]
    assert line.summary["ConsumerCount"] == 2
    with refused("ResourceInUseException", "EnforceConsumerDeletion"):
        client.delete_stream(StreamName=line.name)
    client.deregister_stream_consumer(ConsumerARN=consumer)
    with refused("ResourceNotFoundException", "Consumer .* not found"):
        client.describe_stream_consumer(ConsumerARN=consumer)
    client.delete_stream(StreamName=line.name, EnforceConsumerDeletion=True)


def test_records_are_sent_as_they_come(line, consumer):
    line.put("before")
    events = subscribe(line, consumer)
    assert records(events, 1) == [b"before"]
    line.put("after")
    assert records(events, 1) == [b"after"]


def test_a_subscription_goes_on_where_another_ended(line, consumer):
    line.put("one")
    event = next(subscribe(line, consumer))
    line.put("two")
    later = subscribe(
        line, consumer, Type="AFTER_SEQUENCE_NUMBER", SequenceNumber=event["ContinuationSequenceNumber"]
    )  # fmt: skip
    assert records(later, 1) == [b"two"]


def test_a_subscription_ends_with_its_shard(line, consumer):
    line.put("last")
    line.client.split_shard(StreamName=line.name, ShardToSplit="shardId-000000000000", NewStartingHashKey="1000")
    (event,) = subscribe(line, consumer)
    assert [record["Data"] for record in event["Records"]] == [b"last"]
    assert [child["ShardId"] for child in event["ChildShards"]] == ["shardId-000000000001", "shardId-000000000002"]


def test_a_subscription_ends_after_five_minutes(own_cloud, new_line):
    line = new_line(cloud=own_cloud)
    made = line.client.register_stream_consumer(StreamARN=line.arn, ConsumerName="reader")
    events = subscribe(line, made["Consumer"]["ConsumerARN"])
    assert next(events)["Records"] == []
    own_cloud.advance(301)
    assert list(events) == []
