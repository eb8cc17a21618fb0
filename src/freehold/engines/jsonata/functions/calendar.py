"""The calendar: moments as milliseconds, and what year, month, week and day they fall in.

One idea: days are counted from 1970-01-01 in the proleptic Gregorian calendar, without bounds on the year. Knows no
pictures.
"""

from dataclasses import dataclass
from typing import Final

DAY_MS: Final = 86_400_000
MILLIS_MAX: Final = 8_640_000_000_000_000  # what JavaScript's dates reach

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def day_number(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01. Months and days beyond the year or the month count on."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    shifted = year - (month <= 2)  # years from March to February, so that the leap day is the last
    era, of_era = divmod(shifted, 400)
    of_year = (153 * ((month + 9) % 12) + 2) // 5
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year + day - 1 - 719_468


def date_of(days: int) -> tuple[int, int, int]:
    """The year, month and day of a day number."""
    era, of_era = divmod(days + 719_468, 146_097)
    year = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    part = (5 * of_year + 2) // 153
    month = part + 3 if part < 10 else part - 9
    return year + era * 400 + (month <= 2), month, of_year - (153 * part + 2) // 5 + 1


def weekday(days: int) -> int:
    """1 for Monday to 7 for Sunday."""
    return (days + 3) % 7 + 1


def first_week(year: int, month: int) -> int:
    """The day on which the first week of a month begins: the week of its first Thursday (ISO 8601)."""
    first = day_number(year, month, 1)
    day = weekday(first)
    return first + 8 - day if day > 4 else first - (day - 1)


@dataclass(slots=True, frozen=True)
class Moment:
    """A moment by its milliseconds since 1970-01-01T00:00Z."""

    millis: int

    def component(self, letter: str) -> int:
        """The value of a component of a date picture, a number each: see `_COMPONENTS`."""
        days, rest = divmod(self.millis, DAY_MS)
        if letter in _TIMES:
            unit, of = _TIMES[letter]
            return rest // unit % of
        if letter == "h":
            return rest // 3_600_000 % 12 or 12
        if letter == "P":
            return rest // 43_200_000
        return _DATES[letter](days, *date_of(days))


_TIMES: Final = {"H": (3_600_000, 24), "m": (60_000, 60), "s": (1_000, 60), "f": (1, 1_000)}


def _week(days: int, start: int, before: int, after: int) -> int:
    """The week a day is in, counted from `start`, or from `before` or `after` where it falls out of them."""
    if days < start:
        return (days - before) // 7 + 1
    return 1 if days >= after else (days - start) // 7 + 1


def _week_of_year(days: int, year: int, month: int, day: int) -> int:
    return _week(days, first_week(year, 1), first_week(year - 1, 1), first_week(year + 1, 1))


def _week_of_month(days: int, year: int, month: int, day: int) -> int:
    return _week(days, first_week(year, month), first_week(year, month - 1), first_week(year, month + 1))


def _year_of_week(days: int, year: int, month: int, day: int) -> int:
    return year - (days < first_week(year, 1)) + (days >= first_week(year + 1, 1))


def _month_of_week(days: int, year: int, month: int, day: int) -> int:
    number = month - (days < first_week(year, month)) + (days >= first_week(year, month + 1))
    return (number - 1) % 12 + 1


_DATES: Final = {
    "Y": lambda days, year, month, day: year,
    "M": lambda days, year, month, day: month,
    "D": lambda days, year, month, day: day,
    "d": lambda days, year, month, day: days - day_number(year, 1, 1) + 1,
    "F": lambda days, year, month, day: weekday(days),
    "W": _week_of_year,
    "w": _week_of_month,
    "X": _year_of_week,
    "x": _month_of_week,
}
"""Year, month, day, day of the year, weekday, week of the year, of the month, and the year and month of that week."""
