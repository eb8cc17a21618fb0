"""GetMetricStatistics and GetMetricData. They may not know how values are kept.

One idea: both read a metric's periods and make one number, or several, of each.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
"""

import math
from collections.abc import Callable
from itertools import groupby

from freehold.kernel.call import Call
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.cloudwatch import errors
from freehold.services.cloudwatch.data import read_dimensions
from freehold.services.cloudwatch.metrics import MINUTE_S, id_of, minute_of, points
from freehold.services.cloudwatch.pages import read_token, write_token
from freehold.services.cloudwatch.service.catalogue import cloudwatch
from freehold.services.cloudwatch.tallies import Tally, statistic

STATISTICS_MAX, DATA_MAX = 1_440, 100_800
DESCENDING = "TimestampDescending"

Value = tuple[int, int, float]  # which query, the beginning of the period, the value


@cloudwatch.operation(needs={"cloudwatch:GetMetricStatistics": "*"})
def get_metric_statistics(call: Call, tx: Tx, request: Request) -> Response:
    names, extended = request.get("Statistics", []), request.get("ExtendedStatistics", [])
    if not names and not extended:
        raise errors.StatisticsMissing()
    wanted = {name: _statistic(name) for name in (*names, *extended)}
    start, period = _start(request), _period(request["Period"], "Period")
    count = math.ceil((request["EndTime"] - start) / period)
    if count > STATISTICS_MAX:
        raise errors.TooManyDatapoints(count=count, most=STATISTICS_MAX)
    id = _metric_id(request)
    told = []
    for at, unit, tally in points(tx, id, request.get("Unit"), start, request["EndTime"], period):
        point: Response = {"Timestamp": at, "Unit": unit}
        point |= {name: wanted[name](tally) for name in names}
        known = {name: value for name in extended if (value := wanted[name](tally)) is not None}
        told.append(point | ({"ExtendedStatistics": known} if known else {}))
    return {"Label": request["MetricName"], "Datapoints": told}


@cloudwatch.operation(needs={"cloudwatch:GetMetricData": "*"})
def get_metric_data(call: Call, tx: Tx, request: Request) -> Response:
    """A page holds so many values, of as many queries as they are of."""
    queries = request["MetricDataQueries"]
    if len({query["Id"] for query in queries}) != len(queries):
        raise errors.QueryRepeated()
    start, end = _start(request), request["EndTime"]
    values: list[Value] = []
    for number, query in enumerate(queries):
        found = _values(tx, query, number, start, end)
        if query.get("ReturnData", True):
            values += found if request.get("ScanBy", DESCENDING) != DESCENDING else reversed(found)
    first = read_token(request["NextToken"], int) if "NextToken" in request else 0
    last = first + min(request.get("MaxDatapoints", DATA_MAX), DATA_MAX)
    shown = {number: list(same) for number, same in groupby(values[first:last], key=lambda value: value[0])}
    results = [
        _result(query, shown.get(number, []))
        for number, query in enumerate(queries)
        if query.get("ReturnData", True) and (number in shown or first == 0)
    ]
    answer: Response = {"MetricDataResults": results, "Messages": []}
    return answer | ({"NextToken": write_token(last)} if last < len(values) else {})


def _values(tx: Tx, query: Request, number: int, start: int, end: float) -> list[Value]:
    """One query's values in order of time. Metric math and other accounts are refused as not implemented."""
    if "Expression" in query and "MetricStat" in query:
        raise errors.QueryUnclear(parameter=f"MetricDataQueries.member.{number + 1}")
    if "MetricStat" not in query:
        raise NotImplementedHere(service="cloudwatch", operation="GetMetricData with expressions")
    if query.get("AccountId", tx.account) != tx.account:
        raise NotImplementedHere(service="cloudwatch", operation="GetMetricData of linked accounts")
    asked = query["MetricStat"]
    period = _period(asked["Period"], f"MetricDataQueries.member.{number + 1}.MetricStat.Period")
    make = _statistic(asked["Stat"])
    found = points(tx, _metric_id(asked["Metric"]), asked.get("Unit"), start, end, period)
    return [(number, at, value) for at, _, tally in found if (value := make(tally)) is not None]


def _result(query: Request, values: list[Value]) -> Response:
    return {
        "Id": query["Id"],
        "Label": query.get("Label", query["MetricStat"]["Metric"].get("MetricName", "")),
        "Timestamps": [at for _, at, _ in values],
        "Values": [value for _, _, value in values],
        "StatusCode": "Complete",
    }


def _metric_id(metric: Request) -> str:
    dimensions = read_dimensions(metric.get("Dimensions", ()))
    return id_of(metric.get("Namespace", ""), metric.get("MetricName", ""), dimensions)


def _start(request: Request) -> int:
    """The minute in which the time asked for begins."""
    if request["StartTime"] >= request["EndTime"]:
        raise errors.StartNotBeforeEnd()
    return minute_of(request["StartTime"])


def _period(period: int, parameter: str) -> int:
    if period % MINUTE_S:
        if period in (1, 5, 10, 20, 30):
            raise NotImplementedHere(service="cloudwatch", operation="periods shorter than a minute")
        raise errors.PeriodInvalid(parameter=parameter)
    return period


def _statistic(name: str) -> Callable[[Tally], float | None]:
    found = statistic(name)
    if found is None:
        raise NotImplementedHere(service="cloudwatch", operation=f"the statistic {name}")
    return found
