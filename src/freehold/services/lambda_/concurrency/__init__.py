"""The wing of concurrency: how many requests of a function may run at once. It leans on `invocation` and `access`.

One idea: what is set aside for a function is its own, and the others share what is left. It may not know requests.
"""

from freehold.services.lambda_.concurrency import operations, provisioned, readiness

__all__ = ["operations", "provisioned", "readiness"]
