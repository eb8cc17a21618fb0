"""Recurrences: schedules as EventBridge Scheduler has them, in a time zone, from a start to an end.

One idea: what rules know of rates and calendars holds here too; around it stand a zone and two bounds. One-time
schedules know neither. It may not know where zones come from.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from math import nextafter

from freehold.engines.cron.calendar import Cron
from freehold.engines.cron.fields import UNITS_S, BadSchedule

RATE = re.compile(r"rate\(([0-9]+) *(minute|hour|day)s?\)", re.IGNORECASE)
CRON = re.compile(r"cron\(([^()]*)\)", re.IGNORECASE)
ONCE = re.compile(r"at\(([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?)\)", re.IGNORECASE)
YEARLESS = 5


@dataclass(frozen=True)
class Once:
    """One moment by the clock of a zone."""

    clock: datetime

    def moment(self, zone: tzinfo) -> float:
        """Epoch seconds. A time that comes twice means the first; one that a zone leaves out, as much later."""
        return self.clock.replace(tzinfo=zone).timestamp()


@dataclass(frozen=True)
class Every:
    """Every so many seconds from a beginning, which is due itself; a day is 24 hours."""

    period_s: int

    def after(self, moment: float, since: float) -> float:
        passed = (moment - since) // self.period_s
        due = since + max(0, passed + 1) * self.period_s
        return due if due > moment else due + self.period_s


Expression = Once | Every | Cron


@dataclass(frozen=True)
class Recurrence:
    """When a schedule is due. `since` is where rates begin, unless at `start`; `start` and `end` are the first and last
    moments that may be due, all in epoch seconds."""

    expression: Expression
    zone: tzinfo = UTC
    since: float = 0.0
    start: float | None = None
    end: float | None = None

    @property
    def once(self) -> bool:
        return isinstance(self.expression, Once)

    def after(self, moment: float) -> float | None:
        """The first due moment later than `moment`; None if there is none.

        A calendar's minute that a zone leaves out is not due, and one that comes twice is due when it first comes.
        """
        if isinstance(self.expression, Once):
            due = self.expression.moment(self.zone)
            return due if due > moment else None
        if self.start is not None:
            moment = max(moment, nextafter(self.start, 0.0))
        found = self._recurring(moment)
        return None if found is None or (self.end is not None and found > self.end) else found

    def _recurring(self, moment: float) -> float | None:
        if isinstance(self.expression, Every):
            return self.expression.after(moment, self.since if self.start is None else self.start)
        assert isinstance(self.expression, Cron)
        return self.expression.after(moment, zone=self.zone)


def expression(text: str) -> Expression:
    """What an expression of EventBridge Scheduler means. Raises BadSchedule.

    Scheduler takes more than rules do: at(…), units in either number, calendars without a year.
    """
    rate, cron, once = RATE.fullmatch(text), CRON.fullmatch(text), ONCE.fullmatch(text)
    if rate and int(rate[1]):
        return Every(int(rate[1]) * UNITS_S[rate[2].lower()])
    if cron:
        fields = cron[1].split()
        return Cron.parse(" ".join([*fields, "*"] if len(fields) == YEARLESS else fields))
    if once:
        try:
            return Once(datetime.fromisoformat(once[1].upper()))
        except ValueError:
            pass
    raise BadSchedule(text)
