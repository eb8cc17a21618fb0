"""Tallies: what is kept of many values, and the statistics that are made of it.

One idea: tallies add up. Values are kept with their counts, with all their digits as long as there are few different
ones and with two digits from then on; so percentiles are exact or wrong by five per cent at most, and a tally stays
small. It may not know metrics.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

import msgspec

VALUES_MAX = 100
PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d{0,10})?|100)")


class Tally(msgspec.Struct):
    """How many values, their sum, least and greatest; `values` maps values to how often they came. `summed` if a part
    came as sums only, so that percentiles are not known."""

    count: float = 0.0
    total: float = 0.0
    low: float = float("inf")
    high: float = float("-inf")
    values: dict[float, float] = {}
    summed: bool = False

    def merge(self, other: "Tally") -> None:
        """Take in another tally's values."""
        self.count, self.total = self.count + other.count, self.total + other.total
        self.low, self.high = min(self.low, other.low), max(self.high, other.high)
        self.summed = self.summed or other.summed
        for value, times in other.values.items():
            self.values[value] = self.values.get(value, 0.0) + times
        if len(self.values) > VALUES_MAX:
            self.values = _rounded(self.values)

    def percentile(self, percent: float) -> float | None:
        """The least value that so many percent of all do not exceed, if it is known."""
        if self.summed:
            return self.low if self.low == self.high else None
        reached = 0.0
        for value in sorted(self.values):
            reached += self.values[value]
            if reached >= self.count * percent / 100:
                return max(self.low, min(self.high, value))
        return self.high


def _rounded(values: Mapping[float, float]) -> dict[float, float]:
    """The values with two digits each."""
    rounded: dict[float, float] = defaultdict(float)
    for value, times in values.items():
        rounded[float(f"{value:.1e}")] += times
    return dict(rounded)


def tally_of(values: Mapping[float, float]) -> Tally:
    """A tally of values that came so many times each; of none, an empty one."""
    some = {value: times for value, times in values.items() if times}
    if not some:
        return Tally()
    tally = Tally(sum(some.values()), sum(value * times for value, times in some.items()), min(some), max(some))
    tally.values = _rounded(some) if len(some) > VALUES_MAX else some
    return tally


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
