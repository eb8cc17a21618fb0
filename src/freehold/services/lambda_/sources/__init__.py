"""The wing of event sources: functions that read queues and streams, by way of `invocation`; what is told of records
that are given up, it tells as `events` does.

One idea: a mapping is a wish, a poller of its queue or a follower of its stream is what fulfils it; what a function
fails on stays where it was read. It may not know how functions run.
"""

from freehold.services.lambda_.sources import (
    attending,
    following,
    kinds,
    mappings,
    operations,
    outcomes,
    polling,
    positions,
    reports,
    resources,
    windows,
)

__all__ = [
    "attending",
    "following",
    "kinds",
    "mappings",
    "operations",
    "outcomes",
    "polling",
    "positions",
    "reports",
    "resources",
    "windows",
]
