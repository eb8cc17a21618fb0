"""Archived notices: kept as long as the topic says.

One idea: a notice is kept under its number, so order is the key's. It may not know subscriptions.

https://docs.aws.amazon.com/sns/latest/dg/message-archiving-and-replay-topic-owner.html
"""

from typing import Any

from freehold.kernel.store import Record, Tx
from freehold.services.sns.notices import Notice
from freehold.services.sns.topics import Topic, archived_since

FORGET_MAX = 1_000


class Archived(Record, table="sns_archived", key="topic number", index="topic at"):
    """A notice of a FIFO topic; `at` in epoch seconds."""

    topic: str
    number: int
    at: float
    id: str
    texts: dict[str, str]
    subject: str = ""
    attributes: dict[str, dict[str, Any]] = {}
    group_id: str = ""
    dedup_id: str = ""

    @property
    def notice(self) -> Notice:
        return Notice(
            self.id, self.at, self.texts, self.subject, self.attributes, self.group_id, self.dedup_id, self.number
        )  # fmt: skip


def keep(tx: Tx, topic: Topic, notice: Notice) -> None:
    """Put a notice into the archive, if the topic has one."""
    if archived_since(topic, tx.now) is not None:
        archived = Archived(
            topic=topic.name, number=notice.number, at=notice.at, id=notice.id, texts=dict(notice.texts),
            subject=notice.subject, attributes=dict(notice.attributes), group_id=notice.group_id,
            dedup_id=notice.dedup_id,
        )  # fmt: skip
        tx.put(archived)


def drop(tx: Tx, topic: str) -> None:
    """Empty the archive of a topic that is no more."""
    while found := tx.range(Archived, topic, limit=FORGET_MAX):
        for old in found:
            tx.delete(Archived, old.topic, old.number)


def forget(tx: Tx, topic: Topic) -> None:
    """Drop what is older than the topic keeps, or everything if it keeps nothing any more."""
    since = archived_since(topic, tx.now)
    for old in tx.range(Archived, topic.name, index="topic at", high=since, limit=FORGET_MAX):
        tx.delete(Archived, old.topic, old.number)
