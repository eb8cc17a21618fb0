"""An address read backwards from its postal code.

One idea: a postal code is rare, so it is the anchor; the words before it are read right to left, region, town, break,
street and number, as the country's row has them. It may not know where else addresses could begin.

Each code is read within WINDOW characters before it, so the time is linear in the text.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from freehold.engines.pii.addresses.tables import (
    DIRECTIONS,
    ENGLISH,
    GERMAN,
    GERMAN_BEFORE,
    GERMAN_ENDS,
    GERMAN_FIRST,
    JOINTS,
    NUMBER_FIRST,
    NUMBER_LAST,
    REGIONS,
    REPEATED,
    UNITS,
    Region,
)
from freehold.engines.pii.names.gazetteer import levels
from freehold.engines.pii.names.words import PLACED, THINGS, folded

WINDOW = 120
FLAT = 24  # characters of a flat before the number
STREET_MAX, TOWN_MAX = 7, 8  # words of a street's name; of a town, its district and its county

NEXT_KEY = re.compile(r'"\s{0,4},\s{0,8}"[\w .-]{1,24}"\s{0,4}:\s{0,4}"')
_WORD = r"c/|[^\W_]++(?:[-/'’.][^\W_]++)*+|#"
_WORDS = re.compile(f"({_WORD})")
_WORDS_AND_KEYS = re.compile(f"({NEXT_KEY.pattern}|{_WORD})")
_DIGIT = re.compile(r"\d")
_BREAK = re.compile(r"[ \xa0]{0,2}(?:[,;]|\r?\n|\\r?\\?n|[ \xa0]-[ \xa0])[ \xa0\r\n>]{0,12}$")
_NUMBER = re.compile(r"\d{1,6}(?:[-/–]\d{1,5})?(?:[-/]?[a-z])?$")
SAME, NEXT, KEY, STOP = range(4)  # how a word follows the one before it


class Words:
    """Words of a text: `names` in lower case without their dots, `gaps` how each follows the one before."""

    __slots__ = ("_parts", "_start", "_text", "gaps", "names")

    def __init__(self, text: str, start: int, parts: list[str], gaps: list[int]):
        """From `start` on stand gaps and words in turn."""
        self._text, self._start, self._parts = text, start, parts
        self.names, self.gaps = parts[1::2], gaps
        if not text.isascii():
            self.names = [name.rstrip("ºª") for name in self.names]

    def start(self, at: int) -> int:
        """Where in the text a word starts."""
        return self._start + sum(map(len, self._parts[: 2 * at + 1]))

    def capital(self, at: int) -> bool:
        """Whether a word begins with a capital letter."""
        return self._text[self.start(at)].isupper()


class _Gaps(dict[str, int]):
    """What stands between two words → how the one follows the other."""

    def __missing__(self, between: str) -> int:
        if '"' in between and NEXT_KEY.search(between):
            return KEY
        if between[0] in ".°":
            between = between[1:]
        if between in ("", " ", "  ", "\xa0"):
            return SAME
        return NEXT if _BREAK.match(between) else STOP


_GAPS = _Gaps(
    {"": SAME, " ": SAME, "  ": SAME, "\xa0": SAME, ". ": SAME, ", ": NEXT, "\n": NEXT, "\\n": NEXT, ": ": STOP}
)


def before(text: str, end: int, numbered: bool) -> Words:
    """The words that lead up to a place without a stop between them; `numbered` if none matter that stand before the
    first number, but for its flat."""
    start = max(0, end - WINDOW)
    if numbered:
        digit = _DIGIT.search(text, start, end)
        start = max(start, digit.start() - FLAT) if digit else end
    lead = text[start:end].replace("İ", "I").lower()  # the one letter that is two in lower case
    parts = _WORDS.split(lead) if '"' not in lead else _keyed(_WORDS_AND_KEYS.split(lead))
    gaps = [_GAPS[between] for between in parts[::2]]
    if STOP in gaps:
        first = len(gaps) - 1 - gaps[::-1].index(STOP)
        start += sum(map(len, parts[: 2 * first]))
        return Words(text, start, parts[2 * first :], gaps[first:])
    return Words(text, start, parts, gaps)


def _keyed(parts: list[str]) -> list[str]:
    """Gaps and words in turn, where keys are parts of the gaps."""
    joined = parts[:1]
    for written, between in zip(parts[1::2], parts[2::2]):
        if written[0] == '"':
            joined[-1] += written + between
        else:
            joined += written, between
    return joined


def numbered(name: str) -> bool:
    return name[:1].isdigit() and _NUMBER.match(name) is not None


def known(names: list[str]) -> bool:
    """Whether words are a town that the gazetteer has."""
    name = folded("_".join(names)).replace("-", "_").replace("'", "_")
    return levels().get(name, "0000")[3] != "0"


def town_first(words: Words, country: str) -> int:
    """Where the address begins whose words lead to a code behind its town; -1 if there is none."""
    region = REGIONS[country]
    count = region_words(words, region)
    end = len(words.names) - count
    if not end or (region.needed and not count):
        return -1
    sure = bool(count) or country in ("GB", "CA")
    for at in range(end - 2, max(-1, end - 2 - TOWN_MAX), -1):
        begin = english(words, at) if words.names[at] in ENGLISH else -1
        if begin >= 0 and is_town(words, behind(words, at, end), end, sure):
            return outset(words, begin)
    return plain(words, end, sure)


def region_words(words: Words, region: Region) -> int:
    """How many of the last words are the region."""
    names = words.names
    if names and len(names[-1]) < 4 and names[-1].upper() in region.letters:
        return 1
    for count in (1, 2, 3, 4):
        if len(names) > count and " ".join(names[-count:]) in region.names:
            return count
    return 0


def english(words: Words, at: int) -> int:
    """The number before the street whose kind stands there."""
    names = words.names
    for back in range(at - 1, max(-1, at - 1 - STREET_MAX), -1):
        if numbered(names[back]) and (back + 1 < at or names[at] in ("broadway", "kingsway", "strand")):
            return back
        if words.gaps[back + 1] != SAME and not (back and numbered(names[back])):
            return -1
    return -1


def behind(words: Words, at: int, end: int) -> int:
    """The first word behind a street: behind its direction and the flat in it."""
    names = words.names
    at += 1
    if at < end - 1 and words.gaps[at] == SAME and names[at] in DIRECTIONS and len(names[at]) < 10:
        at += 1
    if at < end - 2 and names[at] in UNITS:
        return at + 2
    if at < end - 1 and names[at] == "#":
        return at + 2
    return at


def is_town(words: Words, start: int, end: int, sure: bool) -> bool:
    """Whether words can be a district and a town. Where no region stands beside it, the gazetteer must have it."""
    names = words.names
    if not 0 < end - start <= TOWN_MAX or any(name[:1].isdigit() for name in names[start:end]):
        return False
    bounds = [start, *[at for at in range(start + 1, end) if words.gaps[at] != SAME], end]
    if any(known(names[at:to]) for at, to in pairwise(bounds)):
        return True
    town = range(bounds[-2], end)
    return sure and len(town) < 5 and all(names[at] in JOINTS or words.capital(at) for at in town)


def plain(words: Words, end: int, sure: bool) -> int:
    """The address whose street is a number and a name in a part of its own, or a box."""
    names = words.names
    breaks = [at for at in range(1, end) if words.gaps[at] != SAME]
    for at in reversed(breaks[-3:]):
        if not is_town(words, at, end, sure):
            continue
        for back in range(at - 1, max(-1, at - 6), -1):
            if numbered(names[back]):
                boxed = back and names[back - 1] == "box"
                if boxed and at - back == 1:
                    return max(0, back - 2 if back > 1 and names[back - 2] in ("po", "p.o", "office") else back - 1)
                if 1 < at - back < 5 and words.capital(back + 1):
                    return outset(words, back)
            if words.gaps[back] != SAME:
                break
    return -1


def outset(words: Words, at: int) -> int:
    """The flat that may stand before the number."""
    if at > 1 and words.names[at - 2] in UNITS and words.names[at - 2] not in ("no", "#"):
        return at - 2
    return at


def town_last(words: Words, sure: bool) -> int:
    """Where the address begins whose words lead to a code before its town; -1 if there is none."""
    names = words.names
    found = -1
    for at in range(len(names) - 2, max(-1, len(names) - 5 - STREET_MAX), -1):
        name = names[at]
        if name in NUMBER_FIRST and at:
            back = at - 1
            if back and names[back] in REPEATED:
                back -= 1
            if numbered(names[back]):
                return back
        if name in NUMBER_LAST and any(numbered(name) or name in ("s/n", "snc") for name in names[at + 2 : at + 9]):
            found = at
        if found >= 0 and words.gaps[at] != SAME:
            break
    return found if found >= 0 else german(words, sure)


def german(words: Words, sure: bool) -> int:
    """A street with its number last."""
    names, gaps = words.names, words.gaps
    at = len(names) - 1
    if at > 0 and len(names[at]) == 1 and names[at].isalpha() and numbered(names[at - 1]):
        at -= 1
    if at < 1 or not numbered(names[at]) or gaps[at] != SAME:
        return -1
    at -= 1
    if names[at] in GERMAN:
        back = at
        while back and at - back < 3 and gaps[back] == SAME and _names_street(words, back - 1):
            back -= 1
        return back - 1 if back == at and back and names[back - 1] in GERMAN_FIRST else back
    for back in range(at, max(-1, at - 4), -1):
        if names[back] in GERMAN_FIRST and back < at:
            return back
        if gaps[back] != SAME:
            break
    if at and gaps[at] == SAME and names[at - 1] in GERMAN_BEFORE:
        return at - 1
    if names[at].endswith(GERMAN_ENDS):
        return at
    return at if sure and words.capital(at) else -1


def _names_street(words: Words, at: int) -> bool:
    name = words.names[at]
    return len(name) > 2 and name not in THINGS and name not in PLACED and words.capital(at)


def pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The address, in pieces where JSON stands between its parts."""
    for match in NEXT_KEY.finditer(text, start, end):
        yield start, match.start()
        start = match.end()
    yield start, end
