"""Rules: which events of a bus are wanted, or when one is made.

One idea: a rule is put whole; what a request leaves out goes back to its default. It may not know how events
travel, nor clocks.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
"""

from typing import Any

from freehold.engines import cron, patterns
from freehold.kernel.service import Request
from freehold.kernel.store import Record, Tx
from freehold.services.events import errors, listening, names
from freehold.services.events.buses import EventBus, changed
from freehold.services.events.catalogue import tags_of
from freehold.services.events.names import DEFAULT

NEITHER = "Parameter(s) EventPattern or ScheduleExpression must be specified."
ENABLED, DISABLED = "ENABLED", "DISABLED"


class Rule(Record, table="events_rules", key="bus name"):
    """A rule. `pattern` and `schedule` are texts, either may be empty; `creator` the account that made it; `since` when
    its schedule began, `due_at` when it is due next, and `alarm` the row that wakes it."""

    bus: str
    name: str
    pattern: str = ""
    schedule: str = ""
    state: str = ENABLED
    description: str = ""
    role: str = ""
    creator: str = ""
    tags: dict[str, str] = {}
    since: float = 0.0
    due_at: float = 0.0
    alarm: str = ""

    @property
    def on(self) -> bool:
        return self.state != DISABLED


def find_rule(tx: Tx, bus: str, name: str) -> Rule:
    """Raises ResourceNotFoundException."""
    rule = tx.get(Rule, bus, name)
    if rule is None:
        raise errors.RuleNotFound(name=name, bus=bus)
    return rule


def arn(tx: Tx, rule: Rule) -> str:
    return names.rule_arn(tx.account, tx.region, rule.bus, rule.name)


def put_rule(tx: Tx, bus: EventBus, request: Request) -> tuple[Rule, Rule | None]:
    """The rule, and what it was before if there was one."""
    pattern, schedule = request.get("EventPattern", ""), request.get("ScheduleExpression", "")
    _check(bus, pattern, schedule)
    old = tx.get(Rule, bus.name, request["Name"])
    rule = Rule(
        bus=bus.name, name=request["Name"], pattern=pattern, schedule=schedule, state=request.get("State", ENABLED),
        description=request.get("Description", ""), role=request.get("RoleArn", ""),
        creator=old.creator if old else tx.principal.account or tx.account, tags=old.tags if old else tags_of(request),
    )  # fmt: skip
    keep(tx, rule, old)
    return rule, old


def _check(bus: EventBus, pattern: str, schedule: str) -> None:
    if not pattern and not schedule:
        raise errors.Invalid(reason=NEITHER)
    if schedule and bus.name != DEFAULT:
        raise errors.ScheduleOnCustomBus()
    if schedule:
        try:
            cron.parse(schedule)
        except cron.BadSchedule:
            raise errors.BadParameter(name="ScheduleExpression") from None
    if pattern:
        patterns.checked(pattern, patterns.EVENTBRIDGE)


def keep(tx: Tx, rule: Rule, old: Rule | None) -> None:
    """Write down a rule that was `old` before."""
    tx.put(rule)
    changed(tx, rule.bus, rule.name, rule)
    if rule.bus == DEFAULT:
        listening.change(tx, _heard(old), _heard(rule))


def _heard(rule: Rule | None) -> str:
    return rule.pattern if rule and rule.on else ""


def delete_rule(tx: Tx, rule: Rule) -> None:
    tx.delete(Rule, rule.bus, rule.name)
    changed(tx, rule.bus, rule.name, "no rule")
    if rule.bus == DEFAULT:
        listening.change(tx, _heard(rule), "")


def described(tx: Tx, rule: Rule) -> dict[str, Any]:
    """A rule as lists show it."""
    told = {
        "Name": rule.name,
        "Arn": arn(tx, rule),
        "EventPattern": rule.pattern,
        "ScheduleExpression": rule.schedule,
        "State": rule.state,
        "Description": rule.description,
        "RoleArn": rule.role,
        "EventBusName": rule.bus,
    }
    return {name: value for name, value in told.items() if value}
