"""Lambda: functions, their versions and aliases, and everything that makes them run.

One idea: a function is a record and its code a blob; to run it is to hand both to the sandbox with the role's own
credentials, and whatever an invocation leads to is promised in one transaction after it.

Its wings are `access`, `layers`, `invocation`, `concurrency`, `events`, `sources`, `urls` and `signing`.

Not done: Kafka and other brokers as event sources, file systems, private networks. `parity.toml` has the list.
"""

from freehold.services.lambda_ import (
    access,
    concurrency,
    events,
    invocation,
    keepers,
    layers,
    resources,
    signing,
    sources,
    urls,
)
from freehold.services.lambda_.service import lambda_

__all__ = [
    "access",
    "concurrency",
    "events",
    "invocation",
    "keepers",
    "lambda_",
    "layers",
    "resources",
    "signing",
    "sources",
    "urls",
]
