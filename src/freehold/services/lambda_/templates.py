"""Template values as Lambda's API wants them: numbers and booleans as such, tags as a map.

It may not know resource types.
"""

from collections.abc import Callable, Iterable
from typing import Any

from freehold.engines.coerce import boolean, integer, number
from freehold.kernel.resources import Ask, Ending, Properties, Want

SCALARS: dict[str, Callable[[Any, str], Any]] = {
    "AllowCredentials": boolean,
    "BatchSize": integer,
    "BisectBatchOnFunctionError": boolean,
    "Enabled": boolean,
    "FunctionWeight": number,
    "InvokedViaFunctionUrl": boolean,
    "Ipv6AllowedForDualStack": boolean,
    "MaxAge": integer,
    "MaximumBatchingWindowInSeconds": integer,
    "MaximumConcurrency": integer,
    "MaximumEventAgeInSeconds": integer,
    "MaximumRetryAttempts": integer,
    "MemorySize": integer,
    "MaximumRecordAgeInSeconds": integer,
    "ParallelizationFactor": integer,
    "ProvisionedConcurrentExecutions": integer,
    "ReservedConcurrentExecutions": integer,
    "StartingPositionTimestamp": number,
    "TumblingWindowInSeconds": integer,
    "Size": integer,
    "Timeout": integer,
}
OPEN = frozenset({"Variables", "Tags"})  # their keys are the owner's


def typed(value: Any, name: str = "") -> Any:
    """A template's value with its numbers and booleans as such."""
    if isinstance(value, dict):
        return {key: each if key in OPEN else typed(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [typed(each, name) for each in value]
    return SCALARS[name](value, name) if name in SCALARS else value


def chosen(given: Properties, names: Iterable[str]) -> Properties:
    """Those of the properties that are given."""
    return {name: given[name] for name in names if given.get(name) is not None}


def update_tags(want: Want, arn: str) -> Ending:
    """Tags as they are wanted now, by what has changed."""
    gone, new = want.retagged()
    if gone:
        yield Ask("lambda", "UntagResource", {"Resource": arn, "TagKeys": gone})
    if new:
        yield Ask("lambda", "TagResource", {"Resource": arn, "Tags": new})
