"""An address read backwards from its postal code.

One idea: a postal code is rare, so it is the anchor; the words before it are read right to left, region, town, break,
street and number, as the country's row has them. It may not know where else addresses could begin.

Each code is read within WINDOW characters before it, so the time is linear in the text.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

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
_WORDS = re.compile(rf"({NEXT_KEY.pattern}|(?:[cC]/|[^\W_]+(?:[-/'’.][^\W_]+)*|#)[.ºª°]?)")  # or keys
_DIGIT = re.compile(r"\d")
_BREAK = re.compile(r"[ \xa0]{0,2}(?:[,;]|\r?\n|\\r?\\?n|[ \xa0]-[ \xa0])[ \xa0\r\n>]{0,12}$")
_NUMBER = re.compile(r"\d{1,6}(?:[-/–]\d{1,5})?(?:[-/]?[a-z])?$")
SAME, NEXT, KEY, STOP = range(4)  # how a word follows the one before it


class Word(NamedTuple):
    """A word; `name` in lower case without its dot; `gap` how it follows the one before."""

    start: int
    end: int
    text: str
    name: str
    gap: int


def before(text: str, end: int, numbered: bool) -> list[Word]:
    """The words that lead up to a place without a stop between them; `numbered` if none matter that stand before the
    first number, but for its flat."""
    start = max(0, end - WINDOW)
    if numbered:
        digit = _DIGIT.search(text, start, end)
        start = max(start, digit.start() - FLAT) if digit else end
    parts = _WORDS.split(text[start:end])
    words: list[Word] = []
    at, keyed = start, False
    for between, written in zip(parts[::2], parts[1::2]):
        at += len(between)
        to = at + len(written)
        if written[0] == '"':
            keyed = True
        else:
            gap = KEY if keyed else _gap(between)
            if gap == STOP:
                words.clear()
            words.append(Word(at, to, written, written.rstrip(".ºª°").lower(), gap if words else STOP))
            keyed = False
        at = to
    return words if keyed or _gap(parts[-1]) != STOP else []


def _gap(between: str) -> int:
    if between in (" ", "  ", "\xa0", ""):
        return SAME
    return NEXT if _BREAK.match(between) else STOP


def numbered(word: Word) -> bool:
    return bool(_NUMBER.match(word.name))


def known(words: list[Word]) -> bool:
    """Whether words are a town that the gazetteer has."""
    name = folded("_".join([word.name for word in words])).replace("-", "_").replace("'", "_")
    return levels().get(name, "0000")[3] != "0"


def town_first(words: list[Word], country: str) -> int:
    """Where the address begins whose words lead to a code behind its town; -1 if there is none."""
    region = REGIONS[country]
    count = region_words(words, region)
    town = words[: len(words) - count]
    if not town or (region.needed and not count):
        return -1
    sure = bool(count) or country in ("GB", "CA")
    for at in range(len(town) - 2, max(-1, len(town) - 2 - TOWN_MAX), -1):
        if town[at].name in ENGLISH and (begin := english(town, at)) >= 0 and is_town(town[behind(town, at) :], sure):
            return outset(words, begin)
    return plain(words, town, sure)


def region_words(words: list[Word], region: Region) -> int:
    """How many of the last words are the region."""
    if words and words[-1].text.rstrip(".").upper() in region.letters and len(words[-1].name) < 4:
        return 1
    for count in (1, 2, 3, 4):
        if " ".join(word.name for word in words[-count:]) in region.names and len(words) > count:
            return count
    return 0


def english(words: list[Word], at: int) -> int:
    """The number before the street whose kind stands there."""
    for back in range(at - 1, max(-1, at - 1 - STREET_MAX), -1):
        if numbered(words[back]) and (back + 1 < at or words[at].name in ("broadway", "kingsway", "strand")):
            return back
        if words[back + 1].gap != SAME and not (back and numbered(words[back])):
            return -1
    return -1


def behind(words: list[Word], at: int) -> int:
    """The first word behind a street: behind its direction and the flat in it."""
    at += 1
    if at < len(words) - 1 and words[at].gap == SAME and words[at].name in DIRECTIONS and len(words[at].name) < 10:
        at += 1
    if at < len(words) - 2 and words[at].name in UNITS:
        return at + 2
    if at < len(words) - 1 and words[at].text[0] == "#":
        return at + 2 if words[at].text == "#" else at + 1
    return at


def is_town(words: list[Word], sure: bool) -> bool:
    """Whether words can be a district and a town. Where no region stands beside it, the gazetteer must have it."""
    if not words or len(words) > TOWN_MAX or any(word.text[0].isdigit() for word in words):
        return False
    parts: list[list[Word]] = [[]]
    for number, word in enumerate(words):
        if word.gap != SAME and number:
            parts.append([])
        parts[-1].append(word)
    town = parts[-1]
    if any(known(part) for part in parts):
        return True
    return sure and all(word.text[0].isupper() or word.name in JOINTS for word in town) and len(town) < 5


def plain(words: list[Word], town: list[Word], sure: bool) -> int:
    """The address whose street is a number and a name in a part of its own, or a box."""
    breaks = [at for at, word in enumerate(town) if word.gap != SAME and at]
    for at in reversed(breaks[-3:]):
        if not is_town(town[at:], sure):
            continue
        for back in range(at - 1, max(-1, at - 6), -1):
            if numbered(town[back]):
                boxed = back and town[back - 1].name == "box"
                if boxed and at - back == 1:
                    return max(0, back - 2 if back > 1 and town[back - 2].name in ("po", "p.o", "office") else back - 1)
                if 1 < at - back < 5 and town[back + 1].text[0].isupper():
                    return outset(words, back)
            if town[back].gap != SAME:
                break
    return -1


def outset(words: list[Word], at: int) -> int:
    """The flat that may stand before the number."""
    if at > 1 and words[at - 2].name in UNITS and words[at - 2].name not in ("no", "#"):
        return at - 2
    return at


def town_last(words: list[Word], sure: bool) -> int:
    """Where the address begins whose words lead to a code before its town; -1 if there is none."""
    count = len(words)
    found = -1
    for at in range(count - 2, max(-1, count - 5 - STREET_MAX), -1):
        name = words[at].name
        if name in NUMBER_FIRST and at:
            back = at - 1
            if back and words[back].name in REPEATED:
                back -= 1
            if numbered(words[back]):
                return back
        if name in NUMBER_LAST and any(
            numbered(word) or word.name in ("s/n", "snc") for word in words[at + 2 : at + 9]
        ):
            found = at
        if found >= 0 and words[at].gap != SAME:
            break
    return found if found >= 0 else german(words, sure)


def german(words: list[Word], sure: bool) -> int:
    """A street with its number last."""
    at = len(words) - 1
    if at > 0 and len(words[at].name) == 1 and words[at].name.isalpha() and numbered(words[at - 1]):
        at -= 1
    if at < 1 or not numbered(words[at]) or words[at].gap != SAME:
        return -1
    at -= 1
    if words[at].name in GERMAN:
        back = at
        while back and at - back < 3 and words[back].gap == SAME and _names_street(words[back - 1]):
            back -= 1
        return back - 1 if back == at and back and words[back - 1].name in GERMAN_FIRST else back
    for back in range(at, max(-1, at - 4), -1):
        if words[back].name in GERMAN_FIRST and back < at:
            return back
        if words[back].gap != SAME:
            break
    if at and words[at].gap == SAME and words[at - 1].name in GERMAN_BEFORE:
        return at - 1
    if words[at].name.endswith(GERMAN_ENDS):
        return at
    return at if sure and words[at].text[0].isupper() else -1


def _names_street(word: Word) -> bool:
    return word.text[0].isupper() and word.name not in THINGS and word.name not in PLACED and len(word.name) > 2


def pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The address, in pieces where JSON stands between its parts."""
    for match in NEXT_KEY.finditer(text, start, end):
        yield start, match.start()
        start = match.end()
    yield start, end
