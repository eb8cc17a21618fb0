"""The API of CloudWatch Logs: one function an operation, by noun. It may not know how events lie."""

from freehold.services.logs.service import (
    accounts,
    events,
    groups,
    policies,
    protection,
    streams,
    tags,
    vending,
)
from freehold.services.logs.service.catalogue import logs

__all__ = ["accounts", "events", "groups", "logs", "policies", "protection", "streams", "tags", "vending"]
