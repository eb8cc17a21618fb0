"""The API of EventBridge: one function an operation, by noun; those of a wing stand in the wing. It may not know how
events travel."""

from freehold.services.events.catalogue import events
from freehold.services.events.service import buses, permissions, rules, tags, targets

__all__ = ["buses", "events", "permissions", "rules", "tags", "targets"]
