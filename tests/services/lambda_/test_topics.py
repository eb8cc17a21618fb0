"""Functions that hear a topic: what they are told, who lets the topic in, and what becomes of what nobody takes."""

import json

import pytest

QUEUES = {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}
ECHO = "def handler(event, context): return event"


class Hearing:
    """A topic, a function that tells a queue what it heard, and a queue for what it could not hear."""

    def __init__(self, workshop):
        self.workshop, self.sns, self.sqs = workshop, workshop.aws("sns"), workshop.aws("sqs")
        self.place = f"{workshop.aws.region}:{workshop.aws.account}"
        self.topic = self.sns.create_topic(Name="news")["TopicArn"]
        self.told, self.dead = self.queue("told"), self.queue("dead")
        workshop.make(ECHO, role=workshop.role(QUEUES))
        destinations = {"OnSuccess": {"Destination": f"arn:aws:sqs:{self.place}:told"}}
        workshop.client.put_function_event_invoke_config(FunctionName="it", DestinationConfig=destinations)

    def queue(self, name):
        statement = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:*"}
        statement["Resource"] = f"arn:aws:sqs:{self.place}:{name}"
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        return self.sqs.create_queue(QueueName=name, Attributes={"Policy": policy})["QueueUrl"]

    def allow(self, **more):
        request = {"FunctionName": "it", "StatementId": "s", "Action": "lambda:InvokeFunction", **more}
        self.workshop.client.add_permission(Principal="sns.amazonaws.com", **request)

    def subscribe(self, **attributes):
        arn = f"arn:aws:lambda:{self.place}:function:it"
        made = self.sns.subscribe(
            TopicArn=self.topic, Protocol="lambda", Endpoint=arn, Attributes=attributes, ReturnSubscriptionArn=True
        )
        return made["SubscriptionArn"]

    def next(self, url):
        """The next message of a queue, as a value."""
        [message] = self.sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"]
        self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return json.loads(message["Body"])


@pytest.fixture
def hearing(workshop):
    return Hearing(workshop)


def test_a_function_hears_what_is_published(hearing):
    hearing.allow(SourceArn=hearing.topic)
    subscription = hearing.subscribe()
    attributes = {
        "n": {"DataType": "Number", "StringValue": "7"},
        "b": {"DataType": "Binary", "BinaryValue": b"\0\xff"},
    }
    published = hearing.sns.publish(
        TopicArn=hearing.topic, Subject="Sold", Message="a hat", MessageAttributes=attributes
    )
    [record] = hearing.next(hearing.told)["responsePayload"]["Records"]
    assert (record["EventSource"], record["EventVersion"]) == ("aws:sns", "1.0")
    assert record["EventSubscriptionArn"] == subscription
    heard = record["Sns"]
    assert (heard["Type"], heard["MessageId"]) == ("Notification", published["MessageId"])
    assert (heard["TopicArn"], heard["Subject"], heard["Message"]) == (hearing.topic, "Sold", "a hat")
    assert heard["MessageAttributes"] == {
        "n": {"Type": "Number", "Value": "7"}, "b": {"Type": "Binary", "Value": "AP8="},
    }  # fmt: skip
    assert {"Timestamp", "SignatureVersion", "Signature", "SigningCertUrl", "UnsubscribeUrl"} <= heard.keys()


def test_each_message_of_a_batch_is_an_invocation_of_its_own(hearing):
    hearing.allow()
    hearing.subscribe(FilterPolicy='{"kind": ["hat"]}')
    kinds = ("hat", "coat", "hat")
    entries = [
        {"Id": str(n), "Message": str(n), "MessageAttributes": {"kind": {"DataType": "String", "StringValue": kind}}}
        for n, kind in enumerate(kinds)
    ]
    hearing.sns.publish_batch(TopicArn=hearing.topic, PublishBatchRequestEntries=entries)
    heard = [hearing.next(hearing.told)["responsePayload"]["Records"] for _ in range(2)]
    assert sorted(records[0]["Sns"]["Message"] for records in heard) == ["0", "2"]


def test_what_a_function_may_not_hear_is_kept(hearing):
    """Its policy lets no topic in: that is final, and goes to the subscription's dead-letter queue."""
    redrive = json.dumps({"deadLetterTargetArn": f"arn:aws:sqs:{hearing.place}:dead"})
    hearing.subscribe(RedrivePolicy=redrive)
    hearing.sns.publish(TopicArn=hearing.topic, Message="a secret")
    told = hearing.next(hearing.dead)
    assert (told["Type"], told["Message"]) == ("Notification", "a secret")
