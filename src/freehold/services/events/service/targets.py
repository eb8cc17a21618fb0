"""Targets: put, listed and removed. They may not know how events travel.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html
"""

from typing import Any

from freehold.kernel import roles
from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.events import errors, targets
from freehold.services.events.catalogue import events, named_rule_arn
from freehold.services.events.names import EVENTS
from freehold.services.events.pages import page
from freehold.services.events.permissions import open_bus
from freehold.services.events.rules import find_rule
from freehold.services.events.targets import Target

SESSION = "PutTargets"


def _put_needs(call: Call, request: Request) -> list[tuple[str, str]]:
    passed = dict.fromkeys(one["RoleArn"] for one in request["Targets"] if one.get("RoleArn"))
    return [("events:PutTargets", named_rule_arn(call, request)), *(("iam:PassRole", role) for role in passed)]


@events.operation(needs=_put_needs)
async def put_targets(call: Call, request: Request) -> Response:
    """Roles are tried, so that a target whose role EventBridge may not use is refused."""
    for one in request["Targets"]:
        targets.check(one)
    await call.transact(_find, request)
    for role in dict.fromkeys(one["RoleArn"] for one in request["Targets"] if one.get("RoleArn")):
        await _try_role(call, role)
    failed = await call.transact(_put, request)
    return {"FailedEntryCount": len(failed), "FailedEntries": failed}


async def _try_role(call: Call, role: str) -> None:
    try:
        await roles.assume(call, role, EVENTS, SESSION)
    except AwsError as refusal:
        raise errors.RoleUnusable(role=role) from refusal


def _find(tx: Tx, request: Request) -> None:
    here, bus = open_bus(tx, request.get("EventBusName"), "PutTargets")
    find_rule(here, bus.name, request["Rule"])


def _put(tx: Tx, request: Request) -> list[dict[str, Any]]:
    here, bus = open_bus(tx, request.get("EventBusName"), "PutTargets")
    find_rule(here, bus.name, request["Rule"])
    return targets.put_targets(here, bus.name, request["Rule"], request["Targets"])


@events.operation(needs={"events:RemoveTargets": named_rule_arn})
def remove_targets(call: Call, tx: Tx, request: Request) -> Response:
    here, bus = open_bus(tx, request.get("EventBusName"), "RemoveTargets")
    find_rule(here, bus.name, request["Rule"])
    failed = targets.remove_targets(here, bus.name, request["Rule"], request["Ids"])
    return {"FailedEntryCount": len(failed), "FailedEntries": failed}


@events.operation(needs={"events:ListTargetsByRule": named_rule_arn})
def list_targets_by_rule(call: Call, tx: Tx, request: Request) -> Response:
    here, bus = open_bus(tx, request.get("EventBusName"), "ListTargetsByRule")
    rule = find_rule(here, bus.name, request["Rule"])
    return page(
        here, Target, request, "Targets", lambda target: target.members, bus.name, rule.name,
        key=lambda target: (target.number, target.id), index="bus rule number",
    )  # fmt: skip
