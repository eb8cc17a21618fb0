"""CBOR 1.1, as the AWS SDKs for Java speak it: JSON's operations, maps of CBOR, times in milliseconds."""

import cbor2
import pytest
from tests.services.kinesis.conftest import Line

from freehold.wire.codecs import plaincbor

CBOR = "application/x-amz-cbor-1.1"


def ask(aws, operation, request):
    """The status and the body's bytes."""
    from urllib.error import HTTPError
    from urllib.request import Request, urlopen

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


@pytest.mark.parametrize(
    "value", [0, -1, 2**40, -(2**40), 1.5, True, None, "é", b"\x01", [1, [2]], {"a": {"b": []}}, "x" * 300, [0] * 70]
)
def test_values_are_read_as_they_were_written(value):
    assert plaincbor.read(cbor2.dumps(value)) == value


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"\xbf\x61a\x01\xff", {"a": 1}),
        (b"\x9f\x01\x02\xff", [1, 2]),
        (b"\x7f\x61a\x61b\xff", "ab"),
        (b"\x5f\x41a\x41b\xff", b"ab"),
        (b"\xc1\x1b\x00\x00\x01\x90\x00\x00\x00\x00", 0x19000000000),
        (b"\xf9\x3c\x00", 1.0),
    ],
)
def test_indefinite_lengths_tags_and_short_floats(body, value):
    assert plaincbor.read(body) == value


@pytest.mark.parametrize("body", [b"\x61", b"\xbf\x61a", b"\xf8\x20", b"\x1c", b"\x9f" * 5_000, b"\xa1\x80\x00", b""])
def test_what_is_no_cbor_is_refused(body):
    with pytest.raises(ValueError):
        plaincbor.read(body)
