"""Fair queues: what a noisy group does to the others."""

import json

import pytest


def sent(queue, group, count, **more):
    """Messages of a group, ten at a time."""
    for start in range(0, count, 10):
        entries = [
            {
                "Id": str(number),
                "MessageBody": f"{group}{number}",
                **({"MessageGroupId": group} if group else {}),
                **more,
            }
            for number in range(start, min(start + 10, count))
        ]
        assert "Failed" not in queue.sqs.send_message_batch(QueueUrl=queue.url, Entries=entries)


def received(queue, count):
    """So many messages, ten at a time."""
    return [message for _ in range(0, count, 10) for message in queue.receive(10)]


def groups(messages):
    return [message["Body"][0] for message in messages]


def test_quiet_groups_come_before_a_noisy_one(line):
    queue = line()
    sent(queue, "a", 100)
    assert groups(received(queue, 40)) == ["a"] * 40
    sent(queue, "b", 3)
    sent(queue, "c", 2)
    assert sorted(groups(queue.receive(10))) == ["a"] * 5 + ["b"] * 3 + ["c"] * 2
    assert groups(received(queue, 50)) == ["a"] * 50


def test_a_message_without_a_group_is_quiet(line):
    queue = line()
    sent(queue, "", 30)
    sent(queue, "a", 40)
    assert len(received(queue, 70)) == 70
    sent(queue, "a", 10)
    queue.send("x")
    assert "x" in queue.bodies(1)


def test_few_in_flight_are_no_noise(line):
    queue = line()
    sent(queue, "a", 40)
    received(queue, 20)
    sent(queue, "b", 5)
    assert set(groups(queue.receive(10))) == {"a"}


def test_a_group_is_quiet_again_when_its_messages_are_done(line):
    queue = line()
    sent(queue, "a", 60)
    for message in received(queue, 40):
        queue.delete(message)
    sent(queue, "b", 5)
    assert set(groups(queue.receive(10))) == {"a"}


def test_of_two_noisy_groups_that_with_less_in_flight_comes_first(line):
    queue = line()
    sent(queue, "a", 40)
    assert len(received(queue, 40)) == 40
    sent(queue, "b", 30)
    assert len(received(queue, 30)) == 30
    sent(queue, "a", 5)
    sent(queue, "b", 5)
    assert groups(queue.receive(10)) == ["b"] * 5 + ["a"] * 5


def test_a_queue_becomes_fair_with_what_is_in_it(line):
    queue = line(VisibilityTimeout="600")
    queue.send("old")
    queue.send("held")
    held = queue.receive(1)[0]
    queue.send("new", MessageGroupId="a")
    assert queue.counts() == (2, 1, 0)
    queue.delete(held)
    assert queue.counts() == (2, 0, 0)
    assert {message["Body"] for message in queue.receive(10)} == {"old", "held", "new"} - {held["Body"]}


@pytest.mark.parametrize("group", ["a", ""])
def test_the_dead_of_a_fair_queue_are_found_in_their_queue(line, group):
    dead = line("dead")
    queue = line("jobs", RedrivePolicy=json.dumps({"deadLetterTargetArn": dead.arn, "maxReceiveCount": 1}))
    queue.send("first", MessageGroupId="z")
    queue.receive(1, VisibilityTimeout=600)
    queue.send("poison", **({"MessageGroupId": group} if group else {}))
    assert queue.bodies(1, VisibilityTimeout=0) == ["poison"]
    assert queue.bodies(1) == []
    [message] = dead.receive(10, MessageSystemAttributeNames=["All"])
    assert (message["Body"], message["Attributes"].get("MessageGroupId", "")) == ("poison", group)
    dead.delete(message)
    assert dead.counts() == (0, 0, 0)
