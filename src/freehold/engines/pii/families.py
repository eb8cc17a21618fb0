"""Families: the rows of one kind of data, for all countries.

One idea: a family is searched only where keywords of it are mentioned, all its patterns in one pass; the family of all
that needs no keyword, everywhere. So a text pays for what it talks of, and a family is compiled when a text first talks
of it. It may not know what is asked for.

A pass is linear in the text. A pattern proposes at most one match for each place where one may end, that which begins
first; nothing is searched again. So no more matches are judged than there are places times patterns, each by its own
characters and the nearest keyword.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from freehold.engines.pii.automaton import Automaton
from freehold.engines.pii.grammar import Identifier
from freehold.engines.pii.keywords import Mentions, Words, words
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
        shapes: dict[str, list[tuple[Identifier, Words, Words]]] = {}
        for row in self.rows:
            shapes.setdefault(row.pattern, []).append((row, words(row.keywords), words(row.unless)))
        self._shapes = list(shapes.values())
        self.words = list(dict.fromkeys(words(row.keywords) for row in self.rows if row.keywords))
        self._automaton = Automaton(
            [b"%b(?:%b)%b" % (_EDGE, pattern.encode(), _EDGE) for pattern in shapes], starts=True
        )
        self._reach = max(row.near for row in self.rows) + MATCH_MAX

    def propose(self, page: bytes, mentions: Mapping[Words, Mentions]) -> Iterator[Proposal]:
        """The matches that a mention of a keyword speaks for and none right before rules out."""
        first, last = 0, len(page)
        if self.words:
            heard = [mentions[asked] for asked in self.words if asked in mentions]
            if not heard:
                return
            first = max(min(mentioned.starts[0] for mentioned in heard) - self._reach, 0)
            last = max(mentioned.ends[-1] for mentioned in heard) + self._reach
        matches: list[tuple[int, int, int]] = []

        def match(shape: int, start: int, end: int, _flags: int, _context: Any) -> None:
            matches.append((shape, first + start + 1, first + end - 1))  # without the edges

        self._automaton.scan(page[first:last], match)
        for shape, start, end in matches:
            if not _in_longer_number(page, start, end):
                for row, spoken, ruled in self._shapes[shape]:
                    if _spoken_for(row, start, end, mentions.get(spoken), mentions.get(ruled)):
                        yield Proposal(start, end, row)


def families(table: Iterable[Identifier]) -> list[Family]:
    """The families of a table."""
    kin: dict[str, list[Identifier]] = {}
    for row in table:
        for variant in _variants(row):
            kin.setdefault(variant.name.partition("-")[0] if variant.keywords else "", []).append(variant)
    return [Family(rows) for rows in kin.values()]


def _variants(row: Identifier) -> Iterator[Identifier]:
    yield row._replace(alone="")
    if row.alone:
        yield row._replace(pattern=row.alone, keywords=(), alone="")


def _spoken_for(row: Identifier, start: int, end: int, spoken: Mentions | None, ruled: Mentions | None) -> bool:
    """Whether a match is short enough, a keyword of the row is near, if it needs one, and none rules it out."""
    if end - start > MATCH_MAX and (row.keywords or row.check):
        return False
    if row.keywords and not (
        spoken and (spoken.before(start, row.near) or (not row.leads and spoken.after(end, row.near)))
    ):
        return False
    return not (ruled and ruled.before(start, RIGHT_BEFORE))


def _in_longer_number(page: bytes, start: int, end: int) -> bool:
    """Whether a number goes on before or after a match, beyond a dot, a hyphen, or a slash if the match has one."""
    before, after = page[start - 1], page[end]
    if before not in _JOINS and after not in _JOINS:
        return False
    joins = _JOINS if b"/" in page[start : min(end, start + MATCH_MAX)] else _JOINS[:2]
    return (before in joins and page[start] in _DIGITS and page[start - 2] in _DIGITS) or (
        after in joins and page[end - 1] in _DIGITS and page[end + 1] in _DIGITS
    )
