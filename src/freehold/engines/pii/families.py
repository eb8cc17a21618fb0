"""Families: the rows of one kind of data, for all countries.

One idea: a family is searched only where keywords of it are mentioned, all its patterns in one pass; what needs no
keyword, where a sign of it stands. So a text pays for what it talks of, and a family is compiled when a text first
talks of it. It may not know what is asked for.

A pass is linear in the text. A pattern proposes at most one match for each place where one may end, that which begins
first; nothing is searched again. So no more matches are judged than there are places times patterns, each by its own
characters and the nearest keyword.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import chain

from freehold.engines.pii.automaton import Automaton
from freehold.engines.pii.grammar import Identifier
from freehold.engines.pii.keywords import LENGTH_MAX, Keywords, Mentions, Words, words
from freehold.engines.pii.reading import WORD

RIGHT_BEFORE = 3  # characters between a match and the word that rules it out
MATCH_MAX = 128  # characters of a match that needs a keyword or a check
NUMBER_MAX = 48  # characters of a match of a pattern without endless repeats that needs a keyword

_SET = re.compile(r"\[[^]]*\]|\\.")
_ENDLESS = re.compile(r"[*+]|,\}")
_EDGE = b"[^" + WORD + b"]"
_JOINS, _DIGITS = b".-/", b"0123456789"


# A match that keywords speak for, not yet checked: where it begins and ends, and whose it is.
Proposal = tuple[int, int, Identifier]


class Family:
    """Searches pages, which are texts with an edge on either side; compiled when it is first used.

    words   the sets of keywords for which it is searched; none, if it needs none
    holds   what stands in a page that it is searched for without them; see Identifier
    """

    def __init__(self, rows: Iterable[Identifier]):
        self.rows = tuple(rows)
        self.holds = self.rows[0].holds.encode()
        shapes: dict[str, list[tuple[Identifier, Words]]] = {}
        for row in self.rows:
            shapes.setdefault(row.pattern, []).append((row, words(row.keywords)))
        self._shapes = list(shapes.values())
        self.words = list(dict.fromkeys(words(row.keywords) for row in self.rows if row.keywords))
        self._automaton = Automaton(
            [b"%b(?:%b)%b" % (_EDGE, pattern.encode(), _EDGE) for pattern in shapes], starts=True
        )
        self._reach = max(row.near + longest(row.pattern) for row in self.rows)

    def warm(self) -> None:
        """Compile it now."""
        self._automaton.warm()

    def propose(
        self, page: bytes, mentions: Mapping[Words, Mentions], heard: Sequence[Mentions] = ()
    ) -> list[Proposal]:
        """The matches that a mention of a keyword speaks for and none right before rules out.

        heard   those of the mentions that are of words of its own; without, all of the page is searched.
        """
        first, last = self._window(heard) if heard else (0, len(page))
        matches: list[tuple[int, int, int]] = []
        self._automaton.scan(
            page[first:last], lambda shape, start, end, _flags, _context: matches.append((shape, start, end))
        )
        proposals = []
        for shape, edge, end_edge in matches:
            start, end = first + edge + 1, first + end_edge - 1  # without the edges
            if not _in_longer_number(page, start, end):
                for row, asked in self._shapes[shape]:
                    if _spoken_for(row, start, end, mentions.get(asked)) and not _ruled_out(row, page, start):
                        proposals.append((start, end, row))
        return proposals

    def _window(self, heard: Sequence[Mentions]) -> tuple[int, int]:
        """Within what of a page the matches are for which a keyword may speak."""
        first = min([mentioned.starts[0] for mentioned in heard])
        last = max([mentioned.ends[-1] for mentioned in heard])
        return max(first - self._reach, 0), last + self._reach


def families(table: Iterable[Identifier]) -> list[Family]:
    """The families of a table: of each kind the rows for which the same words may speak."""
    kin: dict[str, list[Identifier]] = {}
    for row in table:
        kin.setdefault(row.name.partition("-")[0] if row.keywords else row.holds, []).append(row)
    return [Family(rows) for kind in kin.values() for rows in _kindred(kind)]


def _kindred(rows: Iterable[Identifier]) -> list[list[Identifier]]:
    """Rows parted so that no keyword speaks for two parts; those without stay together."""
    parts: list[tuple[set[str], list[Identifier]]] = []
    for row in rows:
        near = [part for part in parts if not row.keywords or part[0].intersection(row.keywords)]
        parts = [part for part in parts if part not in near]
        spoken = set(row.keywords).union(*(part[0] for part in near))
        parts.append((spoken, [*chain.from_iterable(part[1] for part in near), row]))
    return [part[1] for part in parts]


def longest(pattern: str) -> int:
    """The characters of the longest match that needs a keyword, at most."""
    return MATCH_MAX if _ENDLESS.search(_SET.sub("", pattern)) else NUMBER_MAX


def _spoken_for(row: Identifier, start: int, end: int, spoken: Mentions | None) -> bool:
    """Whether a match is short enough, and a keyword of the row is near, if it needs one."""
    if not row.keywords:
        return end - start <= MATCH_MAX or not row.check
    if spoken is None or end - start > MATCH_MAX:
        return False
    return spoken.before(start, row.near) or (not row.leads and spoken.after(end, row.near))


def _ruled_out(row: Identifier, page: bytes, start: int) -> bool:
    """Whether a word stands right before a match that rules it out: they are looked for there alone, being common."""
    if not row.unless:
        return False
    first = max(start - LENGTH_MAX - RIGHT_BEFORE - 2, 0)
    mentioned = _keywords(row.unless).mentions(page[first : start + 2])
    return any(found.before(start - first, RIGHT_BEFORE) for found in mentioned.values())


@cache
def _keywords(asked: tuple[str, ...]) -> Keywords:
    return Keywords([words(asked)])


def _in_longer_number(page: bytes, start: int, end: int) -> bool:
    """Whether a number goes on before or after a match, beyond a dot, a hyphen, or a slash if the match has one."""
    before, after = page[start - 1], page[end]
    if before not in _JOINS and after not in _JOINS:
        return False
    joins = _JOINS if b"/" in page[start : min(end, start + MATCH_MAX)] else _JOINS[:2]
    return (before in joins and page[start] in _DIGITS and page[start - 2] in _DIGITS) or (
        after in joins and page[end - 1] in _DIGITS and page[end + 1] in _DIGITS
    )
