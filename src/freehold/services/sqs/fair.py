"""Fair queues: a group that keeps receivers busy does not hold up the others.

One idea: a group is noisy while it has more than its share of what is in flight, which is counted when asked; the
messages of quiet groups are then received first. A standard queue is fair from its first message with a group on; a
message without one is of a group of its own, which is never noisy. It may not know how messages are hidden.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues-detailed.html
"""

from collections.abc import Iterable, Iterator
from itertools import chain, islice, takewhile
from math import inf

from freehold.kernel.store import Tx
from freehold.services.sqs.pile import FairMessage, Message, Noise, in_kind
from freehold.services.sqs.queues import Queue

SHARE_MAX, FLYING_MIN = 0.1, 30
GROUPS_MAX = 100  # how many groups are looked at for one receipt
BY_GROUP = "pile group_id visible_at"
LAST = "\U0010ffff"
MOMENT_S = 1e-6


def begin(tx: Tx, queue: Queue) -> None:
    """Make a standard queue fair, with what lies in it."""
    queue.fair = True
    tx.put(queue)
    for message in tx.range(Message, queue.pile):
        tx.delete(Message, message.pile, message.sent_at, message.id)
        tx.put(in_kind(message, FairMessage))


def visible(tx: Tx, queue: Queue, most: int) -> list[Message]:
    """The messages that may be received now: the oldest, or where one of these is of a noisy group, those of quiet
    groups, and then of noisy ones, of that with the least in flight first."""
    found: list[Message] = [*tx.claim(FairMessage, queue.pile, index="pile visible_at", high=tx.now, limit=most)]
    noise = tx.get(Noise, queue.pile)
    if noise is None or not any(message.group_id in noise.groups for message in found):
        return found
    flying = {group: _flying(tx, queue, group) for group in noise.groups}
    noise.groups = [group for group in noise.groups if _noisy(tx, queue, flying[group])]
    quiet = {message.id: message for message in found if message.group_id not in noise.groups}
    if len(quiet) < most:
        quiet |= {message.id: message for message in _of_quiet_groups(tx, queue, noise, most)}
    tx.put(noise)
    rest = sorted((message for message in found if message.id not in quiet), key=lambda one: flying[one.group_id])
    return [*sorted(quiet.values(), key=lambda one: one.visible_at), *rest][:most]


def _of_quiet_groups(tx: Tx, queue: Queue, noise: Noise, most: int) -> list[Message]:
    """Visible messages of quiet groups. Each receipt goes on behind the group at which the last one stopped."""
    found: list[Message] = []
    behind, before = _heads(tx, queue, noise.last), _heads(tx, queue, None)
    until = noise.last
    for head in islice(chain(behind, takewhile(lambda head: head.group_id <= until, before)), GROUPS_MAX):
        noise.last = head.group_id
        if head.group_id not in noise.groups and head.visible_at <= tx.now:
            found += tx.claim(FairMessage, queue.pile, head.group_id, index=BY_GROUP, high=tx.now, limit=most)
        if len(found) >= most:
            break
    return found


def _heads(tx: Tx, queue: Queue, group: str | None) -> Iterator[Message]:
    """Of each group behind this one, by name, the message that is seen first."""
    after = None if group is None else (group, inf, inf, LAST)
    while head := tx.range(FairMessage, queue.pile, index=BY_GROUP, after=after, limit=1):
        yield head[0]
        after = (head[0].group_id, inf, inf, LAST)


def note(tx: Tx, queue: Queue, given: Iterable[Message]) -> None:
    """See whether the groups of messages that were just given have become noisy."""
    noise = tx.get(Noise, queue.pile) or Noise(pile=queue.pile)
    fresh = dict.fromkeys(one.group_id for one in given if one.group_id and one.group_id not in noise.groups)
    loud = [group for group in fresh if _noisy(tx, queue, _flying(tx, queue, group))]
    if loud:
        noise.groups += loud
        tx.put(noise)


def _flying(tx: Tx, queue: Queue, group: str) -> int:
    return tx.count(FairMessage, queue.pile, group, index=BY_GROUP, low=tx.now + MOMENT_S)


def _noisy(tx: Tx, queue: Queue, count: int) -> bool:
    if count < FLYING_MIN:
        return False
    return count > SHARE_MAX * tx.count(FairMessage, queue.pile, index="pile visible_at", low=tx.now + MOMENT_S)
