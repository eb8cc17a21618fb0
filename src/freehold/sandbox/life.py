"""One life of an environment: a runtime in its cell, its Runtime API and its pipes, from launch to end.

One idea: whoever waits for a life waits for one thing, its next `Ending`: ready for work, reported failure, exit, too
slow, too much memory. It may not know what a function's owner is told; that is the environment's.
"""

import asyncio
from enum import Enum

from freehold.sandbox.fittings import FRAMES_FD, Cell, Launch, Process
from freehold.sandbox.logs import FrameSplitter, Journal, LineSplitter, LogPipe
from freehold.sandbox.runtime_api import Answer, Phase, RuntimeApi
from freehold.sandbox.runtimes import NotStartable, Start
from freehold.sandbox.spec import Credentials, FunctionSpec, Invocation
from freehold.sandbox.variables import variables

RUNTIME_API_PORT = 9001
MEMORY_WATCH_S = 0.05
MB = 1 << 20


class Ending(Enum):
    """What a phase came to."""

    READY = "ready"
    FAILED = "failed"
    EXITED = "exited"
    TIMEOUT = "timeout"
    MEMORY = "memory"


class Life:
    """A process that speaks the Runtime API. `start`, then `work` again and again, then `end`."""

    def __init__(self, spec: FunctionSpec, cell: Cell, journal: Journal) -> None:
        self.spec = spec
        self.process: Process | None = None
        self.exit_code = 0
        self.memory_peak = 0
        self._cell = cell
        self._loop = asyncio.get_running_loop()
        self._api = RuntimeApi(self._on_turn)
        self._pipes = [LogPipe(LineSplitter(), journal), LogPipe(FrameSplitter(), journal)]
        self._ending: asyncio.Future[Ending] = self._loop.create_future()
        self._watcher: asyncio.Task[None] | None = None

    @property
    def ready(self) -> bool:
        """True while an invocation can be given."""
        return self._api.waiting

    @property
    def answer(self) -> Answer | None:
        """What the runtime said last: to its invocation, or of its init."""
        return self._api.answer

    async def start(self, how: Start, log_stream: str, keys: Credentials | None, limit_s: float) -> Ending:
        """Launch and wait until the runtime is ready, at most `limit_s`. Raises NotStartable."""
        places, (output, frames) = self._cell.places, self._pipes
        api = await self._api.listen(await self._cell.listen(RUNTIME_API_PORT))
        env = variables(self.spec, how, places, api=api, log_stream=log_stream, frames_fd=FRAMES_FD, keys=keys)
        launch = Launch(argv=how.argv, env=env, cwd=places.code, output_fd=output.writer, frames_fd=frames.writer)
        try:
            self.process = await self._cell.run(launch)
        except OSError as error:
            raise NotStartable(f"fork/exec {how.argv[0]}: {(error.strerror or str(error)).lower()}") from error
        for pipe in self._pipes:
            pipe.handed_over()
        self._watcher = self._loop.create_task(self._watch(self.process))
        return await self._end_of_phase(limit_s)

    async def work(self, invocation: Invocation, deadline_ms: int, limit_s: float) -> Ending:
        """Give an invocation and wait until the runtime asks for the next, at most `limit_s`. See `answer`."""
        self._cell.thaw()
        self._ending = self._loop.create_future()
        self._api.give(invocation, deadline_ms)
        ending = await self._end_of_phase(limit_s)
        if ending is Ending.READY:
            self._cell.freeze()
        return ending

    async def _end_of_phase(self, limit_s: float) -> Ending:
        """Wait for the end of this phase, while time runs and memory is watched."""
        timer = self._loop.call_later(limit_s, self._conclude, Ending.TIMEOUT)
        self._memory_watch = self._loop.call_later(MEMORY_WATCH_S, self._watch_memory)
        try:
            ending = await self._ending
        finally:
            timer.cancel()
            self._memory_watch.cancel()
        self._note_memory()
        for pipe in self._pipes:
            pipe.drain()
        return ending

    def _conclude(self, ending: Ending) -> None:
        if not self._ending.done():
            self._ending.set_result(ending)

    def _on_turn(self, phase: Phase) -> None:
        """The runtime made a call that changed its phase."""
        if phase is Phase.IDLE:
            self._conclude(Ending.READY)
        elif phase is Phase.FAILED:
            self._conclude(Ending.FAILED)

    async def _watch(self, process: Process) -> None:
        """See the process end. What it said before it went may still be on its way: let that arrive first."""
        self.exit_code = await process.exited()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        self._api.close()
        self._conclude(Ending.MEMORY if self._cell.out_of_memory() else Ending.EXITED)

    def _note_memory(self) -> None:
        self.memory_peak = max(self.memory_peak, self._cell.memory_peak_bytes())

    def _watch_memory(self) -> None:
        """Look now and then; end the phase when the cell's programs hold more than the function has."""
        held = self._cell.memory_bytes()
        self.memory_peak = max(self.memory_peak, held)
        if held > self.spec.memory_mb * MB:
            self._conclude(Ending.MEMORY)
        else:
            self._memory_watch = self._loop.call_later(MEMORY_WATCH_S, self._watch_memory)

    async def end(self) -> None:
        """Kill what lives, wait until it is gone, close everything."""
        await self._cell.end_all()
        if self._watcher is not None:
            await self._watcher
        self._api.close()
        for pipe in self._pipes:
            pipe.close()
