"""Metrics: put, listed, and made statistics of."""

import asyncio
import time

import pytest
from botocore.exceptions import ClientError

from freehold.services.cloudwatch import keepers

SHOP = [{"Name": "Shop", "Value": "north"}]


@pytest.fixture
def cloudwatch(aws):
    return aws("cloudwatch")


@pytest.fixture
def hour():
    """A whole hour that has just passed, in epoch seconds."""
    return int(time.time()) // 3_600 * 3_600 - 3_600


@pytest.fixture
def put(cloudwatch):
    def put(name="Orders", **datum):
        cloudwatch.put_metric_data(Namespace="Shop", MetricData=[{"MetricName": name} | datum])

    return put


@pytest.fixture
def statistics(cloudwatch, hour):
    def ask(*names, period=3_600, **more):
        asked = {"Statistics": list(names)} if names else {}
        answer = cloudwatch.get_metric_statistics(
            Namespace="Shop", MetricName="Orders", StartTime=hour, EndTime=hour + 3_600, Period=period, **asked, **more
        )
        return answer["Datapoints"]

    return ask


def values(points, name):
    return [point[name] for point in points]


def test_values_become_statistics(put, statistics, hour):
    for at, value in ((0, 1.0), (30, 3.0), (90, 8.0)):
        put(Value=value, Timestamp=hour + at, Unit="Count")
    [point] = statistics("SampleCount", "Sum", "Average", "Minimum", "Maximum")
    assert point["Timestamp"].timestamp() == hour and point["Unit"] == "Count"
    assert {name: point[name] for name in ("SampleCount", "Sum", "Average", "Minimum", "Maximum")} == {
        "SampleCount": 3, "Sum": 12, "Average": 4, "Minimum": 1, "Maximum": 8,
    }  # fmt: skip
    assert values(statistics("Sum", period=60), "Sum") == [4, 8]
    assert statistics("Sum", Unit="Seconds") == [] == statistics("Sum", Dimensions=SHOP)


def test_values_with_counts_and_sums(put, statistics, hour):
    put(Values=[1, 10], Counts=[98, 2], Timestamp=hour)
    [point] = statistics(ExtendedStatistics=["p50", "p98", "p98.5"])
    assert point["ExtendedStatistics"] == {"p50": 1, "p98": 1, "p98.5": 10}
    put(StatisticValues={"SampleCount": 2, "Sum": 7, "Minimum": 2, "Maximum": 5}, Timestamp=hour)
    [point] = statistics("Sum", "Maximum", ExtendedStatistics=["p50"])
    assert (point["Sum"], point["Maximum"]) == (125, 10) and "ExtendedStatistics" not in point


@pytest.mark.parametrize(
    ("datum", "code"),
    [
        ({"Value": 1, "Timestamp": 1}, "InvalidParameterValue"),
        ({"Value": 1, "Timestamp": 4_000_000_000}, "InvalidParameterValue"),
        ({"Value": 1, "Values": [1]}, "InvalidParameterCombination"),
        ({"Values": [1, 2], "Counts": [1]}, "InvalidParameterValue"),
        ({"Value": float("nan")}, "InvalidParameterValue"),
        ({}, "MissingParameter"),
    ],
)
def test_what_may_not_be_put(put, datum, code):
    with pytest.raises(ClientError) as refusal:
        put(**datum)
    assert refusal.value.response["Error"]["Code"] == code


def test_awss_namespaces_are_its_own(cloudwatch):
    with pytest.raises(ClientError, match="The value AWS/ for parameter Namespace is invalid"):
        cloudwatch.put_metric_data(Namespace="AWS/Lambda", MetricData=[{"MetricName": "Errors", "Value": 1}])


def test_what_may_not_be_asked(statistics, hour):
    with pytest.raises(ClientError, match="must be a multiple of 60"):
        statistics("Sum", period=61)
    with pytest.raises(ClientError, match="Must specify either Statistics"):
        statistics()
    with pytest.raises(ClientError, match="does not implement"):
        statistics(ExtendedStatistics=["tm90"])


def test_metrics_are_listed(cloudwatch, put):
    put("Orders", Value=1)
    put("Orders", Value=1, Dimensions=SHOP)
    put("Returns", Value=1, Dimensions=[*SHOP, {"Name": "Reason", "Value": "late"}])

    def listed(**chosen):
        pages = cloudwatch.get_paginator("list_metrics").paginate(**chosen)
        return sorted((one["MetricName"], len(one["Dimensions"])) for page in pages for one in page["Metrics"])

    assert listed() == listed(Namespace="Shop") == [("Orders", 0), ("Orders", 1), ("Returns", 2)]
    assert listed(MetricName="Orders") == [("Orders", 0), ("Orders", 1)]
    assert listed(Dimensions=[{"Name": "Shop"}]) == [("Orders", 1), ("Returns", 2)]
    assert listed(Dimensions=[{"Name": "Shop", "Value": "south"}]) == listed(Namespace="Other") == []


def test_metrics_are_listed_in_pages(cloudwatch):
    data = [{"MetricName": f"m{number:03}", "Value": 1} for number in range(501)]
    cloudwatch.put_metric_data(Namespace="Many", MetricData=data)
    pages = list(cloudwatch.get_paginator("list_metrics").paginate(Namespace="Many"))
    assert [len(page["Metrics"]) for page in pages] == [500, 1]


def test_metric_data(cloudwatch, put, hour):
    for minute in range(3):
        put(Value=minute, Timestamp=hour + 60 * minute)

    def query(id, stat, **more):
        metric = {"Namespace": "Shop", "MetricName": "Orders"}
        return {"Id": id, "MetricStat": {"Metric": metric, "Period": 60, "Stat": stat}} | more

    def ask(*queries, **more):
        return cloudwatch.get_metric_data(MetricDataQueries=list(queries), StartTime=hour, EndTime=hour + 3_600, **more)

    results = ask(query("a", "Sum"), query("b", "p50", Label="half"), query("c", "Sum", ReturnData=False))
    first, second = results["MetricDataResults"]
    assert (first["Id"], first["Label"], first["Values"], first["StatusCode"]) == ("a", "Orders", [2, 1, 0], "Complete")
    assert second["Label"] == "half"
    pages = cloudwatch.get_paginator("get_metric_data").paginate(
        MetricDataQueries=[query("a", "Sum")], StartTime=hour, EndTime=hour + 3_600, ScanBy="TimestampAscending",
        PaginationConfig={"PageSize": 2},
    )  # fmt: skip
    assert [page["MetricDataResults"][0]["Values"] for page in pages] == [[0, 1], [2]]
    with pytest.raises(ClientError, match="does not implement"):
        ask({"Id": "e", "Expression": "a / 2"})


def test_what_services_measure_comes_in(cloud, aws, cloudwatch):
    async def measure():
        call = cloud.cloud.door.call(aws.account, aws.region)
        for value in (1, 2):
            call.measure("AWS/Lambda", "Invocations", value, "Count", FunctionName="f")
        await call.transact(lambda tx: keepers.flush(call, tx))
        await asyncio.sleep(0)

    cloud.run(measure())
    [metric] = cloudwatch.list_metrics(Namespace="AWS/Lambda")["Metrics"]
    assert metric["Dimensions"] == [{"Name": "FunctionName", "Value": "f"}]
    now = time.time()
    answer = cloudwatch.get_metric_statistics(
        **metric, StartTime=now - 300, EndTime=now + 60, Period=3_600, Statistics=["Sum"]
    )
    assert [point["Sum"] for point in answer["Datapoints"]] == [3]


def test_alarms_are_not_here(cloudwatch):
    with pytest.raises(ClientError) as refusal:
        cloudwatch.describe_alarms()
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
