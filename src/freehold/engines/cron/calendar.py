"""Cron on the calendar: which days of a month are meant, and the next minute that is.

One idea: a month's days are computed from the month alone, so the next moment is found by walking months, days, hours
and minutes that are sorted already. It may not know clocks; a time zone is given as a tzinfo.
"""

import re
from bisect import bisect_left
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from freehold.engines.cron.fields import DAY, HOUR, MINUTE, MONTH, WEEKDAY, YEAR, BadSchedule

SATURDAY, SUNDAY = 7, 1
NEAREST = re.compile(r"([0-9]{1,2})W")
LAST = re.compile(r"(\w+)L")
NTH = re.compile(r"(\w+)#([1-5])")
MINUTE_S = 60


@dataclass(frozen=True)
class Cron:
    """A cron expression. One of `month_days` and `week_days` is "?"; both are texts, as their meaning is the
    month's."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    month_days: str
    months: tuple[int, ...]
    week_days: str
    years: tuple[int, ...]

    @classmethod
    def parse(cls, text: str) -> "Cron":
        """Of six fields: minutes, hours, day of month, month, day of week, year. Raises BadSchedule."""
        fields = text.split()
        if len(fields) != 6 or (fields[2] == "?") == (fields[4] == "?"):
            raise BadSchedule(text)
        minute, hour, month_days, month, week_days, year = fields
        sets = (
            tuple(sorted(field.numbers(given)))
            for field, given in ((MINUTE, minute), (HOUR, hour), (MONTH, month), (YEAR, year))
        )
        minutes, hours, months, years = sets
        cron = cls(minutes, hours, month_days.upper(), months, week_days.upper(), years)
        cron.days(2024, 1)
        return cron

    def after(self, moment: float, since: float = 0.0, zone: tzinfo = UTC) -> float | None:
        """The first due moment later than `moment` (epoch seconds) by the clock of a zone; None if there is none."""
        start = datetime.fromtimestamp(int(moment // MINUTE_S + 1) * MINUTE_S, zone).replace(tzinfo=None)
        while True:
            due = self._from(start)
            if due is None:
                return None
            told = due.replace(tzinfo=zone).timestamp()
            if told > moment and datetime.fromtimestamp(told, zone).replace(tzinfo=None) == due:
                return told
            start = due + timedelta(minutes=1)  # a minute that the zone leaves out, or one that came already

    def _from(self, start: datetime) -> datetime | None:
        """The first due minute at or after `start`."""
        for year in self.years[bisect_left(self.years, start.year) :]:
            for month in self.months:
                if (year, month) < (start.year, start.month):
                    continue
                for day in self.days(year, month):
                    found = self._on(datetime(year, month, day), start)
                    if found:
                        return found
        return None

    def _on(self, day: datetime, start: datetime) -> datetime | None:
        if day.date() < start.date():
            return None
        today = day.date() == start.date()
        for hour in self.hours[bisect_left(self.hours, start.hour) if today else 0 :]:
            first = start.minute if today and hour == start.hour else 0
            at = bisect_left(self.minutes, first)
            if at < len(self.minutes):
                return day.replace(hour=hour, minute=self.minutes[at])
        return None

    def days(self, year: int, month: int) -> list[int]:
        """The days of a month that are meant, in order."""
        length = monthrange(year, month)[1]
        first = datetime(year, month, 1).isoweekday() % 7 + 1  # Sunday is 1
        found: set[int] = set()
        if self.week_days == "?":
            for part in self.month_days.split(","):
                found |= _month_days(part, length, first)
        else:
            for part in self.week_days.split(","):
                found |= _week_days(part, length, first)
        return sorted(found)


def _weekday(day: int, first: int) -> int:
    return (first + day - 2) % 7 + 1


def _month_days(part: str, length: int, first: int) -> set[int]:
    if part == "L":
        return {length}
    if part == "LW":
        return {_nearest(length, length, first)}
    near = NEAREST.fullmatch(part)
    if near:
        day = DAY.number(near[1])
        return {_nearest(day, length, first)} if day <= length else set()
    return {day for day in DAY.numbers(part) if day <= length}


def _nearest(day: int, length: int, first: int) -> int:
    """The weekday nearest to a day, in the same month."""
    weekday = _weekday(day, first)
    if weekday == SATURDAY:
        return day - 1 if day > 1 else day + 2
    if weekday == SUNDAY:
        return day + 1 if day < length else day - 2
    return day


def _week_days(part: str, length: int, first: int) -> set[int]:
    nth, last = NTH.fullmatch(part), LAST.fullmatch(part)
    if nth:
        day = 1 + (WEEKDAY.number(nth[1]) - first) % 7 + 7 * (int(nth[2]) - 1)
        return {day} if day <= length else set()
    if last:
        return {length - (_weekday(length, first) - WEEKDAY.number(last[1])) % 7}
    wanted = {SATURDAY} if part == "L" else WEEKDAY.numbers(part)
    return {day for day in range(1, length + 1) if _weekday(day, first) in wanted}
