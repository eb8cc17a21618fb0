"""PutMetricData's rules: what of a request's data is taken, and where it belongs.

One idea: every way to tell values becomes a tally at a place. It may not know how they are kept.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from freehold.services.cloudwatch import errors
from freehold.services.cloudwatch.metrics import Dimensions, Place, minute_of
from freehold.services.cloudwatch.tallies import Tally, summed, tally_of

OLD_S, NEW_S = 14 * 86_400, 7_200
LARGEST = 2.0**360
RESERVED = "AWS/"

Datum = dict[str, Any]


def read_data(namespace: str, data: list[Datum], now: float) -> dict[Place, Tally]:
    """The values of a request by where they belong. Raises InvalidParameterValue and its like."""
    if namespace.startswith(RESERVED):
        raise errors.ValueInvalid(value=RESERVED, parameter="Namespace")
    tallies: dict[Place, Tally] = {}
    for number, datum in enumerate(data, 1):
        where = f"MetricData.member.{number}"
        at = _moment(datum, where, now)
        unit = datum.get("Unit", "None")
        dimensions = read_dimensions(datum.get("Dimensions", ()))
        place = Place(namespace, datum["MetricName"], dimensions, unit, minute_of(at))
        tallies.setdefault(place, Tally()).merge(_tally(datum, where))
    return tallies


def read_dimensions(given: Iterable[dict[str, str]]) -> Dimensions:
    """Dimensions in order of their names."""
    return tuple(sorted((one["Name"], one["Value"]) for one in given))


def _moment(datum: Datum, where: str, now: float) -> float:
    at = datum.get("Timestamp", now)
    if at < now - OLD_S:
        raise errors.TooOld(parameter=f"{where}.Timestamp")
    if at > now + NEW_S:
        raise errors.TooNew(parameter=f"{where}.Timestamp")
    return at


def _tally(datum: Datum, where: str) -> Tally:
    """A datum's one value, its values with their counts, or its sums."""
    given = [member for member in ("Value", "Values", "StatisticValues") if member in datum]
    if not given:
        raise errors.NothingGiven()
    if len(given) > 1:
        raise errors.BothGiven(one=f"{where}.{given[0]}", other=f"{where}.{given[1]}")
    if given == ["StatisticValues"]:
        sums = datum["StatisticValues"]
        members = ("SampleCount", "Sum", "Minimum", "Maximum")
        return summed(*(_finite(sums[member], f"{where}.StatisticValues.{member}") for member in members))
    values = datum.get("Values") or [datum.get("Value", 0.0)]
    counts = datum.get("Counts") or [1.0] * len(values)
    if len(counts) != len(values):
        raise errors.SizesDiffer(values=f"{where}.Values", counts=f"{where}.Counts")
    times: dict[float, float] = defaultdict(float)
    for value, count in zip(values, counts, strict=True):
        times[_finite(value, f"{where}.Value")] += _finite(count, f"{where}.Counts")
    return tally_of(times)


def _finite(value: float, parameter: str) -> float:
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise errors.ValueInvalid(value=value, parameter=parameter)
    return float(value)
