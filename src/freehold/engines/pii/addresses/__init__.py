"""Postal addresses: where they stand in a text.

One idea: a postal code beside a town is the anchor, and what stands before it is read backwards to the street and its
number, as the tables of the eight countries have it. It may not know what is done with what is found.

Detection follows AWS's own bounds (AU, CA, DE, ES, FR, GB, IT, US; a town and a postal code are needed), and needs a
street or a box as well. Where the parts are values of one JSON object, each value is found, and the keys are left.
https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-sensitive-data-types-pii.html
"""

import re
from collections.abc import Iterable, Iterator

from freehold.engines.pii.addresses.reading import NEXT_KEY, WINDOW, Word, before, known, pieces, town_first, town_last
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


def find(text: str) -> Iterable[tuple[int, int]]:
    """Where postal addresses stand: code points, the end exclusive."""
    return list(_addresses(text))


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    done = 0
    for code in _CODE.finditer(text):
        start, end = code.span()
        country = _country(code.group())
        town = list(_town(text, end)) if country == "US" and end - start == 5 else []
        if town and text[max(0, start - 2) : start] in ("D-", "F-", "I-", "E-"):
            start -= 2
        elif not town and not _leads(text, start, country):
            continue
        words = before(text, start, numbered=not town)
        if len(words) < 2:
            continue
        found = (town and _before_town(text, start, words, town)) or _behind_town(text, end, words, country)
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


def _behind_town(text: str, end: int, words: list[Word], country: str) -> tuple[int, int] | None:
    """US, CA, AU, GB: street, town, code."""
    at = town_first(words, country) if len(words) > 2 else -1
    if at < 0:
        return None
    if country == "US" and (state := _STATE.match(text, end)) and state[1] in STATES:
        end = state.end()
    return words[at].start, _nation(text, end)


def _before_town(text: str, start: int, words: list[Word], town: list[Word]) -> tuple[int, int] | None:
    """DE, ES, FR, IT: street, code, town."""
    counts = [count for count in range(len(town), 0, -1) if known(town[:count])]
    at = town_last(words, bool(counts))
    if at < 0:
        return None
    end = town[_town_words(text, town, counts[0] if counts else 0) - 1].end
    if more := _BEHIND_TOWN.match(text, end):
        end = more.end()
    return words[at].start, _nation(text, end)


def _town(text: str, at: int) -> Iterator[Word]:
    """Capitalised words behind a code, with the small ones between them."""
    small: list[Word] = []
    key = NEXT_KEY.match(text, at)
    at = key.end() - 1 if key else at
    for number in range(6):
        spaced = text[at : at + 1] in (" ", "\xa0") or (key and not number)
        match = _TOWN.match(text, at + 1) if spaced else None
        if not match:
            return
        word = Word(match.start(), match.end(), match.group(), match.group().lower().rstrip("."), 0)
        at = match.end()
        if word.text[0].isupper():
            yield from small
            yield word
            small = []
        elif word.name in JOINTS and len(small) < 2:
            small.append(word)
        else:
            return


def _town_words(text: str, town: list[Word], sure: int) -> int:
    """How many words belong to the town: those the gazetteer has, or one; an article draws the next, small words join
    one, and two words that nothing follows are one name."""
    count = sure or 1
    if not sure and town[0].name in ARTICLES and len(town) > 1:
        count = 2
    while count + 1 < len(town) and town[count].name in JOINTS:
        joined = count + 1
        while joined < len(town) and town[joined].name in JOINTS:
            joined += 1
        count = min(joined + 1, len(town))
    if count == 1 and len(town) == 2 and text[town[1].end : town[1].end + 1] in ("", ",", ";", "\n", '"'):
        count = 2
    return count


def _nation(text: str, end: int) -> int:
    nation = _NATION.match(text, end)
    return nation.end() if nation else end
