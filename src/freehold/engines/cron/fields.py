"""The fields of a cron expression: texts that name numbers.

One idea: minutes, hours, months and years are sets of numbers, so a field is its set; what depends on the month at hand
(the last day, the nearest weekday, the third Saturday) is left to the calendar. It may not know dates.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
"""

from typing import NamedTuple

UNITS_S = {"minute": 60, "hour": 3_600, "day": 86_400}  # of rates
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


class BadSchedule(ValueError):
    """A text that is no schedule."""


class Field(NamedTuple):
    """What a field may hold: numbers from `low` to `high`, and `names` that stand for numbers from `low` on. A range of
    a
    field that `wraps` may go over its end, as FRI-MON."""

    low: int
    high: int
    names: tuple[str, ...] = ()
    wraps: bool = True

    def number(self, text: str) -> int:
        if text.upper() in self.names:
            return self.low + self.names.index(text.upper())
        if not (text.isascii() and text.isdigit()) or not self.low <= int(text) <= self.high:
            raise BadSchedule(text)
        return int(text)

    def numbers(self, text: str) -> frozenset[int]:
        """The numbers that a list of values, ranges and steps means."""
        found: set[int] = set()
        for part in text.split(","):
            found |= self._part(part)
        return frozenset(found)

    def _part(self, text: str) -> set[int]:
        span, slash, step = text.partition("/")
        if slash and not (step.isascii() and step.isdigit() and int(step)):
            raise BadSchedule(text)
        if span in ("*", ""):
            if span == "" and not slash:
                raise BadSchedule(text)
            first, last = self.low, self.high
        elif "-" in span:
            first, last = map(self.number, span.split("-", 1))
        else:
            first = self.number(span)
            last = self.high if slash else first
        return set(self._range(first, last)[:: int(step or 1)])

    def _range(self, first: int, last: int) -> list[int]:
        if first <= last:
            return list(range(first, last + 1))
        if not self.wraps:
            raise BadSchedule(f"{first}-{last}")
        return [*range(first, self.high + 1), *range(self.low, last + 1)]


MINUTE, HOUR = Field(0, 59), Field(0, 23)
DAY, MONTH = Field(1, 31), Field(1, 12, MONTHS)
WEEKDAY, YEAR = Field(1, 7, DAYS), Field(1970, 2199, wraps=False)
