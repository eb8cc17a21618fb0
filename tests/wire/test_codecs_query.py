"""Forms and their answers: SQS's older protocol, JSON for those who accept it, and refusals."""

import orjson
import pytest

from freehold.kernel.errors import AwsError
from freehold.wire.codecs import choose, codec
from freehold.wire.codecs.faults import (
    InvalidAction,
    MalformedInput,
    MissingAction,
    NotForEndpoint,
    UnknownOperationException,
)
from freehold.wire.http import Headers, HttpRequest
from freehold.wire.models import model

FORM = ("content-type", "application/x-www-form-urlencoded; charset=utf-8")


def posted(body: str, *headers: tuple[str, str]) -> HttpRequest:
    return HttpRequest("POST", "/", headers=Headers([FORM, *headers]), body=body.encode())


def parse(service: str, body: str) -> dict:
    speaks = codec(model(service), choose(model(service), posted(body)))
    return speaks.parse(speaks.operation_of(posted(body)), posted(body))


def test_sqs_still_speaks_query() -> None:
    assert parse(
        "sqs",
        "Action=SendMessage&Version=2012-11-05&QueueUrl=http%3A%2F%2Fh%2F1%2Fq&MessageBody=a+b%26c"
        "&MessageAttribute.1.Name=n&MessageAttribute.1.Value.DataType=Binary"
        "&MessageAttribute.1.Value.BinaryValue=AAE%3D&DelaySeconds=5",
    ) == {
        "QueueUrl": "http://h/1/q",
        "MessageBody": "a b&c",
        "DelaySeconds": 5,
        "MessageAttributes": {"n": {"DataType": "Binary", "BinaryValue": b"\x00\x01"}},
    }


def test_sqs_batches_attributes_and_tags() -> None:
    assert parse(
        "sqs",
        "Action=SendMessageBatch&SendMessageBatchRequestEntry.2.Id=b&SendMessageBatchRequestEntry.2.MessageBody=2"
        "&SendMessageBatchRequestEntry.1.Id=a&SendMessageBatchRequestEntry.1.MessageBody=1&QueueUrl=u",
    )["Entries"] == [{"Id": "a", "MessageBody": "1"}, {"Id": "b", "MessageBody": "2"}]
    assert parse(
        "sqs",
        "Action=CreateQueue&QueueName=q&Attribute.1.Name=FifoQueue&Attribute.1.Value=true&Tag.1.Key=k&Tag.1.Value=v",
    ) == {
        "QueueName": "q",
        "Attributes": {"FifoQueue": "true"},
        "tags": {"k": "v"},
    }


def test_sqs_answers_in_its_old_elements() -> None:
    message = {"MessageId": "m", "Body": "<b>", "Attributes": {"SentTimestamp": "1"}}
    reply = codec(model("sqs"), "query").answer(
        model("sqs").operations["ReceiveMessage"], {"Messages": [message]}, "id"
    )
    assert reply.body == (
        b'<?xml version="1.0" encoding="UTF-8"?>\n'
        b'<ReceiveMessageResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><ReceiveMessageResult><Message>'
        b"<MessageId>m</MessageId><Body>&lt;b&gt;</Body>"
        b"<Attribute><Name>SentTimestamp</Name><Value>1</Value></Attribute></Message></ReceiveMessageResult>"
        b"<ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></ReceiveMessageResponse>"
    )
    assert reply.header("content-type") == "text/xml"


@pytest.mark.parametrize(
    ("service", "operation", "response", "result"),
    [
        (
            "sqs",
            "SendMessage",
            {"MessageId": "m", "MD5OfMessageBody": "d"},
            {
                "MD5OfMessageAttributes": None,
                "MD5OfMessageBody": "d",
                "MD5OfMessageSystemAttributes": None,
                "MessageId": "m",
                "SequenceNumber": None,
            },
        ),
        ("sns", "Publish", {"MessageId": "m"}, {"MessageId": "m", "SequenceNumber": None}),
        ("sqs", "ReceiveMessage", {}, {"messages": None}),
    ],
)
def test_callers_that_accept_json_get_it_with_nulls(service: str, operation: str, response: dict, result: dict) -> None:
    http = posted(f"Action={operation}", ("accept", "application/json"))
    assert choose(model(service), http) == "query-json"
    reply = codec(model(service), "query-json").answer(model(service).operations[operation], response, "id")
    assert orjson.loads(reply.body) == {
        f"{operation}Response": {f"{operation}Result": result, "ResponseMetadata": {"RequestId": "id"}}
    }


def test_lists_and_maps_come_with_or_without_wrappers() -> None:
    wrapped = parse("sns", "Action=TagResource&ResourceArn=a&Tags.member.1.Key=k&Tags.member.1.Value=v")
    bare = parse("sns", "Action=TagResource&ResourceArn=a&Tags.1.Key=k&Tags.1.Value=v")
    assert wrapped == bare == {"ResourceArn": "a", "Tags": [{"Key": "k", "Value": "v"}]}
    assert parse("sns", "Action=CreateTopic&Name=t&Attributes.entry.1.key=FifoTopic&Attributes.entry.1.value=true") == {
        "Name": "t",
        "Attributes": {"FifoTopic": "true"},
    }


def test_an_action_may_stand_in_the_address() -> None:
    http = HttpRequest("GET", "/", "Action=GetCallerIdentity&Version=2011-06-15")
    assert codec(model("sts"), choose(model("sts"), http)).operation_of(http).name == "GetCallerIdentity"


@pytest.mark.parametrize(
    ("service", "body", "refusal"),
    [
        ("sts", "Action=Nothing", InvalidAction),
        ("sts", "Version=2011-06-15", MissingAction),
        ("sts", "Action=AssumeRole&DurationSeconds=long", MalformedInput),
    ],
)
def test_malformed_forms_are_refused(service: str, body: str, refusal: type[AwsError]) -> None:
    with pytest.raises(refusal):
        parse(service, body)


def test_an_answer_without_members_has_no_result() -> None:
    reply = codec(model("sns"), "query").answer(model("sns").operations["DeleteTopic"], {}, "id")
    assert b"DeleteTopicResult" not in reply.body
    assert b"<RequestId>id</RequestId>" in reply.body


def test_a_queues_own_url_is_an_endpoint_of_that_queue() -> None:
    sqs = model("sqs")

    def read(query: str) -> dict:
        http = HttpRequest("GET", "/123456789012/orders", query)
        speaks = codec(sqs, choose(sqs, http))
        return speaks.parse(speaks.operation_of(http), http)

    assert read("Action=SendMessage&MessageBody=a") == {"QueueUrl": "/123456789012/orders", "MessageBody": "a"}
    assert read("Action=ReceiveMessage&QueueUrl=other") == {"QueueUrl": "other"}
    assert read("Action=GetQueueUrl&QueueName=q") == {"QueueName": "q"}
    for action in ("ListQueues", "CreateQueue", "Nothing"):
        with pytest.raises(NotForEndpoint):
            read(f"Action={action}")
    with pytest.raises(UnknownOperationException):
        read("")


def test_sqs_refusals_end_in_a_detail() -> None:
    speaks = codec(model("sqs"), "query")
    reply = speaks.refuse(None, NotForEndpoint(action="Nothing"), "id")
    assert reply.status == 400
    assert b"<Code>InvalidAction</Code>" in reply.body
    assert b"</Message><Detail/></Error>" in reply.body
    unknown = speaks.refuse(None, UnknownOperationException(), "id")
    assert (unknown.status, unknown.body) == (404, b"<UnknownOperationException/>\n")


class InvalidParameterValue(AwsError):
    words = "Wrong."
    status = 400


class ResourceNotFoundException(AwsError):
    words = "Gone."


def test_json_names_of_errors_that_sqs_kept_from_query() -> None:
    speaks = codec(model("sqs"), "json")
    reply = speaks.refuse(None, InvalidParameterValue(), "id")
    assert orjson.loads(reply.body)["__type"].endswith("#InvalidParameterValueException")
    assert reply.header("x-amzn-query-error") == "InvalidParameterValue;Sender"
    assert speaks.refuse(None, ResourceNotFoundException(), "id").status == 404
