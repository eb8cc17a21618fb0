"""Dashboards: bodies that a console draws. One idea: a body is any JSON object. It may not know what it shows."""

import re

import msgspec

from freehold.kernel import arns
from freehold.kernel.store import Record, Tx
from freehold.services.cloudwatch import errors

NAME = re.compile(r"[\w-]{1,255}", re.ASCII)


class Dashboard(Record, table="cloudwatch_dashboards", key="name", scope="account"):
    """A dashboard of the account, the same in all regions. `modified_at` in epoch seconds."""

    name: str
    body: str
    modified_at: float
    tags: dict[str, str] = {}


def put_dashboard(tx: Tx, name: str, body: str, tags: dict[str, str] | None) -> None:
    """Make or replace a dashboard; tags stay unless others are given. Raises DashboardInvalidInputError."""
    if not NAME.fullmatch(name):
        raise errors.DashboardNameInvalid(name=name)
    try:
        msgspec.json.decode(body, type=dict)
    except (msgspec.DecodeError, msgspec.ValidationError) as fault:
        reason = "The field DashboardBody must be a valid JSON object"
        told = [{"DataPath": "", "Message": reason}]
        raise errors.DashboardInvalidInputError(reason=reason, dashboardValidationMessages=told) from fault
    old = tx.get(Dashboard, name)
    kept = tags if tags is not None else old.tags if old else {}
    tx.put(Dashboard(name=name, body=body, modified_at=tx.now, tags=kept))


def open_dashboard(tx: Tx, name: str) -> Dashboard:
    """Raises DashboardNotFoundError."""
    found = tx.get(Dashboard, name)
    if found is None:
        raise errors.DashboardNotFoundError(name=name)
    return found


def arn_of(account: str, name: str) -> str:
    return arns.arn("cloudwatch", "", account, f"dashboard/{name}")
