"""Piles: how messages lie.

One idea: a message's key is its pile, the moment it was sent and its id, so that age is an order; when it can be seen
is an index. Messages of FIFO queues have one more index, their place in their group. It may not know what is done.
"""

from typing import Any

import msgspec

from freehold.kernel.store import Record, Tx
from freehold.services.sqs.queues import OldPile, Queue

SWEEP_MAX = 500


class Message(Record, table="sqs_messages", key="pile sent_at id", index="pile visible_at"):
    """A message; moments in epoch seconds, `md5` of the body in hex.

    `receipt` marks the newest receipt, `source` is the ARN of the queue it was buried from, `number` its sequence
    number in a FIFO queue, `group_id` and `dedup_id` its message group and deduplication. Where the body
    is encrypted `seal` is the ARN of the queue that it was sent to, and its data key as KMS opens it.
    """

    pile: str
    sent_at: float
    id: str
    visible_at: float
    body: str
    md5: str
    sender: str = ""
    attributes: dict[str, dict[str, Any]] = {}
    trace: str = ""
    receives: int = 0
    received_at: float = 0.0
    first_received_at: float = 0.0
    receipt: str = ""
    source: str = ""
    group_id: str = ""
    dedup_id: str = ""
    number: int = 0
    seal: tuple[str, bytes] | None = None


class FifoMessage(
    Message, table="sqs_fifo_messages", key="pile sent_at id", index=("pile visible_at", "pile group_id number")
):
    """A message of a FIFO queue."""


class FairMessage(
    Message, table="sqs_fair_messages", key="pile sent_at id", index=("pile visible_at", "pile group_id visible_at")
):
    """A message of a standard queue whose messages have groups."""


class Noise(Record, table="sqs_noise", key="pile"):
    """The noisy groups of a fair queue, and the group that was looked at last for quiet ones."""

    pile: str
    groups: list[str] = []
    last: str = ""


class Delayed(Record, table="sqs_delayed", key="pile visible_at id"):
    """A message that is not to be seen before `visible_at`; kept to count them."""

    pile: str
    visible_at: float
    id: str


class Group(Record, table="sqs_groups", key="pile name", index="pile ready_at head"):
    """A message group with messages. `head` is the number of its first message, `ready_at` when that can be seen."""

    pile: str
    name: str
    ready_at: float
    head: int


class Sent(Record, table="sqs_sent", key="pile scope dedup", index="pile sent_at"):
    """What a FIFO queue remembers of a message it took, deleted or not, to know a repetition.

    `scope` is the message group where queues deduplicate by group, else empty.
    """

    pile: str
    scope: str
    dedup: str
    sent_at: float
    id: str
    number: int


class Sequence(Record, table="sqs_sequences", key="pile"):
    """The last sequence number that a FIFO queue gave."""

    pile: str
    last: int


class Attempt(Record, table="sqs_attempts", key="pile id", index="pile at"):
    """An answer to a receiver of a FIFO queue: `receipts` are moments sent, ids and marks of messages, all hidden until
    `hidden_until` (epoch seconds)."""

    pile: str
    id: str
    at: float
    hidden_until: float
    receipts: list[tuple[float, str, str]]


EVERY_KIND: tuple[type[Record], ...] = (
    *(Message, FifoMessage, FairMessage, Noise, Delayed, Group, Sent, Sequence, Attempt),
)


def kind_of(queue: Queue) -> type[Message]:
    return FifoMessage if queue.fifo else FairMessage if queue.fair else Message


def in_kind(message: Message, kind: type[Message]) -> Message:
    """The message as queues of another kind keep it."""
    if type(message) is kind:
        return message
    return kind(**msgspec.structs.asdict(message))  # type: ignore[arg-type]


def sweep(tx: Tx, old: OldPile) -> None:
    """Remove some of an old pile, and the note of it when nothing is left."""
    for kind in EVERY_KIND:
        found = tx.range(kind, old.id, limit=SWEEP_MAX)
        for record in found:
            tx.delete(kind, *(getattr(record, name) for name in kind.layout.key))
        if found:
            return
    tx.delete(OldPile, old.id)
