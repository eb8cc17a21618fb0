"""The floor: what this node knows of running functions, in memory and only there.

One idea: everything here can be made again from the records, so it is lost without harm when the node stops: how many
requests run, and how to start the environments of a build. It may not know requests.
"""

import asyncio
from collections import Counter
from typing import NamedTuple
from weakref import WeakKeyDictionary

from freehold.kernel.call import Call
from freehold.kernel.door import Door
from freehold.kernel.identity import Principal
from freehold.sandbox import Credentials, FunctionSpec
from freehold.sandbox.spec import LogLine

ACCOUNT_CONCURRENCY = 1_000
UNRESERVED_MIN = 100


class Ready(NamedTuple):
    """How to run one build: its spec, the role's keys, a call as the role; all to be made anew after `fresh_until`."""

    spec: FunctionSpec
    credentials: Credentials
    acting: Call
    fresh_until: float


class Kept:
    """Environments that are kept ready for one build: `there` are, `busy` of them. `place` as in `Floor.ready`."""

    def __init__(self, place: tuple[str, str, str], ready: Ready):
        self.place, self.ready = place, ready
        self.there = self.busy = 0


class Sheet(NamedTuple):
    """A log stream, and who writes to it from where: `writer` is the function's role."""

    account: str
    region: str
    writer: Principal
    group: str
    stream: str


class Page:
    """Log events for one sheet that are not written yet; `first` if nothing was written to it before."""

    def __init__(self) -> None:
        self.lines: list[LogLine] = []
        self.first = False


class Floor:
    """`running` counts requests by (account, region, function), and under the function "" those that share.

    `ready` and `kept` are by (account, region, build); `streams` see streamed answers to their end; `unwritten` are the
    log events of the last moments.
    """

    def __init__(self) -> None:
        self.streams: set[asyncio.Task[None]] = set()
        self.kept: dict[tuple[str, str, str], Kept] = {}
        self.running: Counter[tuple[str, str, str]] = Counter()
        self.ready: dict[tuple[str, str, str], Ready] = {}
        self.unwritten: dict[Sheet, Page] = {}

    def enter(self, account: str, region: str, function: str, shares: bool, kept: Kept | None) -> None:
        self.running[account, region, function] += 1
        if shares:
            self.running[account, region, ""] += 1
        if kept:
            kept.busy += 1

    def leave(self, account: str, region: str, function: str, shares: bool, kept: Kept | None) -> None:
        for name in (function, "") if shares else (function,):
            self.running[account, region, name] -= 1
            if not self.running[account, region, name]:
                del self.running[account, region, name]
        if kept:
            kept.busy -= 1


_floors: WeakKeyDictionary[Door, Floor] = WeakKeyDictionary()


def floor_of(call: Call) -> Floor:
    """The floor of the node that answers this call."""
    floor = _floors.get(call.door)
    if floor is None:
        floor = _floors[call.door] = Floor()
    return floor
