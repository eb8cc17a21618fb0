"""FIFO topics: each message once, and its place.

One idea: a repetition within five minutes is answered as the first one was. It may not know who is told.

https://docs.aws.amazon.com/sns/latest/dg/fifo-message-dedup.html
"""

from hashlib import sha256

from freehold.kernel.store import Record, Tx
from freehold.services.sns.errors import InvalidParameter
from freehold.services.sns.notices import Notice
from freehold.services.sns.topics import Topic

DEDUP_S = 300
FIRST_NUMBER = 10_000_000_000_000_000_000  # sequence numbers have twenty digits
STEP = 1_000
FORGET_MAX = 10
NO_GROUP = "The MessageGroupId parameter is required for FIFO topics"
NO_DEDUP = (
    "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly"
)
NOT_FIFO = (
    "MessageDeduplicationId Reason: "
    "The request includes MessageDeduplicationId parameter that is not valid for this topic type"
)  # fmt: skip


class Sent(Record, table="sns_sent", key="topic scope dedup_id", index="topic sent_at"):
    """A message that a FIFO topic took; `scope` is its group where repetitions are known by group, else empty."""

    topic: str
    scope: str
    dedup_id: str
    sent_at: float
    id: str
    number: int


class Sequence(Record, table="sns_sequences", key="topic"):
    """The last sequence number that a FIFO topic gave."""

    topic: str
    last: int


def check(topic: Topic, notice: Notice) -> None:
    """Raise unless this topic takes such messages."""
    if not topic.fifo:
        if notice.dedup_id:
            raise InvalidParameter(reason=NOT_FIFO)
        return
    if not notice.group_id:
        raise InvalidParameter(reason=NO_GROUP)
    if not notice.dedup_id and not topic.on("ContentBasedDeduplication"):
        raise InvalidParameter(reason=NO_DEDUP)


def enter(tx: Tx, topic: Topic, notice: Notice) -> tuple[Notice, bool]:
    """The notice with its number, and whether it is new; of a repetition, with id and number of the first."""
    dedup_id = notice.dedup_id or sha256(notice.texts["default"].encode()).hexdigest()
    scope = notice.group_id if topic.attributes.get("FifoThroughputScope") == "MessageGroup" else ""
    known = tx.get(Sent, topic.name, scope, dedup_id)
    if known and known.sent_at > tx.now - DEDUP_S:
        return notice._replace(id=known.id, number=known.number), False
    for old in tx.range(Sent, topic.name, index="topic sent_at", high=tx.now - DEDUP_S, limit=FORGET_MAX):
        tx.delete(Sent, old.topic, old.scope, old.dedup_id)
    sequence = tx.get(Sequence, topic.name) or Sequence(topic=topic.name, last=0)
    sequence.last += STEP
    tx.put(sequence)
    sent = Sent(
        topic=topic.name, scope=scope, dedup_id=dedup_id, sent_at=tx.now, id=notice.id, number=sequence.last
    )  # fmt: skip
    tx.put(sent)
    return notice._replace(dedup_id=dedup_id, number=sequence.last), True


def shown_number(number: int) -> str:
    """A sequence number as AWS writes it: twenty digits."""
    return str(FIRST_NUMBER + number)
