"""Receive attempts: an answer that was lost is given again."""

import pytest


@pytest.fixture
def fifo(frozen_line):
    queue = frozen_line("orders.fifo")
    for name in ("a1", "a2", "b1"):
        queue.send(name, MessageGroupId=name[0], MessageDeduplicationId=name)
    return queue


def handles(messages):
    return [message["ReceiptHandle"] for message in messages]


def test_an_attempt_is_repeated_with_its_receipts(fifo, own_cloud):
    first = fifo.receive(2, ReceiveRequestAttemptId="one")
    own_cloud.advance(20)
    again = fifo.receive(2, ReceiveRequestAttemptId="one")
    assert handles(again) == handles(first)
    own_cloud.advance(20)  # the second answer hid them anew
    assert fifo.bodies(2, ReceiveRequestAttemptId="two") == ["b1"]
    fifo.delete(first[0])


def test_an_attempt_whose_messages_changed_is_a_new_one(fifo):
    first = fifo.receive(2, ReceiveRequestAttemptId="one")
    fifo.delete(first[0])
    assert fifo.bodies(2, ReceiveRequestAttemptId="one") == ["b1"]


def test_an_attempt_ends_with_its_visibility(fifo, own_cloud):
    first = fifo.receive(2, ReceiveRequestAttemptId="one")
    own_cloud.advance(31)
    again = fifo.receive(3, ReceiveRequestAttemptId="one")
    assert [message["Body"] for message in again] == ["b1", "a1", "a2"]
    assert not set(handles(again)) & set(handles(first))


def test_standard_queues_know_no_attempts(line, refused):
    with refused("InvalidParameterValue", "not valid for this queue type"):
        line().receive(ReceiveRequestAttemptId="one")
    with refused("InvalidParameterValue", "alphanumeric and punctuation"):
        line("a.fifo").receive(ReceiveRequestAttemptId="one two")
