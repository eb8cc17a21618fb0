"""Metrics and what is remembered of their values.

One idea: a metric is its namespace, name and dimensions, and nothing makes one but its first value. It may not know
requests.
"""

import hashlib
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import NamedTuple

import msgspec

from freehold.kernel.store import Record, Tx
from freehold.services.cloudwatch.tallies import Tally, together

MINUTE_S = 60
LISTED_S = 14 * 86_400  # how long a metric without new values is listed
KEPT_S = 455 * 86_400
SEEN_EVERY_S = 600  # how exactly it is known when a metric had its last value
REMOVED_MAX = 1_000

Dimensions = tuple[tuple[str, str], ...]


class Metric(Record, table="cloudwatch_metrics", key="namespace name id"):
    """A metric that has values; `dimensions` in order of their names, `seen_at` (epoch seconds) about its last."""

    namespace: str
    name: str
    id: str
    dimensions: Dimensions
    seen_at: float


class Minute(Record, table="cloudwatch_minutes", key="metric_id minute unit", index="minute"):
    """A metric's values of one unit in one minute (epoch seconds of its beginning)."""

    metric_id: str
    minute: int
    unit: str
    tally: Tally


class Place(NamedTuple):
    """Which record a value belongs to."""

    namespace: str
    name: str
    dimensions: Dimensions
    unit: str
    minute: int


def id_of(namespace: str, name: str, dimensions: Dimensions) -> str:
    """A text of fixed length that stands for a metric."""
    return hashlib.sha256(msgspec.msgpack.encode((namespace, name, dimensions))).hexdigest()[:32]


def minute_of(at: float) -> int:
    return int(at) // MINUTE_S * MINUTE_S


def add(tx: Tx, tallies: Mapping[Place, Tally]) -> None:
    """Add values to what is known of their minutes."""
    for place, tally in tallies.items():
        id = id_of(place.namespace, place.name, place.dimensions)
        kept = tx.get(Minute, id, place.minute, place.unit)
        if kept:
            kept.tally.merge(tally)
        else:
            kept = Minute(metric_id=id, minute=place.minute, unit=place.unit, tally=tally)
        tx.put(kept)
        _see(tx, place, id)


def _see(tx: Tx, place: Place, id: str) -> None:
    known = tx.get(Metric, place.namespace, place.name, id)
    if known is None or known.seen_at < place.minute - SEEN_EVERY_S:
        tx.put(
            Metric(namespace=place.namespace, name=place.name, id=id, dimensions=place.dimensions, seen_at=place.minute)
        )


def points(
    tx: Tx, metric_id: str, unit: str | None, start: int, end: float, period: int
) -> list[tuple[int, str, Tally]]:
    """The metric's values from `start` until before `end` in periods (seconds) from `start` on: (beginning of the
    period, unit, tally) of each that has any. Without a unit, each unit for itself."""
    found = tx.range(Minute, metric_id, low=start, high=end)
    chosen = [one for one in found if one.minute < end and unit in (None, one.unit)]

    def period_of(one: Minute) -> tuple[int, str]:
        return start + (one.minute - start) // period * period, one.unit

    chosen.sort(key=period_of)
    return [(*key, together(one.tally for one in same)) for key, same in groupby(chosen, key=period_of)]


def is_about(metric: Metric, wanted: Iterable[tuple[str, str | None]]) -> bool:
    """Whether a metric has all these dimensions; without a value, any."""
    given = dict(metric.dimensions)
    return all(name in given and value in (None, given[name]) for name, value in wanted)


def forget_some(tx: Tx) -> bool:
    """Remove some values too old to be shown, of every account and region; whether there may be more."""
    more = False
    for account, region in tx.scopes(Minute):
        here = tx.within(account, region)
        old = here.range(Minute, index="minute", high=int(tx.now) - KEPT_S, limit=REMOVED_MAX)
        for one in old:
            here.delete(Minute, one.metric_id, one.minute, one.unit)
        more = more or len(old) == REMOVED_MAX
    return more
