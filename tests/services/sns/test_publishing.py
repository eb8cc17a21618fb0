"""Publishing: who hears what, once, and how it looks."""

import json
from base64 import b64decode
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from threading import Thread
from urllib.request import urlopen

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding


def text(value, kind="String"):
    return {"DataType": kind, "StringValue": value}


def test_queues_hear_what_their_filters_let_through(talk):
    topic = talk()
    everything = topic.hearer("everything", RawMessageDelivery="true")
    red = topic.hearer("red", RawMessageDelivery="true", FilterPolicy='{"colour": ["red"]}')
    big = topic.hearer(
        "big",
        RawMessageDelivery="true",
        FilterPolicyScope="MessageBody",
        FilterPolicy='{"size": [{"numeric": [">", 5]}]}',
    )
    topic.publish('{"size": 9}', MessageAttributes={"colour": text("red")})
    topic.publish('{"size": 1}', MessageAttributes={"colour": text("blue")})
    assert sorted(topic.bodies(everything, 2)) == ['{"size": 1}', '{"size": 9}']
    assert topic.bodies(red) == ['{"size": 9}']
    assert topic.bodies(big) == ['{"size": 9}']
    assert topic.bodies(red, wait=0) == topic.bodies(big, wait=0) == []


@pytest.mark.parametrize(("version", "digest"), [("1", hashes.SHA1()), ("2", hashes.SHA256())])
def test_an_envelope_is_signed(talk, aws, version, digest):
    topic = talk(SignatureVersion=version)
    url = topic.hearer("orders")
    sent = topic.publish("hello", Subject="Hi", MessageAttributes={"n": text("7", "Number")})
    (message,) = topic.heard(url)
    envelope = json.loads(message["Body"])
    assert (envelope["Type"], envelope["MessageId"]) == ("Notification", sent["MessageId"])
    assert (envelope["Subject"], envelope["Message"]) == ("Hi", "hello")
    assert envelope["MessageAttributes"] == {"n": {"Type": "Number", "Value": "7"}}
    assert "MessageAttributes" not in message
    signed = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
    lines = "".join(f"{name}\n{envelope[name]}\n" for name in signed)
    key = x509.load_pem_x509_certificate(urlopen(envelope["SigningCertURL"]).read()).public_key()
    key.verify(b64decode(envelope["Signature"]), lines.encode(), padding.PKCS1v15(), digest)


def test_a_raw_message_keeps_its_attributes(talk):
    topic = talk()
    url = topic.hearer("orders", RawMessageDelivery="true")
    topic.publish("hello", MessageAttributes={"a": text("b")})
    (message,) = topic.heard(url)
    assert (message["Body"], message["MessageAttributes"]["a"]["StringValue"]) == ("hello", "b")


def test_a_message_may_differ_by_protocol(talk):
    topic = talk()
    url = topic.hearer("orders", RawMessageDelivery="true")
    topic.publish(json.dumps({"default": "all", "sqs": "queues"}), MessageStructure="json")
    assert topic.bodies(url) == ["queues"]


def test_what_a_message_may_be(talk, refused):
    topic = talk()
    for message, more, words in (
        ("hello", {"Subject": ""}, "Invalid parameter: Subject"),
        ("", {}, "Invalid parameter: Empty message"),
        ("x" * 262_145, {}, "Invalid parameter: Message too long"),
        ("{}", {"MessageStructure": "json"}, "No default entry in JSON message body"),
        ("{", {"MessageStructure": "json"}, "JSON message body failed to parse"),
        ("x", {"MessageDeduplicationId": "a"}, "MessageDeduplicationId"),
    ):
        with refused("InvalidParameter", words):
            topic.publish(message, **more)
    for name, value, words in (
        ("a", text(""), "must contain non-empty message attribute value"),
        ("a", text("x", "Words"), "invalid message attribute type"),
        ("a^b", text("x"), "'#x5E'"),
        (".a", text("x"), "starting with character '.'"),
    ):
        with refused("ParameterValueInvalid", words):
            topic.publish("hello", MessageAttributes={name: value})


def test_a_queue_that_does_not_let_the_topic_in_hears_nothing_and_the_dead_letter_queue_does(talk):
    topic = talk()
    dead, dead_arn = topic.queue("dead")
    closed = topic.hearer(
        "closed", hears=False, RawMessageDelivery="true", RedrivePolicy=json.dumps({"deadLetterTargetArn": dead_arn})
    )
    topic.publish("hello", MessageAttributes={"a": text("b")})
    (message,) = topic.heard(dead)
    assert (message["Body"], message["MessageAttributes"]["a"]["StringValue"]) == ("hello", "b")
    assert topic.heard(closed, wait=0) == []


def test_batches_succeed_and_fail_by_entry(talk, refused):
    topic = talk()
    url = topic.hearer("orders", RawMessageDelivery="true")

    def publish(*entries):
        entries = [{"Id": id, "Message": message} for id, message in entries]
        return topic.sns.publish_batch(TopicArn=topic.arn, PublishBatchRequestEntries=entries)

    answer = publish(("a", "one"), ("b", ""), ("c", "three"))
    assert [entry["Id"] for entry in answer["Successful"]] == ["a", "c"]
    assert [(entry["Id"], entry["Code"]) for entry in answer["Failed"]] == [("b", "InvalidParameter")]
    assert sorted(topic.bodies(url, 2)) == ["one", "three"]
    with refused("BatchEntryIdsNotDistinct"):
        publish(("a", "one"), ("a", "two"))
    with refused("InvalidBatchEntryId", "impermissible character: a.b"):
        publish(("a.b", "one"))
    with refused("TooManyEntriesInBatchRequest"):
        publish(*((str(number), "x") for number in range(11)))
    with refused("BatchRequestTooLong"):
        publish(("a", "x" * 200_000), ("b", "x" * 200_000))


def test_a_fifo_topic_keeps_order_and_says_everything_once(talk, refused):
    topic = talk("news.fifo", FifoTopic="true")
    url = topic.hearer("orders.fifo")
    with refused("InvalidParameter", "The MessageGroupId parameter is required for FIFO topics"):
        topic.publish("hello")
    with refused("InvalidParameter", "ContentBasedDeduplication enabled or MessageDeduplicationId provided"):
        topic.publish("hello", MessageGroupId="a")
    sent = [topic.publish(f"m{n}", MessageGroupId="a", MessageDeduplicationId=str(n)) for n in (1, 2, 2, 3)]
    assert sent[1]["MessageId"] == sent[2]["MessageId"]
    assert int(sent[0]["SequenceNumber"]) < int(sent[1]["SequenceNumber"]) < int(sent[3]["SequenceNumber"])
    heard = topic.heard(url, 1)
    while len(heard) < 3:
        for message in heard:
            topic.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        heard += topic.heard(url, 1)
    envelopes = [json.loads(message["Body"]) for message in heard]
    assert [envelope["Message"] for envelope in envelopes] == ["m1", "m2", "m3"]
    assert envelopes[0]["SequenceNumber"] == sent[0]["SequenceNumber"] and "Signature" not in envelopes[0]
    assert heard[0]["Attributes"]["MessageGroupId"] == "a"


def test_a_mail_subscription_is_confirmed_and_ended_by_its_links(talk, letters, link):
    topic = talk()
    topic.sns.subscribe(TopicArn=topic.arn, Protocol="email", Endpoint="ann@example.com")
    (listed,) = topic.sns.list_subscriptions_by_topic(TopicArn=topic.arn)["Subscriptions"]
    assert listed["SubscriptionArn"] == "PendingConfirmation"
    topic.publish("too early")
    (asked,) = letters(1)
    assert (asked["to"], asked["subject"]) == ("ann@example.com", "AWS Notification - Subscription Confirmation")
    with urlopen(link(asked)) as answer:
        assert b"<SubscriptionArn>" + topic.arn.encode() in answer.read()
    topic.publish("hello", Subject="Hi")
    told = letters(2)[1]
    assert (told["subject"], told["body"].splitlines()[0]) == ("Hi", "hello")
    with urlopen(link(told)) as answer:
        assert answer.status == 200
    assert topic.sns.list_subscriptions_by_topic(TopicArn=topic.arn)["Subscriptions"] == []


def test_a_wrong_token_confirms_nothing(talk, refused):
    topic = talk()
    with refused("InvalidParameter", "Invalid token"):
        topic.sns.confirm_subscription(TopicArn=topic.arn, Token="no")
    with refused("InvalidParameter", "Invalid parameter: Token"):
        topic.sns.confirm_subscription(TopicArn=topic.arn, Token="0" * 160)


def test_text_messages_go_to_the_outbox(talk, aws, letters, refused):
    topic = talk()
    topic.subscribe("sms", "+15551234567")
    topic.publish("to all")
    topic.sns.publish(PhoneNumber="+15557654321", Message="to one")
    told = letters(2)
    assert {(letter["medium"], letter["to"], letter["body"]) for letter in told} == {
        ("sms", "+15551234567", "to all"),
        ("sms", "+15557654321", "to one"),
    }
    with refused("InvalidParameter", "+1a234 is not valid to publish to"):
        topic.sns.publish(PhoneNumber="+1a234", Message="x")


@pytest.fixture
def listener():
    """An HTTP endpoint: its address, and a queue of (headers, body) that it was sent. It fails the first time."""
    got, failures = Queue(), [503]

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            status = failures.pop() if failures else 200
            self.send_response(status)
            self.end_headers()
            if status == 200:
                got.put((self.headers, body))

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Endpoint)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook", got
    server.shutdown()
    server.server_close()


def test_a_password_in_an_address_opens_it_and_is_not_shown(aws, listener):
    address, got = listener
    sns = aws("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    secret = address.replace("http://", "http://user:word@")
    at_once = {"numRetries": 1, "numNoDelayRetries": 1, "minDelayTarget": 20, "maxDelayTarget": 20}
    policy = json.dumps({"healthyRetryPolicy": at_once})
    asked = {"Attributes": {"DeliveryPolicy": policy}, "ReturnSubscriptionArn": True}
    arn = sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=secret, **asked)["SubscriptionArn"]
    assert got.get(timeout=20)[0]["authorization"] == "Basic dXNlcjp3b3Jk"
    shown = address.replace("http://", "http://user:****@")
    assert sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]["Endpoint"] == shown
    assert [one["Endpoint"] for one in sns.list_subscriptions()["Subscriptions"]] == [shown]


def test_an_http_endpoint_is_asked_told_and_asked_again_when_it_fails(talk, listener):
    address, got = listener
    topic = talk()
    at_once = {"numRetries": 1, "numNoDelayRetries": 1, "minDelayTarget": 20, "maxDelayTarget": 20}
    topic.subscribe("http", address, DeliveryPolicy=json.dumps({"healthyRetryPolicy": at_once}))
    headers, body = got.get(timeout=20)
    assert headers["x-amz-sns-message-type"] == "SubscriptionConfirmation"
    urlopen(json.loads(body)["SubscribeURL"]).close()
    sent = topic.publish("hello")
    headers, body = got.get(timeout=20)
    assert headers["x-amz-sns-message-id"] == sent["MessageId"] and headers["x-amz-sns-topic-arn"] == topic.arn
    assert json.loads(body)["Message"] == "hello"


@pytest.mark.parametrize("name", ["FilterPolicy", "RedrivePolicy", "DeliveryPolicy"])
def test_what_is_nested_too_deeply_is_no_json(aws, name):
    sns = aws("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    deep = '{"a":' * 5_000 + "1" + "}" * 5_000
    with pytest.raises(sns.exceptions.InvalidParameterException, match="nested more than"):
        sns.subscribe(TopicArn=topic, Protocol="https", Endpoint="https://x.example", Attributes={name: deep})
    with pytest.raises(sns.exceptions.InvalidParameterException, match="failed to parse"):
        sns.publish(TopicArn=topic, Message=deep, MessageStructure="json")
