"""Boards: the rules of a bus, compiled.

One idea: a board is remembered under the revision that its bus had, so what was compiled is compiled anew only when
something was changed, and a change that is taken back takes its board with it. It may not know what targets are told.
"""

from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from freehold.engines import patterns
from freehold.kernel.store import Tx
from freehold.services.events.buses import EventBus
from freehold.services.events.event import Event
from freehold.services.events.rules import Rule
from freehold.services.events.targets import Target

BOARDS_MAX = 512

compiled = lru_cache(maxsize=16_384)(lambda text: patterns.compile(text, patterns.EVENTBRIDGE))


class Ready(NamedTuple):
    """A rule that is on, with its targets."""

    rule: Rule
    matches: Callable[[Any], bool]
    targets: tuple[Target, ...]


class Board(NamedTuple):
    revision: str
    rules: dict[str, Ready]
    names: patterns.Index[str]

    def matching(self, event: Event) -> list[Ready]:
        """The rules that want an event, by name."""
        candidates = (self.rules[name] for name in self.names.candidates(event))
        return [ready for ready in candidates if ready.matches(event)]


_boards: dict[tuple[str, str, str], Board] = {}


def board_of(tx: Tx, bus: EventBus) -> Board:
    place = (tx.account, tx.region, bus.name)
    board = _boards.get(place)
    if board is None or board.revision != bus.revision:
        board = _compiled(tx, bus)
        while len(_boards) >= BOARDS_MAX:
            del _boards[next(iter(_boards))]
        _boards[place] = board
    return board


def _compiled(tx: Tx, bus: EventBus) -> Board:
    targets: dict[str, list[Target]] = defaultdict(list)
    for target in tx.range(Target, bus.name):
        targets[target.rule].append(target)
    ready = {
        rule.name: Ready(rule, compiled(rule.pattern), tuple(targets[rule.name]))
        for rule in tx.range(Rule, bus.name)
        if rule.pattern and rule.on and targets[rule.name]
    }
    return Board(bus.revision, ready, patterns.Index({name: one.rule.pattern for name, one in ready.items()}))
