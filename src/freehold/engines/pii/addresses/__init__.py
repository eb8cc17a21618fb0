"""Postal addresses: where they stand in a text.

One idea: a postal code beside a town is the anchor, and what stands before it is read backwards to the street and its
number, as the tables of the eight countries have it. It may not know what is done with what is found.

Detection follows AWS's own bounds (AU, CA, DE, ES, FR, GB, IT, US; a town and a postal code are needed), and needs a
street or a box as well. Where the parts are values of one JSON object, each value is found, and the keys are left.
https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-sensitive-data-types-pii.html
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from freehold.engines.pii.addresses.reading import NEXT_KEY, WINDOW, Words, before, known, pieces, town_first, town_last
from freehold.engines.pii.addresses.tables import ARTICLES, JOINTS, NATIONS, STATES, TERRITORIES, TERRITORY_ENDS
from freehold.engines.pii.names.gazetteer import levels

_CODE = re.compile(
    r"[A-Z0-9](?=[A-Z0-9][A-Z0-9 ])(?<!\w.)(?:[0-9]{3,4}(?:-[0-9]{4})?"
    r"|[A-Z]?[0-9][A-Z0-9]?[ ]?[0-9][A-Z]{2}|[0-9][A-Z][ -]?[0-9][A-Z][0-9])(?![\w-])"
)
_TOWN = re.compile(r"[^\W\d_]+(?:[-'’.][^\W\d_]+)*(?:\.(?= ))?")
_JOINTS = ' \xa0,"\n\\n'
_STATE = re.compile(r"[, ][ ]?([A-Z]{2})\b")
_TERRITORIES = tuple(sorted({name.lower() for name in TERRITORIES} | TERRITORY_ENDS))
_NATION = re.compile(rf"(?:,[ ]?|[ ]|\n|\\n)(?:{NATIONS})(?!\w)")
_BEHIND_TOWN = re.compile(
    r"[ ](?:CEDEX|Cedex|cedex)(?:[ ]\d{1,2})?\b|[ ]\([^\W\d_][^()\d]{1,20}\)|[ ][A-Z]{2}\b(?![ ]?\w)"
)


class Town(NamedTuple):
    """The words behind a code, in lower case, and where each ends."""

    names: list[str]
    ends: list[int]


NO_TOWN = Town([], [])


def find(text: str) -> Iterable[tuple[int, int]]:
    """Where postal addresses stand: code points, the end exclusive."""
    return list(_addresses(text))


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    done = 0
    for code in _CODE.finditer(text):
        start, end = code.span()
        country = _country(code[0])
        town = _town(text, end) if country == "US" and end - start == 5 else NO_TOWN
        if town.names and text[max(0, start - 2) : start] in ("D-", "F-", "I-", "E-"):
            start -= 2
        elif not town.names and not _leads(text, start, country):
            continue
        words = before(text, start, numbered=not town.names)
        if len(words.names) < 2:
            continue
        found = (town.names and _before_town(text, words, town)) or _behind_town(text, end, words, country)
        if found and found[0] >= done:
            yield from pieces(text, *found)
            done = found[1]


def _country(code: str) -> str:
    if code[0].isdigit():
        return "AU" if len(code) == 4 else "US"
    return "CA" if code[1].isdigit() and code[2].isalpha() and code[-1].isdigit() else "GB"


def _leads(text: str, start: int, country: str) -> bool:
    """Whether a town can stand right before a code: a word in capitals or of the gazetteer does, a region, a key (where
    a code that needs its region has it before the key)."""
    lead = text[max(0, start - 24) : start].rstrip(_JOINTS)
    if lead.endswith('":'):
        value = text[max(0, start - WINDOW) : start].rsplit('"', 4)[0].rstrip(" .,")
        return country != "AU" or value.lower().endswith(_TERRITORIES)
    word = lead[lead.rfind(" ") + 1 :].rpartition("\n")[2]
    if country == "AU":
        return word.upper() in TERRITORIES or word.lower() in TERRITORY_ENDS
    return word[:1].isupper() or word.upper() in STATES or levels().get(word.lower(), "0000")[3] != "0"


def _behind_town(text: str, end: int, words: Words, country: str) -> tuple[int, int] | None:
    """US, CA, AU, GB: street, town, code."""
    at = town_first(words, country) if len(words.names) > 2 else -1
    if at < 0:
        return None
    if country == "US" and (state := _STATE.match(text, end)) and state[1] in STATES:
        end = state.end()
    return words.start(at), _nation(text, end)


def _before_town(text: str, words: Words, town: Town) -> tuple[int, int] | None:
    """DE, ES, FR, IT: street, code, town."""
    names = town.names
    sure = next((count for count in range(len(names), 0, -1) if known(names[:count])), 0)
    at = town_last(words, sure > 0)
    if at < 0:
        return None
    end = town.ends[_town_words(text, town, sure) - 1]
    if more := _BEHIND_TOWN.match(text, end):
        end = more.end()
    return words.start(at), _nation(text, end)


def _town(text: str, at: int) -> Town:
    """Capitalised words behind a code, with the small ones between them."""
    if text[at : at + 1] not in (" ", " ", '"'):
        return NO_TOWN
    names: list[str] = []
    ends: list[int] = []
    count = 0
    key = NEXT_KEY.match(text, at)
    at = key.end() - 1 if key else at
    for number in range(6):
        spaced = text[at : at + 1] in (" ", " ") or (key and not number)
        match = _TOWN.match(text, at + 1) if spaced else None
        if not match:
            break
        word, at = match[0], match.end()
        name = word.lower().rstrip(".")
        if not word[0].isupper() and (name not in JOINTS or len(names) - count == 2):
            break
        names.append(name)
        ends.append(at)
        if word[0].isupper():
            count = len(names)
    return Town(names[:count], ends[:count])


def _town_words(text: str, town: Town, sure: int) -> int:
    """How many words belong to the town: those the gazetteer has, or one; an article draws the next, small words join
    one, and two words that nothing follows are one name."""
    names, ends = town
    count = sure or 1
    if not sure and names[0] in ARTICLES and len(names) > 1:
        count = 2
    while count + 1 < len(names) and names[count] in JOINTS:
        joined = count + 1
        while joined < len(names) and names[joined] in JOINTS:
            joined += 1
        count = min(joined + 1, len(names))
    if count == 1 and len(names) == 2 and text[ends[1] : ends[1] + 1] in ("", ",", ";", "\n", '"'):
        count = 2
    return count


def _nation(text: str, end: int) -> int:
    nation = _NATION.match(text, end)
    return nation.end() if nation else end
