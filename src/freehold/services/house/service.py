"""The house's own operations and its plain HTTP pages. It may not know any other room."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

import msgspec

from freehold import __version__
from freehold.kernel.call import LOOPBACK, Call
from freehold.kernel.deliveries import Delivery
from freehold.kernel.service import Request, Service
from freehold.kernel.store import Tx
from freehold.services.house import outbox
from freehold.web import HttpRequest, HttpResponse

house = Service("house", model=None)

Page = Callable[[Call, HttpRequest], Awaitable[HttpResponse]]


def at_home(run: Page) -> Page:
    """A page for this machine alone: 403 for callers elsewhere, also where another passes their requests on, as this
    cloud does to addresses that its users name; and for web pages of other sites."""

    @wraps(run)
    async def answer(call: Call, http: HttpRequest) -> HttpResponse:
        if http.source_ip not in LOOPBACK or http.forwarded or http.from_other_site:
            return _json({"message": "This page answers callers on this machine only."}, 403)
        return await run(call, http)

    return answer


@house.internal
def deliver(call: Call, tx: Tx, request: Request) -> None:
    """Put a mail or SMS into the outbox: `medium` email|sms|push, `to`, `sender`, `subject`, `body`."""
    outbox.put(tx, **request)


@house.front(path=r"/_freehold/health")
async def health(call: Call, http: HttpRequest) -> HttpResponse:
    """Answers as soon as the cloud does."""
    return _json({"status": "ok", "version": __version__})


@house.front(path=r"/_freehold/status")
@at_home
async def status(call: Call, http: HttpRequest) -> HttpResponse:
    """What runs: rooms, functions' environments, promises under way, connections, requests answered since the start."""
    door = call.door
    usage = [[*key, count] for key, count in sorted(door.journal.usage.items())]
    environments = [msgspec.to_builtins(one) for one in door.sandbox.environments()] if door.sandbox else []
    doors = door.sandbox.doors if door.sandbox else None
    promises = await call.transact(_promises)
    return _json(
        {
            "version": __version__,
            "promises": promises,
            "connections": doors.connected() if doors else {},
            "now": call.now,
            "services": sorted(set(door.rooms) - {house.name}),
            "environments": environments,
            "usage": usage,
        }
    )


def _promises(tx: Tx) -> dict[str, int]:
    waiting = tx.count(Delivery, "", index="holder due_at")
    return {"waiting": waiting, "under_way": tx.count(Delivery) - waiting}


@house.front(path=r"/_freehold/outbox")
@at_home
async def read_outbox(call: Call, http: HttpRequest) -> HttpResponse:
    """The mails and SMS of all accounts, oldest first."""
    return _json(await call.transact(outbox.everything))


@house.front(path=r"/_freehold/clock")
@at_home
async def clock(call: Call, http: HttpRequest) -> HttpResponse:
    """GET tells the time; POST {"advance": seconds} jumps forward."""
    if http.method == "POST":
        request = msgspec.json.decode(await http.read(), type=dict[str, float])
        call.door.clock.advance(max(0.0, request.get("advance", 0.0)))
    return _json({"now": call.now})


def _json(value: Any, status: int = 200) -> HttpResponse:
    return HttpResponse(status, [("content-type", "application/json")], msgspec.json.encode(value))
