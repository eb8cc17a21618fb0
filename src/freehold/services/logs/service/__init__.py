"""The API of CloudWatch Logs: one function an operation, by noun. It may not know how events lie."""

from freehold.services.logs.service import events, groups, policies, streams, tags
from freehold.services.logs.service.catalogue import logs

__all__ = ["events", "groups", "logs", "policies", "streams", "tags"]
