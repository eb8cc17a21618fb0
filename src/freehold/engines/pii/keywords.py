"""Keywords: the words near a number that tell what it is.

One idea: for keywords case and separators do not count, so both the text and the words are brought to one spelling. A
keyword is a word of its own: it begins and ends where a word or a hump of a camelCase name does, and may be in the
plural. It may not know whose keywords they are.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import product
from typing import Any, NamedTuple

from freehold.engines.pii.automaton import Automaton
from freehold.engines.pii.grammar import Identifier
from freehold.engines.pii.reading import read

LENGTH_MAX = 64  # of a keyword: what stands further off need not be looked at
RIGHT_BEFORE = 3  # how far before a match a word may end that rules it out

# What a byte is to the words around it.
_NO_WORD, _UPPER, _LOWER, _DIGIT = b"\0ULD"
_KINDS = bytes(
    _UPPER
    if 65 <= byte <= 90
    else _LOWER
    if 97 <= byte <= 122
    else _DIGIT
    if 48 <= byte <= 57 or 128 <= byte < 240
    else 0
    for byte in range(256)
)
_SPELLING = bytes.maketrans(b"_-\t\r\n", b"     ")


def spelling(data: bytes) -> bytes:
    """The one spelling of a text: lower case, all separators spaces."""
    return data.lower().translate(_SPELLING)


def spellings(keyword: str) -> set[bytes]:
    """How a keyword may stand in a text of that spelling: each space may be missing."""
    first, *rest = spelling(read(keyword).data).split(b" ")
    return {
        first + b"".join(separator + word for separator, word in zip(separators, rest))
        for separators in product((b"", b" "), repeat=len(rest))
    }


class Mentions(NamedTuple):
    """The keywords of a text in order of their ends, and the bits of the rows they speak for and against."""

    ends: list[int]
    starts: list[int]
    rows: list[int]
    ruled: list[int]


class Keywords:
    """The keywords of the rows of a table."""

    def __init__(self, rows: Sequence[Identifier]):
        words: dict[bytes, list[int]] = {}
        for index, row in enumerate(rows):
            for which, keywords in enumerate((row.keywords, row.unless)):
                for word in {word for keyword in keywords for word in spellings(keyword)}:
                    words.setdefault(word, [0, 0])[which] |= 1 << index
        self._words = [(len(word), *rows) for word, rows in words.items()]
        self._automaton = Automaton([_quoted(word) for word in words], starts=False)
        self._near_max = max((row.near for row in rows), default=0)
        self._before = [
            sum(1 << index for index, row in enumerate(rows) if gap <= row.near) for gap in range(self._near_max + 1)
        ]
        following = sum(1 << index for index, row in enumerate(rows) if not row.leads)
        self._after = [rows & following for rows in self._before]

    def mentions(self, page: bytes, wanted: int) -> Mentions:
        """The keywords of the wanted rows in a page, which is a text with an edge on either side."""
        found = Mentions([], [], [], [])
        ends, starts, for_rows, against = (column.append for column in found)
        kinds = page.translate(_KINDS)
        words = self._words

        def mention(word: int, _start: int, end: int, _flags: int, _context: Any) -> None:
            length, rows, ruled = words[word]
            start = end - length
            if (rows | ruled) & wanted and _begins(kinds, start) and _ends(kinds, page, end):
                ends(end)
                starts(start)
                for_rows(rows)
                against(ruled)

        self._automaton.scan(spelling(page), mention)
        return found

    def near(self, mentions: Mentions, start: int, end: int) -> tuple[int, int]:
        """The rows that a keyword near a match speaks for, and those that one right before it speaks against."""
        ends, starts, rows, ruled = mentions
        first = bisect_left(ends, start - self._near_max)
        last = bisect_right(ends, end + self._near_max + LENGTH_MAX)
        live = dead = 0
        for index in range(first, last):
            before, after = start - ends[index], starts[index] - end
            if 0 <= before <= self._near_max:
                live |= rows[index] & self._before[before]
            elif 0 <= after <= self._near_max:
                live |= rows[index] & self._after[after]
            if 0 <= before <= RIGHT_BEFORE:
                dead |= ruled[index]
        return live, dead


def _begins(kinds: bytes, place: int) -> bool:
    """Whether a word may begin, or has ended, between a byte and the one before it."""
    before, after = kinds[place - 1], kinds[place]
    return not before or not after or (before == _LOWER and after == _UPPER)


def _ends(kinds: bytes, page: bytes, place: int) -> bool:
    """Whether a word ends between a byte and the one before it, or after that byte, an s."""
    return _begins(kinds, place) or (page[place] in b"sS" and _begins(kinds, place + 1))


def _quoted(word: bytes) -> bytes:
    return b"".join(b"\\x%02x" % byte for byte in word)
