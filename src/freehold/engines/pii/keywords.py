"""Keywords: the words near a number that tell what it is.

One idea: for keywords case and separators do not count, so both the text and the words are brought to one spelling, in
which words are plain bytes. A keyword is a word of its own: it begins and ends where a word or a hump of a camelCase
name does, and may be in the plural. It may not know what the keywords speak for.
"""

from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from itertools import product

from freehold.engines.pii.automaton import Automaton
from freehold.engines.pii.reading import read

LENGTH_MAX = 64  # of a keyword

# What a byte is to the words around it.
_NO_WORD, _UPPER, _LOWER, _OTHER = range(4)
_KINDS = bytes(
    _UPPER
    if 65 <= byte <= 90
    else _LOWER
    if 97 <= byte <= 122
    else _OTHER
    if 48 <= byte <= 57 or 128 <= byte < 240
    else 0
    for byte in range(256)
)
# Whether a word may begin, or has ended, between bytes of two kinds.
_PARTED = tuple(
    tuple(not before or not after or (before == _LOWER and after == _UPPER) for after in range(4))
    for before in range(4)
)
_SPELLING = bytes(range(256)).lower().translate(bytes.maketrans(b"_-\t\r\n", b"     "))


def spelling(data: bytes) -> bytes:
    """The one spelling of a text: lower case, all separators spaces."""
    return data.translate(_SPELLING)


def spellings(keyword: str) -> set[bytes]:
    """How a keyword may stand in a text of that spelling: each space may be missing."""
    first, *rest = spelling(read(keyword).data).split(b" ")
    return {
        first + b"".join(separator + word for separator, word in zip(separators, rest))
        for separators in product((b"", b" "), repeat=len(rest))
    }


Words = frozenset[str]


@cache
def words(keywords: tuple[str, ...]) -> Words:
    """The set of some keywords; of equal ones the same, so that to compare sets costs nothing."""
    return Words(keywords)


class Mentions:
    """Where a text mentions the keywords of one set."""

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []

    def before(self, place: int, near: int) -> bool:
        """Whether one ends at most so many characters before a place."""
        index = bisect_left(self.ends, place - near)
        return index < len(self.ends) and self.ends[index] <= place

    def after(self, place: int, near: int) -> bool:
        """Whether one begins at most so many characters after a place."""
        index = bisect_left(self.starts, place)
        return index < len(self.starts) and self.starts[index] <= place + near


class Keywords:
    """Searches a text for the keywords of many sets at once."""

    def __init__(self, sets: Iterable[Words]):
        members: dict[bytes, list[Words]] = {}
        for keywords in sets:
            for word in {word for keyword in keywords for word in spellings(keyword)}:
                members.setdefault(word, []).append(keywords)
        self._words = [(len(word), sets) for word, sets in members.items()]
        self._automaton = Automaton([_quoted(word) for word in members], starts=False)

    def warm(self) -> None:
        """Compile them now."""
        self._automaton.warm()

    def mentions(self, page: bytes) -> dict[Words, Mentions]:
        """What is mentioned in a page, which is a text with an edge on either side, and where."""
        found: list[tuple[int, int]] = []
        self._automaton.scan(spelling(page), lambda word, _start, end, _flags, _context: found.append((end, word)))
        mentions: dict[Words, Mentions] = {}
        kinds = page.translate(_KINDS) if found else b""
        for end, word in found:
            length, sets = self._words[word]
            start = end - length
            if _PARTED[kinds[start - 1]][kinds[start]] and _ends(kinds, page, end):
                for keywords in sets:
                    if keywords not in mentions:
                        mentions[keywords] = Mentions()
                    mentions[keywords].ends.append(end)
                    mentions[keywords].starts.append(start)
        for mentioned in mentions.values():
            mentioned.starts.sort()
        return mentions


def _ends(kinds: bytes, page: bytes, place: int) -> bool:
    """Whether a word ends between a byte and the one before it, or after that byte, an s."""
    after = kinds[place]
    return _PARTED[kinds[place - 1]][after] or (page[place] in b"sS" and _PARTED[after][kinds[place + 1]])


def _quoted(word: bytes) -> bytes:
    return b"".join(b"\\x%02x" % byte for byte in word)
