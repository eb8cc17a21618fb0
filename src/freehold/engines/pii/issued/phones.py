"""Telephone numbers: whether a numbering plan has them.

One idea: libphonenumber's tables of each region decide, asked directly, for its own parser takes many times as long. It
may not know how texts are searched.
"""

import re
from functools import cache
from typing import Any

from freehold.engines.pii.checks import Check
from freehold.engines.pii.issued.registers import digits

# E.164: no number is longer, its country code included.
DIGITS_MAX = 15
SHORTEST = 7  # digits, of a number that is dialled from within its district
NO_COUNTRY = "001"  # satellites and the like

COUNTRY_CODES = {
    "AT": "43", "AU": "61", "BE": "32", "BR": "55", "CA": "1", "CH": "41", "DE": "49", "ES": "34", "FR": "33",
    "GB": "44", "IT": "39", "NL": "31", "US": "1",
}  # fmt: skip

# What is dialled before a number within the country. Italy's 0 and Spain's 9 belong to the number.
TRUNKS = {"BR": "0", "CA": "1", "US": "1"} | dict.fromkeys(("AT", "AU", "BE", "CH", "DE", "FR", "GB", "NL"), "0")
WRITTEN_WITH_TRUNK = {"AT", "AU", "BE", "CH", "DE", "FR", "GB", "NL"}

# Ofcom, «Telephone numbers for use in TV and radio drama»: given to nobody, and so met in every example.
DRAMA = {"GB": [r"7700900\d{3}", r"1632960\d{3}"]}

_YEAR = r"(?:19|20)\d\d"
_DATE = re.compile(rf"{_YEAR}[ .-]\d\d[ .-]\d\d|\d\d?[ .-]\d\d?[ .-]{_YEAR}")  # has the groups of a number too

TYPES = (
    "fixed_line",
    "mobile",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "personal_number",
    "voip",
    "pager",
    "uan",
    "voicemail",
)


def number_of(*regions: str) -> Check:
    """The check: a number of one of these regions, whether written for the country or with its country code."""

    def check(text: str) -> bool:
        number = _dialled(text)
        abroad = _abroad(text, number)
        return any(_issued(text, number, abroad, region) for region in regions) and not _DATE.fullmatch(text)

    return check


def anywhere(text: str) -> bool:
    """A number of any country, with its country code."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    number = _dialled(text)
    if text.count(".") == 1 and len(text) == len(number) + 2:
        return False  # +35236450.6 is a quantity
    abroad = _abroad(text, number) or number  # 1-206-555-0142 is written without plus
    # No country code begins another, so that there is one at most.
    codes = ((size, COUNTRY_CODE_TO_REGION_CODE.get(int(abroad[:size]), ())) for size in (1, 2, 3))
    size, regions = next(((size, regions) for size, regions in codes if regions), (0, ()))
    national = _national(abroad[size:], "0", text)
    return any(region != NO_COUNTRY and _has(region, national) for region in regions)


def dialled(text: str) -> bool:
    """Whether what stands by a keyword may be dialled: seven digits at least, and no date."""
    return SHORTEST <= len(digits(text)) <= DIGITS_MAX and not _DATE.fullmatch(text)


def _issued(text: str, number: str, abroad: str, region: str) -> bool:
    code, trunk = COUNTRY_CODES[region], TRUNKS.get(region, "")
    if abroad:
        return abroad.startswith(code) and _has(region, _national(abroad[len(code) :], trunk, text))
    if region in WRITTEN_WITH_TRUNK and not number.startswith(trunk):
        return False
    return _has(region, number.removeprefix(trunk))


def _dialled(text: str) -> str:
    """The digits up to an extension (x, ext.)."""
    return digits(text.lower().partition("x")[0])


def _abroad(text: str, number: str) -> str:
    """The digits from the country code on, or nothing where the number is written for its country."""
    if text[0] == "+":
        return number
    return number[2:] if number[:2] == "00" else number[3:] if number[:3] == "011" else ""


def _national(number: str, trunk: str, text: str) -> str:
    """The national number: in +44 (0)20 the 0 is only shown."""
    return number.removeprefix(trunk) if "(0)" in text else number


def _has(region: str, number: str) -> bool:
    return len(number) < DIGITS_MAX and _plan(region).fullmatch(number) is not None


@cache
def _plan(region: str) -> re.Pattern[str]:
    # Imported when the first number is met: it takes 40 ms.
    from phonenumbers import PhoneMetadata

    metadata: Any = PhoneMetadata.metadata_for_region(region)
    described = (getattr(metadata, kind) for kind in TYPES)
    patterns = dict.fromkeys(one.national_number_pattern for one in described if one and one.national_number_pattern)
    # A number must be as all of the plan's are, too: some of the patterns allow more.
    planned = rf"(?=(?:{metadata.general_desc.national_number_pattern})\Z)(?:{'|'.join(patterns)})"
    return re.compile("|".join([planned, *DRAMA.get(region, [])]))
