"""Background work: what nobody looks at is cleared away all the same.

One idea: nothing waits for these keepers; every answer is right without them. They may not know why they run.
"""

from freehold.kernel.call import Call
from freehold.kernel.store import Tx
from freehold.services.sqs import attempts, fifo, messages, pile
from freehold.services.sqs.queues import OldPile, Queue
from freehold.services.sqs.service import sqs

FORGET_MAX = 1_000
PILES_MAX = 10


@sqs.keeper(every=60)
def keep_ages(call: Call, tx: Tx) -> None:
    """Remove what is too old: messages, notes of delays that are over, and what was remembered of sent messages."""
    for place in tx.scopes(Queue):
        seat = tx.within(*place)
        for queue in seat.range(Queue):
            messages.expire(seat, queue)
            messages.watch(seat, queue)
            fifo.forget(seat, queue, FORGET_MAX)
            attempts.forget(seat, queue, FORGET_MAX)
            for late in seat.range(pile.Delayed, queue.pile, high=tx.now, limit=FORGET_MAX):
                seat.delete(pile.Delayed, late.pile, late.visible_at, late.id)


@sqs.keeper(every=60, bell="sqs-old-piles")
async def keep_piles(call: Call) -> None:
    """Remove the messages of purged and deleted queues, a slice at a time."""
    while await call.transact(_sweep):
        await call.sleep(0)


def _sweep(tx: Tx) -> bool:
    """Whether there is more to sweep."""
    found = False
    for place in tx.scopes(OldPile):
        seat = tx.within(*place)
        for old in seat.range(OldPile, limit=PILES_MAX):
            pile.sweep(seat, old)
            found = True
    return found
