"""Streams: made, described, split, merged, scaled, set, shared and deleted."""

import json

import pytest
from botocore.exceptions import ClientError

HASHES = 2**128


def refused(code, words=""):
    return pytest.raises(ClientError, match=f"{code}.*{words}")


def open_ranges(line):
    shards = [shard for shard in line.shards if "EndingSequenceNumber" not in shard["SequenceNumberRange"]]
    spans = [(int(one["HashKeyRange"]["StartingHashKey"]), int(one["HashKeyRange"]["EndingHashKey"])) for one in shards]
    return sorted(spans)


def covers_everything(line):
    spans = open_ranges(line)
    starts = [0, *(end + 1 for _, end in spans)]
    return [start for start, _ in spans] == starts[:-1] and starts[-1] == HASHES


def test_a_stream_is_described(line):
    summary = line.summary
    assert summary["StreamStatus"] == "ACTIVE"
    assert summary["StreamModeDetails"] == {"StreamMode": "PROVISIONED"}
    assert (summary["RetentionPeriodHours"], summary["OpenShardCount"], summary["ConsumerCount"]) == (24, 1, 0)
    assert (summary["EncryptionType"], summary["EnhancedMonitoring"]) == ("NONE", [{"ShardLevelMetrics": []}])
    line.client.get_waiter("stream_exists").wait(StreamName=line.name)
    with refused("ResourceInUseException", f"Stream {line.name} under account {line.aws.account} already exists."):
        line.client.create_stream(StreamName=line.name, ShardCount=1)
    line.client.delete_stream(StreamName=line.name)
    line.client.get_waiter("stream_not_exists").wait(StreamName=line.name)


def test_a_stream_without_a_count_is_on_demand(new_line):
    line = new_line(0)
    assert line.summary["StreamModeDetails"] == {"StreamMode": "ON_DEMAND"}
    assert len(line.shards) == 4 and covers_everything(line)
    with refused("ValidationException", "is in On-Demand mode"):
        line.client.split_shard(StreamName=line.name, ShardToSplit="shardId-000000000000", NewStartingHashKey="7")
    line.client.update_stream_mode(StreamARN=line.arn, StreamModeDetails={"StreamMode": "PROVISIONED"})
    assert line.summary["StreamModeDetails"] == {"StreamMode": "PROVISIONED"}


def test_streams_are_listed_in_pages(aws, new_line):
    names = [new_line().name for _ in range(3)]
    client = aws("kinesis")
    first = client.list_streams(Limit=2)
    assert first["HasMoreStreams"] and len(first["StreamSummaries"]) == 2
    rest = client.list_streams(NextToken=first["NextToken"])
    assert first["StreamNames"] + rest["StreamNames"] == sorted(names)
    assert not rest["HasMoreStreams"]
    assert client.list_streams(ExclusiveStartStreamName=sorted(names)[1])["StreamNames"] == sorted(names)[2:]
    assert client.describe_limits()["OpenShardCount"] == 3


def test_a_split_shard_is_read_to_its_end(line):
    line.put("before", ExplicitHashKey="0")
    iterator = line.iterator()
    line.client.split_shard(StreamName=line.name, ShardToSplit="shardId-000000000000", NewStartingHashKey=str(10**20))
    assert covers_everything(line) and open_ranges(line)[1][0] == 10**20
    assert line.put("after", ExplicitHashKey="0")["ShardId"] == "shardId-000000000001"
    page = line.page(iterator)
    assert [record["Data"] for record in page["Records"]] == [b"before"]
    assert "NextShardIterator" not in page
    assert [child["ShardId"] for child in page["ChildShards"]] == ["shardId-000000000001", "shardId-000000000002"]
    assert page["ChildShards"][0]["ParentShards"] == ["shardId-000000000000"]
    parent, child, _ = line.shards
    assert child["ParentShardId"] == parent["ShardId"]
    ending, starting = parent["SequenceNumberRange"]["EndingSequenceNumber"], child["SequenceNumberRange"]
    assert int(ending) < int(starting["StartingSequenceNumber"])
    with refused("InvalidArgumentException", "has already been merged or split"):
        line.client.split_shard(StreamName=line.name, ShardToSplit="shardId-000000000000", NewStartingHashKey="9")
    with refused("InvalidArgumentException", "is not both greater than one plus the shard's StartingHashKey 0"):
        line.client.split_shard(StreamName=line.name, ShardToSplit="shardId-000000000001", NewStartingHashKey="1")


def test_adjacent_shards_are_merged(new_line):
    line = new_line(3)
    named = {"StreamName": line.name, "ShardToMerge": "shardId-000000000000"}
    with refused("InvalidArgumentException", "are not an adjacent pair of shards eligible for merging"):
        line.client.merge_shards(**named, AdjacentShardToMerge="shardId-000000000002")
    line.client.merge_shards(**named, AdjacentShardToMerge="shardId-000000000001")
    merged = line.shards[-1]
    assert (merged["ParentShardId"], merged["AdjacentParentShardId"]) == (
        "shardId-000000000000",
        "shardId-000000000001",
    )
    assert covers_everything(line) and len(open_ranges(line)) == 2
    with refused("ResourceNotFoundException", "Could not find shard shardId-000000000009"):
        line.client.merge_shards(**named, AdjacentShardToMerge="shardId-000000000009")


@pytest.mark.parametrize(("count", "target"), [(1, 2), (2, 4), (4, 2), (4, 3), (3, 5), (5, 3), (2, 2)])
def test_a_stream_is_scaled_to_equal_ranges(new_line, count, target):
    line = new_line(count)
    told = line.client.update_shard_count(StreamName=line.name, TargetShardCount=target, ScalingType="UNIFORM_SCALING")
    assert (told["CurrentShardCount"], told["TargetShardCount"]) == (count, target)
    assert covers_everything(line)
    assert [start for start, _ in open_ranges(line)] == [HASHES // target * number for number in range(target)]


def test_a_stream_is_not_scaled_too_far(new_line):
    line = new_line(4)
    for target, words in ((9, "up over double"), (1, "down below half")):
        with refused("InvalidArgumentException", f"cannot scale {words} your current open shard count"):
            line.client.update_shard_count(StreamName=line.name, TargetShardCount=target, ScalingType="UNIFORM_SCALING")


def test_shards_are_listed_by_filters(own_cloud, new_line):
    line = new_line(cloud=own_cloud)
    begun = own_cloud.running.get("/_freehold/clock")["now"]
    own_cloud.advance(100)
    line.client.split_shard(StreamName=line.name, ShardToSplit="shardId-000000000000", NewStartingHashKey="1000")
    own_cloud.advance(100)

    def listed(**more):
        found = line.client.list_shards(StreamName=line.name, **more)["Shards"]
        return [int(one["ShardId"][-2:]) for one in found]

    assert listed() == [0, 1, 2]
    assert listed(ShardFilter={"Type": "AT_LATEST"}) == [1, 2]
    assert listed(ShardFilter={"Type": "AT_TRIM_HORIZON"}) == [0]
    assert listed(ShardFilter={"Type": "AT_TIMESTAMP", "Timestamp": begun + 50}) == [0]
    assert listed(ShardFilter={"Type": "FROM_TIMESTAMP", "Timestamp": begun + 150}) == [1, 2]
    assert listed(ShardFilter={"Type": "AFTER_SHARD_ID", "ShardId": "shardId-000000000000"}) == [1, 2]
    assert listed(ExclusiveStartShardId="shardId-000000000001") == [2]
    first = line.client.list_shards(StreamName=line.name, MaxResults=2)
    rest = line.client.list_shards(NextToken=first["NextToken"])
    assert len(first["Shards"]) == 2 and [one["ShardId"] for one in rest["Shards"]] == ["shardId-000000000002"]
    with refused("InvalidArgumentException", "NextToken and StreamName cannot be provided together"):
        line.client.list_shards(NextToken=first["NextToken"], StreamName=line.name)
    own_cloud.advance(24 * 3_600)
    assert listed() == [1, 2]


def test_settings_are_kept_and_shown(line):
    client, name = line.client, line.name
    with refused("InvalidArgumentException", "Minimum allowed retention period is 24 hours"):
        client.increase_stream_retention_period(StreamName=name, RetentionPeriodHours=2)
    with refused("InvalidArgumentException", "can not be longer than existing retention period"):
        client.decrease_stream_retention_period(StreamName=name, RetentionPeriodHours=48)
    client.increase_stream_retention_period(StreamName=name, RetentionPeriodHours=48)
    client.start_stream_encryption(StreamName=name, EncryptionType="KMS", KeyId="alias/aws/kinesis")
    told = client.enable_enhanced_monitoring(StreamName=name, ShardLevelMetrics=["IncomingBytes"])
    assert (told["CurrentShardLevelMetrics"], told["DesiredShardLevelMetrics"]) == ([], ["IncomingBytes"])
    summary = line.summary
    assert (summary["RetentionPeriodHours"], summary["EncryptionType"]) == (48, "KMS")
    assert summary["EnhancedMonitoring"] == [{"ShardLevelMetrics": ["IncomingBytes"]}]
    assert line.put("x")["EncryptionType"] == "KMS"
    client.stop_stream_encryption(StreamName=name, EncryptionType="KMS", KeyId="alias/aws/kinesis")
    assert "EncryptionType" not in line.put("x")
    assert (
        client.disable_enhanced_monitoring(StreamName=name, ShardLevelMetrics=["ALL"])["DesiredShardLevelMetrics"] == []
    )


def test_tags_by_both_apis(line):
    client = line.client
    client.add_tags_to_stream(StreamName=line.name, Tags={"a": "1", "b": "2", "c": "3"})
    client.tag_resource(ResourceARN=line.arn, Tags={"c": "4"})
    client.remove_tags_from_stream(StreamName=line.name, TagKeys=["a"])
    page = client.list_tags_for_stream(StreamName=line.name, Limit=1)
    assert (page["Tags"], page["HasMoreTags"]) == ([{"Key": "b", "Value": "2"}], True)
    rest = client.list_tags_for_stream(StreamName=line.name, ExclusiveStartTagKey="b")
    assert (rest["Tags"], rest["HasMoreTags"]) == ([{"Key": "c", "Value": "4"}], False)
    client.untag_resource(ResourceARN=line.arn, TagKeys=["b"])
    assert client.list_tags_for_resource(ResourceARN=line.arn)["Tags"] == [{"Key": "c", "Value": "4"}]
    with refused("InvalidArgumentException", "cannot have more than 50 tags"):
        client.add_tags_to_stream(StreamName=line.name, Tags={str(number): "" for number in range(50)})


def test_another_account_is_let_in_by_policy(line, aws):
    stranger = type(aws)(aws.running, f"9{aws.account[1:]}")("kinesis")
    put = {"StreamARN": line.arn, "Data": b"x", "PartitionKey": "k"}
    with refused("AccessDeniedException", "kinesis:PutRecord"):
        stranger.put_record(**put)
    allowed = {
        "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::9{aws.account[1:]}:root"},
        "Action": "kinesis:PutRecord", "Resource": line.arn,
    }  # fmt: skip
    document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    line.client.put_resource_policy(ResourceARN=line.arn, Policy=document)
    stranger.put_record(**put)
    assert line.read() == [b"x"]
    with refused("AccessDeniedException", "kinesis:DescribeStream"):
        stranger.describe_stream(StreamARN=line.arn)
    assert line.client.get_resource_policy(ResourceARN=line.arn)["Policy"] == document
    line.client.delete_resource_policy(ResourceARN=line.arn)
    with refused("ResourceNotFoundException", "No resource policy found for resource ARN"):
        line.client.delete_resource_policy(ResourceARN=line.arn)
    with refused("InvalidArgumentException", "Invalid resource policy"):
        line.client.put_resource_policy(ResourceARN=line.arn, Policy="{}")
