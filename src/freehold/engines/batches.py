"""Batches of a shard's records: what becomes of one after a function was given it.

One idea: an outcome is where the first failure lies, and a verdict divides the batch in order: so many are done with,
some are tried again in parts, the rest is given up. It may not know records, functions or clocks.

https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

ENDLESS = -1  # as a limit: there is none
HEAL_S, HEAL_MAX_S = 0.25, 60.0  # the pause after the first failure, and the longest


class Rules(NamedTuple):
    """How often a batch may be tried again after its first try, and whether one that fails is halved."""

    retries_max: int = ENDLESS
    bisects: bool = False


class Trial(NamedTuple):
    """`length` records were tried, after `failures` failed tries; the first of them that failed is at `failed_at`."""

    length: int
    failures: int
    failed_at: int | None


class Again(NamedTuple):
    """So many records to be tried next, after so many failed tries."""

    length: int
    failures: int


class Verdict(NamedTuple):
    """`done` records from the start are done with, then `again` says what is tried next, in order; `dropped` at the end
    are given up. Together they are all that was tried."""

    done: int
    again: tuple[Again, ...] = ()
    dropped: int = 0


def judge(trial: Trial, rules: Rules) -> Verdict:
    """What becomes of a batch: the first of `VERDICTS` that holds.

    What is done before a reported failure is not tried again. Splitting does not count as a try.
    """
    return next(verdict(trial, rules) for holds, verdict in VERDICTS if holds(trial, rules))


def _left(trial: Trial) -> int:
    return trial.length - (trial.failed_at or 0)


def _split(trial: Trial, rules: Rules) -> Verdict:
    """In two: where the function said, or else in the middle."""
    if trial.failed_at:
        return Verdict(trial.failed_at, (Again(_left(trial), trial.failures),))
    first = (trial.length + 1) // 2
    return Verdict(0, (Again(first, trial.failures), Again(trial.length - first, trial.failures)))


Holds = Callable[[Trial, Rules], bool]
VERDICTS: tuple[tuple[Holds, Callable[[Trial, Rules], Verdict]], ...] = (
    (lambda trial, rules: trial.failed_at is None, lambda trial, rules: Verdict(trial.length)),
    (lambda trial, rules: rules.bisects and trial.length > 1, _split),
    (
        lambda trial, rules: trial.failures == rules.retries_max,
        lambda trial, rules: Verdict(trial.failed_at or 0, (), _left(trial)),
    ),
    (
        lambda trial, rules: True,
        lambda trial, rules: Verdict(trial.failed_at or 0, (Again(_left(trial), trial.failures + 1),)),
    ),
)


def pause_s(failures: int) -> float:
    """How long to wait before a batch that failed so often is tried again."""
    return min(HEAL_MAX_S, HEAL_S * 2 ** min(failures - 1, 10)) if failures else 0.0


def expired(arrivals: Sequence[float], now: float, age_max_s: float) -> int:
    """How many records from the start are older than may be. Arrivals do not fall."""
    if age_max_s == ENDLESS:
        return 0
    return next((at for at, arrived_at in enumerate(arrivals) if now - arrived_at <= age_max_s), len(arrivals))


def parts(sizes: Sequence[int], count_max: int, bytes_max: int) -> list[int]:
    """Where records of these sizes are divided, so that no part has more than so many records or bytes: the parts'
    counts. A record that is too large is a part of its own."""
    counts: list[int] = []
    held = 0
    for size in sizes:
        if not counts or counts[-1] == count_max or held + size > bytes_max:
            counts.append(0)
            held = 0
        counts[-1] += 1
        held += size
    return counts
