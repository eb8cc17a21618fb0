"""Replays: an archive's events told once more.

One idea: a replay is where it has come to among the events of a span of time; each page is told and noted in one
transaction. It may not know how events travel.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-replay-archived-event.html
"""

from typing import Any

from freehold.kernel import arns, timers
from freehold.kernel.service import Request
from freehold.kernel.store import Record, Tx
from freehold.services.events import errors
from freehold.services.events.archives.archives import Archive, Kept, arn
from freehold.services.events.buses import find_bus
from freehold.services.events.names import Place

ACTIVE_MAX = 10
PAGE = 50
SETTLE_S = 2.0  # before a replay begins; in AWS it takes minutes
STARTING, RUNNING, CANCELLING = "STARTING", "RUNNING", "CANCELLING"
COMPLETED, CANCELLED = "COMPLETED", "CANCELLED"
ACTIVE = (STARTING, RUNNING, CANCELLING)
ORDER = "EventStartTime must be before EventEndTime."
CROSS = "Cross event bus replay is not permitted."
UNKNOWN = "Archive {name} does not exist."
TOO_LATE = "Replay {name} is not in a valid state for this operation."


class Replay(Record, table="events_replays", key="name", index="state"):
    """A replay of an archive (by name). `request` is what was asked; `reached` the key of the last event told."""

    name: str
    archive: str
    bus: str
    request: dict[str, Any]
    state: str = STARTING
    started_at: float = 0.0
    ended_at: float = 0.0
    reached_at: float = 0.0
    reached: tuple[float, str] | None = None


def find_replay(tx: Tx, name: str) -> Replay:
    """Raises ResourceNotFoundException."""
    replay = tx.get(Replay, name)
    if replay is None:
        raise errors.ResourceNotFound(kind="Replay", name=name)
    return replay


def start_replay(tx: Tx, request: Request) -> Replay:
    name = request["ReplayName"]
    destination, source = arns.parse(request["Destination"]["Arn"]), arns.parse(request["EventSourceArn"])
    if destination is None or not destination.resource.startswith("event-bus/"):
        raise errors.BadParameterBecause(name="Destination.Arn", reason="Must contain an event bus ARN.")
    told = source.resource.partition("/")[2] if source else request["EventSourceArn"]
    archive = tx.get(Archive, told)
    bus = destination.resource.partition("/")[2]
    if (destination.account, destination.region) == (tx.account, tx.region):
        find_bus(tx, bus)
    if archive is None:
        raise errors.BadParameterBecause(name="EventSourceArn", reason=UNKNOWN.format(name=told))
    if request["EventStartTime"] >= request["EventEndTime"]:
        raise errors.BadParameterBecause(name="EventEndTime", reason=ORDER)
    if Place(tx.account, tx.region, archive.bus).arn != request["Destination"]["Arn"]:
        raise errors.BadParameterBecause(name="Destination.Arn", reason=CROSS)
    if tx.get(Replay, name):
        raise errors.AlreadyExists(kind="Replay", name=name)
    if sum(tx.count(Replay, state, index="state") for state in ACTIVE) >= ACTIVE_MAX:
        raise errors.LimitExceededException()
    replay = Replay(name=name, archive=archive.name, bus=bus, request=request, started_at=tx.now)
    tx.put(replay)
    timers.at(tx, tx.now + SETTLE_S, "events", "replay_on", name=name, began_at=tx.now)
    return replay


def cancel_replay(tx: Tx, name: str) -> Replay:
    replay = find_replay(tx, name)
    if replay.state not in (STARTING, RUNNING):
        raise errors.IllegalStatusException(reason=TOO_LATE.format(name=name))
    replay.state = CANCELLING
    tx.put(replay)
    return replay


def next_page(tx: Tx, replay: Replay) -> list[Kept]:
    """The events that are told next."""
    first, last = replay.request["EventStartTime"], replay.request["EventEndTime"]
    return tx.range(Kept, replay.archive, low=first, high=last, after=replay.reached, limit=PAGE)


def described(tx: Tx, replay: Replay) -> dict[str, Any]:
    """A replay as lists show it."""
    told = {
        "ReplayName": replay.name,
        "EventSourceArn": arn(tx, replay.archive),
        "State": replay.state,
        "EventStartTime": replay.request["EventStartTime"],
        "EventEndTime": replay.request["EventEndTime"],
        "EventLastReplayedTime": replay.reached_at,
        "ReplayStartTime": replay.started_at,
        "ReplayEndTime": replay.ended_at,
    }
    return {name: value for name, value in told.items() if value}
