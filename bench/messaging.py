"""Cases of queues and topics: for each how it is set up, the requests, and how an answer is known to be right.

It may not know which server answers.
"""

import itertools
import json
import re
import time
from collections import deque
from collections.abc import Iterator
from typing import Any

from bench.load import signed
from bench.loads import CLIENT, TEXT, Load, named
from freehold.engines import pii

HANDLE = re.compile(rb'"ReceiptHandle": ?"([^"]+)"|<ReceiptHandle>([^<]+)<')
MARK = b"MARK"
SECRET = "123-45-6789"
LETTER = (
    f"Please change the record of Martha Hollis, 410 Terry Ave N, Seattle 98109, WA. Her SSN: {SECRET}, mail "
    "martha.hollis@example.com. "
) + "The appointment stays as agreed on the telephone, and the usual forms are to be brought along. " * 9


def queue(client: CLIENT) -> tuple[Any, str]:
    sqs = client("sqs")
    return sqs, sqs.create_queue(QueueName=named("queue"))["QueueUrl"]


def sqs_send(client: CLIENT) -> Load:
    sqs, url = queue(client)
    pool = [signed(sqs, "send_message", QueueUrl=url, MessageBody=f"{number}{TEXT}") for number in range(32)]
    return Load(itertools.cycle(pool), lambda body: b"MD5OfMessageBody" in body)


def sqs_send_deep(client: CLIENT) -> Load:
    """The same with 100,000 messages waiting."""
    sqs, url = queue(client)
    entries = [{"Id": str(number), "MessageBody": "x"} for number in range(10)]
    for _ in range(10_000):
        sqs.send_message_batch(QueueUrl=url, Entries=entries)
    pool = [signed(sqs, "send_message", QueueUrl=url, MessageBody=f"{number}{TEXT}") for number in range(32)]
    return Load(itertools.cycle(pool), lambda body: b"MD5OfMessageBody" in body)


def sqs_batch(client: CLIENT) -> Load:
    """Ten messages of 1 KB in a request."""
    sqs, url = queue(client)
    entries = [{"Id": str(number), "MessageBody": f"{number}{TEXT}"} for number in range(10)]
    request = signed(sqs, "send_message_batch", QueueUrl=url, Entries=entries)
    return Load(itertools.repeat(request), lambda body: body.count(b"MD5OfMessageBody") == 10)


def sqs_cycle(client: CLIENT) -> Load:
    """A message is sent, received and deleted: three requests in turn, of which each counts."""
    sqs, url = queue(client)
    send = signed(sqs, "send_message", QueueUrl=url, MessageBody=TEXT)
    receive = signed(sqs, "receive_message", QueueUrl=url)
    delete = signed(sqs, "delete_message", QueueUrl=url, ReceiptHandle=MARK.decode())
    handles: deque[bytes] = deque()

    def requests() -> Iterator[bytes]:
        while True:
            yield send
            yield receive
            if handles:
                yield filled(delete, handles.popleft())

    def right(body: bytes) -> bool:
        found = HANDLE.search(body)
        if found:
            handles.append(found[1] or found[2])
        return True

    return Load(requests(), right)


def filled(request: bytes, value: bytes) -> bytes:
    """A request with a value in place of the mark, and its new length."""
    head, _, body = request.replace(MARK, value).partition(b"\r\n\r\n")
    return re.sub(rb"content-length: \d+", b"content-length: %d" % len(body), head) + b"\r\n\r\n" + body


def sns_publish(client: CLIENT) -> Load:
    """A notice to two queues; done when they have all of them."""
    return published(client, TEXT, "")


def sns_publish_masked(client: CLIENT) -> Load:
    """The same of a topic that masks whatever is sensitive; done when the first of them is found to be masked."""
    found = [pii.ARN + name for name in sorted(pii.NAMES)]
    mask = {"Deidentify": {"MaskConfig": {"MaskWithCharacter": "#"}}}
    statement = {"DataDirection": "Inbound", "Principal": ["*"], "DataIdentifier": found, "Operation": mask}
    policy = {"Name": "bench", "Version": "2021-06-01", "Statement": [statement]}
    return published(client, LETTER, json.dumps(policy))


def published(client: CLIENT, text: str, protection: str) -> Load:
    sns, sqs = client("sns"), client("sqs")
    topic = sns.create_topic(Name=named("topic"))["TopicArn"]
    if protection:
        sns.put_data_protection_policy(ResourceArn=topic, DataProtectionPolicy=protection)
    urls = [queue(client)[1] for _ in range(2)]
    for url in urls:
        arn = attributes(sqs, url, "QueueArn")
        allowed = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
    most = 4_000

    def settle() -> None:
        deadline = time.monotonic() + 60
        while any(int(attributes(sqs, url, "ApproximateNumberOfMessages")) < most for url in urls):
            if time.monotonic() > deadline:
                raise RuntimeError("the queues do not hear everything")
            time.sleep(0.05)
        if protection and SECRET in sqs.receive_message(QueueUrl=urls[0])["Messages"][0]["Body"]:
            raise RuntimeError("nothing is masked")

    request = signed(sns, "publish", TopicArn=topic, Message=text)
    return Load(itertools.repeat(request, most), lambda body: b"MessageId" in body, settle, most)


def events_put(client: CLIENT) -> Load:
    """Ten events in a request, each to one queue; done when it has all of them."""
    events, sqs = client("events"), client("sqs")
    url, bus = queue(client)[1], named("bus")
    arn = attributes(sqs, url, "QueueArn")
    allowed = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    events.create_event_bus(Name=bus)
    events.put_rule(Name=bus, EventBusName=bus, EventPattern=json.dumps({"source": ["bench"]}))
    events.put_targets(Rule=bus, EventBusName=bus, Targets=[{"Id": "q", "Arn": arn}])
    detail, most = json.dumps({"text": TEXT[:200]}), 1_000

    def settle() -> None:
        deadline = time.monotonic() + 60
        while int(attributes(sqs, url, "ApproximateNumberOfMessages")) < most * 10:
            if time.monotonic() > deadline:
                raise RuntimeError("the queue does not hear everything")
            time.sleep(0.05)

    entry = {"Source": "bench", "DetailType": "sold", "Detail": detail, "EventBusName": bus}
    request = signed(events, "put_events", Entries=[entry] * 10)
    return Load(itertools.repeat(request, most), lambda body: body.count(b"EventId") == 10, settle, most)


def attributes(sqs: Any, url: str, name: str) -> str:
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"][name]
