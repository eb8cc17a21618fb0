"""The sandbox: environments by function, idle ones first.

One idea: a stack of idle environments for each key; an invocation pops one or waits in line for one, and gives it back
if it is still fit. Environments are never shared across keys and never run two requests at once. It may not know the
Lambda service: how many may run, who may invoke and what it costs is decided elsewhere.
"""

import asyncio
import time
import uuid
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TypedDict, Unpack

import msgspec

from freehold import __version__
from freehold.sandbox.doors import Doors
from freehold.sandbox.environment import Environment
from freehold.sandbox.fittings import Egress, leftovers
from freehold.sandbox.fittings.choice import make
from freehold.sandbox.layers import shelf_for
from freehold.sandbox.line import Line
from freehold.sandbox.runtime_api import Outlet
from freehold.sandbox.runtimes import Shelf
from freehold.sandbox.runtimes.pythons import link_sdk
from freehold.sandbox.spec import Credentials, FunctionSpec, Invocation, Result, Standing
from freehold.sandbox.streams import Stream


def _new_id() -> str:
    return uuid.uuid4().hex


class About(TypedDict, total=False):
    """What may be told of an invocation beside its payload: see Invocation."""

    invoked_arn: str
    deadline_ms: int | None
    trace_id: str
    client_context: str | None
    cognito_identity: str | None
    tenant_id: str | None


def _invocation(spec: FunctionSpec, payload: bytes, request_id: str, about: About) -> Invocation:
    told: About = {**about, "invoked_arn": about.get("invoked_arn") or spec.arn}
    return Invocation(request_id=request_id, payload=payload, **told)


class Sandbox:
    """Runs functions. `root` is a folder of its own, to which no other Sandbox may have access at the same time.

    An environment idle for `idle_s`, or older than `age_s` (its credentials run out), is closed by `reap`.
    `fitting` is "namespace", "process" or "auto" for the strongest that this machine offers: see `fittings.choice`.
    `egress` says where functions may connect to, where each has a network of its own.
    `init_max_s` is how long an Init phase may take.
    `cache` holds what `freehold doctor --fix` has fetched for functions; see `runtimes.start.CACHED`.
    `doors`, if set before anything runs, are opened in every cell that has a network of its own.
    """

    def __init__(
        self,
        root: Path,
        fitting: str = "process",
        *,
        egress: Egress = "all",
        cache: Path | None = None,
        idle_s: float = 300.0,
        age_s: float = 3600.0 * 6,
        init_max_s: float = 10.0,
        now: Callable[[], float] = time.time,
        new_id: Callable[[], str] = _new_id,
    ) -> None:
        self._folder = root / "environments"
        self._fitting = make(fitting, root)
        self._idle_s, self._age_s, self._init_max_s = idle_s, age_s, init_max_s
        self._now, self._new_id = now, new_id
        self.doors: Doors | None = None
        self._all: dict[str, Environment] = {}
        self._idle: dict[str, list[Environment]] = {}
        self._retired: set[str] = set()
        self._line: Line[Environment] = Line()
        self._closed = False
        self._streaming: set[asyncio.Task[Result]] = set()
        self._egress = egress
        self._layers = shelf_for(root / "layers", __version__)
        leftovers.sweep(self._folder)
        self._folder.mkdir(parents=True, exist_ok=True)
        self.shelf = Shelf(link_sdk(root / "shelf" / "python"), cache)

    @property
    def transparent(self) -> bool:
        """Whether functions reach the cloud by AWS's names."""
        return self.doors is not None and self._fitting.networks

    async def invoke(
        self,
        spec: FunctionSpec,
        payload: bytes,
        *,
        request_id: str,
        credentials: Credentials | None = None,
        **about: Unpack[About],
    ) -> Result:
        """Run `spec` on `payload`. Never raises for what function code does: that is in the Result.

        Credentials are given to an environment when it starts. Cancelling ends the environment and what runs in it.
        """
        return await self._run(spec, _invocation(spec, payload, request_id, about), credentials)

    async def stream(
        self,
        spec: FunctionSpec,
        payload: bytes,
        *,
        request_id: str,
        credentials: Credentials | None = None,
        **about: Unpack[About],
    ) -> Stream:
        """As `invoke`, with the answer while it arrives. Returns when the answer begins, or the invocation failed."""
        stream = Stream()
        invocation = _invocation(spec, payload, request_id, about)
        task = asyncio.create_task(self._run(spec, invocation, credentials, stream))
        self._streaming.add(task)
        task.add_done_callback(self._streaming.discard)
        task.add_done_callback(stream.conclude)
        try:
            await stream.begun()
        except asyncio.CancelledError:
            task.cancel()
            raise
        return stream

    async def _run(
        self, spec: FunctionSpec, invocation: Invocation, credentials: Credentials | None, outlet: Outlet | None = None
    ) -> Result:
        environment = self._take_idle(spec.key) or await self._next(spec, credentials)
        fit = False
        try:
            result = await environment.invoke(invocation, outlet)
            fit = environment.fit
        finally:
            await self._give_back(environment, fit)
        return result

    async def _next(self, spec: FunctionSpec, credentials: Credentials | None) -> Environment:
        """The first environment that is free, a new one if need be."""

        async def start() -> Environment:
            environment = self._create(spec, credentials)
            try:
                await environment.init()
            except BaseException:
                await self._close([environment])
                raise
            return environment

        async def back(environment: Environment) -> None:
            await self._give_back(environment, environment.ready)

        return await self._line.take(spec.key, start, back)

    async def warm(self, spec: FunctionSpec, credentials: Credentials | None = None) -> Standing | Result:
        """Start an environment ahead of its first request, as provisioned concurrency does.

        How it stands, or how its Init failed: one that did is of no use ahead of time.
        """
        environment = self._create(spec, credentials)
        try:
            failure = await environment.init()
            environment.rest()
        finally:
            await self._give_back(environment, environment.ready)
        return environment.stillborn(failure) if failure else environment.standing()

    def environments(self) -> list[Standing]:
        """Every environment, oldest first."""
        return [environment.standing() for environment in self._all.values()]

    async def retire(self, key: str) -> None:
        """The code or settings of `key` are no more: close its idle environments now, busy ones when they finish."""
        if any(environment.spec.key == key for environment in self._all.values()):
            self._retired.add(key)
        await self._close(self._idle.pop(key, []))

    async def reap(self, now: float, spared: Collection[str] = ()) -> int:
        """Close environments that are idle too long, too old or broken. Returns how many. Safe to call at any time.

        Those of `spared` keys may be idle for as long as they like.
        """
        stale = [
            environment
            for idle in self._idle.values()
            for environment in idle
            if not environment.fit
            or (now - environment.since >= self._idle_s and environment.spec.key not in spared)
            or now - environment.started_at >= self._age_s
        ]
        for environment in stale:
            self._idle[environment.spec.key].remove(environment)
        self._idle = {key: idle for key, idle in self._idle.items() if idle}
        await self._close(stale)
        return len(stale)

    async def close(self) -> None:
        """End everything. Returns when no process is left."""
        self._closed = True
        for task in self._streaming:
            task.cancel()
        await asyncio.gather(*self._streaming, return_exceptions=True)
        self._idle.clear()
        await self._close(list(self._all.values()))
        await self._fitting.close()
        await self._line.hurry()

    def _take_idle(self, key: str) -> Environment | None:
        """The idle environment used last; broken ones are left to `reap`."""
        idle = self._idle.get(key, [])
        environment = next((known for known in reversed(idle) if known.fit), None)
        if environment is not None:
            idle.remove(environment)
            environment.busy, environment.since = True, self._now()
        return environment

    def _create(self, spec: FunctionSpec, credentials: Credentials | None) -> Environment:
        id = self._new_id()
        doors = self.doors if self.transparent else None
        environment = self._all[id] = Environment(
            _reaching(spec, doors) if doors else spec,
            id=id,
            folder=self._folder / id,
            fitting=self._fitting,
            shelf=self.shelf,
            layers=self._layers,
            doors=doors,
            egress=self._egress,
            keys=credentials,
            init_max_s=self._init_max_s,
            now=self._now,
            new_id=self._new_id,
        )
        return environment

    async def _give_back(self, environment: Environment, fit: bool) -> None:
        key = environment.spec.key
        if not fit or key in self._retired or self._closed:
            await self._close([environment])
        elif not self._line.offer(key, environment):
            environment.busy, environment.since = False, self._now()
            self._idle.setdefault(key, []).append(environment)

    async def _close(self, environments: list[Environment]) -> None:
        """Close side by side and forget."""
        await asyncio.gather(*(environment.close() for environment in environments))
        for environment in environments:
            self._all.pop(environment.id, None)
        self._retired &= {environment.spec.key for environment in self._all.values()}


def _reaching(spec: FunctionSpec, doors: Doors) -> FunctionSpec:
    """The function with what its programs must be told to reach the cloud from inside, as if its owner had."""
    variables = {**spec.environment, **doors.variables(spec.environment)}
    url = f"http://127.0.0.1:{doors.port}" if spec.endpoint_url else None
    return msgspec.structs.replace(spec, environment=variables, endpoint_url=url)
