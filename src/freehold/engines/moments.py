"""Moments as texts: ISO 8601 in UTC, the way most of AWS's documents write them.

One idea: everywhere else a moment is epoch seconds; what is finer than a text tells is cut off. They may not know what
happened then.
"""

from datetime import UTC, datetime
from functools import lru_cache


def iso_s(at: float) -> str:
    """2012-04-25T21:49:25Z"""
    return _second(int(at // 1))


@lru_cache(maxsize=1_024)
def _second(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_ms(at: float) -> str:
    """2012-04-25T21:49:25.719Z"""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
