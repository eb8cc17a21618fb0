"""Announcements: what happens in a room, told on the default bus of its account.

One idea: who listens is written down where everybody can read it, so where nobody does an announcement costs the
reading of one record, and no word of it is put together. It may not know rules: the events room keeps the audience and
takes what is promised.

https://docs.aws.amazon.com/eventbridge/latest/ref/events.html
"""

from collections.abc import Callable
from typing import Any

from freehold.kernel.deliveries import promise
from freehold.kernel.identity import CLOUD
from freehold.kernel.store import Record, Tx

ROOM, TAKE = "events", "announced"
BUS = "default"
ANY = "*"


class Audience(Record, table="kernel_audiences", key="bus"):
    """How many listen to each source in this account and region; those under `ANY` may want any."""

    bus: str
    sources: dict[str, int] = {}


def announce(
    tx: Tx, source: str, detail_type: str, resources: list[str], detail: Callable[[], dict[str, Any]]
) -> None:  # fmt: skip
    """Tell what happened, if anybody listens. `detail` is asked for then only; its moments are epoch seconds or
    texts."""
    audience = tx.get(Audience, BUS)
    if audience and (source in audience.sources or ANY in audience.sources):
        told = {"source": source, "detail_type": detail_type, "resources": resources, "detail": detail()}
        promise(tx.acting(CLOUD), ROOM, TAKE, {**told, "at": tx.now}, lane=f"{ROOM}:announced:{tx.account}")


def listen(tx: Tx, source: str, more: int) -> None:
    """Count a listener of a source in, or one out."""
    audience = tx.get(Audience, BUS) or Audience(bus=BUS)
    count = audience.sources.get(source, 0) + more
    audience.sources.pop(source, None)
    if count > 0:
        audience.sources[source] = count
    tx.put(audience)
