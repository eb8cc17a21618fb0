"""Sieves: what is sensitive in a text, all rows of a table at once.

One idea: one pass over the text finds the keywords, a second the matches of all patterns; those whose rows need no
keyword or have one are judged in the order in which they stand. Rows are bits, so that a match of a pattern that twenty
rows share costs what one costs. It may not know what is asked for, nor who asks.

Both passes are linear in the text. A pattern proposes at most one match for each place where one may end, that which
begins first; nothing is searched again. So no more matches are judged than there are places times patterns, each by its
own characters and those near it.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from freehold.engines.pii.automaton import Automaton
from freehold.engines.pii.grammar import Finding, Identifier
from freehold.engines.pii.keywords import Keywords, Mentions
from freehold.engines.pii.reading import WORD

ALL = -1  # the bits of all rows

_EDGE = b"[^" + WORD + b"]"


class Sieve:
    """Finds the rows of a table; compiled when it is first used."""

    def __init__(self, rows: Iterable[Identifier]):
        self._rows = tuple(variant for row in rows for variant in _variants(row))
        patterns: dict[str, int] = {}
        for index, row in enumerate(self._rows):
            patterns[row.pattern] = patterns.get(row.pattern, 0) | 1 << index
        self._shapes = list(patterns.values())
        self._patterns = Automaton(
            [b"%b(?:%b)%b" % (_EDGE, pattern.encode(), _EDGE) for pattern in patterns], starts=True
        )
        self._keywords = Keywords(self._rows)
        self._free = sum(1 << index for index, row in enumerate(self._rows) if not row.keywords)
        self._asking = sum(1 << index for index, row in enumerate(self._rows) if row.keywords or row.unless)

    def bits(self, names: frozenset[str]) -> int:
        """The rows of some names."""
        return sum(1 << index for index, row in enumerate(self._rows) if row.name in names)

    def find(self, data: bytes, wanted: int = ALL) -> Iterator[Finding]:
        """What is found of the wanted rows; findings of one name do not overlap."""
        page = b"\n%b\n" % data
        mentions = self._keywords.mentions(page, wanted)
        taken: dict[str, int] = {}
        for (start, left), rows in sorted(self._proposed(page, wanted & self._live(mentions)).items()):
            end = -left
            if _in_longer_number(page, start, end):
                continue
            if rows & self._asking:
                live, dead = self._keywords.near(mentions, start, end)
                rows &= (self._free | live) & ~dead
            match = page[start:end].decode("latin-1") if rows else ""
            for row in self._set(rows):
                if start >= taken.get(row.name, 0) and (row.check is None or row.check(match)):
                    taken[row.name] = end
                    yield Finding(row.name, start - 1, end - 1)

    def _live(self, mentions: Mentions) -> int:
        """The rows that need no keyword or have one somewhere."""
        live = self._free
        for rows in mentions.rows:
            live |= rows
        return live

    def _proposed(self, page: bytes, wanted: int) -> dict[tuple[int, int], int]:
        """The rows proposed for each stretch of the page, which is (start, -end): so the longest sorts first."""
        proposed: dict[tuple[int, int], int] = {}
        shapes = self._shapes

        def propose(shape: int, start: int, end: int, _flags: int, _context: Any) -> None:
            if rows := shapes[shape] & wanted:
                stretch = start + 1, 1 - end  # without the edges
                proposed[stretch] = proposed.get(stretch, 0) | rows

        if wanted:
            self._patterns.scan(page, propose)
        return proposed

    def _set(self, rows: int) -> Iterator[Identifier]:
        """The rows whose bits are set."""
        while rows:
            lowest = rows & -rows
            yield self._rows[lowest.bit_length() - 1]
            rows ^= lowest


def _variants(row: Identifier) -> Iterator[Identifier]:
    yield row._replace(alone="")
    if row.alone:
        yield row._replace(pattern=row.alone, keywords=(), alone="")


def _in_longer_number(page: bytes, start: int, end: int) -> bool:
    """Whether a number goes on before or after a match, beyond a dot, a hyphen, or a slash if the match has one."""
    joins = b".-/" if b"/" in page[start:end] else b".-"
    return (
        page[start - 1] in joins and page[start : start + 1].isdigit() and page[start - 2 : start - 1].isdigit()
    ) or (page[end] in joins and page[end - 1 : end].isdigit() and page[end + 1 : end + 2].isdigit())
