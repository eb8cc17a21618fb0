"""The API of EventBridge Scheduler: one function an operation, by noun. It may not know how due times are delivered."""

from freehold.services.scheduler.catalogue import scheduler
from freehold.services.scheduler.service import groups, schedules, tags

__all__ = ["groups", "scheduler", "schedules", "tags"]
