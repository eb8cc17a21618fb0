"""The wing of integrations: which call of another service a task means, and what its outcome means to the task.

One idea: both are read from the service's own model, and a table holds what Step Functions does otherwise. It may not
know executions.
"""

from freehold.services.states.integrations import answers, apis, calls, endpoints, errands, metadata, refusals

__all__ = ["answers", "apis", "calls", "endpoints", "errands", "metadata", "refusals"]
