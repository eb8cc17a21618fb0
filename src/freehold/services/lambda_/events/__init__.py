"""The wing of asynchronous invocation: events accepted now and run later, by way of `invocation` and `access`.

One idea: an accepted event is a promise, and so is whatever its outcome leads to. It may not know HTTP.
"""

from freehold.services.lambda_.events import attempts, configs, destinations, operations, resources

__all__ = ["attempts", "configs", "destinations", "operations", "resources"]
