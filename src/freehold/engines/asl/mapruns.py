"""Distributed Map states: asking for a Map Run, and what is told of it.

One idea: a Map Run is a wait under a ticket, as a task is. Everything that the definition says of it is computed here
and goes out with the command; children, items and files are not known here.
"""

from collections.abc import Callable
from typing import Any

from freehold.engines.jsonpath import Json

from . import errors, values
from .errors import Failure
from .frame import Frame
from .machine import Distribution, Map, Node
from .moves import fail, leave
from .protocol import MapRunFailed, MapRunRedriven, MapRunStarted, MapRunSucceeded, RunMap, View
from .run import Run
from .state import Thread


def ask(run: Run, thread: Thread, node: Node, work: Map, share: Distribution, frame: Frame, items: list[Json]) -> None:
    """Ask for a Map Run of a state that was noted as started, and wait for its end. Raises Failure."""
    command = RunMap(
        id=f"{thread.id}#{thread.attempt + 1}",
        thread=thread.id,
        scope=thread.scope,
        state=node.name,
        label=share.label,
        processor=work.processor,
        execution_type=share.execution_type,
        view=View(
            input=run.write(frame.input),
            context=run.write(frame.context()),
            variables={name: run.write(value) for name, value in frame.variables.items()},
        ),
        items=None if share.reader else run.write(items),
        reader=share.reader(frame) if share.reader else None,
        batcher=share.batcher(frame) if share.batcher else None,
        writer=share.writer(frame) if share.writer else None,
        concurrency=work.concurrency(frame) if work.concurrency else 0,
        failures_max=work.failures_max(frame) if work.failures_max else None,
        failures_percent_max=work.failures_percent_max(frame) if work.failures_percent_max else None,
        map_run=thread.map_run,
    )
    run.wait(thread, "map")
    run.commands.append(command)


def started(run: Run, thread: Thread, event: MapRunStarted) -> None:
    """The Map Run exists."""
    if thread.map_run is None:
        thread.map_run = event.map_run
        run.journal.add(thread, "MapRunStarted", {"mapRunArn": event.map_run})


def redriven(run: Run, thread: Thread, event: MapRunRedriven) -> None:
    """An earlier Map Run goes on."""
    run.journal.add(thread, "MapRunRedriven", {"mapRunArn": event.map_run, "redriveCount": event.redrives})


def succeeded(run: Run, thread: Thread, event: MapRunSucceeded) -> None:
    """The Map Run ended well."""
    run.wake(thread)
    begun_id = thread.last_id
    run.journal.add(thread, "MapRunSucceeded")
    run.journal.note("MapStateSucceeded", thread.last_id)
    if run.machine.modern:  # as AWS's histories have it, what follows then follows the run's beginning
        thread.last_id = begun_id
    if values.oversize(event.output):
        name = run.node(thread).name
        fail(run, thread, Failure(errors.DATA_LIMIT, errors.TOO_LARGE.format(name=name), fatal=True))
        return
    leave(run, thread, run.read(event.output))


def failed(run: Run, thread: Thread, event: MapRunFailed) -> None:
    """The Map Run failed."""
    run.wake(thread)
    run.journal.add(thread, "MapRunFailed", {"error": event.error, "cause": event.cause})
    fail(run, thread, Failure(event.error, event.cause))


ANSWERS: dict[type, Callable[[Run, Thread, Any], None]] = {
    MapRunStarted: started,
    MapRunRedriven: redriven,
    MapRunSucceeded: succeeded,
    MapRunFailed: failed,
}
