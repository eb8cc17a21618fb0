"""EventBridge Scheduler: groups and schedules, and the calls that schedules make.

One idea: a schedule has one alarm, a row written with it. When it rings, the due time becomes an invocation: it acts as
the schedule's role, is tried again, and ends in an answer or a dead-letter queue. The schedule's next alarm is set in
the same transaction, so each due time is delivered once, whatever dies meanwhile. What this room does not do stands in
`parity.toml`.
"""

from freehold.services.scheduler import resources, running
from freehold.services.scheduler.service import scheduler

__all__ = ["resources", "running", "scheduler"]
