"""An execution environment: Init, then one invocation at a time, then the end.

One idea: an invocation is a story told in three parts, get ready, work, tell: each failure of the first two becomes
one `Failure`, and one place turns what happened into a Result and its START, END and REPORT lines. It may not know
pools, nor how processes are started.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
"""

import asyncio
import shutil
import time
from collections.abc import Callable
from math import ceil
from pathlib import Path

from freehold.sandbox import failures, logs
from freehold.sandbox.doors import Doors, Guest, Opened, open_in
from freehold.sandbox.failures import Failure
from freehold.sandbox.fittings import Cell, Fitting, Plan
from freehold.sandbox.layers import merged
from freehold.sandbox.life import MB, Ending, Life
from freehold.sandbox.runtime_api import Answer
from freehold.sandbox.runtimes import HERE as RUNTIMES
from freehold.sandbox.runtimes import NotStartable, Shelf, Start, start_of
from freehold.sandbox.spec import Credentials, FunctionSpec, Invocation, Result, Standing


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
        keys: Credentials | None,
        init_max_s: float,
        now: Callable[[], float],
    ) -> None:
        self.spec = spec
        self.id = id
        self.invocations = 0
        self.started_at = self.since = now()
        self.log_stream = f"{time.strftime('%Y/%m/%d', time.gmtime(self.started_at))}/[{spec.version}]{id}"
        self.busy = True
        self._folder, self._fitting, self._shelf, self._keys, self._now = folder, fitting, shelf, keys, now
        self._layers, self._doors = layers, doors
        self._init_max_s = init_max_s
        self._journal = logs.Journal(now)
        self._cell: Cell | None = None
        self._opened: Opened | None = None
        self._life: Life | None = None
        self._init_ms: float | None = None

    @property
    def ready(self) -> bool:
        """True while it can take an invocation without a new start."""
        return self._life is not None and self._life.ready

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

    async def init(self) -> None:
        """The Init phase. If it fails or takes too long, the first invocation repeats it on its own time."""
        began = time.perf_counter()
        failure = await self._begin_life("", self._init_max_s)
        spent = _ms_since(began)
        if failure is None:
            self._init_ms = spent
        else:
            await self._fail_init(failure, spent, "init")

    async def invoke(self, invocation: Invocation) -> Result:
        """Run one invocation, start to end. Afterwards the environment is `ready`, or fit only to be closed."""
        cold, began = self.invocations == 0, time.perf_counter()
        self.invocations += 1
        self._journal.write(logs.start_line(invocation.request_id, self.spec.version))
        failure = None if self.ready else await self._repeat_init(invocation.request_id)
        answer = None
        if failure is None:
            answer, failure = await self._work(invocation, self.spec.timeout_s - (time.perf_counter() - began))
        return self._tell(invocation.request_id, answer, failure, _ms_since(began), cold)

    async def _begin_life(self, request_id: str, limit_s: float) -> Failure | None:
        """Start the runtime in the environment's cell and see it ready."""
        try:
            cell, how = await self._furnish()
            life = self._life = Life(self.spec, cell, self._journal)
            ending = await life.start(how, self.log_stream, self._keys, limit_s)
        except NotStartable as reason:
            return failures.not_startable(request_id, str(reason))
        return self._failure(ending, request_id)

    async def _furnish(self) -> tuple[Cell, Start]:
        """The environment's cell, opened at first need, and how to start the runtime in it. Raises NotStartable."""
        spec, folder = self.spec, self._folder
        opt = await asyncio.get_running_loop().run_in_executor(None, merged, spec.layers, self._layers)
        places = self._fitting.places(folder, spec.code, opt, RUNTIMES)
        how = start_of(spec, opt, places, self._shelf)
        if self._cell is None:
            try:
                self._cell = await self._open_cell(how, opt)
            except OSError as error:
                raise NotStartable(f"no cell can be made: {(error.strerror or str(error)).lower()}") from error
        return self._cell, how

    async def _open_cell(self, how: Start, opt: Path | None) -> Cell:
        """The cell, with its doors. Raises OSError."""
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
            shown=doors.shown if doors else {},
            interpreter=how.interpreter,
            memory_mb=spec.memory_mb,
            ephemeral_mb=spec.ephemeral_mb,
        )
        cell = await self._fitting.open(plan)
        if doors and plan.egress != "none":
            names = () if plan.egress == "freehold" else ("*",)
            self._opened = await open_in(cell, doors, Guest(id=self.id, names=names))
        return cell

    async def _repeat_init(self, request_id: str) -> Failure | None:
        """Init once more, inside an invocation and on its time."""
        began = time.perf_counter()
        failure = await self._begin_life(request_id, self.spec.timeout_s)
        if failure is not None:
            await self._fail_init(failure, _ms_since(began), "invoke")
        return failure

    async def _fail_init(self, failure: Failure, spent_ms: float, phase: str) -> None:
        """An init came to nothing: end that life and say so."""
        await self._end_life()
        kind = None if failure.report_status == "timeout" else failure.error_type
        self._journal.write(logs.init_report_line(spent_ms, phase, failure.report_status, kind))

    async def _work(self, invocation: Invocation, limit_s: float) -> tuple[Answer | None, Failure | None]:
        """Hand the invocation over and wait. An answer that was given stands, whatever the runtime did after it."""
        assert self._life is not None
        deadline_ms = invocation.deadline_ms or int((self._now() + limit_s) * 1000)
        ending = await self._life.work(invocation, deadline_ms, limit_s)
        answer = self._life.answer
        failure = None if answer else self._failure(ending, invocation.request_id)
        if ending is not Ending.READY:
            await self._end_life()
        return answer, failure

    def _failure(self, ending: Ending, request_id: str) -> Failure | None:
        """What an ending means, None where it is the good one."""
        assert self._life is not None
        match ending:
            case Ending.READY:
                return None
            case Ending.FAILED:
                return failures.init_failed(self._life.answer or Answer(b""))
            case Ending.EXITED:
                return failures.exited(request_id, self._life.exit_code)
            case Ending.TIMEOUT:
                return failures.timed_out(request_id, self.spec.timeout_s, self._now())
            case Ending.MEMORY:
                return failures.out_of_memory(request_id)

    def _tell(
        self, request_id: str, answer: Answer | None, failure: Failure | None, duration_ms: float, cold: bool
    ) -> Result:
        """The closing lines and the result."""
        if failure and failure.log_line:
            self._journal.write(failure.log_line)
        told = failure or answer or Answer(b"")
        init_ms = self._init_ms if cold else None
        billed_ms, memory_mb = ceil(duration_ms), self._memory_mb()
        figures = {
            "Duration": f"{duration_ms:.2f} ms",
            "Billed Duration": f"{billed_ms} ms",
            "Memory Size": f"{self.spec.memory_mb} MB",
            "Max Memory Used": f"{memory_mb} MB",
            "Init Duration": f"{init_ms:.2f} ms" if init_ms is not None else "",
            "Status": failure.report_status if failure else "",
            "Error Type": failure.error_type if failure and failure.status != "timeout" else "",
        }
        self._journal.write(logs.end_line(request_id))
        self._journal.write(logs.report_line(request_id, figures))
        return Result(
            status=failure.status if failure else ("error" if told.error_type else "ok"),
            payload=told.payload,
            error_type=told.error_type,
            log=self._journal.take(),
            log_stream=self.log_stream,
            cold=cold,
            duration_ms=duration_ms,
            billed_ms=billed_ms,
            max_memory_mb=memory_mb,
            init_ms=init_ms,
        )

    def _memory_mb(self) -> int:
        peak = self._life.memory_peak if self._life else 0
        return min(ceil(peak / MB), self.spec.memory_mb)

    async def _end_life(self) -> None:
        if self._life is not None:
            await self._life.end()

    async def close(self) -> None:
        """End it and remove its folder."""
        await self._end_life()
        if self._opened is not None:
            self._opened.close()
        if self._cell is not None:
            await self._cell.close()
        await asyncio.get_running_loop().run_in_executor(None, shutil.rmtree, self._folder, True)


def _ms_since(began: float) -> float:
    return (time.perf_counter() - began) * 1000
