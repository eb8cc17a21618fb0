"""The journal: what happened, noted off the hot path.

One idea: one append per request to lists in memory, taken in batches by whoever keeps them (metrics, trail, log). It
may not know who reads it.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from freehold.kernel.errors import AwsError

if TYPE_CHECKING:
    from freehold.kernel.call import Call
    from freehold.kernel.service import Operation

log = logging.getLogger("freehold")
SAMPLES_MAX = 100_000

Figure = tuple[str, float, str]
"""A metric's name, one value of it, and its unit."""


class Sample(NamedTuple):
    """What was measured of one thing, at `at` epoch seconds."""

    account: str
    region: str
    namespace: str
    dimensions: tuple[tuple[str, str], ...]
    figures: Sequence[Figure]
    at: float


class Journal:
    def __init__(self) -> None:
        self.samples: list[Sample] = []
        self.usage: Counter[tuple[str, str, str, str]] = Counter()

    def record(self, call: "Call", operation: "Operation", name: str, refusal: AwsError | None) -> None:
        """Count one answered operation under (account, service, operation, outcome)."""
        outcome = refusal.shape() if refusal else "OK"
        self.usage[call.account, operation.service.name, name, outcome] += 1

    def bug(self, call: "Call", service: str, name: str, error: BaseException) -> None:
        log.error("%s:%s failed (request %s)", service, name, call.request_id, exc_info=error)

    def measure(
        self, account: str, region: str, namespace: str, figures: Sequence[Figure], at: float,
        dimensions: dict[str, str],
    ) -> None:  # fmt: skip
        if len(self.samples) < SAMPLES_MAX:
            where = tuple(sorted(dimensions.items()))
            self.samples.append(Sample(account, region, namespace, where, figures, at))

    def take_samples(self) -> list[Sample]:
        """The samples since the last taking."""
        taken, self.samples = self.samples, []
        return taken
