"""JSON bodies: what is taken, what is refused in which words, and what is written."""

import gzip
from typing import Any

import orjson
import pytest

from freehold.wire.codecs import choose, codec
from freehold.wire.codecs.faults import SerializationException, UnknownOperationException
from freehold.wire.http import Headers, HttpRequest
from freehold.wire.models import model


def parse(service: str, operation: str, body: Any) -> dict:
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    speaks = codec(model(service), "json")
    return speaks.parse(model(service).operations[operation], HttpRequest("POST", "/", body=content))


# As Amazon Athena answered in 2026; the same framework serves most JSON services.
@pytest.mark.parametrize(
    ("operation", "body", "words"),
    [
        ("ListWorkGroups", {"MaxResults": "1"}, "STRING_VALUE can not be converted to an Integer"),
        ("ListWorkGroups", {"MaxResults": True}, "TRUE_VALUE can not be converted to an Integer"),
        ("ListWorkGroups", {"MaxResults": [1]}, "Start of list found where not expected"),
        ("ListWorkGroups", {"MaxResults": {"a": 1}}, "Start of structure or map found where not expected."),
        ("ListWorkGroups", {"NextToken": 1}, "NUMBER_VALUE can not be converted to a String"),
        ("ListWorkGroups", {"NextToken": True}, "TRUE_VALUE can not be converted to a String"),
        ("StartQueryExecution", {"ExecutionParameters": [1]}, "NUMBER_VALUE can not be converted to a String"),
        ("StartQueryExecution", {"ExecutionParameters": "x"}, "Expected list or null"),
        ("StartQueryExecution", {"ResultConfiguration": "x"}, "Expected null"),
        ("ListWorkGroups", [], "Start of list found where not expected"),
        ("ListWorkGroups", b"{", ""),
        ("ListWorkGroups", b"", ""),
        ("ListWorkGroups", b"null", ""),
        ("ListWorkGroups", b'"x"', ""),
        ("ListWorkGroups", b"[" * 5_000, ""),
    ],
)
def test_what_does_not_fit_is_refused_in_aws_words(operation: str, body: Any, words: str) -> None:
    with pytest.raises(SerializationException) as refused:
        parse("athena", operation, body)
    assert refused.value.message == words


def test_unknown_and_null_members_are_absent() -> None:
    assert parse("athena", "ListWorkGroups", {"MaxResults": None, "NextToken": "t", "Foo": 1}) == {"NextToken": "t"}


def test_attribute_values_keep_numbers_as_text_and_blobs_as_bytes() -> None:
    item = {"n": {"N": "1e400"}, "m": {"M": {"l": {"L": [{"B": "AAE="}, {"NULL": True}, {"SS": ["a"]}]}}}}
    parsed = parse("dynamodb", "PutItem", {"TableName": "t", "Item": item})
    assert parsed["Item"]["n"] == {"N": "1e400"}
    assert parsed["Item"]["m"]["M"]["l"]["L"] == [{"B": b"\x00\x01"}, {"NULL": True}, {"SS": ["a"]}]


def test_attribute_values_leave_as_they_are_kept_with_blobs_in_base64() -> None:
    item = {"n": {"N": "1"}, "m": {"M": {"l": {"L": [{"B": b"\x00\x01"}, {"NULL": True}, {"BS": [b"a"]}]}}}}
    speaks, operation = codec(model("dynamodb"), "json"), model("dynamodb").operations["GetItem"]
    body = speaks.answer(operation, {"Item": item, "Foo": 1, "ConsumedCapacity": None}, "id").body
    told = {"n": {"N": "1"}, "m": {"M": {"l": {"L": [{"B": "AAE="}, {"NULL": True}, {"BS": ["YQ=="]}]}}}}
    assert isinstance(body, bytes)
    assert orjson.loads(body) == {"Item": told}


@pytest.mark.parametrize("text", ["AAE", "A A=", "AA!="])
def test_broken_base64_is_refused(text: str) -> None:
    with pytest.raises(SerializationException):
        parse("dynamodb", "PutItem", {"Item": {"b": {"B": text}}})


def test_whole_numbers_may_come_as_fractions_and_wider_than_64_bits() -> None:
    assert parse("athena", "ListWorkGroups", {"MaxResults": 2.0}) == {"MaxResults": 2}
    assert parse("athena", "ListWorkGroups", b'{"MaxResults":%d}' % 2**70) == {"MaxResults": 2**70}


def test_compressed_bodies_are_inflated() -> None:
    http = HttpRequest(
        "POST", "/", headers=Headers([("content-encoding", "gzip")]), body=gzip.compress(b'{"MaxResults":5}')
    )
    assert codec(model("athena"), "json").parse(model("athena").operations["ListWorkGroups"], http) == {"MaxResults": 5}


def test_answers_leave_out_what_is_null_or_unknown() -> None:
    speaks = codec(model("sqs"), "json")
    reply = speaks.answer(
        model("sqs").operations["SendMessage"], {"MessageId": "m", "SequenceNumber": None, "x": 1}, "id"
    )
    assert (reply.status, reply.body) == (200, b'{"MessageId":"m"}')
    assert reply.header("x-amzn-requestid") == "id"


def test_an_answer_that_is_not_of_its_shape_is_a_bug() -> None:
    with pytest.raises(TypeError):
        codec(model("sqs"), "json").answer(model("sqs").operations["ListQueues"], {"QueueUrls": "x"}, "id")


def test_the_target_names_the_operation() -> None:
    http = HttpRequest("POST", "/", headers=Headers([("X-Amz-Target", "AmazonSQS.SendMessage")]))
    assert choose(model("sqs"), http) == "json"
    assert codec(model("sqs"), "json").operation_of(http).name == "SendMessage"
    with pytest.raises(UnknownOperationException):
        codec(model("sqs"), "json").operation_of(HttpRequest("POST", "/"))
