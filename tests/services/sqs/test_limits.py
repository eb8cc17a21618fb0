"""How much may be in flight."""

import pytest

from freehold.services.sqs import messages
from freehold.services.sqs.queues import Queue


@pytest.fixture
def narrow(monkeypatch):
    """Queues that may have four messages in flight."""
    monkeypatch.setattr(messages, "IN_FLIGHT_MAX", 4)


@pytest.mark.usefixtures("narrow")
def test_a_queue_with_too_much_in_flight(frozen_line, own_cloud, refused):
    queue, other = frozen_line(), frozen_line("orders.fifo")
    for number in range(6):
        queue.send(str(number))
        other.send(str(number), MessageGroupId=str(number), MessageDeduplicationId=str(number))
    taken = queue.receive(4, VisibilityTimeout=600)
    other.receive(4, VisibilityTimeout=600)
    own_cloud.advance(61)  # it is seen that they are crowded
    while not queue_is_crowded(own_cloud, "orders"):
        pass
    with refused("OverLimit"):
        queue.receive(1)
    assert other.receive(1) == []
    queue.delete(taken[0])
    assert len(queue.receive(1)) == 1


def queue_is_crowded(aws, name):
    cloud = aws.running.cloud
    seat = cloud.door.call(aws.account, aws.region).seat
    return aws.running.run(cloud.store.transact(seat, lambda tx: tx.get(Queue, name).crowded))
