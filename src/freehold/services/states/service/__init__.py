"""The API of Step Functions: one function an operation, by noun. It may not know how executions go on."""

from freehold.services.states.catalogue import states
from freehold.services.states.service import executions, machines, tags, versions

__all__ = ["executions", "machines", "states", "tags", "versions"]
