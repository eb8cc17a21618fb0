"""Receive attempts: a receiver who lost an answer asks for it again.

One idea: an attempt is the list of receipts that it gave; while all of them are good, asking again gives them again. It
may not know how messages are chosen.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-receiverequestattemptid-request-parameter.html
"""

from freehold.kernel.store import Tx
from freehold.services.sqs import fifo
from freehold.services.sqs.pile import Attempt, FifoMessage, Message
from freehold.services.sqs.queues import Queue

LASTS_S = 300


def note(tx: Tx, queue: Queue, id: str, given: list[Message]) -> None:
    """Remember what an attempt was given; of nothing there is nothing to repeat."""
    if given:
        receipts = [(message.sent_at, message.id, message.receipt) for message in given]
        until = given[0].visible_at
        tx.put(Attempt(pile=queue.pile, id=id, at=tx.now, hidden_until=until, receipts=receipts))


def again(tx: Tx, queue: Queue, id: str, hidden_s: int) -> list[Message]:
    """What an attempt was given, hidden anew; nothing if it is old, or if one of the messages has changed since."""
    known = tx.get(Attempt, queue.pile, id)
    if known is None or known.at <= tx.now - LASTS_S:
        return []
    given = [(tx.get(FifoMessage, queue.pile, sent_at, id), mark) for sent_at, id, mark in known.receipts]
    found = [message for message, mark in given if message and message.receipt == mark]
    changed = len(found) < len(given) or any(message.visible_at != known.hidden_until for message in found)
    if changed or known.hidden_until <= tx.now:
        return []
    for message in found:
        message.visible_at = tx.now + hidden_s
        tx.put(message)
    fifo.reorder(tx, queue, found)
    known.hidden_until = tx.now + hidden_s
    tx.put(known)
    return list(found)


def forget(tx: Tx, queue: Queue, limit: int) -> None:
    """Drop attempts that are too old to be repeated."""
    for old in tx.range(Attempt, queue.pile, index="pile at", high=tx.now - LASTS_S, limit=limit):
        tx.delete(Attempt, old.pile, old.id)
