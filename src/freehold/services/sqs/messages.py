"""Messages: sent, received, hidden, deleted.

One idea: a message is visible when `visible_at` is not after now. Delay, hiding and return are this one comparison, and
so is age: what was sent longer ago than the queue keeps messages is cleared away before anybody looks. It may not know
how requests are written.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
"""

from freehold.kernel.store import Tx
from freehold.services.sqs import fair, fifo, redrive
from freehold.services.sqs.attributes import HIDDEN_MAX_S
from freehold.services.sqs.contents import Draft, body_digest
from freehold.services.sqs.errors import (
    EXPIRED,
    GONE,
    TOO_LONG_HIDDEN,
    DeduplicationMissing,
    InvalidParameterValue,
    MessageNotInflight,
    MessageTooLong,
    MissingParameter,
)
from freehold.services.sqs.pile import Delayed, Message, kind_of
from freehold.services.sqs.queues import Queue
from freehold.services.sqs.receipts import Receipt, read

EXPIRE_MAX = 1_000
IN_FLIGHT_MAX = 120_000
CROWD = 0.5  # the part of what may be in flight from which on it is counted at every receipt
MOMENT_S = 1e-6
NOT_FOR_THIS_TYPE = "The request include parameter that is not valid for this queue type."


def send(tx: Tx, queue: Queue, draft: Draft, sent_at: float) -> Message:
    """Put a message into the queue; in a FIFO queue, the one sent before if this one repeats it."""
    check(queue, draft)
    delay_s = (
        queue.number("DelaySeconds") if draft.delay_s is None or (queue.fifo and not draft.delay_s) else draft.delay_s
    )
    if draft.group_id and not (queue.fifo or queue.fair):
        fair.begin(tx, queue)
    principal = tx.principal
    message = kind_of(queue)(
        pile=queue.pile, id=tx.ids.uuid(), body=draft.body, md5=draft.md5 or body_digest(draft.body), sent_at=sent_at,
        visible_at=tx.now + delay_s, sender=principal.id or principal.account, attributes=draft.attributes,
        trace=draft.trace, group_id=draft.group_id, dedup_id=draft.dedup_id, seal=draft.seal,
    )  # fmt: skip
    if queue.fifo:
        earlier = fifo.enter(tx, queue, message)
        if earlier:
            return earlier
    tx.put(message)
    if delay_s:
        tx.put(Delayed(pile=queue.pile, visible_at=message.visible_at, id=message.id))
    tx.ring("sqs", queue.name)
    return message


def check(queue: Queue, draft: Draft) -> None:
    """Raise unless this queue takes such messages."""
    limit = queue.number("MaximumMessageSize")
    if draft.size > limit:
        raise MessageTooLong(limit=limit)
    if not queue.fifo:
        if draft.dedup_id:
            raise unfit("MessageDeduplicationId", draft.dedup_id)
        return
    if draft.delay_s:
        raise unfit("DelaySeconds", draft.delay_s)
    if not draft.group_id:
        raise MissingParameter(parameter="MessageGroupId")
    if not draft.dedup_id and not queue.on("ContentBasedDeduplication"):
        raise DeduplicationMissing()


def unfit(parameter: str, value: str | int) -> InvalidParameterValue:
    """What is said of a parameter that only queues of the other type know."""
    return InvalidParameterValue(value=value, parameter=parameter, reason=NOT_FOR_THIS_TYPE)


def receive(tx: Tx, queue: Queue, most: int, hidden_s: int) -> list[Message]:
    """Up to `most` visible messages, each hidden for `hidden_s` seconds from now.

    Messages that were received as often as the redrive policy allows go to the dead-letter queue instead.
    """
    expire(tx, queue)
    policy = redrive.policy_of(queue)
    taken: dict[str, Message] = {}
    buried = True
    while buried and len(taken) < most:
        buried = False
        found = [message for message in _visible(tx, queue, most) if message.id not in taken]
        for message in found[: most - len(taken)]:
            if policy and message.receives >= policy.receives_max and redrive.bury(tx, queue, message, policy):
                buried = True
            else:
                taken[message.id] = message
                _hide(tx, message, hidden_s)
        if queue.fifo:
            fifo.reorder(tx, queue, found)
    if queue.fair:
        fair.note(tx, queue, taken.values())
    return list(taken.values())


def _visible(tx: Tx, queue: Queue, most: int) -> list[Message]:
    if queue.fifo:
        return fifo.visible(tx, queue, most)
    if queue.fair:
        return fair.visible(tx, queue, most)
    return tx.claim(Message, queue.pile, index="pile visible_at", high=tx.now, limit=most)


def _hide(tx: Tx, message: Message, seconds: int) -> None:
    message.receives += 1
    message.received_at = tx.now
    message.first_received_at = message.first_received_at or tx.now
    message.visible_at = tx.now + seconds
    message.receipt = tx.ids.hex(8)
    tx.put(message)


def full(tx: Tx, queue: Queue) -> bool:
    """Whether as many messages are in flight as may be."""
    return queue.crowded and in_flight(tx, queue) >= IN_FLIGHT_MAX


def in_flight(tx: Tx, queue: Queue) -> int:
    """How many messages were received and are neither deleted nor visible again."""
    hidden = tx.count(kind_of(queue), queue.pile, index="pile visible_at", low=tx.now + MOMENT_S)
    return hidden - tx.count(Delayed, queue.pile, low=tx.now + MOMENT_S)


def watch(tx: Tx, queue: Queue) -> None:
    """See whether the queue has become crowded, or is so no longer."""
    crowded = in_flight(tx, queue) >= IN_FLIGHT_MAX * CROWD
    if crowded != queue.crowded:
        queue.crowded = crowded
        tx.put(queue)


def next_visible_at(tx: Tx, queue: Queue) -> float:
    """When the next message can be received, if nothing else happens; infinity if there is none."""
    if queue.fifo:
        return fifo.next_ready_at(tx, queue)
    first = tx.range(kind_of(queue), queue.pile, index="pile visible_at", limit=1)
    return first[0].visible_at if first else float("inf")


def delete(tx: Tx, queue: Queue, handle: str) -> None:
    """Remove a received message; one that is gone already counts as removed. A FIFO queue wants the newest handle."""
    receipt = read(queue, handle)
    if not queue.fifo:
        tx.delete(kind_of(queue), receipt.pile, receipt.sent_at, receipt.id)
        return
    message = _received(tx, queue, receipt)
    if message is None:
        return
    if message.receipt != receipt.mark or message.visible_at <= tx.now:
        raise InvalidParameterValue(value=handle, parameter="ReceiptHandle", reason=EXPIRED)
    tx.delete(type(message), message.pile, message.sent_at, message.id)
    fifo.reorder(tx, queue, [message])
    tx.ring("sqs", queue.name)


def change_visibility(tx: Tx, queue: Queue, handle: str, seconds: int) -> None:
    """Hide a received message for so many seconds from now; 0 returns it."""
    receipt = read(queue, handle)
    check_hidden(seconds)
    message = _received(tx, queue, receipt)
    if message is None:
        raise InvalidParameterValue(value=handle, parameter="ReceiptHandle", reason=GONE)
    if queue.fifo and (message.receipt != receipt.mark or message.visible_at <= tx.now):
        raise MessageNotInflight()
    if tx.now + seconds > message.received_at + HIDDEN_MAX_S:
        raise InvalidParameterValue(value=seconds, parameter="VisibilityTimeout", reason=TOO_LONG_HIDDEN)
    message.visible_at = tx.now + seconds
    tx.put(message)
    if queue.fifo:
        fifo.reorder(tx, queue, [message])
    tx.ring("sqs", queue.name)


def check_hidden(seconds: int) -> None:
    if not 0 <= seconds <= HIDDEN_MAX_S:
        reason = "Must be >= 0 and <= 43200, if provided."
        raise InvalidParameterValue(value=seconds, parameter="VisibilityTimeout", reason=reason)


def _received(tx: Tx, queue: Queue, receipt: Receipt) -> Message | None:
    return tx.get(kind_of(queue), receipt.pile, receipt.sent_at, receipt.id)


def expire(tx: Tx, queue: Queue) -> None:
    """Remove messages that are older than the queue keeps them."""
    oldest = tx.now - queue.number("MessageRetentionPeriod")
    while old := tx.range(kind_of(queue), queue.pile, high=oldest, limit=EXPIRE_MAX):
        for message in old:
            tx.delete(type(message), message.pile, message.sent_at, message.id)
        if queue.fifo:
            fifo.reorder(tx, queue, old)


def counts(tx: Tx, queue: Queue) -> dict[str, int]:
    """How many messages are visible, hidden since they were received, and delayed since they were sent."""
    expire(tx, queue)
    kind = kind_of(queue)
    visible = tx.count(kind, queue.pile, index="pile visible_at", high=tx.now)
    delayed = tx.count(Delayed, queue.pile) - tx.count(Delayed, queue.pile, high=tx.now)
    hidden = tx.count(kind, queue.pile) - visible - delayed
    return {
        "ApproximateNumberOfMessages": visible,
        "ApproximateNumberOfMessagesNotVisible": max(0, hidden),
        "ApproximateNumberOfMessagesDelayed": delayed,
    }
