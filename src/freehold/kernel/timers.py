"""Timers: durable alarms.

One idea: an alarm is a promise that falls due later, no more. It may not know what happens when it rings.
"""

from typing import Any

from freehold.kernel.deliveries import cancel as cancel
from freehold.kernel.deliveries import promise
from freehold.kernel.store import Tx


def at(tx: Tx, when: float, room: str, name: str, /, **request: Any) -> str:
    """Call the internal operation `name` of `room` at the moment `when` (epoch seconds), even after a crash.

    Returns an id for `cancel`. An operation that does not wait runs in the transaction that removes the alarm.
    """
    return promise(tx, room, name, request, due_at=when)
