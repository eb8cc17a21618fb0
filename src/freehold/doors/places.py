"""Who is connected to a door, and how many may be.

One idea: each connection has a place from the moment it is accepted, and places are a share of the descriptors that
this process may hold: the rest is functions', files' and calls'. Where all are taken, those who rest make room, longest
rest first; where nobody rests, who comes is told to come again. Deadlines are looked at once a second for all together.
It may not know what is spoken.

https://man7.org/linux/man-pages/man2/getrlimit.2.html (RLIMIT_NOFILE)
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (SlowDown)
"""

import asyncio
import resource
from itertools import islice
from math import inf
from typing import Protocol

SWEPT_EVERY_S, FLUSHED_EVERY_S = 1.0, 0.01
FILES_MAX, FILES_WANTED = 65_536, 4_096
MAIN_SHARE, GUESTS_SHARE = 2, 4  # a half of the descriptors is the main door's, a quarter all guests'
BACKLOG_MAX, BACKLOG_SHARE = 2_048, 8  # who is accepted at once, before any is looked at
PLACES_MAX = 16_384  # whatever the machine allows: each costs memory, too
GUEST_MAX, GUEST_MIN = 256, 8  # places of one guest, and those that he has whatever other guests do
LEAVING_MAX = 64  # who is told to come again, or has not taken his last words yet
LOOKED_AT_MAX = 256  # of those who rest, for one who has not begun to speak
_SLOW = b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
SLOW_DOWN = (
    b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/xml\r\nretry-after: 1\r\n"
    b"content-length: %d\r\nconnection: close\r\n\r\n%b"
) % (len(_SLOW), _SLOW)


class Connected(Protocol):
    """One who has a place.

    `due_at` is when his time to speak is over, `taken_by` when he must have taken some of what he was told. He has
    `begun` if there is more than nothing of what he says next; `answering` is what works for him, `unsent` the bytes
    that he has not taken.
    """

    due_at: float
    taken_by: float
    begun: bool
    answering: asyncio.Task[None] | None

    @property
    def busy(self) -> bool: ...

    @property
    def unsent(self) -> int: ...

    def expire(self, now: float) -> None:
        """See to it that his time is over."""

    def end(self) -> None:
        """Hear nothing more, and hang up when all is taken."""

    def hang_up(self) -> None:
        """At once."""


class Conversations:
    """Those of one door. `most` is how many may be open at once; `total`, if given, counts those of several doors, each
    of which has a few places whatever the others do."""

    def __init__(self, most: float = inf, total: "Total | None" = None):
        self.most, self._total, self.ending = most, total, False
        self.open: set[Connected] = set()
        self.resting: dict[Connected, None] = {}  # those who wait for nothing, longest rest first
        self.leaving: dict[Connected, None] = {}
        self.unheard: set[asyncio.Task[None]] = set()  # answers to clients that have gone
        self.turned_away = self.made_room = 0  # how many, since the start
        self._sweeping: asyncio.TimerHandle | None = None

    def add(self, one: Connected) -> bool:
        """Whether there is a place for one more, who is at rest then. Who has none may say so, and leaves."""
        if self._sweeping is None:
            self._sweeping = asyncio.get_running_loop().call_later(SWEPT_EVERY_S, self._sweep)
        crowded = self._total is not None and self._total.taken >= self._total.most
        if len(self.open) >= (min(self.most, GUEST_MIN) if crowded else self.most) and not self._make_room():
            self.turned_away += 1
            self._leave(one)
            return False
        self.open.add(one)
        self.resting[one] = None
        if self._total:
            self._total.taken += 1
        return True

    def remove(self, one: Connected) -> None:
        """His place is free."""
        self.resting.pop(one, None)
        self.leaving.pop(one, None)
        if one in self.open:
            self.open.remove(one)
            if self._total:
                self._total.taken -= 1

    def _make_room(self) -> bool:
        """Let one go who rests, rather such as has not begun to speak."""
        silent = (one for one in islice(self.resting, LOOKED_AT_MAX) if not one.begun)
        one = next(silent, next(iter(self.resting), None))
        if one is None:
            return False
        self.made_room += 1
        self.remove(one)
        self._leave(one)
        one.end()
        return True

    def _leave(self, one: Connected) -> None:
        """A few may take their time to leave."""
        self.leaving[one] = None
        if len(self.leaving) > LEAVING_MAX:
            first = next(iter(self.leaving))
            del self.leaving[first]
            first.hang_up()

    def _sweep(self) -> None:
        """See to those whose time is over."""
        loop = asyncio.get_running_loop()
        now, there = loop.time(), [*self.open, *self.leaving]
        for one in [one for one in there if one.due_at <= now or one.taken_by <= now]:
            one.expire(now)
        self._sweeping = loop.call_later(SWEPT_EVERY_S, self._sweep) if there else None

    async def end(self, patience_s: float) -> None:
        """End all: those at rest at once, the others with their answers or when patience is at an end."""
        self.ending, loop = True, asyncio.get_running_loop()
        until = loop.time() + patience_s
        for one in list(self.open):
            if not one.busy:
                one.end()
        busy = self.unheard | {one.answering for one in self.open if one.answering}
        if busy:
            _, late = await asyncio.wait(busy, timeout=patience_s)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=patience_s)
        while loop.time() < until and any(one.unsent for one in self.open):
            await asyncio.sleep(FLUSHED_EVERY_S)
        self.hang_up()

    def hang_up(self) -> None:
        for one in [*self.open, *self.leaving]:
            one.hang_up()

    def told(self) -> dict[str, float]:
        """How it is with the places, for whoever asks."""
        return {
            "open": len(self.open), "resting": len(self.resting), "most": self.most,
            "turned_away": self.turned_away, "made_room": self.made_room,
        }  # fmt: skip


class Total:
    """The places of several doors together."""

    def __init__(self, most: float = inf):
        self.most, self.taken = most, 0


def files_max() -> int:
    """The descriptors that this process holds at most, once it has asked for all that it may have."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return FILES_MAX if hard == resource.RLIM_INFINITY else min(hard, FILES_MAX)


def open_many() -> None:
    """Allow this process as many open files as it may have: each environment takes a dozen."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (files_max(), resource.getrlimit(resource.RLIMIT_NOFILE)[1]))


def share(of: int, files: int | None = None) -> int:
    """The places that are one of so many parts of these descriptors, or those that this process may hold now."""
    files = files or resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return PLACES_MAX if files == resource.RLIM_INFINITY else min(PLACES_MAX, files // of)
