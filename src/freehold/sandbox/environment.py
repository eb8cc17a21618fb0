"""An execution environment: Init, then one invocation at a time, then the end.

One idea: an invocation is a story told in three parts, get ready, work, tell: each failure of the first two becomes
one `Failure`, and one place turns what happened into a Result and its report. A failure ends the life in the cell, not
the cell: what is in /tmp stays, and the next invocation begins a new life on its own time. It may not know pools, nor
how processes are started.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
"""

import asyncio
import shutil
import time
from collections.abc import Callable
from math import ceil
from pathlib import Path
from socket import socket

from freehold.sandbox import failures, reports
from freehold.sandbox.doors import Doors, Guest, Opened, open_in
from freehold.sandbox.failures import Failure
from freehold.sandbox.fittings import FRAMES_FD, Cell, Egress, Fitting, Plan
from freehold.sandbox.journal import Journal
from freehold.sandbox.layers import extensions_in, merged
from freehold.sandbox.life import MB, Ending, ExtensionNotStartable, Life
from freehold.sandbox.local_api import PORT, LocalApi
from freehold.sandbox.platform import stamp
from freehold.sandbox.relay import Relay
from freehold.sandbox.runtime_api import Answer, Outlet
from freehold.sandbox.runtimes import HERE as RUNTIMES
from freehold.sandbox.runtimes import NotStartable, Shelf, Start, containers, start_of
from freehold.sandbox.spec import Credentials, FunctionSpec, Invocation, Result, Standing
from freehold.sandbox.variables import variables

PROVISIONED_INIT_MAX_S = 130.0
CLOCK = time.perf_counter


class Environment:
    """One environment of one function revision. `now` gives epoch seconds for log events and deadlines."""

    def __init__(
        self,
        spec: FunctionSpec,
        *,
        id: str,
        folder: Path,
        fitting: Fitting,
        shelf: Shelf,
        layers: Path,
        doors: Doors | None,
        egress: Egress,
        keys: Credentials | None,
        init_max_s: float,
        now: Callable[[], float],
        new_id: Callable[[], str],
    ) -> None:
        self.spec = spec
        self.id = id
        self.invocations = 0
        self.started_at = self.since = now()
        self.log_stream = f"{time.strftime('%Y/%m/%d', time.gmtime(self.started_at))}/[{spec.version}]{id}"
        self.busy = True
        self._folder, self._fitting, self._shelf, self._keys, self._now = folder, fitting, shelf, keys, now
        self._layers, self._doors, self._egress, self._new_id = layers, doors, egress, new_id
        provisioned = spec.initialization != "on-demand"
        self._init_max_s = max(PROVISIONED_INIT_MAX_S, spec.timeout_s) if provisioned else init_max_s
        self._relay = Relay(self._dial, lambda: stamp(now()))
        self._journal = Journal(spec, self._relay, now)
        self._local = LocalApi()
        self._cell: Cell | None = None
        self._opened: Opened | None = None
        self._life: Life | None = None
        self._invocation: Invocation | None = None
        self._began = 0.0
        self._init_ms: float | None = None
        self._memory_peak = 0
        self._tried = self._closed = False

    @property
    def ready(self) -> bool:
        """True while it can take an invocation without a new start."""
        return self._life is not None and self._life.ready

    @property
    def fit(self) -> bool:
        """True while it can take an invocation, if need be with a new life in its cell."""
        return not self._closed and self._cell is not None and (self._life is None or self._life.ready)

    @property
    def fresh(self) -> bool:
        """True before its Init phase."""
        return self.invocations == 0 and not self._tried

    def standing(self) -> Standing:
        """How it stands, for those who look from outside."""
        process = self._life.process if self._life else None
        return Standing(
            id=self.id,
            key=self.spec.key,
            pid=process.pid if process else None,
            busy=self.busy,
            since=self.since,
            started_at=self.started_at,
            invocations=self.invocations,
            log_stream=self.log_stream,
        )

    async def init(self) -> Failure | None:
        """The Init phase. If it fails or takes too long, the first invocation repeats it on its own time."""
        self._tried = True
        began = CLOCK()
        failure = await self._init("init", "", self._init_max_s)
        if failure is None:
            self._init_ms = _ms(CLOCK() - began)
        return failure

    def stillborn(self, failure: Failure) -> Result:
        """What a failed Init leaves behind where no invocation will tell of it."""
        return Result(
            status=failure.status, payload=failure.payload, error_type=failure.error_type, log=self._journal.take(),
            log_stream=self.log_stream, cold=True, duration_ms=0.0, billed_ms=0, max_memory_mb=self._memory_mb(),
        )  # fmt: skip

    def rest(self) -> None:
        """Freeze until the first invocation, which comes later."""
        if self._life is not None and self._life.ready:
            self._life.rest()

    async def invoke(self, invocation: Invocation, outlet: Outlet | None = None) -> Result:
        """Run one invocation, start to end; `outlet` takes an answer that streams. Afterwards `fit` says what it is."""
        paid_init_ms, self._init_ms = self._init_ms, None
        cold, began = paid_init_ms is not None or not self.ready, CLOCK()
        self.invocations += 1
        self._invocation = invocation
        answer, failure = None, None
        if not self.ready:
            failure = await self._init("invoke", invocation.request_id, self.spec.timeout_s)
        self._journal.say("start", reports.start(self.spec, invocation))
        if failure is None:
            answer, failure = await self._work(invocation, self.spec.timeout_s - (CLOCK() - began), outlet)
        duration_ms = _ms(CLOCK() - began)
        return self._tell(invocation, answer, failure, duration_ms, paid_init_ms, cold)

    # Init.

    async def _init(self, phase: str, request_id: str, limit_s: float) -> Failure | None:
        """Begin a life; `phase` says whose time it takes. Says all that the platform says of it."""
        spec, began = self.spec, CLOCK()
        self._relay.begin()
        self._journal.say("initStart", reports.init_start(spec, phase, self.log_stream))
        failure = await self._begin_life(request_id, limit_s)
        spent_ms = _ms(CLOCK() - began)
        extensions = self._life.extensions if self._life else []
        self._journal.say("initRuntimeDone", reports.init_done(spec, phase, failure))
        for extension in extensions:
            self._journal.say("extension", reports.extension(extension))
        self._journal.say("initReport", reports.init_report(spec, phase, failure, spent_ms))
        self._relay.settle()
        if failure is not None:
            await self._end_life("timeout" if failure.status == "timeout" else "failure")
        return failure

    async def _begin_life(self, request_id: str, limit_s: float) -> Failure | None:
        """Start the extensions and the runtime in the environment's cell and see them ready."""
        spec = self.spec
        try:
            opt = await asyncio.get_running_loop().run_in_executor(None, merged, spec.layers, self._layers)
            places = self._fitting.places(self._folder, spec.code, opt, RUNTIMES)
            how = start_of(spec, opt, places, self._shelf)
            if how.notice and self._cell is None:
                self._journal.write(f"INIT_NOTICE {how.notice}")
            cell = await self._furnish(opt, how)
            life = self._life = Life(
                spec, cell, self._local, self._journal, self._relay, self._new_id, self._runtime_done
            )
            env = variables(
                spec,
                how,
                places,
                api=self._local.address,
                log_stream=self.log_stream,
                frames_fd=FRAMES_FD,
                keys=self._keys,
            )
            names = containers.extensions_in(spec.image) if spec.image else extensions_in(opt)
            ending = await life.start(how, env, names, limit_s)
        except ExtensionNotStartable as reason:
            return failures.extension_not_startable(request_id, str(reason))
        except NotStartable as reason:
            return failures.not_startable(request_id, str(reason))
        return self._failure(life, ending, request_id)

    async def _furnish(self, opt: Path | None, how: Start) -> Cell:
        """The environment's cell, opened at first need with its local API. Raises NotStartable."""
        if self._cell is not None:
            return self._cell
        spec, doors = self.spec, self._doors
        if doors:
            await doors.ready()
        self._folder.mkdir(parents=True, exist_ok=True)
        plan = Plan(
            folder=self._folder,
            code=spec.code,
            runtime=RUNTIMES,
            opt=opt,
            libraries=how.libraries,
            brought=how.brought,
            shown=doors.shown if doors else {},
            interpreter=how.interpreter,
            root=spec.image.root if spec.image else None,
            memory_mb=spec.memory_mb,
            ephemeral_mb=spec.ephemeral_mb,
            egress=self._egress,
            reach=spec.reach,
        )
        try:
            cell = self._cell = await self._fitting.open(plan)
            if self._closed:  # meanwhile, when there was nothing yet to close
                await cell.close()
            await self._local.listen(await cell.listen(PORT))
            if doors and plan.egress != "none":
                names = () if plan.egress == "freehold" else ("*",)
                self._opened = await open_in(cell, doors, Guest(id=self.id, names=names))
        except OSError as error:
            raise NotStartable(f"no cell can be made: {(error.strerror or str(error)).lower()}") from error
        return cell

    async def _dial(self, port: int) -> socket:
        """A connection to a port inside the cell."""
        assert self._cell is not None
        return await self._cell.connect(port)

    # Work.

    async def _work(
        self, invocation: Invocation, limit_s: float, outlet: Outlet | None
    ) -> tuple[Answer | None, Failure | None]:
        """Hand the invocation over and wait. An answer that was given stands, whatever happened after it."""
        life = self._life
        assert life is not None
        self._began = CLOCK()
        deadline_ms = invocation.deadline_ms or int((self._now() + limit_s) * 1000)
        ending = await life.work(invocation, deadline_ms, limit_s, outlet)
        answer, failure = life.answer, self._failure(life, ending, invocation.request_id)
        if failure is not None:
            await self._end_life("timeout" if failure.status == "timeout" else "failure")
        return answer, failure

    def _runtime_done(self, life: Life, well: bool) -> None:
        """The runtime has done its part of an invocation, or never will."""
        assert self._invocation is not None
        failure = None if well else self._failure(life, life.ending, self._invocation.request_id)
        record = reports.runtime_done(self._invocation, life.api, failure, self._began, CLOCK(), self._now())
        self._journal.say("runtimeDone", record)

    def _failure(self, life: Life, ending: Ending, request_id: str) -> Failure | None:
        """What an ending means, None where it is the good one."""
        match ending:
            case Ending.READY:
                return None
            case Ending.FAILED:
                return failures.init_failed(life.answer or Answer(b""))
            case Ending.EXITED:
                return failures.exited(request_id, life.exit_code, life.fatal)
            case Ending.EXTENSION:
                return failures.extension_exited(request_id, life.exit_code, life.fatal)
            case Ending.TIMEOUT:
                return failures.timed_out(request_id, self.spec.timeout_s, self._now())
            case Ending.MEMORY:
                return failures.out_of_memory(request_id)

    # Tell.

    def _tell(
        self,
        invocation: Invocation,
        answer: Answer | None,
        failure: Failure | None,
        duration_ms: float,
        init_ms: float | None,
        cold: bool,
    ) -> Result:
        """The report and the result."""
        if failure and failure.log_line:
            self._journal.fault(failure.log_line)
        if failure and failure.status == "timeout":
            duration_ms = min(duration_ms, self.spec.timeout_s * 1000)
        billed_init_ms = (init_ms or 0) if self.spec.initialization == "on-demand" else 0
        billed_ms, memory_mb = ceil(duration_ms + billed_init_ms), self._memory_mb()
        figures = reports.Figures(duration_ms, billed_ms, self.spec.memory_mb, memory_mb, init_ms)
        self._journal.say("report", reports.report(invocation, figures, failure))
        told = answer or failure or Answer(b"")
        kind = told.error_type
        return Result(
            status="error" if answer and kind else "ok" if answer or not failure else failure.status,
            payload=told.payload,
            error_type=kind,
            log=self._journal.take(),
            log_stream=self.log_stream,
            cold=cold,
            duration_ms=duration_ms,
            billed_ms=billed_ms,
            max_memory_mb=memory_mb,
            init_ms=init_ms,
            content_type=answer.content_type if answer else "application/json",
        )

    def _memory_mb(self) -> int:
        if self._life is not None:
            self._memory_peak = self._life.memory_peak
        return min(ceil(self._memory_peak / MB), self.spec.memory_mb)

    # The end.

    async def _end_life(self, reason: str) -> None:
        life, self._life = self._life, None
        if life is not None:
            self._memory_peak = max(self._memory_peak, life.memory_peak)
            await life.end(reason, self._now)

    async def close(self) -> None:
        """End it and remove its folder."""
        self._closed = True
        await self._end_life("spindown")
        if self._opened is not None:
            self._opened.close()
        self._local.close()
        await self._relay.close()
        if self._cell is not None:
            await self._cell.close()
        await asyncio.get_running_loop().run_in_executor(None, shutil.rmtree, self._folder, True)


def _ms(spent_s: float) -> float:
    return round(spent_s * 1000, 3)
