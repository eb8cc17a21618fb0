"""Records: put into the shard of their hash key, read in their order, for as long as they are kept."""

import hashlib

import pytest
from botocore.exceptions import ClientError
from tests.running import wait_for

WIDTH = 2**128 // 2


def refused(code, words=""):
    return pytest.raises(ClientError, match=f"{code}.*{words}")


def test_records_are_read_in_order(line):
    numbers = [int(line.put(str(number))["SequenceNumber"]) for number in range(5)]
    assert numbers == sorted(set(numbers))
    assert {len(str(number)) for number in numbers} == {56}
    page = line.page(line.iterator())
    assert [record["Data"] for record in page["Records"]] == [b"0", b"1", b"2", b"3", b"4"]
    assert [int(record["SequenceNumber"]) for record in page["Records"]] == numbers
    assert page["MillisBehindLatest"] == 0
    assert line.page(page["NextShardIterator"])["Records"] == []


def test_a_record_goes_to_the_shard_of_its_hash_key(new_line):
    line = new_line(2)
    for key in ("a", "b", "c", "d", "e"):
        hash = int(hashlib.md5(key.encode()).hexdigest(), 16)
        assert line.put(key, key)["ShardId"] == f"shardId-00000000000{hash // WIDTH}"
    assert line.put("x", ExplicitHashKey=str(WIDTH))["ShardId"] == "shardId-000000000001"
    assert line.put("x", ExplicitHashKey=str(WIDTH - 1))["ShardId"] == "shardId-000000000000"
    with refused("InvalidArgumentException", "ExplicitHashKey must be in the range"):
        line.put("x", ExplicitHashKey=str(2**128))


def test_iterators_start_where_they_are_told(line):
    first, second, *_ = (line.put(data)["SequenceNumber"] for data in ("1", "2", "3"))
    latest = line.iterator("LATEST")
    line.put("4")
    assert line.read("AT_SEQUENCE_NUMBER", StartingSequenceNumber=second) == [b"2", b"3", b"4"]
    assert line.read("AFTER_SEQUENCE_NUMBER", StartingSequenceNumber=second) == [b"3", b"4"]
    assert [record["Data"] for record in line.page(latest)["Records"]] == [b"4"]
    start = line.shards[0]["SequenceNumberRange"]["StartingSequenceNumber"]
    assert int(start) < int(first)
    assert len(line.read("AT_SEQUENCE_NUMBER", StartingSequenceNumber=start)) == 4
    assert line.page(f'"{latest}"')["Records"]


@pytest.mark.parametrize(
    ("kind", "more", "words"),
    [
        ("AT_SEQUENCE_NUMBER", {}, "Request specified AT_SEQUENCE_NUMBER and no StartingSequenceNumber"),
        ("LATEST", {"StartingSequenceNumber": "1"}, "Request specified LATEST and also a StartingSequenceNumber"),
        (
            "AT_SEQUENCE_NUMBER",
            {"StartingSequenceNumber": "123"},
            "StartingSequenceNumber 123 used in GetShardIterator",
        ),
        ("AT_TIMESTAMP", {}, "Must specify timestampInMillis"),
        ("AT_TIMESTAMP", {"Timestamp": 4_000_000_000}, "cannot be greater than the currentTimestampInMillis"),
    ],
)
def test_a_start_that_is_none_is_refused(line, kind, more, words):
    with refused("InvalidArgumentException", words):
        line.iterator(kind, **more)


def test_a_sequence_number_of_another_shard_is_refused(new_line):
    line = new_line(2)
    number = line.put("x", ExplicitHashKey="0")["SequenceNumber"]
    with refused(
        "InvalidArgumentException", "It encodes shardId-000000000000, while it was used .* shardId-000000000001"
    ):
        line.iterator("AT_SEQUENCE_NUMBER", "shardId-000000000001", StartingSequenceNumber=number)


def test_reading_starts_at_a_moment(own_cloud, new_line):
    line = new_line(cloud=own_cloud)
    moments = []
    for number in range(6):
        moments.append(own_cloud.running.get("/_freehold/clock")["now"])
        line.put(str(number))
        own_cloud.advance(10)
    for number in range(6):
        assert line.read("AT_TIMESTAMP", Timestamp=int(moments[number]))[0] == str(number).encode()
    assert line.read("AT_TIMESTAMP", Timestamp=int(moments[2]) + 2)[0] == b"3"
    assert line.page(line.iterator())["MillisBehindLatest"] == 0
    assert line.page(line.iterator(), Limit=2)["MillisBehindLatest"] == pytest.approx(40_000, abs=1)


def test_iterators_expire(own_cloud, new_line):
    line = new_line(cloud=own_cloud)
    iterator = line.iterator()
    own_cloud.advance(299)
    line.page(iterator)
    own_cloud.advance(2)
    with refused("ExpiredIteratorException", "tolerated delay of 300000 milliseconds"):
        line.page(iterator)
    with refused("InvalidArgumentException", "Invalid ShardIterator"):
        line.page("nonsense")


def test_records_are_kept_as_long_as_is_said(own_cloud, new_line):
    line = new_line(cloud=own_cloud)
    line.put("old")
    own_cloud.advance(23 * 3_600)
    line.put("new")
    own_cloud.advance(3_601)
    assert line.read() == [b"new"]
    line.client.increase_stream_retention_period(StreamName=line.name, RetentionPeriodHours=48)
    own_cloud.advance(24 * 3_600)
    line.put("newer")
    assert line.read()[-1] == b"newer"
    own_cloud.advance(48 * 3_600 + 1)
    assert line.read() == []
    last = line.put("newest")["SequenceNumber"]
    assert line.read("AT_SEQUENCE_NUMBER", StartingSequenceNumber=last) == [b"newest"]


def test_a_batch_tells_of_each_record(new_line):
    line = new_line(2)
    entries = [{"Data": str(number), "PartitionKey": str(number)} for number in range(20)]
    answer = line.client.put_records(StreamARN=line.arn, Records=entries)
    assert answer["FailedRecordCount"] == 0
    by_shard = {}
    for entry, told in zip(entries, answer["Records"], strict=True):
        by_shard.setdefault(told["ShardId"], []).append(entry["Data"].encode())
    assert {shard: line.read(shard=shard) for shard in by_shard} == by_shard


def test_a_shard_takes_a_thousand_records_a_second(own_cloud, new_line):
    line = new_line(cloud=own_cloud)
    entries = [{"Data": b"x", "PartitionKey": "k"}] * 500
    assert line.client.put_records(StreamName=line.name, Records=entries)["FailedRecordCount"] == 0
    line.client.put_records(StreamName=line.name, Records=entries)
    answer = line.client.put_records(StreamName=line.name, Records=entries[:3])
    assert answer["FailedRecordCount"] == 3
    assert answer["Records"][0]["ErrorCode"] == "ProvisionedThroughputExceededException"
    words = f"Rate exceeded for shard shardId-000000000000 in stream {line.name} under account {own_cloud.account}."
    assert answer["Records"][0]["ErrorMessage"] == words
    with refused("ProvisionedThroughputExceededException", "Rate exceeded for shard"):
        line.put("x")
    own_cloud.advance(1)
    line.put("x")


def test_a_shard_takes_a_megabyte_a_second(own_cloud, new_line):
    line = new_line(cloud=own_cloud)
    line.put(bytes(700_000))
    with refused("ProvisionedThroughputExceededException"):
        line.put(bytes(700_000))
    free = new_line(0, own_cloud)
    for _ in range(3):
        free.put(bytes(700_000))


def test_what_is_too_large_is_refused(line):
    with refused("ValidationException", "less than or equal to 1048576"):
        line.put(bytes(1024 * 1024 + 1))
    line.client.update_max_record_size(StreamARN=line.arn, MaxRecordSizeInKiB=2_048)
    line.put(bytes(1024 * 1024 + 1))
    assert line.summary["MaxRecordSizeInKiB"] == 2_048


def test_pages_end_at_ten_megabytes_and_at_the_limit(new_line):
    line = new_line(0)
    for _ in range(12):
        line.put(bytes(1024 * 1024), ExplicitHashKey="0")
    page = line.page(line.iterator())
    assert len(page["Records"]) == 10
    assert len(line.page(page["NextShardIterator"])["Records"]) == 2
    assert len(line.page(line.iterator(), Limit=3)["Records"]) == 3


def test_what_is_not_there_is_named(line):
    account = line.aws.account
    with refused("ResourceNotFoundException", f"Stream none under account {account} not found."):
        line.client.put_record(StreamName="none", Data=b"", PartitionKey="k")
    with refused("ResourceNotFoundException", f"Shard shardId-000000000009 in stream {line.name} under account"):
        line.iterator(shard="shardId-000000000009")
    with refused("InvalidArgumentException", "Either StreamARN or StreamName"):
        line.client.put_record(Data=b"", PartitionKey="k")
    with refused("DryRunOperationException"):
        line.put("x", DryRun=True)
    assert line.read() == []


def test_what_a_stream_takes_and_gives_is_measured(line):
    line.put("1234", key="k")
    line.read()
    cloudwatch = line.aws("cloudwatch")

    def measured():
        found = cloudwatch.list_metrics(Namespace="AWS/Kinesis")["Metrics"]
        names = {one["MetricName"] for one in found if {"Name": "StreamName", "Value": line.name} in one["Dimensions"]}
        return names >= {"IncomingBytes", "IncomingRecords", "GetRecords.Records", "GetRecords.IteratorAgeMilliseconds"}

    assert wait_for(measured)


def test_what_a_stream_held_is_gone_with_it(line):
    line.put("x")
    iterator = line.iterator()
    line.client.delete_stream(StreamName=line.name)
    with refused("ResourceNotFoundException"):
        line.page(iterator)
    line.client.create_stream(StreamName=line.name, ShardCount=1)
    with refused("InvalidArgumentException", "Invalid ShardIterator"):
        line.page(iterator)
    assert line.read() == []


def test_reading_needs_permission(line, aws):
    line.put("x")
    allowed = {"Effect": "Allow", "Action": ["kinesis:GetShardIterator"], "Resource": line.arn}
    weak = aws.as_role("kinesis", "weak", allowed)
    iterator = weak.get_shard_iterator(StreamName=line.name, ShardId="0", ShardIteratorType="LATEST")["ShardIterator"]
    with refused("AccessDeniedException", "kinesis:GetRecords"):
        weak.get_records(ShardIterator=iterator)
    with refused("AccessDeniedException", "kinesis:PutRecord"):
        weak.put_record(StreamName=line.name, Data=b"", PartitionKey="k")
