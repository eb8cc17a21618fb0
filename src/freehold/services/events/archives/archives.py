"""Archives: made, changed and removed; what they hold.

One idea: an event is put into every archive of its bus whose pattern it matches, in the transaction that takes it. It
may not know replays.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html
"""

from functools import lru_cache
from typing import Any

from freehold.engines import patterns
from freehold.engines.templates import written
from freehold.kernel import arns
from freehold.kernel.service import Request
from freehold.kernel.store import Record, Tx
from freehold.services.events import errors, listening
from freehold.services.events.buses import EventBus, find_bus
from freehold.services.events.catalogue import given
from freehold.services.events.event import Event, epoch
from freehold.services.events.names import DEFAULT, Place

DAY_S = 86_400.0
TRIM_MAX = 500
NOTHING_GIVEN = "At least one of EventPattern, RetentionDays or Description must be provided."
OWN_BUS = "Must be an event bus of this account and region."
EVERYTHING = '{"version": ["0"]}'
SETTINGS = ("Description", "EventPattern", "RetentionDays", "KmsKeyIdentifier")

matcher = lru_cache(maxsize=1_024)(lambda text: patterns.compile(text, patterns.EVENTBRIDGE))


class Archive(Record, table="events_archives", key="name", index="bus"):
    """An archive of a bus. `settings` are those that were given; `count` and `bytes` of what it holds."""

    name: str
    bus: str
    settings: dict[str, Any] = {}
    created_at: float = 0.0
    count: int = 0
    bytes: int = 0

    @property
    def pattern(self) -> str:
        return self.settings.get("EventPattern") or ""


class Kept(Record, table="events_archived", key="archive at id"):
    """An event in an archive; `at` is its own time in epoch seconds, `size` its JSON's in bytes."""

    archive: str
    at: float
    id: str
    size: int
    event: dict[str, Any]


def arn(tx: Tx, name: str) -> str:
    return arns.arn("events", tx.region, tx.account, f"archive/{name}")


def find_archive(tx: Tx, name: str) -> Archive:
    """Raises ResourceNotFoundException."""
    archive = tx.get(Archive, name)
    if archive is None:
        raise errors.ResourceNotFound(kind="Archive", name=name)
    return archive


def create_archive(tx: Tx, request: Request) -> Archive:
    name, source = request["ArchiveName"], arns.parse(request["EventSourceArn"])
    if tx.get(Archive, name):
        raise errors.AlreadyExists(kind="Archive", name=name)
    kind, _, bus = source.resource.partition("/") if source else ("", "", "")
    if source is None or kind != "event-bus" or (source.account, source.region) != (tx.account, tx.region):
        raise errors.BadParameterBecause(name="EventSourceArn", reason=OWN_BUS)
    find_bus(tx, bus)
    archive = Archive(name=name, bus=bus, settings=_settings(request), created_at=tx.now)
    _put(tx, archive, "")
    return archive


def _settings(request: Request) -> dict[str, Any]:
    if request.get("EventPattern"):
        patterns.checked(request["EventPattern"], patterns.EVENTBRIDGE)
    return given(request, SETTINGS)


def _put(tx: Tx, archive: Archive, old: str) -> None:
    tx.put(archive)
    if archive.bus == DEFAULT:
        listening.change(tx, old, archive.pattern or EVERYTHING)


def update_archive(tx: Tx, request: Request) -> Archive:
    archive = find_archive(tx, request["ArchiveName"])
    settings = _settings(request)
    if not settings:
        raise errors.Invalid(reason=NOTHING_GIVEN)
    old = archive.pattern or EVERYTHING
    archive.settings = archive.settings | settings
    _put(tx, archive, old)
    return archive


def delete_archive(tx: Tx, name: str) -> None:
    archive = find_archive(tx, name)
    tx.delete(Archive, name)
    if archive.bus == DEFAULT:
        listening.change(tx, archive.pattern or EVERYTHING, "")
    trim(tx, name, None)


def trim(tx: Tx, name: str, before: float | None) -> int:
    """Remove some of an archive's events that are older than a moment, or of all; how many were removed."""
    gone = tx.range(Kept, name, high=before, limit=TRIM_MAX)
    for kept in gone:
        tx.delete(Kept, name, kept.at, kept.id)
    archive = tx.get(Archive, name)
    if archive and gone:
        archive.count -= len(gone)
        archive.bytes -= sum(kept.size for kept in gone)
        tx.put(archive)
    return len(gone)


def of_bus(tx: Tx, bus: EventBus) -> list[Archive]:
    return tx.range(Archive, bus.name, index="bus")


def keep(tx: Tx, archives: list[Archive], event: Event, detail: str) -> None:
    """Put an event into those archives of its bus that want it. `detail` is its text, if it has one of its own."""
    for archive in archives:
        if archive.pattern and not matcher(archive.pattern)(event):
            continue
        size = _size(event, detail)
        if tx.add(Kept(archive=archive.name, at=epoch(event), id=event["id"], size=size, event=event)):
            archive.count += 1
            archive.bytes += size
            tx.put(archive)


def _size(event: Event, detail: str) -> int:
    """An event's size as archives count it: its texts, the envelope left out."""
    texts = (event["source"], event["detail-type"], event["time"], detail or written(event["detail"]))
    return sum(len(text.encode()) for text in (*texts, *event["resources"]))


def described(tx: Tx, archive: Archive) -> dict[str, Any]:
    """An archive as lists show it."""
    return {
        "ArchiveName": archive.name,
        "EventSourceArn": Place(tx.account, tx.region, archive.bus).arn,
        "State": "ENABLED",
        "RetentionDays": archive.settings.get("RetentionDays", 0),
        "SizeBytes": archive.bytes,
        "EventCount": archive.count,
        "CreationTime": archive.created_at,
    }
