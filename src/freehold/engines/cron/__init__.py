"""Schedules as EventBridge writes them: `rate(5 minutes)` and `cron(0 12 ? * MON-FRI *)`.

Its one idea: an expression becomes a value that tells the next moment after a given one; nobody keeps a clock. It may
not know what happens at these moments, nor whether they are missed.

    parse("cron(0 12 ? * MON-FRI *)").after(0.0)  # epoch seconds of the next weekday's noon
"""

import re
from dataclasses import dataclass
from typing import Protocol

from freehold.engines.cron.calendar import Cron
from freehold.engines.cron.fields import UNITS_S, BadSchedule
from freehold.engines.cron.recurrences import Every, Once, Recurrence, expression

RATE = re.compile(r"rate\(([1-9][0-9]*) (minute|hour|day)(s?)\)")
CRON = re.compile(r"cron\(([^()]*)\)")


class Schedule(Protocol):
    def after(self, moment: float, since: float = 0.0) -> float | None:
        """The first due moment later than `moment`, all in epoch seconds; None if there is none. `since` is when the
        schedule began, from which rates count."""
        ...


@dataclass(frozen=True)
class Rate:
    """Every so many seconds from a beginning; the beginning itself is not due."""

    period_s: int

    def after(self, moment: float, since: float = 0.0) -> float:
        passed = max(0, int((moment - since) // self.period_s))
        due = since + (passed + 1) * self.period_s
        return due if due > moment else due + self.period_s


def parse(text: str) -> Schedule:
    """The schedule that an expression means. Raises BadSchedule.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
    """
    rate = RATE.fullmatch(text)
    if rate:
        count, unit, plural = int(rate[1]), rate[2], rate[3]
        if (count == 1) == bool(plural):
            raise BadSchedule(text)
        return Rate(count * UNITS_S[unit])
    cron = CRON.fullmatch(text)
    if not cron:
        raise BadSchedule(text)
    return Cron.parse(cron[1])


__all__ = ["BadSchedule", "Cron", "Every", "Once", "Rate", "Recurrence", "Schedule", "expression", "parse"]
