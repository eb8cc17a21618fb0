"""The operations of archives and replays. They may not know how events are kept.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateArchive.html
"""

from freehold.kernel import arns, timers
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.events import errors
from freehold.services.events.archives import archives, replays
from freehold.services.events.archives.archives import Archive, find_archive
from freehold.services.events.archives.replays import ACTIVE, CANCELLED, CANCELLING, COMPLETED, RUNNING, Replay
from freehold.services.events.buses import EventBus, find_bus
from freehold.services.events.catalogue import events, named
from freehold.services.events.delivery.handing import Outing
from freehold.services.events.pages import page

PAUSE_S = 0.05
FILTERS = ("NamePrefix", "EventSourceArn", "State")
ONE_FILTER = "Only one of EventSourceArn, State, or NamePrefix may be specified."

archive_arn, replay_arn = named("archive", "ArchiveName"), named("replay", "ReplayName")


@events.operation(needs={"events:CreateArchive": archive_arn})
def create_archive(call: Call, tx: Tx, request: Request) -> Response:
    return _answer(tx, archives.create_archive(tx, request))


@events.operation(needs={"events:UpdateArchive": archive_arn})
def update_archive(call: Call, tx: Tx, request: Request) -> Response:
    return _answer(tx, archives.update_archive(tx, request))


def _answer(tx: Tx, archive: Archive) -> Response:
    return {"ArchiveArn": archives.arn(tx, archive.name), "State": "ENABLED", "CreationTime": archive.created_at}


@events.operation(needs={"events:DescribeArchive": archive_arn})
def describe_archive(call: Call, tx: Tx, request: Request) -> Response:
    archive = find_archive(tx, request["ArchiveName"])
    own = {name: archive.settings[name] for name in archives.SETTINGS if name in archive.settings}
    return archives.described(tx, archive) | {"ArchiveArn": archives.arn(tx, archive.name)} | own


@events.operation(needs={"events:DeleteArchive": archive_arn})
def delete_archive(call: Call, tx: Tx, request: Request) -> None:
    archives.delete_archive(tx, request["ArchiveName"])
    timers.at(tx, tx.now, "events", "empty", name=request["ArchiveName"])


@events.internal
def empty(call: Call, tx: Tx, request: Request) -> None:
    """Go on removing what a deleted archive (`name`) held, unless there is one of that name again."""
    if tx.get(Archive, request["name"]) is None and archives.trim(tx, request["name"], None):
        timers.at(tx, tx.now, "events", "empty", name=request["name"])


@events.operation(needs={"events:ListArchives": "*"})
def list_archives(call: Call, tx: Tx, request: Request) -> Response:
    """Those of one `EventSourceArn`, in one `State`, or with one `NamePrefix`."""
    _check_filters(request)
    source, state = request.get("EventSourceArn"), request.get("State", "ENABLED")
    if source:
        find_bus(tx, source.rpartition("event-bus/")[2])

    def wanted(archive: Archive) -> bool:
        told = archives.described(tx, archive)
        return state == told["State"] and source in (None, told["EventSourceArn"])

    return page(tx, Archive, request, "Archives", lambda archive: archives.described(tx, archive), wanted=wanted)


def _check_filters(request: Request) -> None:
    if sum(bool(request.get(name)) for name in FILTERS) > 1:
        raise errors.Invalid(reason=ONE_FILTER)


@events.operation(needs={"events:StartReplay": replay_arn})
def start_replay(call: Call, tx: Tx, request: Request) -> Response:
    """`Destination` names the bus, and by FilterArns the rules; `Description` is kept."""
    replay = replays.start_replay(tx, request)
    return {"ReplayArn": _arn(tx, replay), "State": replay.state, "ReplayStartTime": replay.started_at}


def _arn(tx: Tx, replay: Replay) -> str:
    return arns.arn("events", tx.region, tx.account, f"replay/{replay.name}")


@events.operation(needs={"events:CancelReplay": replay_arn})
def cancel_replay(call: Call, tx: Tx, request: Request) -> Response:
    replay = replays.cancel_replay(tx, request["ReplayName"])
    return {"ReplayArn": _arn(tx, replay), "State": replay.state}


@events.operation(needs={"events:DescribeReplay": replay_arn})
def describe_replay(call: Call, tx: Tx, request: Request) -> Response:
    replay = replays.find_replay(tx, request["ReplayName"])
    own = {name: replay.request[name] for name in ("Description", "Destination") if name in replay.request}
    return replays.described(tx, replay) | {"ReplayArn": _arn(tx, replay)} | own


@events.operation(needs={"events:ListReplays": "*"})
def list_replays(call: Call, tx: Tx, request: Request) -> Response:
    """Those of one `EventSourceArn`, in one `State`, or with one `NamePrefix`."""
    _check_filters(request)
    source, state = request.get("EventSourceArn"), request.get("State")

    def wanted(replay: Replay) -> bool:
        return state in (None, replay.state) and source in (None, archives.arn(tx, replay.archive))

    return page(tx, Replay, request, "Replays", lambda replay: replays.described(tx, replay), wanted=wanted)


@events.internal
def replay_on(call: Call, tx: Tx, request: Request) -> None:
    """Tell the next page of the replay `name` that began at `began_at`."""
    replay = tx.get(Replay, request["name"])
    if replay is None or replay.started_at != request["began_at"] or replay.state not in ACTIVE:
        return
    some = [] if replay.state == CANCELLING else replays.next_page(tx, replay)
    bus = tx.get(EventBus, replay.bus)
    only = frozenset(replay.request["Destination"].get("FilterArns") or ())
    outing = Outing(call)
    for kept in some:
        if bus:
            outing.hand_out(tx, bus, _again(kept.event, replay.name), only=only)
        replay.reached, replay.reached_at = (kept.at, kept.id), kept.at
    outing.promise()
    if len(some) == replays.PAGE:
        replay.state = RUNNING
        timers.at(tx, tx.now + PAUSE_S, "events", "replay_on", name=replay.name, began_at=replay.started_at)
    else:
        replay.state = CANCELLED if replay.state == CANCELLING else COMPLETED
        replay.ended_at = tx.now
    tx.put(replay)


def _again(event: dict, name: str) -> dict:
    """An event as it was, with the name of the replay behind its region."""
    again: dict = {}
    for key, value in event.items():
        again[key] = value
        if key == "region":
            again["replay-name"] = name
    return again


@events.keeper(every=3_600)
def keep_archives(call: Call, tx: Tx) -> None:
    """Remove what is older than its archive keeps."""
    for account, region in tx.scopes(Archive):
        seat = tx.within(account, region)
        for archive in seat.range(Archive):
            days = archive.settings.get("RetentionDays")
            if days:
                archives.trim(seat, archive.name, tx.now - days * archives.DAY_S)
