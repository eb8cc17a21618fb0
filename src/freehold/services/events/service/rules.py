"""Rules: put, described, listed, switched and removed. They may not know how events travel.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
"""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.events import errors, rules, schedules
from freehold.services.events.catalogue import events, named_bus_arn, named_rule_arn
from freehold.services.events.names import place_of
from freehold.services.events.pages import LAST, page
from freehold.services.events.permissions import open_bus
from freehold.services.events.rules import DISABLED, ENABLED, Rule, find_rule
from freehold.services.events.targets import Target


def _put_needs(call: Call, request: Request) -> list[tuple[str, str]]:
    arn = named_rule_arn(call, request)
    tags = [("events:TagResource", arn)] if request.get("Tags") else []
    role = [("iam:PassRole", request["RoleArn"])] if request.get("RoleArn") else []
    return [("events:PutRule", arn), *tags, *role]


@events.operation(needs=_put_needs)
def put_rule(call: Call, tx: Tx, request: Request) -> Response:
    here, bus = open_bus(tx, request.get("EventBusName"), "PutRule")
    rule, old = rules.put_rule(here, bus, request)
    schedules.arrange(here, rule, old)
    return {"RuleArn": rules.arn(here, rule)}


@events.operation(needs={"events:DescribeRule": named_rule_arn})
def describe_rule(call: Call, tx: Tx, request: Request) -> Response:
    here, bus = open_bus(tx, request.get("EventBusName"), "DescribeRule")
    rule = find_rule(here, bus.name, request["Name"])
    return rules.described(here, rule) | {"CreatedBy": rule.creator}


@events.operation(needs={"events:ListRules": named_bus_arn})
def list_rules(call: Call, tx: Tx, request: Request) -> Response:
    here, bus = open_bus(tx, request.get("EventBusName"), "ListRules")
    return page(here, Rule, request, "Rules", lambda rule: rules.described(here, rule), bus.name)


@events.operation(needs={"events:EnableRule": named_rule_arn})
def enable_rule(call: Call, tx: Tx, request: Request) -> None:
    _switch(tx, request, ENABLED, "EnableRule")


@events.operation(needs={"events:DisableRule": named_rule_arn})
def disable_rule(call: Call, tx: Tx, request: Request) -> None:
    _switch(tx, request, DISABLED, "DisableRule")


def _switch(tx: Tx, request: Request, state: str, action: str) -> None:
    here, bus = open_bus(tx, request.get("EventBusName"), action)
    old = find_rule(here, bus.name, request["Name"])
    rule = find_rule(here, bus.name, request["Name"])  # a copy of its own
    rule.state = state
    rules.keep(here, rule, old)
    schedules.arrange(here, rule, old)


@events.operation(needs={"events:DeleteRule": named_rule_arn})
def delete_rule(call: Call, tx: Tx, request: Request) -> None:
    """A rule that is not there counts as removed. `Force` is for rules that AWS services manage, of which there are
    none."""
    assert request.get("Force") in (None, True, False)
    here, bus = open_bus(tx, request.get("EventBusName"), "DeleteRule")
    rule = here.get(Rule, bus.name, request["Name"])
    if rule is None:
        return
    if here.count(Target, bus.name, rule.name):
        raise errors.RuleHasTargets()
    schedules.cancel(here, rule)
    rules.delete_rule(here, rule)


@events.operation(needs={"events:ListRuleNamesByTarget": named_bus_arn})
def list_rule_names_by_target(call: Call, tx: Tx, request: Request) -> Response:
    place = place_of(request.get("EventBusName"), tx.account, tx.region)
    here, bus = open_bus(tx, place.arn, "ListRuleNamesByTarget")
    shown: set[str] = set()

    def wanted(target: Target) -> bool:
        """A rule that has a target twice is told once."""
        new = target.rule not in shown
        shown.add(target.rule)
        return new

    return page(
        here, Target, request, "RuleNames", lambda target: target.rule, bus.name, request["TargetArn"],
        key=lambda target: (target.rule, LAST), wanted=wanted, index="bus arn",
    )  # fmt: skip
