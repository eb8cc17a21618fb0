"""Template values as Lambda's API wants them: numbers and booleans as such, tags as a map.

It may not know resource types.
"""

from collections.abc import Callable, Iterable
from typing import Any

from freehold.engines.cfn.coerce import boolean, integer, number
from freehold.kernel.resources import Ask, Ending, Properties, Refused, Want

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
GONE = "ResourceNotFoundException"


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


def tags(want: Want, given: Properties) -> dict[str, str]:
    """The stack's tags and the resource's own."""
    return {**want.tags, **{tag["Key"]: str(tag["Value"]) for tag in given.get("Tags") or ()}}


def update_tags(want: Want, arn: str) -> Ending:
    """Tags as they are wanted now, by what has changed."""
    wanted, current = tags(want, want.properties), tags(want, want.old)
    gone = [key for key in current if key not in wanted]
    if gone:
        yield Ask("lambda", "UntagResource", {"Resource": arn, "TagKeys": gone})
    new = {key: value for key, value in wanted.items() if current.get(key) != value}
    if new:
        yield Ask("lambda", "TagResource", {"Resource": arn, "Tags": new})


def remove(operation: str, request: dict[str, Any]) -> Ending:
    """Delete something; what is gone already counts as deleted."""
    try:
        yield Ask("lambda", operation, request)
    except Refused as refusal:
        if refusal.code != GONE:
            raise
