"""How errors look in each protocol."""

from xml.etree.ElementTree import fromstring

import orjson
import pytest

from freehold.kernel.errors import AccessDenied, AwsError, InternalFailure, NotImplementedHere
from freehold.wire.codecs import codec
from freehold.wire.codecs.faults import SerializationException
from freehold.wire.http import HttpResponse
from freehold.wire.models import model


class QueueDoesNotExist(AwsError):
    words = "The specified queue does not exist."


class NotFoundException(AwsError):
    words = "Topic does not exist"


class NoSuchKey(AwsError):
    words = "The specified key does not exist."


class ResourceNotFoundException(AwsError):
    words = "Function not found: {arn}"


class TooManyRequestsException(AwsError):
    words = "Rate exceeded"


class TransactionCanceledException(AwsError):
    words = "Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"


DENIED = AccessDenied(principal="p", action="a", resource="r", reason="no identity-based policy allows the action")


def refuse(service: str, protocol: str, error: AwsError, operation: str = "") -> HttpResponse:
    found = model(service).operations.get(operation)
    return codec(model(service), protocol).refuse(found, error, "req-1")


def tags(reply: HttpResponse) -> dict[str, str]:
    assert isinstance(reply.body, bytes)
    return {node.tag.rpartition("}")[2]: node.text or "" for node in fromstring(reply.body).iter()}


def test_sqs_tells_both_codes_in_json() -> None:
    reply = refuse("sqs", "json", QueueDoesNotExist())
    assert reply.status == 400
    assert reply.header("x-amzn-query-error") == "AWS.SimpleQueueService.NonExistentQueue;Sender"
    assert reply.header("content-type") == "application/x-amz-json-1.0"
    assert orjson.loads(reply.body) == {
        "__type": "com.amazonaws.sqs#QueueDoesNotExist",
        "message": "The specified queue does not exist.",
    }


def test_sqs_tells_the_old_code_in_xml() -> None:
    reply = refuse("sqs", "query", QueueDoesNotExist())
    told = tags(reply)
    assert (reply.status, told["Code"], told["Type"]) == (400, "AWS.SimpleQueueService.NonExistentQueue", "Sender")
    assert told["RequestId"] == "req-1"


def test_query_has_codes_and_statuses_from_the_model() -> None:
    reply = refuse("sns", "query", NotFoundException())
    assert (reply.status, tags(reply)["Code"], tags(reply)["Message"]) == (404, "NotFound", "Topic does not exist")


def test_query_in_json_for_callers_that_want_it() -> None:
    reply = refuse("sns", "query-json", NotFoundException())
    assert orjson.loads(reply.body) == {
        "Error": {"Code": "NotFound", "Message": "Topic does not exist", "Type": "Sender"},
        "RequestId": "req-1",
    }


def test_s3_has_bare_errors_with_what_they_name() -> None:
    reply = refuse("s3", "rest-xml", NoSuchKey(Key="a&b"), "GetObject")
    assert reply.status == 404
    assert reply.body == (
        b'<?xml version="1.0" encoding="UTF-8"?>\n'
        b"<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>a&amp;b</Key>"
        b"<RequestId>req-1</RequestId><HostId>cmVxLTE=</HostId></Error>"
    )
    assert reply.header("x-amz-request-id") == "req-1"


def test_an_answer_to_head_has_no_body() -> None:
    reply = refuse("s3", "rest-xml", NoSuchKey(Key="k"), "HeadObject")
    assert (reply.status, reply.body) == (404, b"")


def test_rest_json_names_errors_in_a_header() -> None:
    reply = refuse("lambda", "rest-json", ResourceNotFoundException(arn="x"))
    assert (reply.status, reply.header("x-amzn-errortype")) == (404, "ResourceNotFoundException")
    assert orjson.loads(reply.body) == {"Type": "User", "Message": "Function not found: x"}


def test_members_go_where_the_model_binds_them() -> None:
    reply = refuse(
        "lambda", "rest-json", TooManyRequestsException(retryAfterSeconds="3", Reason="CallerRateLimitExceeded")
    )
    assert (reply.status, reply.header("retry-after")) == (429, "3")
    assert orjson.loads(reply.body) == {"Type": "User", "message": "Rate exceeded", "Reason": "CallerRateLimitExceeded"}


def test_members_of_errors_are_written_by_their_shapes() -> None:
    reasons = [{"Code": "None"}, {"Code": "ConditionalCheckFailed", "Item": {"b": {"B": b"\x00"}}}]
    reply = refuse("dynamodb", "json", TransactionCanceledException(codes="None", CancellationReasons=reasons))
    told = orjson.loads(reply.body)
    assert told["__type"] == "com.amazonaws.dynamodb.v20120810#TransactionCanceledException"
    assert told["CancellationReasons"][1]["Item"] == {"b": {"B": "AA=="}}
    assert reply.header("x-amz-crc32")


@pytest.mark.parametrize(
    ("service", "protocol", "status", "code"),
    [
        ("stepfunctions", "json", 400, "AccessDeniedException"),
        ("lambda", "rest-json", 403, "AccessDeniedException"),
        ("iam", "query", 403, "AccessDenied"),
        ("s3", "rest-xml", 403, "AccessDenied"),
        ("sns", "query", 403, "AuthorizationError"),
        ("ec2", "ec2", 403, "UnauthorizedOperation"),
        ("cloudwatch", "smithy-rpc-v2-cbor", 403, "AccessDeniedException"),
    ],
)
def test_denials_have_each_protocols_name(service: str, protocol: str, status: int, code: str) -> None:
    reply = refuse(service, protocol, DENIED)
    assert reply.status == status
    assert code.encode() in reply.body or reply.header("x-amzn-errortype") == code


@pytest.mark.parametrize("protocol", ["json", "query"])
def test_what_is_not_implemented_and_what_is_broken(protocol: str) -> None:
    assert refuse("sqs", protocol, NotImplementedHere(service="sqs", operation="X")).status == 501
    broken = refuse("sqs", protocol, InternalFailure())
    assert broken.status == 500
    assert b"InternalFailure" in broken.body


def test_unreadable_bodies_are_told_without_words() -> None:
    reply = refuse("logs", "json", SerializationException(message=""))
    assert orjson.loads(reply.body) == {"__type": "SerializationException"}
