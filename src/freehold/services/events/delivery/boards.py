"""Boards: the rules of a bus, ready to be asked.

One idea: a board is remembered under the revision that its bus had. Of a bus that has changed since, the rules that
were changed are looked at again; a change that is taken back takes its board with it. It may not know what targets are
told.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from freehold.engines import patterns
from freehold.kernel.store import Tx
from freehold.services.events.buses import Change, EventBus
from freehold.services.events.event import Event
from freehold.services.events.rules import Rule
from freehold.services.events.targets import Target

BOARDS_MAX = 512

compiled = lru_cache(maxsize=16_384)(lambda text: patterns.compile(text, patterns.EVENTBRIDGE))


class Ready(NamedTuple):
    """A rule that is on, with its targets."""

    rule: Rule
    targets: tuple[Target, ...]


@dataclass(slots=True)
class Board:
    """The rules of a bus that may have something to do, by name. `changes` counts the bus's own up to `revision`."""

    revision: str
    changes: int
    rules: dict[str, Ready]
    names: patterns.Index[str]

    def matching(self, event: Event) -> list[Ready]:
        """The rules that want an event, by name."""
        candidates = (self.rules[name] for name in self.names.candidates(event))
        return [ready for ready in candidates if compiled(ready.rule.pattern)(event)]

    def put(self, rule: Rule, targets: list[Target]) -> None:
        """Enter a rule that is not there, if events may come to it."""
        if rule.pattern and rule.on and targets:
            self.rules[rule.name] = Ready(rule, tuple(targets))
            self.names.add(rule.name, rule.pattern)

    def renew(self, tx: Tx, bus: str, name: str) -> None:
        """Look at one rule again."""
        if self.rules.pop(name, None):
            self.names.remove(name)
        rule = tx.get(Rule, bus, name)
        if rule:
            self.put(rule, tx.range(Target, bus, name))


_boards: dict[tuple[str, str, str], Board] = {}


def board_of(tx: Tx, bus: EventBus) -> Board:
    place = (tx.account, tx.region, bus.name)
    board = _boards.get(place)
    if board is None or (board.revision != bus.revision and not _catch_up(tx, bus, board)):
        board = _whole(tx, bus)
        while len(_boards) >= BOARDS_MAX:
            del _boards[next(iter(_boards))]
        _boards[place] = board
    return board


def _catch_up(tx: Tx, bus: EventBus, board: Board) -> bool:
    """Bring a board up to its bus; false if the changes that led there are not known any more."""
    following = tx.range(Change, bus.name, low=board.changes + 1)
    if not following or (following[0].number, following[0].before) != (board.changes + 1, board.revision):
        return False
    for name in dict.fromkeys(change.rule for change in following):
        board.renew(tx, bus.name, name)
    board.revision, board.changes = bus.revision, bus.changes
    return True


def _whole(tx: Tx, bus: EventBus) -> Board:
    targets: dict[str, list[Target]] = defaultdict(list)
    for target in tx.range(Target, bus.name):
        targets[target.rule].append(target)
    board = Board(bus.revision, bus.changes, {}, patterns.Index())
    for rule in tx.range(Rule, bus.name):
        board.put(rule, targets[rule.name])
    return board
