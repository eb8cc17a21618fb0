"""Streams: each write that changes something is told once, in order, for a day."""

import itertools
import json

import pytest
from botocore.exceptions import ClientError
from tests.running import wait_for

BOTH = "NEW_AND_OLD_IMAGES"
LOOKS_MAX = 100


class Table:
    """A table with a stream, and a reader of it."""

    def __init__(self, aws, new_table, view=BOTH, **more):
        self.client, self.reader = aws("dynamodb"), aws("dynamodbstreams")
        wanted = {"StreamEnabled": True, "StreamViewType": view}
        self.name = new_table(client=self.client, sort=None, StreamSpecification=wanted, **more)
        self.arn = self.client.describe_table(TableName=self.name)["Table"]["LatestStreamArn"]

    def put(self, pk, **more):
        self.client.put_item(TableName=self.name, Item={"pk": {"S": pk}, **more})

    @property
    def shard(self):
        return self.reader.describe_stream(StreamArn=self.arn)["StreamDescription"]["Shards"][0]

    def iterator(self, kind="TRIM_HORIZON", **more):
        asked = {"StreamArn": self.arn, "ShardId": self.shard["ShardId"], "ShardIteratorType": kind}
        return self.reader.get_shard_iterator(**asked, **more)["ShardIterator"]

    def page(self, iterator, **more):
        return self.reader.get_records(ShardIterator=iterator, **more)

    def read(self, kind="TRIM_HORIZON", **more):
        return self.page(self.iterator(kind, **more))["Records"]


@pytest.fixture
def table(aws, new_table):
    return Table(aws, new_table)


def told(records):
    return [(record["eventName"], record["dynamodb"]["Keys"]["pk"]["S"]) for record in records]


def refused(code, words=""):
    return pytest.raises(ClientError, match=f"{code}.*{words}")


def test_every_change_is_told_in_order(table):
    name, key = table.name, {"pk": {"S": "a"}}
    table.put("a")
    table.put("a")  # changes nothing
    table.client.update_item(
        TableName=name, Key=key, UpdateExpression="SET n = :n", ExpressionAttributeValues={":n": {"N": "1.0"}}
    )
    table.client.update_item(
        TableName=name, Key=key, UpdateExpression="SET n = :n", ExpressionAttributeValues={":n": {"N": "1"}}
    )
    table.client.batch_write_item(RequestItems={name: [{"PutRequest": {"Item": {"pk": {"S": "b"}}}}]})
    put, cut = {"Put": {"TableName": name, "Item": {"pk": {"S": "c"}}}}, {"Delete": {"TableName": name, "Key": key}}
    table.client.transact_write_items(TransactItems=[put, cut])
    table.client.delete_item(TableName=name, Key=key)  # there is nothing to delete
    records = table.read()
    assert told(records) == [("INSERT", "a"), ("MODIFY", "a"), ("INSERT", "b"), ("INSERT", "c"), ("REMOVE", "a")]
    numbers = [int(record["dynamodb"]["SequenceNumber"]) for record in records]
    assert [later - earlier for earlier, later in itertools.pairwise(numbers)] == [1, 1, 1, 1]
    assert len({record["eventID"] for record in records}) == 5
    assert str(numbers[0]) == table.shard["SequenceNumberRange"]["StartingSequenceNumber"]
    changed = records[1]["dynamodb"]
    assert (changed["OldImage"], changed["NewImage"]) == (key, key | {"n": {"N": "1"}})
    assert changed["SizeBytes"] == 3 + 3 + 3 + 3


@pytest.mark.parametrize(
    ("view", "images", "size"),
    [
        ("KEYS_ONLY", set(), 3),
        ("NEW_IMAGE", {"NewImage"}, 5),
        ("OLD_IMAGE", {"OldImage"}, 3),
        (BOTH, {"NewImage"}, 5),
    ],
)
def test_a_view_shows_what_it_says(aws, new_table, view, images, size):
    table = Table(aws, new_table, view)
    table.put("a", b={"S": "c"})
    table.client.delete_item(TableName=table.name, Key={"pk": {"S": "a"}})
    insert, remove = (record["dynamodb"] for record in table.read())
    assert {name for name in insert if name.endswith("Image")} == images - {"OldImage"}
    assert {name for name in remove if name.endswith("Image")} == (
        {"OldImage"} if view in ("OLD_IMAGE", BOTH) else set()
    )
    assert insert["StreamViewType"] == view
    assert insert["SizeBytes"] == 3 + (5 if "NewImage" in images else 0)


def test_what_a_failed_write_would_change_is_not_told(table):
    table.put("a")
    once = {"TableName": table.name, "Item": {"pk": {"S": "a"}}, "ConditionExpression": "attribute_not_exists(pk)"}
    other = {"Put": {"TableName": table.name, "Item": {"pk": {"S": "b"}}}}
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        table.client.transact_write_items(TransactItems=[other, {"Put": once}])
    assert told(table.read()) == [("INSERT", "a")]


def test_iterators_start_where_they_are_told(table):
    for pk in "abc":
        table.put(pk)
    second = table.read()[1]["dynamodb"]["SequenceNumber"]
    latest = table.iterator("LATEST")
    table.put("d")
    assert told(table.page(latest)["Records"]) == [("INSERT", "d")]
    at = table.read("AT_SEQUENCE_NUMBER", SequenceNumber=second)
    after = table.read("AFTER_SEQUENCE_NUMBER", SequenceNumber=second)
    assert [len(at), len(after)] == [3, 2]
    with refused("ValidationException", "SequenceNumber must be given"):
        table.iterator("AT_SEQUENCE_NUMBER")
    with refused("ValidationException", "Invalid SequenceNumber"):
        table.iterator("AT_SEQUENCE_NUMBER", SequenceNumber="9" * 25)
    assert latest.startswith(f"{table.arn}|1|")


def test_what_is_asked_of_streams_has_bounds(table):
    first = table.shard["SequenceNumberRange"]["StartingSequenceNumber"]
    for kind in ("AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"):  # also before anything is written
        assert table.read(kind, SequenceNumber=first) == []
    with refused("ValidationException", "SequenceNumber must not be given"):
        table.iterator("LATEST", SequenceNumber=first)
    with refused("ValidationException", "less than or equal to 1000"):
        table.page(table.iterator(), Limit=1_001)
    with refused("ValidationException", "less than or equal to 100"):
        table.reader.list_streams(Limit=101)
    for part in ({"Type": "CHILD_SHARDS"}, {"ShardId": table.shard["ShardId"]}):
        with refused("ValidationException", "Member must not be null"):
            table.reader.describe_stream(StreamArn=table.arn, ShardFilter=part)


def test_pages_follow_each_other(table):
    for number in range(7):
        table.put(str(number))
    seen, iterator = [], table.iterator()
    while len(seen) < 7:
        page = table.page(iterator, Limit=3)
        assert 0 < len(page["Records"]) <= 3
        seen += told(page["Records"])
        iterator = page["NextShardIterator"]
    assert seen == [("INSERT", str(number)) for number in range(7)]
    assert table.page(iterator)["Records"] == []


def test_large_changes_are_read_a_megabyte_at_a_time(table):
    for number in range(4):
        table.put(str(number), blob={"B": bytes(390 * 1024)})
    first = table.page(table.iterator())
    assert len(first["Records"]) == 2
    assert len(table.page(first["NextShardIterator"])["Records"]) == 2


def test_a_stream_is_closed_and_another_opened(table):
    table.put("a")

    def specify(**wanted):
        return table.client.update_table(TableName=table.name, StreamSpecification=wanted)["TableDescription"]

    with refused("ValidationException", "Table already has an enabled stream"):
        specify(StreamEnabled=True, StreamViewType="KEYS_ONLY")
    off = specify(StreamEnabled=False)
    assert off["LatestStreamArn"] == table.arn and "StreamSpecification" not in off
    with refused("ValidationException", "Table has no stream to disable"):
        specify(StreamEnabled=False)
    table.put("unseen")
    page = table.page(table.iterator())
    assert told(page["Records"]) == [("INSERT", "a")]
    assert "NextShardIterator" not in page
    described = table.reader.describe_stream(StreamArn=table.arn)["StreamDescription"]
    assert described["StreamStatus"] == "DISABLED"
    last = page["Records"][-1]["dynamodb"]["SequenceNumber"]
    assert described["Shards"][0]["SequenceNumberRange"]["EndingSequenceNumber"] == last
    again = specify(StreamEnabled=True, StreamViewType="KEYS_ONLY")
    assert again["LatestStreamArn"] != table.arn
    listed = table.reader.list_streams(TableName=table.name)["Streams"]
    assert {one["StreamArn"] for one in listed} == {table.arn, again["LatestStreamArn"]}
    first = table.reader.list_streams(TableName=table.name, Limit=1)
    rest = table.reader.list_streams(TableName=table.name, ExclusiveStartStreamArn=first["LastEvaluatedStreamArn"])
    assert [*first["Streams"], *rest["Streams"]] == listed


def test_a_stream_outlives_its_table_for_a_day(own_cloud, new_table):
    table = Table(own_cloud, new_table)
    table.put("a")
    table.client.delete_table(TableName=table.name)
    assert told(table.read()) == [("INSERT", "a")]
    own_cloud.advance(24 * 3_600 + 1)
    with refused("ResourceNotFoundException", "Stream: .* not found"):
        table.reader.describe_stream(StreamArn=table.arn)


def test_what_is_older_than_a_day_is_trimmed(own_cloud, new_table):
    table = Table(own_cloud, new_table)
    table.put("old")
    table.put("older")
    first = table.read()[0]["dynamodb"]["SequenceNumber"]
    early = table.iterator()
    own_cloud.advance(23 * 3_600)
    with refused("ExpiredIteratorException", "tolerated delay of 900000 milliseconds"):
        table.page(early)
    table.put("new")
    kept = table.iterator()
    own_cloud.advance(3_600 + 1)
    assert told(table.read()) == [("INSERT", "new")]
    with refused("TrimmedDataAccessException"):
        table.iterator("AT_SEQUENCE_NUMBER", SequenceNumber=first)
    own_cloud.advance(24 * 3_600)
    assert table.read() == []
    table.put("newest")
    assert int(table.read()[0]["dynamodb"]["SequenceNumber"]) == int(first) + 3
    with refused("ExpiredIteratorException"):
        table.page(kept)


def test_expired_items_are_removed_by_the_service(own_cloud, new_table):
    table = Table(own_cloud, new_table)
    table.client.update_time_to_live(
        TableName=table.name, TimeToLiveSpecification={"Enabled": True, "AttributeName": "ends"}
    )
    now = int(own_cloud.running.get("/_freehold/clock")["now"])
    table.put("a", ends={"N": str(now + 30)})
    own_cloud.advance(120)
    records = wait_for(lambda: (found := table.read()) and len(found) == 2 and found)
    assert told(records) == [("INSERT", "a"), ("REMOVE", "a")]
    assert records[1]["userIdentity"] == {"Type": "Service", "PrincipalId": "dynamodb.amazonaws.com"}
    assert "userIdentity" not in records[0]


def test_what_is_no_stream_is_refused(table, aws):
    reader = table.reader
    with refused("ResourceNotFoundException", "Requested resource not found: Stream: "):
        reader.describe_stream(StreamArn=table.arn[:-3] + "999")
    with refused("ValidationException", "Invalid StreamArn"):
        reader.describe_stream(StreamArn=table.arn.partition("/stream")[0] + "x" * 20)
    with refused("ResourceNotFoundException", "Shard: "):
        reader.get_shard_iterator(StreamArn=table.arn, ShardId="shardId-" + "0" * 30, ShardIteratorType="LATEST")
    with refused("ValidationException", "Invalid ShardIterator"):
        reader.get_records(ShardIterator="nonsense")
    with refused("ValidationException", "UpdateViewType is required"):
        table.client.update_table(TableName=table.name, StreamSpecification={"StreamEnabled": True})


def test_reading_needs_permission(table, aws):
    allowed = {"Effect": "Allow", "Action": "dynamodb:GetShardIterator", "Resource": table.arn}
    weak = aws.as_role("dynamodbstreams", "weak", allowed)
    iterator = weak.get_shard_iterator(
        StreamArn=table.arn, ShardId=table.shard["ShardId"], ShardIteratorType="LATEST"
    )["ShardIterator"]  # fmt: skip
    with refused("AccessDenied", "dynamodb:GetRecords"):
        weak.get_records(ShardIterator=iterator)


def test_changes_are_sent_to_a_stream_of_kinesis(dynamodb, new_table, aws):
    kinesis, name = aws("kinesis"), new_table(sort=None)
    kinesis.create_stream(StreamName="changes", ShardCount=1)
    arn = f"arn:aws:kinesis:us-east-1:{aws.account}:stream/changes"
    where = {"TableName": name, "StreamArn": arn}
    assert dynamodb.enable_kinesis_streaming_destination(**where)["DestinationStatus"] == "ENABLING"
    with refused("ValidationException", "must be DISABLED or ENABLE_FAILED"):
        dynamodb.enable_kinesis_streaming_destination(**where)
    dynamodb.put_item(TableName=name, Item={"pk": {"S": "a"}, "raw": {"B": b"\x01"}})
    dynamodb.put_item(TableName=name, Item={"pk": {"S": "a"}, "raw": {"B": b"\x01"}})
    dynamodb.delete_item(TableName=name, Key={"pk": {"S": "a"}})
    dynamodb.disable_kinesis_streaming_destination(**where)
    with refused("ValidationException", "must be ACTIVE to perform DISABLE"):
        dynamodb.disable_kinesis_streaming_destination(**where)
    dynamodb.put_item(TableName=name, Item={"pk": {"S": "unsent"}})

    def sent():
        shard = {"StreamName": "changes", "ShardId": "shardId-000000000000"}
        iterator = kinesis.get_shard_iterator(ShardIteratorType="TRIM_HORIZON", **shard)["ShardIterator"]
        found = kinesis.get_records(ShardIterator=iterator)["Records"]
        return found if len(found) == 2 else None

    put, cut = (json.loads(record["Data"]) for record in wait_for(sent))
    assert (put["eventName"], put["tableName"], put["userIdentity"]) == ("INSERT", name, None)
    assert put["dynamodb"]["NewImage"] == cut["dynamodb"]["OldImage"] == {"pk": {"S": "a"}, "raw": {"B": "AQ=="}}
    assert put["dynamodb"]["SizeBytes"] == 3 + 3 + 4
    assert len(sent()[0]["PartitionKey"]) == 32
    told = dynamodb.describe_kinesis_streaming_destination(TableName=name)["KinesisDataStreamDestinations"]
    assert told == [{"StreamArn": arn, "DestinationStatus": "DISABLED"}]


def test_a_destination_that_is_not_there_fails_by_itself(dynamodb, new_table, aws):
    name = new_table()
    arn = f"arn:aws:kinesis:us-east-1:{aws.account}:stream/nowhere"
    assert dynamodb.enable_kinesis_streaming_destination(TableName=name, StreamArn=arn)["DestinationStatus"]
    (told,) = dynamodb.describe_kinesis_streaming_destination(TableName=name)["KinesisDataStreamDestinations"]
    assert told["DestinationStatus"] == "ENABLE_FAILED" and "nowhere" in told["DestinationStatusDescription"]


def test_the_precision_of_a_destination_changes(dynamodb, new_table, aws):
    name = new_table()
    aws("kinesis").create_stream(StreamName="exact", ShardCount=1)
    where = {"TableName": name, "StreamArn": f"arn:aws:kinesis:us-east-1:{aws.account}:stream/exact"}
    with refused("ValidationException", "No streaming destination"):
        dynamodb.update_kinesis_streaming_destination(**where, **precise("MICROSECOND"))
    dynamodb.enable_kinesis_streaming_destination(**where)
    with refused("ValidationException", "already set to the desired value of MILLISECOND"):
        dynamodb.update_kinesis_streaming_destination(**where, **precise("MILLISECOND"))
    told = dynamodb.update_kinesis_streaming_destination(**where, **precise("MICROSECOND"))
    assert told["DestinationStatus"] == "UPDATING"
    (told,) = dynamodb.describe_kinesis_streaming_destination(TableName=name)["KinesisDataStreamDestinations"]
    assert (told["DestinationStatus"], told["ApproximateCreationDateTimePrecision"]) == ("ACTIVE", "MICROSECOND")


def precise(precision):
    return {"UpdateKinesisStreamingConfiguration": {"ApproximateCreationDateTimePrecision": precision}}
