"""Streams that are read for functions: in order, from where it was, and what becomes of records that fail."""

import base64
import json

import pytest
from tests.running import wait_for

EVERYTHING = {"Effect": "Allow", "Action": ["kinesis:*", "dynamodb:*", "sqs:*", "sns:*", "s3:*"], "Resource": "*"}
TELLING = """
import base64, boto3, json
sqs = boto3.client("sqs")
def handler(event, context):
    once = {"MessageGroupId": "g", "MessageDeduplicationId": context.aws_request_id}
    sqs.send_message(QueueUrl="{url}", MessageBody=json.dumps(event), **once)
    bodies = [base64.b64decode(one["kinesis"]["data"]).decode() for one in event["Records"] if "kinesis" in one]
    {answer}
"""
QUIET = "return None"
PICKY = 'assert not [body for body in bodies if body.startswith("bad")], bodies'
REPORTING = """bad = [one for one, body in zip(event["Records"], bodies) if body.startswith("bad")]
    return {"batchItemFailures": [{"itemIdentifier": one["kinesis"]["sequenceNumber"]} for one in bad[:1]]}"""
COUNTING = 'return {"state": {"count": event["state"].get("count", 0) + len(bodies)}}'


class Stage:
    """A stream of Kinesis, a function that tells what it was given, and queues for what is told."""

    def __init__(self, workshop, shards=1):
        self.workshop, self.aws = workshop, workshop.aws
        self.kinesis, self.sqs, self.client = (self.aws(name) for name in ("kinesis", "sqs", "lambda"))
        self.kinesis.create_stream(StreamName="line", ShardCount=shards)
        self.arn = f"arn:aws:kinesis:{self.aws.region}:{self.aws.account}:stream/line"
        self.told = self.queue("told.fifo", FifoQueue="true")
        self.letters = self.queue("letters")

    def queue(self, name, **attributes):
        return self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]

    def map(self, answer=QUIET, source="", **settings):
        code = TELLING.replace("{url}", self.told).replace("{answer}", answer)
        self.workshop.make(code, role=self.workshop.role(EVERYTHING), MemorySize=256)
        return self.again(source, **settings)

    def again(self, source="", **settings):
        wanted = {"FunctionName": "it", "EventSourceArn": source or self.arn, "StartingPosition": "TRIM_HORIZON"}
        return self.client.create_event_source_mapping(**(wanted | settings))["UUID"]

    def put(self, *bodies, key="k"):
        for body in bodies:
            self.kinesis.put_record(StreamName="line", Data=body, PartitionKey=key)

    def events(self, count):
        """The next so many events that the function was given."""
        found = []
        while len(found) < count:
            messages = self.sqs.receive_message(QueueUrl=self.told, WaitTimeSeconds=20, MaxNumberOfMessages=10)
            assert messages.get("Messages"), found
            for message in messages["Messages"]:
                found.append(json.loads(message["Body"]))
                self.sqs.delete_message(QueueUrl=self.told, ReceiptHandle=message["ReceiptHandle"])
        return found

    def batches(self, count):
        return [bodies(event) for event in self.events(count)]

    def letter(self):
        (message,) = self.sqs.receive_message(QueueUrl=self.letters, WaitTimeSeconds=20)["Messages"]
        self.sqs.delete_message(QueueUrl=self.letters, ReceiptHandle=message["ReceiptHandle"])
        return json.loads(message["Body"])

    def to_letters(self):
        arn = f"arn:aws:sqs:{self.aws.region}:{self.aws.account}:letters"
        return {"OnFailure": {"Destination": arn}}

    def mapping(self, uuid):
        return self.client.get_event_source_mapping(UUID=uuid)

    def until(self, uuid, state):
        wait_for(lambda: self.mapping(uuid)["State"] == state)


def bodies(event):
    return [base64.b64decode(record["kinesis"]["data"]).decode() for record in event["Records"]]


@pytest.fixture
def stage(workshop):
    return Stage(workshop)


@pytest.fixture
def own_stage(own_workshop):
    """A stage whose clock stands still until it is moved."""
    return Stage(own_workshop)


def test_records_reach_the_function_in_order(stage):
    stage.put("1", "2", "3")
    uuid = stage.map()
    (event,) = stage.events(1)
    assert bodies(event) == ["1", "2", "3"]
    record = event["Records"][0]
    sequence = record["kinesis"]["sequenceNumber"]
    assert record["eventID"] == f"shardId-000000000000:{sequence}"
    assert record["eventSourceARN"] == stage.arn
    assert record["invokeIdentityArn"].endswith(":role/role")
    assert (record["eventSource"], record["eventName"], record["eventVersion"]) == (
        "aws:kinesis",
        "aws:kinesis:record",
        "1.0",
    )
    assert set(record["kinesis"]) == {
        "kinesisSchemaVersion", "partitionKey", "sequenceNumber", "data", "approximateArrivalTimestamp"
    }  # fmt: skip
    stage.put("4")
    assert stage.batches(1) == [["4"]]
    wait_for(lambda: stage.mapping(uuid)["LastProcessingResult"] == "OK")
    assert stage.mapping(uuid)["StateTransitionReason"] == "User action"


def test_changes_of_a_table_reach_the_function(stage):
    dynamodb = stage.aws("dynamodb")
    made = dynamodb.create_table(
        TableName="things", KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )["TableDescription"]  # fmt: skip
    stage.map(source=made["LatestStreamArn"], BatchSize=1)
    dynamodb.put_item(TableName="things", Item={"pk": {"S": "a"}, "raw": {"B": b"\x01"}})
    dynamodb.delete_item(TableName="things", Key={"pk": {"S": "a"}})
    put, cut = (event["Records"][0] for event in stage.events(2))
    assert (put["eventName"], cut["eventName"]) == ("INSERT", "REMOVE")
    assert put["dynamodb"]["NewImage"] == cut["dynamodb"]["OldImage"] == {"pk": {"S": "a"}, "raw": {"B": "AQ=="}}
    assert isinstance(put["dynamodb"]["ApproximateCreationDateTime"], float)
    assert put["eventSourceARN"] == made["LatestStreamArn"]


def test_the_latest_is_what_comes_after_the_mapping(stage):
    stage.put("before")
    stage.map(StartingPosition="LATEST")
    stage.put("after")
    assert stage.batches(1) == [["after"]]


def test_reading_starts_at_a_moment(own_stage):
    own_stage.put("before")
    own_stage.aws.advance(100)
    moment = own_stage.aws.running.get("/_freehold/clock")["now"]
    own_stage.put("then")
    own_stage.map(StartingPosition="AT_TIMESTAMP", StartingPositionTimestamp=int(moment))
    assert own_stage.batches(1) == [["then"]]


def test_batches_are_as_large_as_is_said(stage):
    stage.put(*map(str, range(7)))
    stage.map(BatchSize=3)
    assert stage.batches(3) == [["0", "1", "2"], ["3", "4", "5"], ["6"]]


def test_a_window_gathers_a_batch(stage):
    stage.map(BatchSize=3, MaximumBatchingWindowInSeconds=300)
    stage.put("1")
    stage.put("2")
    stage.put("3")
    assert stage.batches(1) == [["1", "2", "3"]]


def test_what_the_filters_do_not_want_is_passed_over(stage):
    patterns = [{"data": {"kind": ["wanted"]}}, {"partitionKey": ["special"]}]
    filters = [{"Pattern": json.dumps(pattern)} for pattern in patterns]
    uuid = stage.map(FilterCriteria={"Filters": filters}, BatchSize=1)
    stage.put("no json", '{"kind": "other"}', '{"kind": "wanted"}')
    stage.put("by its key", key="special")
    assert stage.batches(2) == [['{"kind": "wanted"}'], ["by its key"]]
    stage.client.update_event_source_mapping(UUID=uuid, Enabled=False)
    stage.until(uuid, "Disabled")


def test_a_failing_batch_is_tried_again_and_given_up(stage):
    stage.put("bad", "good")
    uuid = stage.map(PICKY, MaximumRetryAttempts=1, DestinationConfig=stage.to_letters())
    assert stage.batches(2) == [["bad", "good"]] * 2
    letter = stage.letter()
    assert letter["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert letter["requestContext"]["approximateInvokeCount"] == 2
    assert letter["responseContext"] == {
        "statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"
    }  # fmt: skip
    told = letter["KinesisBatchInfo"]
    assert (told["shardId"], told["batchSize"], told["streamArn"]) == ("shardId-000000000000", 2, stage.arn)
    assert int(told["startSequenceNumber"]) < int(told["endSequenceNumber"])
    assert "payload" not in letter
    assert stage.mapping(uuid)["LastProcessingResult"] == "PROBLEM: Function call failed"
    stage.put("next")
    assert stage.batches(1) == [["next"]]


def test_a_failing_batch_is_halved_until_the_bad_record_is_alone(stage):
    stage.put("1", "2", "bad", "4", "5", "6")
    stage.map(
        PICKY, BisectBatchOnFunctionError=True, MaximumRetryAttempts=0, DestinationConfig=stage.to_letters()
    )  # fmt: skip
    tried = [["1", "2", "bad", "4", "5", "6"], ["1", "2", "bad"], ["1", "2"], ["bad"], ["4", "5", "6"]]
    assert stage.batches(5) == tried
    assert stage.letter()["KinesisBatchInfo"]["batchSize"] == 1


def test_what_was_reported_as_done_is_not_tried_again(stage):
    stage.put("1", "2", "bad", "4")
    stage.map(
        REPORTING, FunctionResponseTypes=["ReportBatchItemFailures"], MaximumRetryAttempts=1,
        DestinationConfig=stage.to_letters(),
    )  # fmt: skip
    assert stage.batches(2) == [["1", "2", "bad", "4"], ["bad", "4"]]
    letter = stage.letter()
    assert letter["responseContext"]["functionError"] is None
    assert letter["KinesisBatchInfo"]["batchSize"] == 2


def test_a_bucket_is_told_of_the_whole_batch(stage):
    s3 = stage.aws("s3")
    s3.create_bucket(Bucket=f"failures-{stage.aws.account}")
    destination = {"OnFailure": {"Destination": f"arn:aws:s3:::failures-{stage.aws.account}"}}
    stage.put("bad")
    uuid = stage.map(PICKY, MaximumRetryAttempts=0, DestinationConfig=destination)
    listed = wait_for(lambda: s3.list_objects_v2(Bucket=f"failures-{stage.aws.account}").get("Contents"))
    assert listed[0]["Key"].startswith(f"aws/lambda/{uuid}/shardId-000000000000/2")
    letter = json.load(s3.get_object(Bucket=f"failures-{stage.aws.account}", Key=listed[0]["Key"])["Body"])
    assert bodies(json.loads(letter["payload"])) == ["bad"]


def test_records_that_are_too_old_are_given_up(own_stage):
    own_stage.put("old")
    own_stage.aws.advance(61)
    own_stage.put("new")
    own_stage.map(MaximumRecordAgeInSeconds=60, DestinationConfig=own_stage.to_letters())
    assert own_stage.batches(1) == [["new"]]
    letter = own_stage.letter()
    assert letter["requestContext"]["condition"] == "RecordAgeExceeded"
    assert letter["requestContext"]["approximateInvokeCount"] == 1
    assert letter["KinesisBatchInfo"]["batchSize"] == 1
    assert "responseContext" not in letter


def test_lanes_keep_the_order_of_each_key(stage):
    for number in range(30):
        stage.put(str(number), key=f"key {number % 4}")
    stage.map(ParallelizationFactor=4, BatchSize=2)
    seen, heard = [], {}
    while len(seen) < 30:
        for event in stage.events(1):
            for record, body in zip(event["Records"], bodies(event), strict=True):
                heard.setdefault(record["kinesis"]["partitionKey"], []).append(int(body))
                seen.append(body)
    assert sorted(map(int, seen)) == list(range(30))
    assert all(numbers == sorted(numbers) for numbers in heard.values())


def test_a_mapping_that_is_stopped_goes_on_where_it_was(stage):
    uuid = stage.map()
    stage.put("1")
    assert stage.batches(1) == [["1"]]
    stage.client.update_event_source_mapping(UUID=uuid, Enabled=False)
    stage.until(uuid, "Disabled")
    stage.put("2")
    stage.client.update_event_source_mapping(UUID=uuid, Enabled=True, BatchSize=1)
    assert stage.batches(1) == [["2"]]
    assert stage.client.delete_event_source_mapping(UUID=uuid)["State"] == "Deleting"
    with pytest.raises(stage.client.exceptions.ResourceNotFoundException):
        wait_for(lambda: stage.mapping(uuid)["State"] == "gone")
    stage.again()
    assert stage.batches(1) == [["1", "2"]]


def test_a_batch_under_way_may_finish_when_the_mapping_is_stopped(stage):
    stage.put("bad", "good")
    uuid = stage.map(PICKY)
    assert stage.batches(1) == [["bad", "good"]]
    stage.client.update_event_source_mapping(UUID=uuid, Enabled=False)
    stage.until(uuid, "Disabled")
    stage.client.update_event_source_mapping(UUID=uuid, Enabled=True, MaximumRetryAttempts=0)
    assert stage.batches(1)[0] == ["bad", "good"]


def test_a_batch_that_is_not_wanted_any_more_is_passed_over(stage):
    stage.put("bad")
    uuid = stage.map(PICKY, DestinationConfig=stage.to_letters())
    assert stage.batches(1) == [["bad"]]
    wanted = {"Filters": [{"Pattern": json.dumps({"data": ["good"]})}]}
    stage.client.update_event_source_mapping(UUID=uuid, FilterCriteria=wanted)
    stage.put("good")
    while ["good"] not in (batches := stage.batches(1)):
        assert batches == [["bad"]]


def test_children_are_read_after_their_parents(stage):
    stage.put("1", "2")
    stage.kinesis.split_shard(StreamName="line", ShardToSplit="shardId-000000000000", NewStartingHashKey="1000")
    stage.put("3")
    stage.map(BatchSize=1)
    assert stage.batches(3) == [["1"], ["2"], ["3"]]
    shard = stage.kinesis.list_shards(StreamName="line", ShardFilter={"Type": "AT_LATEST"})["Shards"]
    stage.kinesis.merge_shards(
        StreamName="line", ShardToMerge=shard[0]["ShardId"], AdjacentShardToMerge=shard[1]["ShardId"]
    )  # fmt: skip
    stage.put("4")
    assert stage.batches(1) == [["4"]]


def test_a_window_remembers_until_it_is_over(own_stage):
    own_stage.map(COUNTING, TumblingWindowInSeconds=60, BatchSize=1)
    now = own_stage.aws.running.get("/_freehold/clock")["now"]
    own_stage.aws.advance(60 - now % 60)
    own_stage.put("1")
    own_stage.put("2")
    first, second = own_stage.events(2)
    assert (first["state"], second["state"]) == ({}, {"count": 1})
    assert first["window"] == second["window"]
    assert (first["shardId"], first["isFinalInvokeForWindow"]) == ("shardId-000000000000", False)
    own_stage.aws.advance(61)
    (last,) = own_stage.events(1)
    assert (last["Records"], last["state"], last["isFinalInvokeForWindow"]) == ([], {"count": 2}, True)
    own_stage.put("3")
    (after,) = own_stage.events(1)
    assert after["state"] == {} and after["window"] != first["window"]


def test_a_window_whose_last_call_fails_is_closed_in_the_end(stage):
    last = """if event["isFinalInvokeForWindow"] and event["state"]["count"] < 9:
        raise ValueError("no")
    return {"state": {"count": len(bodies)}}"""
    stage.put("1")
    stage.map(last, TumblingWindowInSeconds=1, MaximumRetryAttempts=1)
    first, *finals = stage.events(3)
    assert [event["isFinalInvokeForWindow"] for event in (first, *finals)] == [False, True, True]
    stage.put("2")
    assert stage.events(1)[0]["state"] == {}


def test_a_consumer_may_be_the_source(stage):
    made = stage.kinesis.register_stream_consumer(StreamARN=stage.arn, ConsumerName="reader")["Consumer"]
    stage.map(source=made["ConsumerARN"])
    stage.put("1")
    (event,) = stage.events(1)
    assert event["Records"][0]["eventSourceARN"] == made["ConsumerARN"]


def test_what_cannot_work_is_refused(stage):
    client, invalid = stage.client, stage.client.exceptions.InvalidParameterValueException
    uuid, role = stage.map(), "arn:aws:iam::111122223333:role/x"
    with pytest.raises(client.exceptions.ResourceConflictException, match=f"provided mapping already exists.*{uuid}"):
        stage.again()
    for source, settings, words in (
        (stage.arn + "x", {}, "Stream not found: arn:aws:kinesis"),
        (stage.arn, {"StartingPosition": "AT_TIMESTAMP"}, "StartingPositionTimestamp is required"),
        (stage.arn, {"StartingPositionTimestamp": 5}, "only allowed when StartingPosition is AT_TIMESTAMP"),
        (stage.arn, {"DestinationConfig": {"OnFailure": {"Destination": role}}}, "destination config"),
    ):
        with pytest.raises(invalid, match=words):
            stage.again(source, **settings)
    stage.workshop.make(name="weak", role=stage.workshop.role(name="weak"))
    with pytest.raises(invalid, match=r"Cannot access stream .* Please ensure the role can perform the GetRecords"):
        stage.again(FunctionName="weak")


def test_a_stream_that_goes_is_a_problem_not_a_disaster(stage):
    uuid = stage.map()
    stage.put("1")
    assert stage.batches(1) == [["1"]]
    stage.kinesis.delete_stream(StreamName="line")
    wait_for(lambda: "not found" in stage.mapping(uuid)["LastProcessingResult"])
    assert stage.mapping(uuid)["State"] == "Enabled"
