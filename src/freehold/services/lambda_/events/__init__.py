"""The wing of asynchronous invocation: events that are accepted now and run later, by way of `invocation`.

One idea: an accepted event is a promise, and so is whatever its outcome leads to. It may not know HTTP.
"""

from freehold.services.lambda_.events import attempts, configs, destinations, operations, resources

__all__ = ["attempts", "configs", "destinations", "operations", "resources"]
