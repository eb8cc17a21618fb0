"""Call: who asks, where and when; the only things an operation may touch.

One idea: everything outside the transaction that an operation may use hangs on its call, so a reader sees at once what
it can do. It may not know HTTP: a front is given its web request beside the call.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from freehold.kernel.errors import CallerGone
from freehold.kernel.identity import ROOT, SERVICE, USER, Principal
from freehold.kernel.journal import Figure
from freehold.kernel.store import Seat, Tx

if TYPE_CHECKING:
    from freehold.kernel.door import Door

T = TypeVar("T")
DEPTH_MAX = 32
NOTHING: Mapping[Any, Any] = {}
Work = tuple[Callable[..., Any], tuple[Any, ...]]  # a function of a module, and what it is given
LOOPBACK = ("", "127.0.0.1", "::1")  # a call without an address comes from inside


class Beforehand(Exception):
    """Raised within a transaction by `Call.computed`: it is undone, the work is done, and then it begins anew."""

    def __init__(self, run: Callable[..., Awaitable[Any]], work: Work):
        self.run, self.work = run, work


class Call:
    """One request on its way. `base_url` is how the caller reaches this cloud; `source_ip` where it came from; `secure`
    whether nobody could listen on the way; `trace` the X-Amzn-Trace-Id it came with; `hung_up` returns when the client
    has gone, where that can be known; `known` is what was computed for it. `room` is the service that answers it, `via`
    the one that asks in its principal's name, if it does not come from outside."""

    __slots__ = ("account", "base_url", "depth", "door", "hung_up", "known", "principal", "region", "request_id",
                 "room", "secure", "source_ip", "trace", "user_agent", "via")  # fmt: skip

    def __init__(
        self, door: "Door", account: str, region: str, principal: Principal, request_id: str = "",
        base_url: str = "", source_ip: str = "", user_agent: str = "", depth: int = 0, secure: bool = True,
        trace: str = "", hung_up: Callable[[], Awaitable[None]] | None = None, known: Mapping[Work, Any] = NOTHING,
    ):  # fmt: skip
        self.hung_up, self.known = hung_up, known
        self.door, self.account, self.region, self.principal = door, account, region, principal
        self.request_id = request_id or door.ids.uuid()
        self.base_url = base_url or door.base_url
        self.source_ip, self.user_agent, self.depth, self.secure = source_ip, user_agent, depth, secure
        self.trace, self.room, self.via = trace, "", ""

    ids = property(lambda self: self.door.ids)
    blobs = property(lambda self: self.door.blobs)
    vault = property(lambda self: self.door.vault)
    sandbox = property(lambda self: self.door.sandbox)

    @property
    def now(self) -> float:
        """Epoch seconds, by the cloud's clock. Inside a transaction use `tx.now`, which stands still."""
        return self.door.clock.now()

    @property
    def seat(self) -> Seat:
        door = self.door
        return Seat(self.account, self.region, door.clock.now(), door.ids, self.principal, self.trace)

    async def transact(self, work: Callable[..., T], *args: Any) -> T:
        """Run `work(tx, *args)` in one transaction. For operations that wait; the others are given theirs."""
        while True:
            try:
                return await self.door.store.transact(self.seat, work, *args)
            except Beforehand as missing:
                needed, given = missing.work
                self.known = {**self.known, missing.work: await missing.run(needed, *given)}

    async def ask(self, service: str, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        """Call another service now, as this call's principal: same checks as from outside. Raises its AwsError."""
        return await self.door.answer(self._inner(), service, operation, request)

    def ask_within(self, tx: Tx, service: str, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        """As `ask`, inside a transaction, so that both are done or neither is. The operation may not wait."""
        return self.door.answer_within(tx, self._inner(self.request_id), service, operation, request)

    def acting(self, principal: Principal, account: str = "", region: str = "") -> "Call":
        """This call, the same request, as another principal: in that one's account unless told otherwise."""
        inner = self._inner(self.request_id)
        inner.principal, inner.account = principal, account or principal.account
        inner.region, inner.via = region or self.region, ""
        return inner

    def within(self, account: str, region: str = "") -> "Call":
        """This call looking at another account or region; its principal stays."""
        inner = self.acting(self.principal, account, region)
        inner.room, inner.via = self.room, self.via
        return inner

    async def wait(self, *bell: str, until: float) -> bool:
        """Whether the bell rang in this account and region before the moment `until`. Look again afterwards."""
        return await self.door.bells.wait((self.account, self.region, *bell), until)

    def listen(self, *bell: str) -> "Listener":
        """Start listening before looking, so that no ring between the two is missed."""
        return Listener(self, (self.account, self.region, *bell))

    async def sleep(self, seconds: float) -> None:
        await self.door.clock.sleep(seconds)

    async def compute(self, work: Callable[..., T], *args: Any) -> T:
        """Run a pure, heavy function in a worker process; arguments and result are copied."""
        return await self.door.offload.compute(work, *args)

    def computed(self, work: Callable[..., T], *args: Any) -> T:
        """What `compute` gives, inside a transaction, which is undone and begins anew when that is known: so ask before
        anything else is done than writing. `args` are hashable."""
        return self._beforehand(self.compute, work, args)

    def prepared(self, work: Callable[..., T], *args: Any) -> T:
        """As `computed`, of work that leaves something in this process's memory: a thread of it does it."""
        return self._beforehand(asyncio.to_thread, work, args)

    def _beforehand(self, run: Callable[..., Awaitable[Any]], work: Callable[..., T], args: tuple[Any, ...]) -> T:
        if (work, args) not in self.known:
            raise Beforehand(run, (work, args))
        return self.known[work, args]

    def measure(self, namespace: str, name: str, value: float, unit: str, **dimensions: str) -> None:
        """Note one sample of a metric; it reaches the metrics room with the next batch."""
        self.measure_all(namespace, ((name, value, unit),), **dimensions)

    def measure_all(self, namespace: str, figures: Sequence[Figure], **dimensions: str) -> None:
        """Note a sample of each of several metrics that have the same dimensions."""
        self.door.journal.measure(self.account, self.region, namespace, figures, self.now, dimensions)

    def facts(self) -> dict[str, str]:
        """The global condition keys of this call.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
        """
        who, ours = self.principal, self.principal.kind == SERVICE
        facts = {
            "aws:RequestedRegion": self.region, "aws:UserAgent": self.user_agent, "aws:SourceIp": self.source_ip,
            "aws:CurrentTime": datetime.fromtimestamp(self.now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "aws:EpochTime": str(int(self.now)), "aws:SecureTransport": "true" if self.secure else "false",
            "aws:PrincipalIsAWSService": "true" if ours else "false",
        }  # fmt: skip
        if ours:
            facts |= {"aws:PrincipalServiceName": who.arn}
            facts |= {"aws:SourceAccount": who.account, "aws:SourceArn": who.issuer}
        else:
            kind = "Account" if who.kind == ROOT else who.kind
            facts |= {"aws:PrincipalArn": who.issuer or who.arn, "aws:PrincipalAccount": who.account}
            facts |= {"aws:PrincipalType": kind, "aws:userid": who.id}
            facts |= {"aws:username": who.arn.rpartition("/")[2]} if who.kind == USER else {}
        facts |= {"aws:ViaAWSService": "true" if self.via else "false"}
        return {key: value for key, value in facts.items() if value}

    def _inner(self, request_id: str = "") -> "Call":
        if self.depth >= DEPTH_MAX:
            raise RecursionError(f"calls nested {DEPTH_MAX} deep")
        inner = Call(
            self.door, self.account, self.region, self.principal, request_id,
            self.base_url, self.source_ip, self.user_agent, self.depth + 1, self.secure, self.trace, self.hung_up,
            self.known,
        )  # fmt: skip
        inner.via = self.room
        return inner


class Listener:
    """A bell listened to from this moment on; `wait` then tells of every ring since, or raises CallerGone."""

    def __init__(self, call: Call, bell: tuple[str, ...]):
        self._call, self._bell = call, bell
        self._waiter = call.door.bells.listen(bell)
        self._leaving: asyncio.Future[None] | None = None

    async def wait(self, until: float) -> bool:
        if self._call.hung_up and not self._leaving:
            self._leaving = asyncio.ensure_future(self._call.hung_up())
            self._leaving.add_done_callback(lambda _: self._call.door.bells.rouse(self._waiter))
        rang = await self._call.door.bells.wait(self._bell, until, self._waiter)
        if self._leaving and self._leaving.done():
            raise CallerGone()
        self._waiter = self._call.door.bells.listen(self._bell)
        return rang

    def __enter__(self) -> "Listener":
        return self

    def __exit__(self, *_: object) -> None:
        if self._leaving:
            self._leaving.cancel()
        self._call.door.bells.forget(self._bell, self._waiter)
