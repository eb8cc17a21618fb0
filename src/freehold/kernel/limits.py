"""Limits: how often an account may ask for an operation, where rates are held at all.

One idea: a bucket of tokens for each account, region and operation, filled at a rate; what finds it empty is refused.
Buckets are in memory: a restart fills them. It may not know which rates there are; rooms have theirs in a table.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/throttling.html explains the buckets.
"""

from typing import NamedTuple

from freehold.kernel.errors import AwsError


class Throttled(AwsError):
    words = "Rate exceeded"
    code = "ThrottlingException"
    status = 400


class Rate(NamedTuple):
    """How many tokens a bucket holds, and how many come each second."""

    size: float
    refill: float


Key = tuple[str, str, str, str]  # account, region, room, operation


class Buckets:
    """All buckets of this node. Full ones are forgotten when there are many."""

    KEPT_MAX = 10_000

    def __init__(self) -> None:
        self._filled: dict[Key, tuple[float, float]] = {}  # tokens left, and when

    def take(self, key: Key, rate: Rate, now: float) -> None:
        """Take one token. Raises Throttled."""
        left, at = self._filled.get(key, (rate.size, now))
        left = min(rate.size, left + max(0.0, now - at) * rate.refill)
        if left < 1:
            raise Throttled()
        if len(self._filled) >= self.KEPT_MAX:
            self._filled.clear()
        self._filled[key] = (left - 1, now)
