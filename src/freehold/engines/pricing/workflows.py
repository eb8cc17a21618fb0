"""What Step Functions would charge, in us-east-1.

One idea: Standard executions cost by transitions, Express ones by request and by time in memory. Figures of the
published examples are its tests. It may not know how transitions are counted.

https://aws.amazon.com/step-functions/pricing/
"""

from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

PER_TRANSITION = Decimal("0.000025")
FREE_TRANSITIONS = 4_000  # a month
PER_REQUEST = Decimal("0.000001")
TIERS = ((Decimal(1_000), Decimal("0.06")), (Decimal(4_000), Decimal("0.03")), (None, Decimal("0.01642")))
"""GB-hours of a month and their price, the rest last."""
BASE_MB, CHUNK_MB, CHUNK_MS = 50, 64, 100
EXPRESS_MAX_MS = 300_000


class Express(NamedTuple):
    """What executions of Express workflows cost."""

    requests: Decimal
    duration: Decimal

    @property
    def total(self) -> Decimal:
        return self.requests + self.duration


def standard(transitions: int, free: int = 0) -> Decimal:
    """Dollars for so many transitions, retries among them, of which some are free."""
    return max(0, transitions - free) * PER_TRANSITION


def express(executions: int, duration_ms: float, memory_mb: float = BASE_MB) -> Express:
    """Dollars for so many executions that each take so long and hold so much."""
    hours = Decimal(billed_ms(duration_ms)) / 3_600_000
    left = executions * hours * billed_mb(memory_mb) / 1024
    duration = Decimal(0)
    for most, price in TIERS:
        part = left if most is None else min(left, most)
        duration, left = duration + part * price, left - part
    return Express(executions * PER_REQUEST, duration)


def billed_ms(duration_ms: float) -> int:
    """Rounded up to the next 100 ms."""
    return _up(duration_ms, CHUNK_MS)


def billed_mb(memory_mb: float) -> int:
    """Rounded up to the next 64 MB."""
    return _up(memory_mb, CHUNK_MB)


def held_mb(definition_bytes: int, data_bytes: int, steps: int = 1) -> float:
    """What an execution holds: a base, its definition, and its data once for each step of a Map or Parallel state."""
    return BASE_MB + (definition_bytes + data_bytes * max(1, steps)) / (1 << 20)


def _up(value: float, to: int) -> int:
    chunks = (Decimal(str(value)) / to).to_integral_value(rounding=ROUND_CEILING)
    return max(1, int(chunks)) * to
