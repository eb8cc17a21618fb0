"""Dashboards: put, shown, listed, removed. They may not know metrics.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html
"""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.cloudwatch import errors
from freehold.services.cloudwatch.dashboards import Dashboard, arn_of, open_dashboard
from freehold.services.cloudwatch.dashboards import put_dashboard as put
from freehold.services.cloudwatch.pages import read_token, write_token
from freehold.services.cloudwatch.service.catalogue import cloudwatch, dashboard_arn, dashboard_arns

DASHBOARDS_MAX = 1_000
LAST = "\U0010ffff"  # sorts behind every continuation of a prefix


@cloudwatch.operation(needs={"cloudwatch:PutDashboard": dashboard_arn})
def put_dashboard(call: Call, tx: Tx, request: Request) -> Response:
    tags = {tag["Key"]: tag["Value"] for tag in request["Tags"]} if "Tags" in request else None
    put(tx, request["DashboardName"], request["DashboardBody"], tags)
    return {"DashboardValidationMessages": []}


@cloudwatch.operation(needs={"cloudwatch:GetDashboard": dashboard_arn})
def get_dashboard(call: Call, tx: Tx, request: Request) -> Response:
    found = open_dashboard(tx, request["DashboardName"])
    arn = arn_of(tx.account, found.name)
    return {"DashboardArn": arn, "DashboardBody": found.body, "DashboardName": found.name}


@cloudwatch.operation(needs={"cloudwatch:ListDashboards": "*"})
def list_dashboards(call: Call, tx: Tx, request: Request) -> Response:
    prefix = request.get("DashboardNamePrefix", "")
    low, high = (prefix, prefix + LAST) if prefix else (None, None)
    after = (read_token(request["NextToken"], str),) if "NextToken" in request else None
    found = tx.range(Dashboard, low=low, high=high, after=after, limit=DASHBOARDS_MAX + 1)
    shown = found[:DASHBOARDS_MAX]
    answer: Response = {"DashboardEntries": [_entry(tx, one) for one in shown]}
    return answer | ({"NextToken": write_token(shown[-1].name)} if len(found) > DASHBOARDS_MAX else {})


def _entry(tx: Tx, dashboard: Dashboard) -> Response:
    return {
        "DashboardName": dashboard.name,
        "DashboardArn": arn_of(tx.account, dashboard.name),
        "LastModified": dashboard.modified_at,
        "Size": len(dashboard.body.encode()),
    }


@cloudwatch.operation(needs={"cloudwatch:DeleteDashboards": dashboard_arns})
def delete_dashboards(call: Call, tx: Tx, request: Request) -> None:
    """All of them or none."""
    missing = [name for name in request["DashboardNames"] if not tx.get(Dashboard, name)]
    if missing:
        raise errors.DashboardsNotFound(names=missing)
    for name in request["DashboardNames"]:
        tx.delete(Dashboard, name)
