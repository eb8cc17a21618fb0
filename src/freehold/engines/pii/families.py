"""Families: the rows of a table that ask for the same keywords.

One idea: a family is searched only where its keywords are mentioned, all its patterns in one pass; the family that asks
for none, everywhere. So a text pays for what it talks of, and a family is compiled when a text first talks of it. It
may not know who asks.

A pass is linear in the text. A pattern proposes at most one match for each place where one may end, that which begins
first; nothing is searched again. So no more matches are judged than there are places times patterns, each by its own
characters and the nearest keyword.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from freehold.engines.pii.automaton import Automaton
from freehold.engines.pii.grammar import Identifier
from freehold.engines.pii.keywords import Mentions
from freehold.engines.pii.reading import WORD

RIGHT_BEFORE = 3  # characters between a match and the word that rules it out
MATCH_MAX = 128  # characters of a match that needs a keyword or a check

_EDGE = b"[^" + WORD + b"]"
_JOINS, _DIGITS = b".-/", b"0123456789"


class Proposal(NamedTuple):
    """A match that keywords speak for, not yet checked."""

    start: int
    end: int
    row: Identifier


class Family:
    """Searches pages, which are texts with an edge on either side; compiled when it is first used."""

    def __init__(self, rows: Iterable[Identifier]):
        self.rows = tuple(rows)
        self.keywords = self.rows[0].keywords
        self.unless = tuple({word for row in self.rows for word in row.unless})
        shapes: dict[str, list[Identifier]] = {}
        for row in self.rows:
            shapes.setdefault(row.pattern, []).append(row)
        self._shapes = list(shapes.values())
        self._automaton = Automaton(
            [b"%b(?:%b)%b" % (_EDGE, pattern.encode(), _EDGE) for pattern in shapes], starts=True
        )
        self._reach = max(row.near for row in self.rows) + MATCH_MAX

    def propose(self, page: bytes, mentions: Mentions | None, ruled: Mentions | None) -> Iterator[Proposal]:
        """The matches that mentions of keywords speak for and that none right before rules out."""
        first, last = 0, len(page)
        if mentions:
            first, last = max(mentions.starts[0] - self._reach, 0), mentions.ends[-1] + self._reach
        matches: list[tuple[int, int, int]] = []

        def match(shape: int, start: int, end: int, _flags: int, _context: Any) -> None:
            matches.append((shape, first + start + 1, first + end - 1))  # without the edges

        self._automaton.scan(page[first:last], match)
        for shape, start, end in matches:
            if not _in_longer_number(page, start, end):
                for row in self._shapes[shape]:
                    if _spoken_for(row, start, end, mentions, ruled):
                        yield Proposal(start, end, row)


def families(table: Iterable[Identifier]) -> list[Family]:
    """The families of a table."""
    kin: dict[frozenset[str], list[Identifier]] = {}
    for row in table:
        for variant in _variants(row):
            kin.setdefault(frozenset(variant.keywords), []).append(variant)
    return [Family(rows) for rows in kin.values()]


def _variants(row: Identifier) -> Iterator[Identifier]:
    yield row._replace(alone="")
    if row.alone:
        yield row._replace(pattern=row.alone, keywords=(), alone="")


def _spoken_for(row: Identifier, start: int, end: int, mentions: Mentions | None, ruled: Mentions | None) -> bool:
    """Whether a match is short enough, a keyword of the row is near, if it needs one, and none rules it out."""
    if end - start > MATCH_MAX and (row.keywords or row.check):
        return False
    if mentions and not mentions.before(start, row.near) and (row.leads or not mentions.after(end, row.near)):
        return False
    return not (ruled and row.unless and ruled.before(start, RIGHT_BEFORE))


def _in_longer_number(page: bytes, start: int, end: int) -> bool:
    """Whether a number goes on before or after a match, beyond a dot, a hyphen, or a slash if the match has one."""
    before, after = page[start - 1], page[end]
    if before not in _JOINS and after not in _JOINS:
        return False
    joins = _JOINS if b"/" in page[start : min(end, start + MATCH_MAX)] else _JOINS[:2]
    return (before in joins and page[start] in _DIGITS and page[start - 2] in _DIGITS) or (
        after in joins and page[end - 1] in _DIGITS and page[end + 1] in _DIGITS
    )
