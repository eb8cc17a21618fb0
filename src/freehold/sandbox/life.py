"""One life of an environment: a runtime and its extensions in their cell, from launch to end.

One idea: every phase is a goal, a question that is asked again after each call of a program; whoever waits for a phase
waits for one thing, its `Ending`: the goal reached, or failure reported, a program gone, too slow, too much memory. It
may not know what a function's owner is told; that is the environment's.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
"""

import asyncio
from collections.abc import Callable
from enum import Enum
from functools import partial

from freehold.sandbox.extensions_api import EXTENSIONS_MAX, FATAL, Extension, ExtensionsApi, State, unready
from freehold.sandbox.fittings import Cell, Launch, Process
from freehold.sandbox.journal import Journal
from freehold.sandbox.local_api import LocalApi
from freehold.sandbox.logs import FrameSplitter, LineSplitter, LogPipe
from freehold.sandbox.relay import Relay
from freehold.sandbox.runtime_api import Answer, Outlet, Phase, RuntimeApi
from freehold.sandbox.runtimes import NotStartable, Start
from freehold.sandbox.spec import FunctionSpec, Invocation
from freehold.sandbox.telemetry_api import Subscription, TelemetryApi
from freehold.sandbox.variables import of_extensions

MB = 1 << 20
AWAKE_S = 0.01  # how long after an invocation programs still run: freezing costs more than many invocations
MEMORY_WATCH_MIN_S, MEMORY_WATCH_MAX_S = 0.002, 0.05
MEMORY_GROWTH_MAX = 4 << 30
"""Bytes a second: about what one processor can fill. The nearer the limit, the sooner memory is looked at again."""
SHUTDOWN_EXTERNAL_S, SHUTDOWN_INTERNAL_S = 2.0, 0.5
RUNTIME_SHUTDOWN_S = {True: 0.5, False: 0.3}
"""What the runtime has of the time for shutting down, by whether it has internal extensions."""


class Ending(Enum):
    """What a phase came to."""

    READY = "ready"
    FAILED = "failed"
    EXITED = "exited"
    EXTENSION = "extension"
    TIMEOUT = "timeout"
    MEMORY = "memory"


class ExtensionNotStartable(NotStartable):
    """An extension could not be launched. The message is in AWS's words."""


class Life:
    """A runtime and its extensions. `start`, then `work` again and again, then `end`.

    `on_runtime_done` is called in each `work` when the runtime has done its part, or can not do it any more.
    """

    def __init__(
        self,
        spec: FunctionSpec,
        cell: Cell,
        local: LocalApi,
        journal: Journal,
        relay: Relay,
        new_id: Callable[[], str],
        on_runtime_done: Callable[["Life", bool], None],
    ) -> None:
        self.spec = spec
        self.process: Process | None = None
        self.exit_code = 0
        self.memory_peak = 0
        self.fatal = ""
        self._cell, self._local, self._journal, self._relay = cell, local, journal, relay
        self._loop = asyncio.get_running_loop()
        self._runtime_done = on_runtime_done
        about = {"functionName": spec.name, "functionVersion": spec.version, "handler": spec.handler}
        self.api = RuntimeApi(self._on_runtime, restores=spec.initialization == "snap-start")
        self._extensions = ExtensionsApi(self._on_extension, about, spec.account, new_id)
        self._telemetry = TelemetryApi(self._extensions, self._on_subscribe)
        local.enter(self.api, self._extensions, self._telemetry)
        self._pipes: list[LogPipe] = []
        self._watchers: dict[str, asyncio.Task[None]] = {}  # by name; the runtime's is ""
        self._programs: dict[str, Process] = {}
        self._goal: Callable[[], bool] = bool  # never reached
        self._ending: asyncio.Future[Ending] = self._loop.create_future()
        self._working = self._ended = self._frozen = False
        self._resting: asyncio.TimerHandle | None = None

    @property
    def ready(self) -> bool:
        """True while an invocation can be given."""
        return self.api.waiting and not self._ended and not self._ending_is_bad()

    def _ending_is_bad(self) -> bool:
        ending = self._ending
        return ending.done() and (ending.cancelled() or ending.result() is not Ending.READY)

    @property
    def ending(self) -> Ending:
        """What the last phase came to."""
        return self._ending.result()

    @property
    def answer(self) -> Answer | None:
        """What the runtime said last: to its invocation, or of its init."""
        return self.api.answer

    @property
    def extensions(self) -> list[Extension]:
        """All extensions that were started or that registered."""
        return list(self._extensions.extensions.values())

    async def start(self, how: Start, env: dict[str, str], names: list[str], limit_s: float) -> Ending:
        """Launch extensions by these file names, then the runtime; wait until all are ready, at most `limit_s`.

        Raises NotStartable.
        """
        until = self._loop.time() + limit_s
        for at, name in enumerate(names):
            await self._launch_extension(name, env, at >= EXTENSIONS_MAX)
        if names:
            ending = await self._reach(self._all_registered, until - self._loop.time())
            if ending is not Ending.READY:
                return ending
        await self._launch_runtime(how, env)
        ending = await self._reach(self._all_ready, until - self._loop.time())
        self._telemetry.open = False
        return ending

    async def work(
        self, invocation: Invocation, deadline_ms: int, limit_s: float, outlet: Outlet | None = None
    ) -> Ending:
        """Give an invocation and wait until the runtime and all extensions that hear of it ask for the next."""
        if not self.api.waiting:  # everything was ended in the moment before
            self._ending = self._loop.create_future()
            self._ending.set_result(Ending.EXITED)
            return Ending.EXITED
        self._wake()
        self._working = True
        if self._extensions.extensions:
            self._extensions.invoke(partial(_invoke_event, invocation, deadline_ms))
        self.api.give(invocation, deadline_ms, outlet)
        ending = await self._reach(self._all_done, limit_s)
        if ending is Ending.READY:
            self.rest()
        elif self._working:
            self._conclude_runtime(False)
        return ending

    def rest(self) -> None:
        """Freeze until there is work; not at once, as there often is."""
        self._stay_awake()
        self._resting = self._loop.call_later(AWAKE_S, self._freeze)

    def _freeze(self) -> None:
        self._frozen = True
        self._cell.freeze()
        self._relay.hold(True)

    def _wake(self) -> None:
        self._stay_awake()
        if self._frozen:
            self._frozen = False
            self._cell.thaw()
            self._relay.hold(False)

    def _stay_awake(self) -> None:
        if self._resting:
            self._resting.cancel()
            self._resting = None

    # Programs.

    async def _launch_extension(self, name: str, env: dict[str, str], too_many: bool) -> None:
        extension = self._extensions.expect(name)
        path = f"{self._cell.places.opt}/extensions/{name}"
        if too_many:
            extension.state, extension.error_type = State.LAUNCH_ERROR, "TooManyExtensions"
            raise ExtensionNotStartable("ErrTooManyExtensions")
        pipe = LogPipe(LineSplitter(), self._journal.write_of_extension)
        self._pipes.append(pipe)
        try:
            launch = Launch(argv=[path], env=of_extensions(env), cwd="/", output_fd=pipe.writer)
            await self._launch(name, launch)
        except OSError as error:
            extension.state = State.LAUNCH_ERROR
            extension.error_type = "PermissionDenied" if isinstance(error, PermissionError) else "UnknownError"
            raise ExtensionNotStartable(_not_executable(path, error)) from error
        pipe.handed_over()

    async def _launch_runtime(self, how: Start, env: dict[str, str]) -> None:
        output = LogPipe(LineSplitter(), self._journal.write)
        frames = LogPipe(FrameSplitter(self._journal.frame_level_least), self._journal.write)
        self._pipes += output, frames
        launch = Launch(
            argv=how.argv,
            env=env,
            cwd=how.cwd or self._cell.places.code,
            output_fd=output.writer,
            frames_fd=frames.writer,
        )
        try:
            self.process = await self._launch("", launch)
        except OSError as error:
            raise NotStartable(_not_executable(how.argv[0], error)) from error
        output.handed_over()
        frames.handed_over()

    async def _launch(self, name: str, launch: Launch) -> Process:
        process = self._programs[name] = await self._cell.run(launch)
        self._watchers[name] = self._loop.create_task(self._watch(name, process))
        return process

    async def _watch(self, name: str, process: Process) -> None:
        """See a program end. What it said before it went may still be on its way: let that arrive first."""
        code = await process.exited()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        if self._ended:
            return
        if not self._ending_is_bad():
            self.exit_code = code
            self.fatal = self.fatal or self._reported_by(name)
        if self._cell.out_of_memory():
            self._conclude(Ending.MEMORY)
        else:
            self._conclude(Ending.EXTENSION if name else Ending.EXITED)

    def _reported_by(self, name: str) -> str:
        """The error type of a program that went: what it reported before, or that it went."""
        extension = self._extensions.extensions.get(name)
        reported = next((FATAL[known.state] for known in self.extensions if known.state in FATAL), "")
        return reported or ("Extension.Crash" if extension else "Runtime.ExitError")

    # Phases.

    def _all_registered(self) -> bool:
        return all(extension.state is not State.STARTED for extension in self.extensions)

    def _all_ready(self) -> bool:
        return self.api.waiting and not unready(self._extensions.extensions.values())

    def _all_done(self) -> bool:
        return self.api.waiting and not unready(self._extensions.subscribed("INVOKE"))

    async def _reach(self, goal: Callable[[], bool], limit_s: float) -> Ending:
        """Wait until a goal is reached or can not be, while time runs and memory is watched."""
        if self._ending_is_bad():
            return self._ending.result()
        self._goal, self._ending = goal, self._loop.create_future()
        timer = self._loop.call_later(limit_s, self._conclude, Ending.TIMEOUT)
        self._memory_watch = self._loop.call_later(self._until_next_look_s(0), self._watch_memory)
        self._check()
        try:
            ending = await self._ending
        finally:
            timer.cancel()
            self._memory_watch.cancel()
        self.memory_peak = max(self.memory_peak, self._cell.memory_peak_bytes())
        self._drain()
        return ending

    def _drain(self) -> None:
        for pipe in self._pipes:
            pipe.drain()

    def _check(self) -> None:
        if self._goal():
            self._conclude(Ending.READY)

    def _conclude(self, ending: Ending) -> None:
        if not self._ending.done():
            self._ending.set_result(ending)
        elif ending is not Ending.READY and not self._ending_is_bad():  # between two phases
            self._ending = self._loop.create_future()
            self._ending.set_result(ending)

    def _on_runtime(self, phase: Phase) -> None:
        """The runtime made a call that changed its phase."""
        if phase is Phase.FAILED:
            self._conclude(Ending.FAILED)
        elif phase is Phase.IDLE:
            if self._working:
                self._conclude_runtime(True)
            self._extensions.open = False
            self._check()

    def _on_extension(self, extension: Extension) -> None:
        """An extension made a call that changed its state."""
        self._check()

    def _conclude_runtime(self, well: bool) -> None:
        """The runtime's part of an invocation is over."""
        self._working = False
        if self._journal.wants_runtime_done:
            self._drain()
            self._runtime_done(self, well)

    def _on_subscribe(self, subscription: Subscription) -> None:
        state = self._relay.subscribe(subscription)
        record = {"name": subscription.name, "state": state, "types": list(subscription.types)}
        self._journal.say(subscription.dialect.event.removeprefix("platform."), record)

    def _watch_memory(self) -> None:
        """Look now and then; end the phase when the cell's programs hold more than the function has."""
        held = self._cell.memory_bytes()
        self.memory_peak = max(self.memory_peak, held)
        if held > self.spec.memory_mb * MB:
            self._conclude(Ending.MEMORY)
        else:
            self._memory_watch = self._loop.call_later(self._until_next_look_s(held), self._watch_memory)

    def _until_next_look_s(self, held: int) -> float:
        """How long memory can not be overrun by much, whatever programs do."""
        soonest_s = (self.spec.memory_mb * MB - held) / MEMORY_GROWTH_MAX
        return min(max(soonest_s, MEMORY_WATCH_MIN_S), MEMORY_WATCH_MAX_S)

    # The end.

    async def end(self, reason: str, now: Callable[[], float]) -> None:
        """Shut down as AWS does, for spindown, timeout or failure; wait until all is gone, close everything."""
        self._ended = True
        self._stay_awake()
        silent = (State.STARTED, State.LAUNCH_ERROR)
        extensions = [extension for extension in self.extensions if extension.state not in silent]
        if extensions:
            self._wake()
            await self._shut_down(extensions, reason, now)
        await self._cell.end_all()
        self._conclude(Ending.EXITED)  # for whoever still waits
        await asyncio.gather(*self._watchers.values())
        self._relay.hold(True)
        self._local.hang_up()
        for pipe in self._pipes:
            pipe.close()

    async def _shut_down(self, extensions: list[Extension], reason: str, now: Callable[[], float]) -> None:
        """SIGTERM for the runtime, then a SHUTDOWN event for the extensions; who is not gone in time is killed."""
        internal = any(not extension.external for extension in extensions)
        external = [extension for extension in extensions if extension.external]
        began = self._loop.time()
        if "" in self._programs and not self._watchers[""].done():
            self._programs[""].terminate()
            await self._gone([""], RUNTIME_SHUTDOWN_S[internal])
            self._programs[""].kill()
        self._relay.flush()
        if not external:
            return
        left_s = SHUTDOWN_EXTERNAL_S - (self._loop.time() - began)
        deadline_ms = int((now() + left_s) * 1000)
        event = {"eventType": "SHUTDOWN", "deadlineMs": deadline_ms, "shutdownReason": reason}
        self._extensions.shut_down(event)
        told = [extension.name for extension in external if "SHUTDOWN" in extension.events]
        for extension in external:
            if extension.name not in told:
                self._programs[extension.name].kill()
        await self._gone(told, left_s)

    async def _gone(self, names: list[str], limit_s: float) -> None:
        """Wait until these programs are gone, at most so long."""
        waiting = [self._watchers[name] for name in names if name in self._watchers]
        if waiting:
            await asyncio.wait(waiting, timeout=limit_s)


def _invoke_event(invocation: Invocation, deadline_ms: int) -> dict[str, object]:
    """What an extension hears of an invocation."""
    tracing = {"tracing": {"type": "X-Amzn-Trace-Id", "value": invocation.trace_id}} if invocation.trace_id else {}
    return {
        "eventType": "INVOKE",
        "deadlineMs": deadline_ms,
        "requestId": invocation.request_id,
        "invokedFunctionArn": invocation.invoked_arn,
        **tracing,
    }


def _not_executable(path: str, error: OSError) -> str:
    return f"fork/exec {path}: {(error.strerror or str(error)).lower()}"
