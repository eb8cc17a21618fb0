"""PutMetricData and ListMetrics. They may not know how values are kept.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
"""

from freehold.kernel.call import Call
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.cloudwatch import metrics
from freehold.services.cloudwatch.data import read_data
from freehold.services.cloudwatch.metrics import LISTED_S, Metric, is_about
from freehold.services.cloudwatch.pages import read_token, write_token
from freehold.services.cloudwatch.service.catalogue import cloudwatch

METRICS_MAX = 500
ACTIVE_S = 3 * 3_600


@cloudwatch.operation(needs={"cloudwatch:PutMetricData": "*"})
def put_metric_data(call: Call, tx: Tx, request: Request) -> None:
    if request.get("EntityMetricData"):
        raise NotImplementedHere(service="cloudwatch", operation="metric data of entities")
    metrics.add(tx, read_data(request["Namespace"], request.get("MetricData", []), tx.now))


@cloudwatch.operation(needs={"cloudwatch:ListMetrics": "*"})
def list_metrics(call: Call, tx: Tx, request: Request) -> Response:
    if request.get("IncludeLinkedAccounts") or request.get("OwningAccount", tx.account) != tx.account:
        raise NotImplementedHere(service="cloudwatch", operation="ListMetrics of linked accounts")
    since = tx.now - (ACTIVE_S if request.get("RecentlyActive") else LISTED_S)
    after = read_token(request["NextToken"], tuple[str, str, str]) if "NextToken" in request else None
    found: list[Metric] = []
    while len(found) <= METRICS_MAX:
        some = _range(tx, request, after)
        found += [metric for metric in some if metric.seen_at >= since and _is_wanted(metric, request)]
        if len(some) <= METRICS_MAX:
            break
        after = (some[-1].namespace, some[-1].name, some[-1].id)
    shown = found[:METRICS_MAX]
    answer: Response = {"Metrics": [_described(metric) for metric in shown]}
    if len(found) > METRICS_MAX:
        answer["NextToken"] = write_token((shown[-1].namespace, shown[-1].name, shown[-1].id))
    return answer


def _range(tx: Tx, request: Request, after: tuple | None) -> list[Metric]:
    """Metrics of the namespace asked for, or of all, in order."""
    if "Namespace" not in request:
        return tx.range(Metric, after=after, limit=METRICS_MAX + 1)
    return tx.range(Metric, request["Namespace"], after=after[1:] if after else None, limit=METRICS_MAX + 1)


def _is_wanted(metric: Metric, request: Request) -> bool:
    wanted = [(one["Name"], one.get("Value")) for one in request.get("Dimensions", ())]
    return request.get("MetricName") in (None, metric.name) and is_about(metric, wanted)


def _described(metric: Metric) -> Response:
    dimensions = [{"Name": name, "Value": value} for name, value in metric.dimensions]
    return {"Namespace": metric.namespace, "MetricName": metric.name, "Dimensions": dimensions}
