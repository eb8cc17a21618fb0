"""The wing of event sources: functions that read queues and streams, by way of `invocation`.

One idea: a mapping is a wish, a poller is what fulfils it; what a function fails on stays where it was read. It may not
know how functions run.
"""

from freehold.services.lambda_.sources import batches, kinds, mappings, operations, polling, resources

__all__ = ["batches", "kinds", "mappings", "operations", "polling", "resources"]
