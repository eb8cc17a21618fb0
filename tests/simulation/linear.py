"""Whether a concurrent history can be told as if everything had happened one after the other.

One idea: the search of Wing and Gong: take any operation that nobody finished before, do it to the model, compare what
was answered, and go on; what was tried once from the same place is not tried again. It may not know what the model is.

J. M. Wing, C. Gong: Testing and Verifying Concurrent Objects. Journal of Parallel and Distributed Computing 17, 1993.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

UNKNOWN = object()  # the answer of an operation whose asker died: it may have been done, or not


@dataclass(eq=False)
class Event:
    """An operation from the moment it was asked for to that when its answer came."""

    asked: tuple
    begun: int
    ended: int | None = None
    answer: Any = UNKNOWN


Step = Callable[[Any, tuple], tuple[Any, Any]]  # a state and what is asked → the state after, and the answer


def linearizable(history: list[Event], state: Hashable, step: Step) -> bool:
    """Whether some order of the events explains every answer, none coming before one that ended before it began."""
    seen: set[tuple[frozenset[Event], Hashable]] = set()
    open_ = [(frozenset(history), state)]
    while open_:
        left, state = place = open_.pop()
        if not left:
            return True
        if place in seen:
            continue
        seen.add(place)
        first_end = min((event.ended for event in left if event.ended is not None), default=None)
        for event in left:
            if first_end is not None and event.begun > first_end:
                continue
            after, answer = step(state, event.asked)
            if event.answer is UNKNOWN:
                open_.append((left - {event}, state))
            if event.answer is UNKNOWN or event.answer == answer:
                open_.append((left - {event}, after))
    return False
