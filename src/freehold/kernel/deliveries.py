"""Deliveries: calls to services that will be made, whatever happens.

One idea: a promise is a row written in the transaction that wants it; the courier keeps it. Where the target does not
wait, its work, the removal of the row and what follows happen in one transaction, so it is done exactly once; where it
waits (a function, a network), at least once. It may not know what is delivered. This is the only retry in the house.

A row that this node holds carries the node's name and is due again when its lease runs out, so a dead node's work is
taken up by others; after a restart a node takes its own up at once.
"""

import asyncio
import itertools
import logging
from collections import defaultdict, deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from freehold.kernel.errors import AwsError, InternalFailure
from freehold.kernel.identity import CLOUD, Principal
from freehold.kernel.store import Record, Seat, Tx

if TYPE_CHECKING:
    from freehold.kernel.call import Call
    from freehold.kernel.door import Door
    from freehold.kernel.service import Operation

log = logging.getLogger("freehold.courier")

LEASE_S, PAUSE_S, PAUSE_MAX_S = 60.0, 0.25, 60.0
ATTEMPTS_MAX, BUGS_MAX = 1_000, 8
WIDTH, CLAIM_MAX = 1_000, 500
BELL, NODE = "kernel-deliveries", "local"
TURN = itertools.count()  # what is promised first has the lesser id, so that order outlives a crash

Again = float | Sequence[float]  # an error's `again_after_s`: the least pause, or one for each further attempt
Outcome = dict[str, Any]  # {"result": response} or {"error": {"code", "message", "status", "retries", "spent"}}


class Delivery(Record, table="kernel_deliveries", key="id", index="holder due_at", scope="global"):
    """A call to make. `then` names the internal (room, operation) that is told the outcome, with `about`."""

    id: str
    account: str
    region: str
    principal: Principal
    to: str
    operation: str
    request: dict[str, Any]
    due_at: float
    holder: str = ""
    attempts: int = 0
    attempts_max: int = ATTEMPTS_MAX
    until: float | None = None
    lane: str = ""
    width: int = WIDTH
    then: tuple[str, str] | None = None
    about: dict[str, Any] = {}
    trace: str = ""


def promise(
    tx: Tx, to: str, operation: str, request: dict[str, Any], *, then: tuple[str, str] | None = None,
    about: dict[str, Any] | None = None, attempts: int = ATTEMPTS_MAX, lane: str = "", width: int = WIDTH,
    due_at: float | None = None, until: float | None = None,
) -> str:  # fmt: skip
    """Call `operation` of the service `to` after this commit, as `tx.principal`. Returns an id for `cancel`.

    An answer of fault 4xx is final; other failures are retried with growing pauses up to `attempts` times, which are
    spread over the time until the moment `until` where there is one. `then` is called with `about` and `outcome`.
    Deliveries of one `lane` run at most `width` at a time, in the order promised when the width is 1; a slow lane holds
    up no other.
    """
    soon = due_at is None or due_at <= tx.now
    delivery = Delivery(
        id=f"{int(tx.now * 1e6):015x}{next(TURN):09x}{tx.ids.hex(8)}",
        account=tx.account, region=tx.region, principal=tx.principal, to=to, operation=operation,
        request=request, due_at=tx.now + LEASE_S if soon else due_at or 0, holder=NODE if soon else "",
        attempts_max=attempts, until=until, lane=lane or f"{to}:{tx.account}", width=width, then=then,
        about=about or {}, trace=tx.trace,
    )  # fmt: skip
    tx.put(delivery)
    if soon:
        tx.hand_over(delivery)
    else:
        tx.within("*", "*").ring(BELL)
    return delivery.id


def cancel(tx: Tx, id: str) -> bool:
    """Take a promise back; whether it had not been kept yet."""
    return tx.delete(Delivery, id)


@dataclass(slots=True)
class Lane:
    waiting: deque[Delivery] = field(default_factory=deque)
    running: int = 0


class Courier:
    """Keeps promises: those handed over by this node's commits at once, the others when they are due."""

    def __init__(self, door: "Door"):
        self.door = door
        self.lanes: dict[str, Lane] = defaultdict(Lane)
        self.tasks: set[asyncio.Task] = set()
        self.held: dict[str, Delivery] = {}

    def accept(self, deliveries: list[Delivery]) -> None:
        for delivery in deliveries:
            if delivery.id not in self.held:
                self.held[delivery.id] = delivery
                self.lanes[delivery.lane].waiting.append(delivery)
                self._proceed(delivery.lane, delivery.width)

    def _proceed(self, name: str, width: int) -> None:
        lane = self.lanes[name]
        while lane.waiting and lane.running < width:
            lane.running += 1
            task = asyncio.ensure_future(self._carry(name, lane.waiting.popleft()))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def _carry(self, name: str, delivery: Delivery) -> None:
        try:
            while not await self._off(delivery):
                await self.door.clock.sleep_until(delivery.due_at)
        finally:
            self.held.pop(delivery.id, None)
            lane = self.lanes[name]
            lane.running -= 1
            if lane.waiting:
                self._proceed(name, lane.waiting[0].width)
            elif not lane.running:
                del self.lanes[name]

    async def _off(self, delivery: Delivery) -> bool:
        """Whether the promise is off its lane: kept, or left for later. An ordered lane waits with it."""
        try:
            return await self._deliver(delivery)
        except Exception as error:  # a bug must not lose the promise: it is kept later, or its asker is told
            log.exception("delivery to %s:%s failed", delivery.to, delivery.operation)
            return await self._after_bug(delivery, str(error))

    async def _after_bug(self, delivery: Delivery, reason: str) -> bool:
        if delivery.then and delivery.attempts + 1 >= min(delivery.attempts_max, BUGS_MAX):
            with suppress(Exception):  # the bug may be the asker's own: then the promise stays
                await self._transact(delivery, self._settle, delivery, {"error": described(InternalFailure())})
                return True
        return await self._transact(delivery, self._postpone, delivery, reason)

    async def _deliver(self, delivery: Delivery) -> bool:
        door = self.door
        call = door.call(delivery.account, delivery.region, delivery.principal, delivery.trace)
        try:
            operation = door.room(delivery.to).find(delivery.operation)
            if not operation.waits:
                await call.transact(self._at_once, call, operation, delivery)
                return True
            await door.store.durable()
            outcome = {"result": await door.answer(call, delivery.to, delivery.operation, delivery.request)}
        except AwsError as refusal:
            spent = _spent(delivery, door.clock.now()) if transient(refusal) else ""
            if transient(refusal) and not spent:
                again = getattr(refusal, "again_after_s", 0.0)
                return await self._transact(delivery, self._postpone, delivery, refusal.message, again)
            outcome = {"error": described(refusal) | {"retries": delivery.attempts, "spent": spent}}
        await self._transact(delivery, self._settle, delivery, outcome)
        return True

    def _at_once(self, tx: Tx, call: "Call", operation: "Operation", delivery: Delivery) -> None:
        """Do the work and settle the promise in one transaction, unless it was cancelled."""
        if not tx.delete(Delivery, delivery.id):
            return
        if operation.modelled:
            self.door.validate(operation.service, delivery.operation, delivery.request)
        seat = tx.within(delivery.account, delivery.region).acting(delivery.principal, delivery.trace)
        response = self.door.perform(seat, call, operation, delivery.request)
        refused = isinstance(response, AwsError) and described(response) | {"retries": delivery.attempts, "spent": ""}
        self._tell(tx, delivery, {"error": refused} if refused else {"result": response or {}})

    def _settle(self, tx: Tx, delivery: Delivery, outcome: Outcome) -> None:
        """Remove the row and tell who asked, in one transaction."""
        if tx.delete(Delivery, delivery.id):
            self._tell(tx, delivery, outcome)

    def _tell(self, tx: Tx, delivery: Delivery, outcome: Outcome) -> None:
        if delivery.then is None:
            if "error" in outcome:
                why = outcome["error"]["message"], delivery.principal.issuer or delivery.principal.arn
                log.warning("delivery to %s:%s refused: %s, for %s", delivery.to, delivery.operation, *why)
            return
        room, name = delivery.then
        operation = self.door.room(room).find(name)
        request = {**delivery.about, "outcome": outcome}
        seat = tx.within(delivery.account, delivery.region)
        if operation.waits:
            promise(seat, room, name, request, lane=delivery.lane, width=delivery.width)
        else:
            call = self.door.call(delivery.account, delivery.region, delivery.principal, delivery.trace)
            operation.run(call, seat, request)

    def _postpone(self, tx: Tx, delivery: Delivery, reason: str, again: Again = 0.0) -> bool:
        if tx.get(Delivery, delivery.id) is None:
            return True
        delivery.attempts += 1
        delivery.holder = NODE if delivery.width == 1 else ""
        longest_s = PAUSE_MAX_S
        if delivery.until is not None:  # what has its time is spread over it
            longest_s = max(longest_s, (delivery.until - tx.now) / max(1, delivery.attempts_max - delivery.attempts))
        delivery.due_at = tx.now + pause_s(again, delivery.attempts, tx.ids.random(), longest_s)
        log.info("delivery to %s:%s again later: %s", delivery.to, delivery.operation, reason)
        tx.put(delivery)
        tx.within("*", "*").ring(BELL)
        return delivery.width > 1

    async def _transact(self, delivery: Delivery, work: Any, *args: Any) -> Any:
        door = self.door
        seat = Seat(delivery.account, delivery.region, door.clock.now(), door.ids, delivery.principal, delivery.trace)
        return await door.store.transact(seat, work, *args)

    async def resume(self) -> None:
        """Take up what an earlier life of this node held, in its order; before anything new is promised."""
        seat = Seat("*", "*", self.door.clock.now(), self.door.ids, CLOUD)
        self.accept(await self.door.store.transact(seat, self._held))

    def start_over(self) -> None:
        """What this node holds may never have been promised: drop it, and take up what is there."""
        for lane in self.lanes.values():
            lane.waiting.clear()
        dropped = list(self.tasks)
        for task in dropped:
            task.cancel()
        self.held.clear()
        again = asyncio.ensure_future(self._resume_after(dropped))
        self.tasks.add(again)
        again.add_done_callback(self.tasks.discard)

    async def _resume_after(self, dropped: list[asyncio.Task]) -> None:
        await asyncio.gather(*dropped, return_exceptions=True)
        await self.resume()

    async def run(self) -> None:
        """Take up what falls due, for ever."""
        seat = Seat("*", "*", 0.0, self.door.ids, CLOUD)
        while True:
            rung = self.door.bells.listen(("*", "*", BELL))
            now = self.door.clock.now()
            due, next_at = await self.door.store.transact(seat._replace(now=now), self._claim)
            self.accept(due)
            if len(due) == CLAIM_MAX:
                await asyncio.sleep(0)
                continue
            await self.door.bells.wait(("*", "*", BELL), min(next_at, now + LEASE_S / 3), rung)

    def _held(self, tx: Tx) -> list[Delivery]:
        held = tx.range(Delivery, NODE, index="holder due_at")
        for delivery in held:
            delivery.due_at = tx.now + LEASE_S
            tx.put(delivery)
        return sorted(held, key=lambda delivery: delivery.id)

    def _claim(self, tx: Tx) -> tuple[list[Delivery], float]:
        """Lease what is due; renew what this node still holds. Also when the next one falls due."""
        for held in tx.range(Delivery, NODE, index="holder due_at", high=tx.now + LEASE_S / 2):
            held.due_at = tx.now + LEASE_S
            tx.put(held)
        due = tx.claim(Delivery, "", index="holder due_at", high=tx.now, limit=CLAIM_MAX)
        for delivery in due:
            delivery.holder, delivery.due_at = NODE, tx.now + LEASE_S
            tx.put(delivery)
        following = tx.range(Delivery, "", index="holder due_at", limit=1)
        return due, following[0].due_at if following else float("inf")

    async def close(self) -> None:
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


FAULTS = {500, 502, 503, 504}
THROTTLES = {
    "ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded", "SlowDown",
    "ProvisionedThroughputExceededException",
}  # fmt: skip


def transient(refusal: AwsError) -> bool:
    """Whether asking again may help: a fault of the service's side, or too many requests."""
    return (refusal.status or 400) in FAULTS or refusal.shape() in THROTTLES


def _spent(delivery: Delivery, now: float) -> str:
    """What keeps a delivery from being tried again: its "attempts" or its "time"; nothing, if nothing does."""
    if delivery.attempts + 1 >= delivery.attempts_max:
        return "attempts"
    return "time" if delivery.until is not None and now >= delivery.until else ""


def pause_s(again: Again, attempts: int, chance: float, longest_s: float) -> float:
    """The seconds from a failed attempt to the next: what its refusal asks for, or growing ones of the house's own."""
    if not isinstance(again, float | int):
        return again[min(attempts, len(again)) - 1]
    return max(again, min(longest_s, PAUSE_S * 2 ** min(attempts, 20)) * (0.5 + chance))


def described(refusal: AwsError) -> dict[str, Any]:
    return {"code": refusal.shape(), "message": refusal.message, "status": refusal.status or 400}
