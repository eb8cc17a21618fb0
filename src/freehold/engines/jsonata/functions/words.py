"""Integers in English words. One idea: the words are tables, read in both directions."""

import re
from typing import Final

FEW: Final = (
    "Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve",
    "Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen",
)  # fmt: skip
ORDINALS: Final = (
    "Zeroth", "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth",
    "Eleventh", "Twelfth", "Thirteenth", "Fourteenth", "Fifteenth", "Sixteenth", "Seventeenth", "Eighteenth",
    "Nineteenth",
)  # fmt: skip
DECADES: Final = ("Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety")
MAGNITUDES: Final = ("Thousand", "Million", "Billion", "Trillion")

_VALUES: Final[dict[str, int]] = {
    **{word.lower(): value for value, word in enumerate(FEW)},
    **{word.lower(): value for value, word in enumerate(ORDINALS)},
    **{word.lower(): value * 10 for value, word in enumerate(DECADES, 2)},
    **{word.lower()[:-1] + "ieth": value * 10 for value, word in enumerate(DECADES, 2)},
    "hundred": 100,
    "hundredth": 100,
    **{word.lower(): 1000**power for power, word in enumerate(MAGNITUDES, 1)},
    **{word.lower() + "th": 1000**power for power, word in enumerate(MAGNITUDES, 1)},
}
_BETWEEN = re.compile(r",\s|\sand\s|[\s\\-]")

PATTERN: Final = "(?:" + "|".join(sorted(_VALUES, key=len, reverse=True)) + r"|and|[\-, ])+"
"""The regular expression of texts of such words, longest first."""


def spell(value: int, ordinal: bool) -> str:
    """The value (not negative) in words: One Hundred and Twenty-Third."""
    return _spell(value, False, ordinal)


def _spell(value: int, follows: bool, ordinal: bool) -> str:
    """`follows`: words stand before these."""
    if value < 20:
        return (" and " if follows else "") + (ORDINALS if ordinal else FEW)[value]
    if value < 100:
        tens, rest = divmod(value, 10)
        word = (" and " if follows else "") + DECADES[tens - 2]
        if rest:
            return word + "-" + _spell(rest, False, ordinal)
        return word[:-1] + "ieth" if ordinal else word
    if value < 1000:
        count, rest = divmod(value, 100)
        word = FEW[count] + " Hundred"
    else:
        power = min((len(str(value)) - 1) // 3, len(MAGNITUDES))
        count, rest = divmod(value, 1000**power)
        word = _spell(count, False, False) + " " + MAGNITUDES[power - 1]
    word = (", " if follows else "") + word
    if rest:
        return word + _spell(rest, True, ordinal)
    return word + "th" if ordinal else word


def value_of(text: str) -> int | None:
    """The value of words in lower case, or None where one of them is no number."""
    sums = [0]
    for word in _BETWEEN.split(text):
        value = _VALUES.get(word)
        if value is None:
            return None
        if value >= 100:
            sums[-1] *= value
        elif sums[-1] >= 1000:
            sums.append(value)
        else:
            sums[-1] += value
    return sum(sums)
