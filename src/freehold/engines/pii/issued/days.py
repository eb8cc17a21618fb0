"""Days of birth.

One idea: whatever the order of its parts, a date must be one of the calendar. It may not know today, so that a day to
come is a day too.
"""

import re
from datetime import date

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
YEARS = range(1900, 2100)

_MONTH = re.compile("|".join(MONTHS))
_NUMBER = re.compile(r"\d+")
_SEPARATORS = re.compile(r"[ /.-]+")


def birthday(text: str) -> bool:
    """Whether the date exists: year, day or month first, the month in digits or by name, the year in two or four."""
    written = (text[: text.index("T")] if ":" in text else text).lower()
    numbers = _NUMBER.findall(written)
    if named := _MONTH.search(written):
        month = str(MONTHS.index(named[0]) + 1)
        return any(_exists(year, month, day) for year, day in (numbers, reversed(numbers)))
    if len(numbers) == 1:
        return _compact(numbers[0])
    first, second, third = numbers
    if len({separator.strip() or " " for separator in _SEPARATORS.findall(written)}) > 1:
        return False
    if len(first) == 4:
        return _exists(first, second, third)
    return _exists(third, second, first) or _exists(third, first, second)


def _compact(number: str) -> bool:
    """Eight digits: year first, or day and month in either order."""
    year_first = (number[:4], number[4:6], number[6:])
    day_first = (number[4:], number[2:4], number[:2])
    month_first = (number[4:], number[:2], number[2:4])
    return any(_exists(*order) for order in (year_first, day_first, month_first))


def _exists(year: str, month: str, day: str) -> bool:
    if len(year) not in (2, 4):
        return False
    # 2000 is a leap year, so that 29 February passes for two digits.
    whole = int(year) if len(year) == 4 else 2000 if int(year) % 4 == 0 else 2001
    try:
        date(whole, int(month), int(day))
    except ValueError:
        return False
    return whole in YEARS
