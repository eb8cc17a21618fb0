"""The API of EventBridge Pipes: one function an operation, by noun. It may not know how sources are read."""

from freehold.services.pipes.catalogue import pipes
from freehold.services.pipes.service import operations, tags

__all__ = ["operations", "pipes", "tags"]
