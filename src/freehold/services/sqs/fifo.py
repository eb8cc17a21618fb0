"""FIFO queues: order within groups, and each message once.

One idea: a group is received from its head up to the first message that cannot be seen; so one that is in flight holds
up those behind it. Groups stand in the order in which their heads can be seen. It may not know how messages are hidden.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
"""

from collections.abc import Iterable
from hashlib import sha256

from freehold.kernel.store import Tx
from freehold.services.sqs.pile import FifoMessage, Group, Message, Sent, Sequence
from freehold.services.sqs.queues import Queue

DEDUP_S = 300
FIRST_NUMBER = 18_849_496_460_467_696_128  # sequence numbers have twenty digits
STEP = 256
FORGET_MAX = 10


def enter(tx: Tx, queue: Queue, message: Message) -> Message | None:
    """Give a message its place at the end of its group, or return the one it repeats."""
    message.dedup_id = message.dedup_id or sha256(message.body.encode()).hexdigest()
    scope = message.group_id if queue.dedup_by_group else ""
    known = tx.get(Sent, queue.pile, scope, message.dedup_id)
    if known and known.sent_at > tx.now - DEDUP_S:
        message.id, message.number = known.id, known.number
        return message
    forget(tx, queue, FORGET_MAX)
    message.number = _next_number(tx, queue)
    sent = Sent(
        pile=queue.pile, scope=scope, dedup=message.dedup_id, sent_at=tx.now, id=message.id, number=message.number
    )  # fmt: skip
    tx.put(sent)
    if tx.get(Group, queue.pile, message.group_id) is None:
        _head(tx, message)
    return None


def _next_number(tx: Tx, queue: Queue) -> int:
    sequence = tx.get(Sequence, queue.pile) or Sequence(pile=queue.pile, last=0)
    sequence.last += STEP
    tx.put(sequence)
    return sequence.last


def shown_number(message: Message) -> str:
    """A sequence number as AWS writes it: twenty digits."""
    return str(FIRST_NUMBER + message.number)


def _head(tx: Tx, message: Message) -> None:
    tx.put(Group(pile=message.pile, name=message.group_id, ready_at=message.visible_at, head=message.number))


def append(tx: Tx, queue: Queue, message: Message) -> None:
    """Put a message that another queue had at the end of its group."""
    message.number = _next_number(tx, queue)
    tx.put(message)
    reorder(tx, queue, [message])


def visible(tx: Tx, queue: Queue, most: int) -> list[Message]:
    """The messages that may be received now, group after group."""
    found: list[Message] = []
    for group in tx.claim(Group, queue.pile, index="pile ready_at head", high=tx.now, limit=most):
        for message in tx.range(FifoMessage, queue.pile, group.name, index="pile group_id number", limit=most):
            if message.visible_at > tx.now:
                break
            found.append(message)
        if len(found) >= most:
            break
    return found[:most]


def reorder(tx: Tx, queue: Queue, touched: Iterable[Message]) -> None:
    """Find the heads of the groups of these messages again."""
    for name in dict.fromkeys(message.group_id for message in touched):
        first = tx.range(FifoMessage, queue.pile, name, index="pile group_id number", limit=1)
        if first:
            _head(tx, first[0])
        else:
            tx.delete(Group, queue.pile, name)


def next_ready_at(tx: Tx, queue: Queue) -> float:
    """When the next group can be received from; infinity if there is none."""
    first = tx.range(Group, queue.pile, index="pile ready_at head", limit=1)
    return first[0].ready_at if first else float("inf")


def forget(tx: Tx, queue: Queue, limit: int) -> None:
    """Drop what is remembered of messages sent longer ago than repetitions are known."""
    for old in tx.range(Sent, queue.pile, index="pile sent_at", high=tx.now - DEDUP_S, limit=limit):
        tx.delete(Sent, old.pile, old.scope, old.dedup)
