"""AWS::CloudWatch::Dashboard.

One idea: it is put, and put again. It may not know the store.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-dashboard.html
"""

from freehold.engines.coerce import json_text
from freehold.kernel.resources import Ask, Ending, Made, Steps, Want
from freehold.services.cloudwatch.service.catalogue import cloudwatch

NAME_MAX = 255

dashboard = cloudwatch.resource("AWS::CloudWatch::Dashboard", replaces=("DashboardName",))


def _put(want: Want, name: str) -> Steps:
    body = json_text(want.properties["DashboardBody"])
    yield Ask("cloudwatch", "PutDashboard", {"DashboardName": name, "DashboardBody": body})
    return Made(name)


@dashboard.create
def create_dashboard(want: Want) -> Steps:
    return (yield from _put(want, want.name(want.properties.get("DashboardName"), NAME_MAX)))


@dashboard.update
def update_dashboard(want: Want) -> Steps:
    return (yield from _put(want, want.id))


@dashboard.delete
def delete_dashboard(want: Want) -> Ending:
    yield Ask("cloudwatch", "DeleteDashboards", {"DashboardNames": [want.id]})
