"""Long polls: answered when there is something, and given up when nobody waits any more."""

import socket
import time
from threading import Thread

from bench.load import signed


def test_a_poll_whose_client_has_gone_takes_nothing(line, cloud):
    queue = line()
    for _ in range(3):
        host, _, port = cloud.url.rpartition("/")[2].partition(":")
        with socket.create_connection((host, int(port))) as client:
            client.sendall(signed(queue.sqs, "receive_message", QueueUrl=queue.url, WaitTimeSeconds=20))
            wait_for_polls(cloud, queue, 1)
        wait_for_polls(cloud, queue, 0)
    queue.send("a")
    assert queue.bodies() == ["a"]


def wait_for_polls(cloud, queue, count):
    """Until so many long polls of the queue are under way."""
    deadline = time.monotonic() + 30
    while polls(cloud, queue) != count:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def polls(cloud, queue):
    waiting = cloud.cloud.door.bells._waiting
    return sum(len(waiters) for bell, waiters in list(waiting.items()) if bell[2:] == ("sqs", queue.name))


def test_one_who_waits_hears_at_once(line):
    queue, heard = line(), []
    waiting = Thread(target=lambda: heard.extend(queue.bodies(WaitTimeSeconds=20)))
    waiting.start()
    queue.send("a")
    waiting.join(15)
    assert heard == ["a"]
