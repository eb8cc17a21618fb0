"""Schedules: when a rule is due.

One idea: an enabled rule with a schedule has one alarm, a row written with the rule; the moment it was set for says
whether it is still meant. A cloud that was away makes up for what fell due meanwhile, as far back as an event lives. It
may not know what happens then.
"""

from freehold.engines import cron
from freehold.kernel import timers
from freehold.kernel.store import Tx
from freehold.services.events import rules
from freehold.services.events.rules import Rule

LATE_MAX_S = 86_400.0


def arrange(tx: Tx, rule: Rule, old: Rule | None) -> None:
    """Set a rule's alarm. A schedule that goes on as it was keeps its beginning."""
    same = old is not None and old.on and rule.on and old.schedule == rule.schedule
    if old is not None:
        if same:
            rule.since, rule.due_at, rule.alarm = old.since, old.due_at, old.alarm
            rules.keep(tx, rule, rule)
            return
        cancel(tx, old)
    if rule.schedule and rule.on:
        rule.since = tx.now
        set_alarm(tx, rule, tx.now)


def cancel(tx: Tx, rule: Rule) -> None:
    if rule.alarm:
        timers.cancel(tx, rule.alarm)
        rule.alarm, rule.due_at = "", 0.0


def set_alarm(tx: Tx, rule: Rule, after: float) -> None:
    """Wake the rule at its first moment after `after`, or after what is too long ago."""
    due = cron.parse(rule.schedule).after(max(after, tx.now - LATE_MAX_S), rule.since)
    rule.alarm, rule.due_at = "", due or 0.0
    if due is not None:
        rule.alarm = timers.at(tx, due, "events", "fall_due", bus=rule.bus, rule=rule.name, due_at=due)
    tx.put(rule)
