"""AWS::CloudWatch::Dashboard.

One idea: it is put, and put again. It may not know the store.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-dashboard.html
"""

from typing import Any

import msgspec

from freehold.kernel.resources import Ask, Ending, Made, Steps, Want
from freehold.services.cloudwatch.service.catalogue import cloudwatch

NAME_MAX = 255

dashboard = cloudwatch.resource("AWS::CloudWatch::Dashboard", replaces=("DashboardName",))


def _text(body: Any) -> str:
    """A body as text, even where a template writes it as an object."""
    return body if isinstance(body, str) else msgspec.json.encode(body).decode()


def _put(want: Want, name: str) -> Steps:
    yield Ask(
        "cloudwatch", "PutDashboard", {"DashboardName": name, "DashboardBody": _text(want.properties["DashboardBody"])}
    )
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
