"""Event buses: made, found, changed and removed.

One idea: every account has a default bus in every region without making it, so its record is written when there is
first something to keep. `revision` names the state of all rules and targets of a bus, and the last changes are kept, so
that whoever compiled them knows which are no longer those. It may not know how events travel.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html
"""

from hashlib import sha256
from typing import Any

import msgspec

from freehold.kernel.store import Record, Tx
from freehold.services.events.errors import AlreadyExists, BusNotFound, Invalid, ProtectedBus
from freehold.services.events.names import DEFAULT, Place

HAS_RULES = "EventBus can't be deleted since it has rules."
NO_SLASH = "Event bus name must not contain '/'."
SETTINGS = ("Description", "KmsKeyIdentifier", "DeadLetterConfig", "LogConfig")
CHANGES_MAX = 1_000


class EventBus(Record, table="events_buses", key="name"):
    """A bus. `settings` are those of its members that are kept as they were given; `policy` is a JSON text; `changes`
    counts those of its rules and targets."""

    name: str
    settings: dict[str, Any] = {}
    policy: str = ""
    tags: dict[str, str] = {}
    revision: str = ""
    changes: int = 0
    created_at: float = 0.0
    modified_at: float = 0.0


class Change(Record, table="events_changes", key="bus number"):
    """That a rule of a bus or one of its targets was put or removed; `before` is the revision it was done to."""

    bus: str
    number: int
    before: str
    rule: str


def find_bus(tx: Tx, name: str) -> EventBus:
    """Raises ResourceNotFoundException."""
    bus = tx.get(EventBus, name)
    if bus is None and name == DEFAULT:
        bus = EventBus(name=DEFAULT, created_at=tx.now, modified_at=tx.now)
    if bus is None:
        raise BusNotFound(name=name)
    return bus


def create_bus(tx: Tx, name: str, settings: dict[str, Any], tags: dict[str, str], partner: bool) -> EventBus:
    if name == DEFAULT or tx.get(EventBus, name):
        raise AlreadyExists(kind="Event bus", name=name)
    if "/" in name and not partner:
        raise Invalid(reason=NO_SLASH)
    bus = EventBus(name=name, settings=settings, tags=tags, created_at=tx.now, modified_at=tx.now)
    tx.put(bus)
    return bus


def keep(tx: Tx, bus: EventBus) -> None:
    """Write down what was changed of a bus itself."""
    bus.modified_at = tx.now
    tx.put(bus)


def changed(tx: Tx, bus: str, rule: str, what: Record | str) -> None:
    """Note that a rule or one of its targets was put (`what`), or which was removed: the bus's revision follows from
    all changes."""
    found = find_bus(tx, bus)
    told = what if isinstance(what, str) else msgspec.json.encode(what).decode()
    number = found.changes + 1
    tx.put(Change(bus=bus, number=number, before=found.revision, rule=rule))
    tx.delete(Change, bus, number - CHANGES_MAX)
    found.revision = sha256("\0".join((found.revision, rule, told)).encode()).hexdigest()
    found.changes = number
    tx.put(found)


def delete_bus(tx: Tx, name: str, has_rules: bool) -> None:
    """One that is not there counts as removed. Raises ValidationException for the default bus and those with rules."""
    if name == DEFAULT:
        raise ProtectedBus(name=name)
    if has_rules:
        raise Invalid(reason=HAS_RULES)
    for change in tx.range(Change, name):
        tx.delete(Change, name, change.number)
    tx.delete(EventBus, name)


def described(tx: Tx, bus: EventBus) -> dict[str, Any]:
    """A bus as lists show it."""
    told: dict[str, Any] = {"Name": bus.name, "Arn": Place(tx.account, tx.region, bus.name).arn}
    told |= {"Description": bus.settings["Description"]} if bus.settings.get("Description") else {}
    told |= {"Policy": bus.policy} if bus.policy else {}
    return told | {"CreationTime": bus.created_at, "LastModifiedTime": bus.modified_at}
