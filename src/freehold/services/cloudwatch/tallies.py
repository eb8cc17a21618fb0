"""Tallies: what is kept of many values, and the statistics that are made of it.

One idea: tallies add up. Values are kept with their counts as long as there are few different ones, then each new one
counts for its nearest; so percentiles are exact or close, and a tally stays small. It may not know metrics.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable

import msgspec

VALUES_MAX = 100
PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d{0,10})?|100)")


class Tally(msgspec.Struct):
    """How many values, their sum, least and greatest; `values` maps some to how often they came. `summed` if a part
    came as sums only, so that percentiles are not known."""

    count: float = 0.0
    total: float = 0.0
    low: float = float("inf")
    high: float = float("-inf")
    values: dict[float, float] = {}
    summed: bool = False

    def add(self, value: float, count: float = 1.0) -> None:
        self.count += count
        self.total += value * count
        self.low, self.high = min(self.low, value), max(self.high, value)
        if value not in self.values and len(self.values) >= VALUES_MAX:
            value = _nearest(sorted(self.values), value)
        self.values[value] = self.values.get(value, 0.0) + count

    def merge(self, other: "Tally") -> None:
        """Take in another tally's values."""
        count, total = self.count + other.count, self.total + other.total
        low, high = min(self.low, other.low), max(self.high, other.high)
        for value, times in other.values.items():
            self.add(value, times)
        self.count, self.total, self.low, self.high = count, total, low, high
        self.summed = self.summed or other.summed

    def percentile(self, percent: float) -> float | None:
        """The least value that so many percent of all do not exceed, if it is known."""
        if self.summed:
            return self.low if self.low == self.high else None
        reached = 0.0
        for value in sorted(self.values):
            reached += self.values[value]
            if reached >= self.count * percent / 100:
                return value
        return self.high


def _nearest(known: list[float], value: float) -> float:
    at = bisect_left(known, value)
    return min(known[max(0, at - 1) : at + 1], key=lambda one: abs(one - value))


def summed(count: float, total: float, low: float, high: float) -> Tally:
    """A tally of values that are not known one by one."""
    return Tally(count=count, total=total, low=low, high=high, summed=True)


def together(tallies: Iterable[Tally]) -> Tally:
    """One tally of several."""
    all_of = Tally()
    for tally in tallies:
        all_of.merge(tally)
    return all_of


STATISTICS: dict[str, Callable[[Tally], float]] = {
    "SampleCount": lambda tally: tally.count,
    "Sum": lambda tally: tally.total,
    "Average": lambda tally: tally.total / tally.count,
    "Minimum": lambda tally: tally.low,
    "Maximum": lambda tally: tally.high,
}


def statistic(name: str) -> Callable[[Tally], float | None] | None:
    """What makes a statistic of a tally, by its name (`Average`, `p99.9`); None if it is not known here."""
    if name in STATISTICS:
        return STATISTICS[name]
    found = PERCENTILE.fullmatch(name)
    return (lambda tally: tally.percentile(float(found[1]))) if found else None
