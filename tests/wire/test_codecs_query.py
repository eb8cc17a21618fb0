"""Forms and their answers: SQS's older protocol, JSON for those who accept it, and refusals."""

import orjson
import pytest

from freehold.kernel.errors import AwsError
from freehold.wire.codecs import choose, codec
from freehold.wire.codecs.faults import InvalidAction, MalformedInput, MissingAction
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
