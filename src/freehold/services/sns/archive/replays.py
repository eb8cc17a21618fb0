"""Replays: a subscription that hears again what its topic keeps.

One idea: each step sends some notices and promises the next step, so a crash neither loses nor repeats one; the step
that finds nothing more ends the replay in the same transaction. It may not know how notices travel.

https://docs.aws.amazon.com/sns/latest/dg/message-archiving-and-replay-subscriber.html
"""

from collections.abc import Callable
from datetime import datetime

import msgspec

from freehold.kernel.store import Record, Tx
from freehold.kernel.timers import at
from freehold.services.sns.archive.notices import Archived
from freehold.services.sns.errors import InvalidParameter
from freehold.services.sns.notices import Notice
from freehold.services.sns.subscriptions import Subscription
from freehold.services.sns.topics import Topic, archived_since

STEP_MAX = 100
PENDING, RUNNING, COMPLETED = "Pending", "In progress", "Completed"
NO_ARCHIVE = "ReplayPolicy Reason: the topic has no active archive policy"
WRONG = "ReplayPolicy Reason: PointType must be Timestamp, with a StartingPoint, and an EndingPoint behind it if any"

Send = Callable[[Subscription, Notice], None]


class Replay(Record, table="sns_replays", key="topic subscription"):
    """A replay under way. `number` is the last one sent; sent again is what is not older than `since` and not younger
    than `until`, and all above the number `new`, which was published meanwhile."""

    topic: str
    subscription: str
    id: str
    number: int
    since: float
    until: float
    new: int


class Window(msgspec.Struct, forbid_unknown_fields=True):
    """A replay policy as it is written."""

    PointType: str
    StartingPoint: str
    EndingPoint: str = ""


def window(topic: Topic, now: float, text: str) -> tuple[float, float]:
    """From when to when (epoch seconds) a replay policy asks to hear again; InvalidParameter if it may not."""
    kept_since = archived_since(topic, now)
    if kept_since is None:
        raise InvalidParameter(reason=NO_ARCHIVE)
    try:
        wanted = msgspec.json.decode(text, type=Window)
        since = datetime.fromisoformat(wanted.StartingPoint).timestamp()
        until = datetime.fromisoformat(wanted.EndingPoint).timestamp() if wanted.EndingPoint else float("inf")
    except (msgspec.DecodeError, ValueError):
        raise InvalidParameter(reason=WRONG) from None
    if wanted.PointType != "Timestamp" or until <= since:
        raise InvalidParameter(reason=WRONG)
    return max(since, kept_since), until


def start(tx: Tx, topic: Topic, subscription: Subscription, text: str) -> None:
    """Begin a replay, in place of one under way; an empty policy ends it."""
    tx.delete(Replay, topic.name, subscription.id)
    subscription.replay = ""
    if text and text != "{}":
        since, until = window(topic, tx.now, text)
        last = tx.range(Archived, topic.name, reverse=True, limit=1)
        first = tx.range(Archived, topic.name, index="topic at", low=since, limit=1)
        new = last[0].number if last else 0
        replay = Replay(
            topic=topic.name, subscription=subscription.id, id=tx.ids.hex(16), since=since, until=until, new=new,
            number=first[0].number - 1 if first else new,
        )  # fmt: skip
        tx.put(replay)
        subscription.replay = PENDING
        _go_on(tx, replay)
    tx.put(subscription)


def _go_on(tx: Tx, replay: Replay) -> None:
    at(tx, tx.now, "sns", "replay", topic=replay.topic, subscription=replay.subscription, id=replay.id)


def step(tx: Tx, topic: str, subscription: str, id: str, send: Send) -> None:
    """Send the next notices of a replay; when there is none left, the subscription is like any other again."""
    replay, listener = tx.get(Replay, topic, subscription), tx.get(Subscription, topic, subscription)
    if replay is None or replay.id != id:
        return
    if listener is None:
        tx.delete(Replay, topic, subscription)
        return
    found = tx.range(Archived, topic, low=replay.number + 1, limit=STEP_MAX)
    for one in found:
        again = replay.since <= one.at <= replay.until and one.number <= replay.new
        if again or one.number > replay.new:
            send(listener, one.notice._replace(replayed=again))
        replay.number = one.number
    listener.replay = RUNNING if found else COMPLETED
    tx.put(listener)
    if found:
        tx.put(replay)
        _go_on(tx, replay)
    else:
        tx.delete(Replay, topic, subscription)
