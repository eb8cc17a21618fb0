"""Queues: made, found, changed, emptied and removed.

One idea: a queue's messages lie in a pile, and the queue names the pile. Purging gives the queue a new pile and
deleting forgets it; both are done at once however many messages there are, and a keeper clears old piles away. It may
not know what a message is.
"""

import re
from collections.abc import Mapping

from freehold.kernel import arns
from freehold.kernel.store import Record, Tx
from freehold.services.sqs import attributes
from freehold.services.sqs.attributes import Attributes
from freehold.services.sqs.errors import (
    InvalidParameterValue,
    ParameterRefused,
    PurgeQueueInProgress,
    QueueDoesNotExist,
    QueueNameExists,
)

NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")
FIFO_NAME = re.compile(r"(?=.{1,80}$)[A-Za-z0-9_-]+\.fifo")
PURGE_EVERY_S = 60
NAME_WORDS = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
FIFO_NAME_WORDS = (
    "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, "
    "must end with .fifo suffix and be 1 to 80 in length."
)
TAGS_MAX = 50
TAGS_WORDS = "Too many tags added for queue {name}."


class Queue(Record, table="sqs_queues", key="name"):
    """A queue. `attributes` are those that were set, normal; moments in epoch seconds.

    `crowded` if so many messages were in flight a while ago that it is worth counting them.
    `dedup_by_group` is the DeduplicationScope it was made with: AWS shows a later one, and is seen not to follow it.
    `fair` if a standard queue's messages have groups.
    """

    name: str
    pile: str
    created_at: float
    modified_at: float
    attributes: dict[str, str] = {}
    tags: dict[str, str] = {}
    purged_at: float = 0.0
    dedup_by_group: bool = False
    crowded: bool = False
    fair: bool = False

    @property
    def fifo(self) -> bool:
        return self.name.endswith(".fifo")

    @property
    def key(self) -> str:
        """The key of KMS under which its messages lie, if it has one."""
        return self.attributes.get("KmsMasterKeyId", "")

    def number(self, name: str) -> int:
        """An attribute that is a whole number."""
        return int(self.attributes.get(name) or attributes.ATTRIBUTES[name].default)

    def on(self, name: str) -> bool:
        """Whether an attribute that is a flag is true."""
        return self.attributes.get(name) == "true"


class OldPile(Record, table="sqs_old_piles", key="id"):
    """Messages that belong to no queue any more."""

    id: str


def arn(tx: Tx, name: str) -> str:
    return arns.arn("sqs", tx.region, tx.account, name)


def find(tx: Tx, name: str) -> Queue:
    """The queue of that name; QueueDoesNotExist if there is none."""
    queue = tx.get(Queue, name)
    if queue is None:
        raise QueueDoesNotExist()
    return queue


def create(tx: Tx, name: str, kept: Attributes, tags: Mapping[str, str]) -> Queue:
    """A new queue, or the one of that name if no attribute given differs from its own."""
    queue = tx.get(Queue, name)
    if queue:
        mine = attributes.shown(queue.attributes, queue.fifo)
        for attribute, value in kept.items():
            if mine.get(attribute, "") != value:
                raise QueueNameExists(attribute=attribute)
        return queue
    attributes.check_together(kept)
    queue = Queue(
        name=name, pile=tx.ids.text(16), created_at=tx.now, modified_at=tx.now, attributes=kept,
        dedup_by_group=kept.get("DeduplicationScope") == "messageGroup",
    )  # fmt: skip
    tag(tx, queue, tags)
    return queue


def check_name(name: str, fifo: bool) -> None:
    """Raise unless a queue of that type may be called so."""
    if fifo and not FIFO_NAME.fullmatch(name):
        raise ParameterRefused(message=FIFO_NAME_WORDS)
    if not fifo and not NAME.fullmatch(name):
        raise ParameterRefused(message=NAME_WORDS)


def change(tx: Tx, queue: Queue, kept: Attributes) -> None:
    """Set attributes that were found good, if they go with the others."""
    attributes.check_together(queue.attributes | kept)
    queue.attributes |= kept
    queue.modified_at = tx.now
    tx.put(queue)
    tx.ring("sqs", queue.name)


def delete(tx: Tx, queue: Queue) -> None:
    tx.delete(Queue, queue.name)
    _discard(tx, queue.pile)
    tx.ring("sqs", queue.name)


def purge(tx: Tx, queue: Queue) -> None:
    """Drop every message, and what is remembered of sent ones."""
    if tx.now - queue.purged_at < PURGE_EVERY_S:
        raise PurgeQueueInProgress(name=queue.name)
    _discard(tx, queue.pile)
    queue.pile, queue.purged_at = tx.ids.text(16), tx.now
    tx.put(queue)


def _discard(tx: Tx, pile: str) -> None:
    tx.put(OldPile(id=pile))
    tx.ring("sqs-old-piles")


def tag(tx: Tx, queue: Queue, tags: Mapping[str, str]) -> None:
    queue.tags |= tags
    if len(queue.tags) > TAGS_MAX:
        raise ParameterRefused(message=TAGS_WORDS.format(name=queue.name))
    tx.put(queue)


def untag(tx: Tx, queue: Queue, names: list[str]) -> None:
    queue.tags = {name: value for name, value in queue.tags.items() if name not in names}
    tx.put(queue)


def page(tx: Tx, prefix: str, after: str, limit: int) -> tuple[list[Queue], str]:
    """Queues by name, behind the name `after`, and where the next page starts if there is one."""
    low = max(prefix, after)
    found = tx.range(Queue, low=low, limit=limit + 2)
    found = [queue for queue in found if queue.name.startswith(prefix) and queue.name != after]
    return found[:limit], found[limit - 1].name if len(found) > limit else ""


def limit_of(results: int | None) -> int:
    """How many results a page has; InvalidParameterValue unless between 1 and 1000."""
    if results is None:
        return 1_000
    if not 1 <= results <= 1_000:
        reason = "MaxResults must be an integer between 1 and 1000."
        raise InvalidParameterValue(value=results, parameter="MaxResults", reason=reason)
    return results
