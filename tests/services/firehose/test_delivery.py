"""Delivery streams: records become files, each once, where and when the destination says."""

import json
import re

import pytest
from botocore.exceptions import ClientError

KEY = r"\d{4}/\d\d/\d\d/\d\d/river-1-\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d-[0-9a-f-]{36}"


def test_records_become_a_file_when_their_time_comes(river):
    stream = river(BufferingHints={"IntervalInSeconds": 60, "SizeInMBs": 1})
    stream.put("a\n", "b\n")
    stream.aws.advance(59)
    assert "Contents" not in stream.s3.list_objects_v2(Bucket="lake")
    stream.put("c\n")
    stream.aws.advance(2)
    [(key, body)] = stream.files().items()
    assert re.fullmatch(KEY, key) and body == b"a\nb\nc\n"
    stream.put("d\n")
    stream.aws.advance(61)
    assert sorted(stream.files(2).values()) == [b"a\nb\nc\n", b"d\n"]


def test_a_full_buffer_becomes_a_file_at_once(river):
    stream = river(BufferingHints={"IntervalInSeconds": 900, "SizeInMBs": 1})
    records = [{"Data": bytes([65 + number]) * 524_288} for number in range(3)]
    told = stream.firehose.put_record_batch(DeliveryStreamName="river", Records=records)
    assert told["FailedPutCount"] == 0 and len({one["RecordId"] for one in told["RequestResponses"]}) == 3
    assert [len(body) for body in stream.files().values()] == [1_048_576]
    stream.aws.advance(901)
    assert sorted(len(body) for body in stream.files(2).values()) == [524_288, 1_048_576]


def test_many_small_records_are_one_file(river):
    stream = river()
    for number in range(5):
        records = [{"Data": b"%d\n" % (number * 500 + each)} for each in range(500)]
        stream.firehose.put_record_batch(DeliveryStreamName="river", Records=records)
    stream.aws.advance(301)
    [body] = stream.files().values()
    assert [int(line) for line in body.split()] == [*range(2_500)]


def test_what_can_not_be_filed_for_a_day_is_dropped(river):
    from freehold.services.firehose.buffers import Waiting

    stream = river()
    stream.s3.delete_bucket(Bucket="lake")
    for _ in range(3):
        stream.firehose.put_record_batch(DeliveryStreamName="river", Records=[{"Data": b"a"}] * 500)
    stream.aws.advance(301)
    call = stream.aws.running.cloud.door.call(stream.aws.account, "us-east-1")
    while stream.aws.running.run(call.transact(lambda tx: tx.count(Waiting))):
        stream.aws.advance(3_600)


def test_files_are_named_and_compressed_as_wished(river, unzipped):
    prefix = "year=!{timestamp:yyyy}/'x'!{timestamp:MM'm'}/!{firehose:random-string}/"
    stream = river(Prefix=prefix, ErrorOutputPrefix="bad/", CompressionFormat="GZIP")
    stream.put("a")
    stream.aws.advance(301)
    [(key, body)] = stream.files().items()
    assert re.fullmatch(r"year=\d{4}/'x'\d\dm/[a-z0-9]{11}/river-1-.*\.gz", key) and unzipped(body) == b"a"
    stream.update(Prefix="plain/", CompressionFormat="UNCOMPRESSED", FileExtension=".json")
    stream.put("b")
    stream.aws.advance(301)
    assert any(re.fullmatch(r"plain/\d{4}/\d\d/\d\d/\d\d/river-2-.*\.json", key) for key in stream.files(2))


def test_what_the_role_may_not_put_is_put_when_it_may(river):
    stream = river()
    iam = stream.aws("iam")
    document = iam.get_role_policy(RoleName="deliverer", PolicyName="only")["PolicyDocument"]
    iam.delete_role_policy(RoleName="deliverer", PolicyName="only")
    stream.put("a")
    stream.aws.advance(301)
    iam.put_role_policy(RoleName="deliverer", PolicyName="only", PolicyDocument=json.dumps(document))
    for _ in range(20):
        stream.aws.advance(60)
    assert [*stream.files().values()] == [b"a"]


def test_a_stream_that_is_deleted_files_what_it_took(river):
    stream = river()
    stream.put("a")
    stream.firehose.delete_delivery_stream(DeliveryStreamName="river")
    assert [*stream.files().values()] == [b"a"]
    with pytest.raises(ClientError, match=r"Firehose river under account .* not found"):
        stream.described()


def test_incoming_records_are_measured(river):
    stream = river()
    stream.put("abc")
    stream.aws.advance(60)
    metrics = stream.aws("cloudwatch")
    while len(listed := metrics.list_metrics(Namespace="AWS/Firehose")["Metrics"]) < 4:
        pass
    assert {one["MetricName"] for one in listed} >= {"IncomingRecords", "IncomingBytes"}
