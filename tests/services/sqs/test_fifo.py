"""FIFO queues: order in groups, one group in flight, each message once."""

import json

import pytest


def fill(queue, *names):
    """Messages named by group and place: "a1", "b1"."""
    for name in names:
        queue.send(name, MessageGroupId=name[0], MessageDeduplicationId=name)


@pytest.fixture
def fifo(line):
    return line("orders.fifo")


def test_groups_come_whole_and_in_order(fifo):
    fill(fifo, "a1", "b1", "a2", "a3")
    assert fifo.bodies() == ["a1", "a2", "a3", "b1"]


def test_a_group_in_flight_waits_and_others_do_not(fifo):
    fill(fifo, "a1", "a2", "b1")
    (first,) = fifo.receive(1)
    assert fifo.bodies() == ["b1"]
    fifo.delete(first)
    assert fifo.bodies() == ["a2"]
    assert fifo.counts() == (0, 2, 0)


def test_groups_take_turns(fifo):
    fill(fifo, "a1", "b1", "b2", "c1", "a2")
    assert fifo.bodies(3, VisibilityTimeout=0) == ["a1", "a2", "b1"]
    assert fifo.bodies(VisibilityTimeout=0) == ["c1", "a1", "a2", "b1", "b2"]


@pytest.mark.parametrize("hidden", [0, 1, 2])
def test_a_hidden_message_holds_up_those_behind_it(frozen_line, own_cloud, hidden):
    queue = frozen_line("orders.fifo", VisibilityTimeout="1")
    fill(queue, "a1", "a2", "a3")
    queue.hide(queue.receive()[hidden], 10)
    own_cloud.advance(2)
    assert queue.bodies() == ["a1", "a2", "a3"][:hidden]


def test_a_repetition_is_answered_and_not_kept(frozen_line, own_cloud):
    queue = frozen_line("orders.fifo", ContentBasedDeduplication="true")
    first = queue.send("same", MessageGroupId="a")
    again = queue.send("same", MessageGroupId="b")
    assert again["MessageId"] == first["MessageId"] and again["SequenceNumber"] == first["SequenceNumber"]
    queue.delete(queue.receive()[0])
    queue.send("same", MessageGroupId="a")
    assert queue.receive() == []
    own_cloud.advance(300)
    later = queue.send("same", MessageGroupId="a")
    assert int(later["SequenceNumber"]) > int(first["SequenceNumber"])
    assert queue.bodies() == ["same"]


def test_groups_may_repeat_each_other_where_the_scope_is_the_group(line):
    queue = line("orders.fifo", DeduplicationScope="messageGroup", FifoThroughputLimit="perMessageGroupId")
    for group in "aab":
        queue.send(group, MessageGroupId=group, MessageDeduplicationId="same")
    assert queue.bodies() == ["a", "b"]


def test_what_a_fifo_queue_asks_of_messages(fifo, refused):
    with refused("MissingParameter", "MessageGroupId"):
        fifo.send("x")
    with refused("InvalidParameterValue", "ContentBasedDeduplication enabled or MessageDeduplicationId"):
        fifo.send("x", MessageGroupId="a")
    with refused("InvalidParameterValue", "DelaySeconds"):
        fifo.send("x", MessageGroupId="a", MessageDeduplicationId="a", DelaySeconds=2)
    with refused("InvalidParameterValue", "MessageGroupId can only include"):
        fifo.send("x", MessageGroupId="a b", MessageDeduplicationId="a")


def test_an_old_receipt_is_refused(frozen_line, own_cloud, refused):
    queue = frozen_line("orders.fifo", VisibilityTimeout="1")
    fill(queue, "a1")
    (old,) = queue.receive()
    own_cloud.advance(2)
    with refused("InvalidParameterValue", "The receipt handle has expired."):
        queue.delete(old)
    with refused("AWS.SimpleQueueService.MessageNotInflight"):
        queue.hide(old, 5)


def test_a_buried_message_frees_its_group(line):
    dead = line("dead.fifo")
    queue = line("orders.fifo", RedrivePolicy=json.dumps({"deadLetterTargetArn": dead.arn, "maxReceiveCount": 1}))
    fill(queue, "a1", "a2")
    assert queue.bodies(1, VisibilityTimeout=0) == ["a1"]
    assert queue.bodies() == ["a2"]
    assert dead.bodies() == ["a1"]


def test_throughput_by_group_goes_with_deduplication_by_group_alone(line, refused):
    words = "The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup."
    with refused("InvalidParameterValue", words):
        line("new.fifo", FifoThroughputLimit="perMessageGroupId")
    queue = line("orders.fifo")
    with refused("InvalidParameterValue", words):
        queue.set(FifoThroughputLimit="perMessageGroupId")
    queue.set(DeduplicationScope="messageGroup", FifoThroughputLimit="perMessageGroupId")
    with refused("InvalidParameterValue", words):
        queue.set(DeduplicationScope="queue")
    queue.set(FifoThroughputLimit="perQueue")
    queue.set(DeduplicationScope="queue")
