"""CBOR 1.1, as the AWS SDKs for Java speak it: JSON's operations, maps of CBOR, times in milliseconds."""

from urllib.error import HTTPError
from urllib.request import Request, urlopen

import cbor2
from tests.services.kinesis.conftest import Line

from freehold.wire.codecs import plaincbor

CBOR = "application/x-amz-cbor-1.1"


def ask(aws, operation, request):
    """The status and the body's bytes."""
    scope = f"{aws.account}/20240101/us-east-1/kinesis/aws4_request"
    headers = {
        "content-type": CBOR, "x-amz-target": f"Kinesis_20131202.{operation}",
        "authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
    }  # fmt: skip
    try:
        with urlopen(Request(aws.url, cbor2.dumps(request), headers)) as answer:
            assert answer.headers["content-type"] == CBOR
            return answer.status, answer.read()
    except HTTPError as error:
        return error.code, error.read()


def test_blobs_are_bytes_and_times_are_milliseconds(aws):
    line = Line(aws)
    ask(aws, "PutRecord", {"StreamName": line.name, "Data": b"\x00\xff", "PartitionKey": "k"})
    status, body = ask(aws, "GetRecords", {"ShardIterator": line.iterator()})
    assert status == 200
    (record,) = plaincbor.read(body)["Records"]
    assert record["Data"] == b"\x00\xff"
    arrived = line.page(line.iterator())["Records"][0]["ApproximateArrivalTimestamp"].timestamp()
    assert record["ApproximateArrivalTimestamp"] == round(arrived * 1_000)
    moment = cbor2.CBORTag(1, round(arrived * 1_000) - 5)
    asked = {"StreamName": line.name, "ShardId": "0", "ShardIteratorType": "AT_TIMESTAMP", "Timestamp": moment}
    iterator = plaincbor.read(ask(aws, "GetShardIterator", asked)[1])["ShardIterator"]
    assert [one["Data"] for one in line.page(iterator)["Records"]] == [b"\x00\xff"]


def test_refusals_are_cbor_too(aws):
    status, body = ask(aws, "DescribeStream", {"StreamName": "none"})
    assert (status, plaincbor.read(body)["__type"]) == (400, "ResourceNotFoundException")
    assert ask(aws, "DescribeStream", 7)[0] == 400
