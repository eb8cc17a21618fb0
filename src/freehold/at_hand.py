"""At hand: records that this node has read and that change once in a million requests, so that these need not read them
again.

One idea: whoever writes such a record rings its bell when that is done; so what was read while listening is what the
store holds, for as long as the bell is silent and the store has lost nothing. Many look at one record: nobody may
change it, and who has written one in the transaction under way must read it from that. It may not know what records
mean. See rfds/0016.
"""

from asyncio import Future
from typing import Generic, NamedTuple

from freehold.kernel.door import Door
from freehold.kernel.signals import Bell
from freehold.kernel.store import R, Record, Tx

SEEN_MAX = 4_096


class Seen(NamedTuple):
    """A record as it was read, when the store had lost so much; `rung` is done when it is written."""

    record: Record
    losses: int
    rung: "Future[bool]"


class AtHand(Generic[R]):
    """Those of one kind, each known by its bell, whose last part is the record's key."""

    def __init__(self, kind: type[R]):
        self._kind = kind

    def seen(self, door: Door, bell: Bell) -> R | None:
        """The record, to be looked at only, if it is at hand; outside a transaction, as the last one left it."""
        seen = door.at_hand.get(bell)
        if seen is not None and seen.losses == door.store.losses and not seen.rung.done():
            return seen.record
        return None

    def look(self, door: Door, tx: Tx, bell: Bell) -> R | None:
        """The record, to be looked at only; None if there is none. The transaction sees what the bell is rung for."""
        return self.seen(door, bell) or self._read(door, tx, bell)

    def _read(self, door: Door, tx: Tx, bell: Bell) -> R | None:
        known = door.at_hand
        for gone in list(known) if len(known) >= SEEN_MAX else [bell]:
            seen = known.pop(gone, None)
            if seen:
                door.bells.forget(gone, seen.rung)
        record = tx.get(self._kind, bell[-1])
        if record is not None:
            known[bell] = Seen(record, door.store.losses, door.bells.listen(bell))
        return record
