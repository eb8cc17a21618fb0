"""Messages of standard queues: sent, received, hidden, delayed, buried and moved."""

import threading
from hashlib import md5


def text(value):
    return {"DataType": "String", "StringValue": value}


def test_a_message_is_received_as_it_was_sent(line):
    queue = line()
    sent = queue.send(
        "hello", MessageAttributes={"colour": text("red"), "raw": {"DataType": "Binary", "BinaryValue": b"\0"}}
    )
    (got,) = queue.receive(MessageAttributeNames=["All"], MessageSystemAttributeNames=["All"])
    assert (got["MessageId"], got["Body"]) == (sent["MessageId"], "hello")
    assert got["MD5OfBody"] == sent["MD5OfMessageBody"] == md5(b"hello").hexdigest()
    assert got["MD5OfMessageAttributes"] == sent["MD5OfMessageAttributes"]
    assert got["MessageAttributes"]["raw"]["BinaryValue"] == b"\0"
    assert got["Attributes"]["ApproximateReceiveCount"] == "1"
    assert set(got["Attributes"]) == {
        "SenderId", "SentTimestamp", "ApproximateReceiveCount", "ApproximateFirstReceiveTimestamp",
    }  # fmt: skip


def test_attributes_are_chosen_by_name_and_prefix(line):
    queue = line(VisibilityTimeout="0")
    queue.send("hello", MessageAttributes={"trace.id": text("1"), "trace.span": text("2"), "colour": text("red")})
    for asked, got in {
        ("trace.*",): {"trace.id", "trace.span"},
        ("colour", "shape"): {"colour"},
        (".*",): {"trace.id", "trace.span", "colour"},
        ("shape",): set(),
    }.items():
        (message,) = queue.receive(MessageAttributeNames=list(asked))
        assert set(message.get("MessageAttributes", ())) == got
        assert ("MD5OfMessageAttributes" in message) == bool(got)


def test_what_a_message_may_be(line, refused):
    queue = line(MaximumMessageSize="1024")
    with refused("InvalidMessageContents"):
        queue.send("\x01")
    with refused("MissingParameter", "MessageBody"):
        queue.send("")
    with refused("InvalidParameterValue", "shorter than 1024 bytes"):
        queue.send("x" * 1025)
    with refused("InvalidParameterValue", "non-empty value of type 'String'"):
        queue.send("x", MessageAttributes={"a": text("")})
    with refused("InvalidParameterValue", "supported type prefixes"):
        queue.send("x", MessageAttributes={"a": {"DataType": "Text", "StringValue": "x"}})
    with refused("InvalidParameterValue", "attribute name 'aws.a'"):
        queue.send("x", MessageAttributes={"aws.a": text("x")})
    with refused("InvalidParameterValue", "DelaySeconds"):
        queue.send("x", DelaySeconds=901)
    with refused("InvalidParameterValue", "MessageDeduplicationId"):
        queue.send("x", MessageDeduplicationId="a")


def test_a_received_message_returns_after_its_timeout(frozen_line, own_cloud):
    queue = frozen_line(VisibilityTimeout="30")
    queue.send("hello")
    (first,) = queue.receive()
    assert queue.receive() == [] and queue.counts() == (0, 1, 0)
    queue.hide(first, 60)
    own_cloud.advance(59)
    assert queue.receive() == []
    own_cloud.advance(1)
    (second,) = queue.receive(MessageSystemAttributeNames=["ApproximateReceiveCount"])
    assert second["Attributes"]["ApproximateReceiveCount"] == "2"
    queue.hide(second, 0)
    assert queue.bodies() == ["hello"]
    queue.delete(first)
    assert queue.counts() == (0, 0, 0)


def test_delayed_and_old_messages(frozen_line, own_cloud):
    queue = frozen_line(DelaySeconds="10", MessageRetentionPeriod="60")
    queue.send("later")
    queue.send("now", DelaySeconds=0)
    assert queue.counts() == (1, 0, 1)
    assert queue.bodies() == ["now"]
    own_cloud.advance(10)
    assert queue.counts() == (1, 1, 0)
    own_cloud.advance(50)
    assert queue.counts() == (0, 0, 0) and queue.receive() == []


def test_a_long_poll_ends_when_a_message_comes(line):
    queue = line()
    threading.Timer(0.1, queue.send, ["hello"]).start()
    assert queue.bodies(WaitTimeSeconds=20) == ["hello"]


def test_a_long_poll_sees_what_becomes_visible(line):
    queue = line()
    queue.send("hello", DelaySeconds=1)
    assert queue.bodies(WaitTimeSeconds=20) == ["hello"]


def test_receipts(line, refused):
    queue, other = line(), line("other")
    queue.send("hello")
    (message,) = queue.receive()
    with refused("ReceiptHandleIsInvalid", '"garbage"'):
        queue.delete({"ReceiptHandle": "garbage"})
    with refused("ReceiptHandleIsInvalid"):
        other.delete(message)
    queue.delete(message)
    queue.delete(message)
    with refused("InvalidParameterValue", "Message does not exist or is not available for visibility timeout change."):
        queue.hide(message, 5)


def test_batches_succeed_and_fail_by_entry(line, aws, refused):
    queue, sqs = line(), aws("sqs")
    entries = [{"Id": str(number), "MessageBody": f"m{number}"} for number in range(9)]
    answer = sqs.send_message_batch(QueueUrl=queue.url, Entries=[*entries, {"Id": "bad", "MessageBody": "\x01"}])
    assert [entry["Id"] for entry in answer["Successful"]] == [entry["Id"] for entry in entries]
    assert [(entry["Id"], entry["Code"]) for entry in answer["Failed"]] == [("bad", "InvalidMessageContents")]
    found = queue.receive()
    assert [message["Body"] for message in found] == [entry["MessageBody"] for entry in entries]
    handles = [{"Id": str(n), "ReceiptHandle": message["ReceiptHandle"]} for n, message in enumerate(found)]
    shown = [entry | {"VisibilityTimeout": 0} for entry in handles[:2]]
    assert len(sqs.change_message_visibility_batch(QueueUrl=queue.url, Entries=shown)["Successful"]) == 2
    assert queue.counts() == (2, 7, 0)
    answer = sqs.delete_message_batch(QueueUrl=queue.url, Entries=[*handles, {"Id": "no", "ReceiptHandle": "no"}])
    assert len(answer["Successful"]) == 9 and answer["Failed"][0]["Code"] == "ReceiptHandleIsInvalid"


def test_what_a_batch_may_be(line, aws, refused):
    queue, sqs = line(), aws("sqs")
    prefix = "AWS.SimpleQueueService."

    def send(*ids, body="x"):
        entries = [{"Id": id, "MessageBody": body} for id in ids]
        sqs.send_message_batch(QueueUrl=queue.url, Entries=entries)

    with refused(prefix + "EmptyBatchRequest"):
        send()
    with refused(prefix + "TooManyEntriesInBatchRequest", "You have sent 11."):
        send(*map(str, range(11)))
    with refused(prefix + "BatchEntryIdsNotDistinct", "Id a repeated."):
        send("a", "a")
    with refused(prefix + "InvalidBatchEntryId"):
        send("a.b")
    with refused(prefix + "BatchRequestTooLong", "You have sent 1200000 bytes."):
        send("a", "b", body="x" * 600_000)


def test_dead_messages_are_buried(line, aws, refused):
    dead = line("dead")
    with refused("InvalidParameterValue", "Dead letter target does not exist."):
        line("orphan", RedrivePolicy={"deadLetterTargetArn": dead.arn + "-no", "maxReceiveCount": 1})
    with refused("InvalidParameterValue", "mandatory attribute: maxReceiveCount."):
        line("orphan", RedrivePolicy={"deadLetterTargetArn": dead.arn})
    queue = line(
        "orders", VisibilityTimeout="0", RedrivePolicy={"deadLetterTargetArn": dead.arn, "maxReceiveCount": "2"}
    )
    sent = queue.send("poison", MessageAttributes={"a": text("b")})
    assert queue.bodies() == queue.bodies() == ["poison"]
    assert queue.bodies() == []
    (buried,) = dead.receive(MessageSystemAttributeNames=["All"], MessageAttributeNames=["All"], VisibilityTimeout=0)
    assert buried["MessageId"] == sent["MessageId"]
    assert buried["Attributes"]["DeadLetterQueueSourceArn"] == queue.arn
    assert buried["Attributes"]["ApproximateReceiveCount"] == "3"
    assert buried["MessageAttributes"]["a"]["StringValue"] == "b"
    sources = aws("sqs").list_dead_letter_source_queues(QueueUrl=dead.url)["queueUrls"]
    assert sources == [queue.url]


def test_a_dead_letter_queue_may_refuse(line, refused):
    closed = line("closed", RedriveAllowPolicy={"redrivePermission": "denyAll"})
    with refused("InvalidParameterValue", "permission"):
        line("orders", RedrivePolicy={"deadLetterTargetArn": closed.arn, "maxReceiveCount": 1})


def test_the_dead_are_moved_back(line, aws, refused):
    sqs, dead = aws("sqs"), line("dead")
    with refused("InvalidParameterValue", "must be configured as a Dead Letter Queue"):
        sqs.start_message_move_task(SourceArn=dead.arn)
    queue = line("orders", RedrivePolicy={"deadLetterTargetArn": dead.arn, "maxReceiveCount": 1})
    for number in range(3):
        queue.send(f"m{number}")
    queue.receive(VisibilityTimeout=0)
    assert queue.receive() == [] and dead.counts() == (3, 0, 0)
    sqs.start_message_move_task(SourceArn=dead.arn)
    found = []
    while len(found) < 3:
        found += queue.bodies(WaitTimeSeconds=20)
    assert sorted(found) == ["m0", "m1", "m2"]
    (task,) = sqs.list_message_move_tasks(SourceArn=dead.arn)["Results"]
    assert (task["Status"], task["ApproximateNumberOfMessagesMoved"]) == ("COMPLETED", 3)
    with refused("InvalidParameterValue", "TaskHandle is invalid"):
        sqs.cancel_message_move_task(TaskHandle="no")
    assert dead.counts() == (0, 0, 0)


def test_a_move_can_be_slow_and_cancelled(frozen_line, own_cloud):
    dead = frozen_line("dead")
    queue = frozen_line("orders", RedrivePolicy={"deadLetterTargetArn": dead.arn, "maxReceiveCount": 1})
    for number in range(5):
        queue.send(f"m{number}")
    queue.receive(VisibilityTimeout=0)
    queue.receive()
    sqs = own_cloud("sqs")
    handle = sqs.start_message_move_task(SourceArn=dead.arn, MaxNumberOfMessagesPerSecond=2)["TaskHandle"]
    assert len(queue.receive(WaitTimeSeconds=20)) == 2
    assert sqs.cancel_message_move_task(TaskHandle=handle)["ApproximateNumberOfMessagesMoved"] == 2
    own_cloud.advance(5)
    assert dead.counts() == (3, 0, 0)
    assert sqs.list_message_move_tasks(SourceArn=dead.arn)["Results"][0]["Status"] == "CANCELLED"


def test_a_request_s_trace_goes_on_with_the_message(line):
    queue = line()
    trace = "Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=7fa8c0f79203be72;Sampled=1"
    queue.sqs.meta.events.register(
        "before-send.sqs.SendMessage", lambda request, **_: request.headers.update({"X-Amzn-Trace-Id": trace})
    )
    queue.send("a")
    assert queue.receive(MessageSystemAttributeNames=["AWSTraceHeader"])[0]["Attributes"] == {"AWSTraceHeader": trace}


def test_attributes_hold_no_control_characters(line, refused):
    with refused("InvalidParameterValue", "Invalid characters found"):
        line().send("a", MessageAttributes={"a": {"DataType": "String", "StringValue": "\b"}})
