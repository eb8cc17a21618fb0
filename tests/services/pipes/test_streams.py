"""Pipes from streams: in order, tried again, halved, and told to a dead-letter queue when they are given up."""

import base64
import json

import pytest

TABLE = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
}


@pytest.fixture
def stream(works):
    """The name and the ARN of a stream with one shard."""
    kinesis = works.aws("kinesis")
    kinesis.create_stream(StreamName="line", ShardCount=1)
    return "line", works.arn("kinesis", "stream/line")


@pytest.fixture
def write(works):
    """Put records, each a text or a value as JSON."""
    kinesis = works.aws("kinesis")

    def put(*values, key="k"):
        for value in values:
            data = value if isinstance(value, str) else json.dumps(value)
            kinesis.put_record(StreamName="line", Data=data.encode(), PartitionKey=key)

    return put


def reading(start="TRIM_HORIZON", **more):
    return {"KinesisStreamParameters": {"StartingPosition": start, **more}}


def test_records_of_a_stream_lie_flat(works, stream, write):
    target, target_arn = works.queue("to")
    told = works.pipe("p", stream[1], target_arn, SourceParameters=reading())
    assert told["SourceParameters"]["KinesisStreamParameters"] == {"StartingPosition": "TRIM_HORIZON", "BatchSize": 10}
    write("words", key="me")
    (event,) = works.told(target)
    assert base64.b64decode(event["data"]) == b"words" and event["partitionKey"] == "me"
    assert event["eventSource"] == "aws:kinesis" and event["eventSourceARN"] == stream[1]
    assert event["eventID"] == f"shardId-000000000000:{event['sequenceNumber']}"
    assert event["invokeIdentityArn"] == works.role and event["eventName"] == "aws:kinesis:record"
    assert "kinesis" not in event and event["kinesisSchemaVersion"] == "1.0"


def test_data_is_filtered_and_looked_into(works, stream, write):
    target, target_arn = works.queue("to.fifo")
    filters = {"Filters": [{"Pattern": json.dumps({"data": {"n": [{"numeric": [">", 1]}]}, "partitionKey": ["k"]})}]}
    parameters = {
        "InputTemplate": "<$.data.n>",
        "SqsQueueParameters": {"MessageGroupId": "$.partitionKey", "MessageDeduplicationId": "$.sequenceNumber"},
    }
    works.pipe(
        "p", stream[1], target_arn, SourceParameters={**reading(), "FilterCriteria": filters},
        TargetParameters=parameters,
    )  # fmt: skip
    write({"n": 1}, "no JSON", {"n": 2}, {"n": 3})
    write({"n": 4}, key="other")
    write({"n": 5})
    assert [message["Body"] for message in works.heard(target, 3)] == ["2", "3", "5"]


def test_the_latest_begins_when_the_pipe_was_made(works, stream, write):
    target, target_arn = works.queue("to")
    write("before")
    works.pipe(
        "p",
        stream[1],
        target_arn,
        SourceParameters=reading("LATEST"),
        TargetParameters={"InputTemplate": "<$.partitionKey>"},
    )
    write("after", key="new")
    assert [message["Body"] for message in works.heard(target)] == ["new"]


def test_a_moment_to_begin_at(own_works, until):
    works = own_works
    kinesis = works.aws("kinesis")
    kinesis.create_stream(StreamName="line", ShardCount=1)
    source = works.arn("kinesis", "stream/line")

    def active():
        return (
            kinesis.describe_stream_summary(StreamName="line")["StreamDescriptionSummary"]["StreamStatus"] == "ACTIVE"
        )

    while not active():
        works.aws.advance(1)
    kinesis.put_record(StreamName="line", Data=b"early", PartitionKey="early")
    works.aws.advance(100)
    moment = works.aws.running.cloud.clock.now() - 50
    kinesis.put_record(StreamName="line", Data=b"late", PartitionKey="late")
    target, target_arn = works.queue("to")
    start = reading("AT_TIMESTAMP", StartingPositionTimestamp=moment)
    template = {"InputTemplate": "<$.partitionKey>"}
    works.pipe("p", source, target_arn, SourceParameters=start, TargetParameters=template)
    assert until(lambda: [message["Body"] for message in works.heard(target, wait=0)]) == ["late"]


def test_changes_of_a_table(works):
    made = works.aws("dynamodb").create_table(TableName="things", **TABLE)
    target, target_arn = works.queue("to")
    filters = {"Filters": [{"Pattern": json.dumps({"dynamodb": {"NewImage": {"n": {"N": ["2"]}}}})}]}
    template = '{"id": <$.dynamodb.Keys.id.S>, "is": <$.eventName>, "all": <aws.pipes.event>}'
    parameters = {"DynamoDBStreamParameters": {"StartingPosition": "TRIM_HORIZON"}, "FilterCriteria": filters}
    works.pipe(
        "p", made["TableDescription"]["LatestStreamArn"], target_arn, SourceParameters=parameters,
        TargetParameters={"InputTemplate": template},
    )  # fmt: skip
    for n in "12":
        works.aws("dynamodb").put_item(TableName="things", Item={"id": {"S": "a"}, "n": {"N": n}})
    (told,) = works.told(target)
    assert (told["id"], told["is"]) == ("a", "MODIFY") and told["all"]["eventSource"] == "aws:dynamodb"
    assert told["all"]["dynamodb"]["OldImage"] == {"id": {"S": "a"}, "n": {"N": "1"}}


def telling(url):
    """What a function does that tells a queue which keys it was given."""
    keys = "' '.join(one['partitionKey'] for one in event)"
    return f"boto3.client('sqs').send_message(QueueUrl={url!r}, MessageBody={keys})"


FAILING = "assert not any(b'bad' in base64.b64decode(one['data']) for one in event)"


def test_a_batch_that_fails_is_halved_until_the_bad_record_is_alone(works, stream, write):
    dead, dead_arn = works.queue("dead")
    told, _ = works.queue("told")
    arn = works.function("strict", f"import base64, boto3; {FAILING}; {telling(told)}")
    write("good", key="a")
    write("good", key="b")
    write("bad", key="c")
    write("good", key="d")
    start = reading(
        BatchSize=4, MaximumRetryAttempts=0, OnPartialBatchItemFailure="AUTOMATIC_BISECT",
        DeadLetterConfig={"Arn": dead_arn},
    )  # fmt: skip
    works.pipe("p", stream[1], arn, SourceParameters=start)
    (message,) = works.heard(dead)
    letter = json.loads(message["Body"])
    assert letter["context"] == {
        "partnerResourceArn": works.arn("pipes", "pipe/p"),
        "condition": "RetryAttemptsExhausted",
    }
    about = letter["KinesisBatchInfo"]
    assert letter["version"] == "1.0" and about["batchSize"] == 1 and about["shardId"] == "shardId-000000000000"
    assert about["startSequenceNumber"] == about["endSequenceNumber"] and about["streamArn"] == stream[1]
    assert message["Attributes"]["SenderId"].endswith(":poller-platform-customer-role-session")
    assert [one["Body"] for one in works.heard(told, 2)] == ["a b", "d"]


def test_what_a_function_reports_is_where_it_goes_on(works, stream, write):
    dead, dead_arn = works.queue("dead")
    told, _ = works.queue("told")
    failed = "[{'itemIdentifier': one['eventID']} for one in event if one['partitionKey'] == 'b']"
    arn = works.function("reports", f"import boto3; {telling(told)}; return {{'batchItemFailures': {failed}}}")
    for key in "abc":
        write("x", key=key)
    start = reading(BatchSize=3, MaximumRetryAttempts=1, DeadLetterConfig={"Arn": dead_arn})
    works.pipe("p", stream[1], arn, SourceParameters=start)
    (letter,) = works.told(dead)
    assert letter["KinesisBatchInfo"]["batchSize"] == 2
    assert [one["Body"] for one in works.heard(told, 2)] == ["a b c", "b c"]


def test_records_that_are_too_old_are_told_to_a_topic(works, stream, write, until):
    told, told_arn = works.queue("told")
    topic = works.aws("sns").create_topic(Name="dead")["TopicArn"]
    allowed = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": told_arn}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    works.sqs.set_queue_attributes(QueueUrl=told, Attributes={"Policy": document})
    raw = {"RawMessageDelivery": "true"}
    works.aws("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=told_arn, Attributes=raw)
    arn = works.function("fails", "raise ValueError('always')")
    write("x")
    start = reading(MaximumRecordAgeInSeconds=60, DeadLetterConfig={"Arn": topic})
    works.pipe("p", stream[1], arn, SourceParameters=start)
    works.aws.advance(120)
    (letter,) = works.told(told)
    assert letter["context"]["condition"] == "RecordAgeExceeded"


def test_parts_that_a_target_did_not_take_are_tried_again(works, stream, write):
    """Of a batch for a queue, a message that is too large is refused alone; what stands before it is done."""
    target, target_arn = works.queue("to", MaximumMessageSize="1024")
    dead, dead_arn = works.queue("dead")
    write({"n": 1, "fill": ""}, {"n": 2, "fill": "x" * 2_000}, {"n": 3, "fill": ""})
    start = reading(
        MaximumRetryAttempts=0, OnPartialBatchItemFailure="AUTOMATIC_BISECT", DeadLetterConfig={"Arn": dead_arn}
    )
    works.pipe("p", stream[1], target_arn, SourceParameters=start, TargetParameters={"InputTemplate": "<$.data>"})
    assert works.told(dead)[0]["KinesisBatchInfo"]["batchSize"] == 1
    assert {1, 3} <= {one["n"] for one in works.told(target, 2)}
