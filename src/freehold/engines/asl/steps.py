"""What each type of state does when a thread comes to it: one function a type, in a table.

One idea: a step ends in a move, or leaves the thread waiting. It may raise Failure. Nothing here knows how threads move
or what becomes of a failure.
"""

from collections.abc import Callable, Iterator
from functools import partial

from freehold.engines.jsonpath import Json

from . import errors, mapruns, values
from .errors import Failure, Unevaluated
from .frame import Expression, Frame
from .machine import Choice, Distribution, Fail, Map, Node, Parallel, Pass, Succeed, Task, Wait
from .moves import depart, fork, leave
from .run import Run
from .state import Fork, Thread
from .tasks import schedule


def step(run: Run, thread: Thread) -> None:
    """Do the state that the thread is in. Raises Failure."""
    node = run.node(thread)
    STEPS[type(node.work)](run, thread, node, node.work)


def effective(run: Run, thread: Thread, node: Node) -> Frame:
    """What the state's expressions see once InputPath has done its part."""
    frame = run.frame(thread)
    value = node.flow.enter(frame)
    return frame if value is frame.input else frame.of(value)


def _pass(run: Run, thread: Thread, node: Node, work: Pass) -> None:
    frame = effective(run, thread, node)
    arguments = node.flow.arguments(frame)
    leave(run, thread, arguments if work.result is None else work.result(frame))


def _task(run: Run, thread: Thread, node: Node, work: Task) -> None:
    schedule(run, thread, node, work, effective(run, thread, node))


def _choice(run: Run, thread: Thread, node: Node, work: Choice) -> None:
    frame = effective(run, thread, node)
    rule = next((rule for rule in work.rules if rule.holds(frame)), None)
    to = rule.next if rule else work.default
    if to is None:
        raise errors.broken(errors.NO_NEXT)
    flow, raw = rule.flow if rule else node.flow, run.frame(thread)
    depart(run, thread, flow.leave(raw, frame.input), to, flow.assign(raw, frame.input))


def _wait(run: Run, thread: Thread, node: Node, work: Wait) -> None:
    at = work.until(effective(run, thread, node), run.now)
    if at <= run.now:
        waited(run, thread)
        return
    run.wait(thread, "moment")
    run.alarm(thread, "wait", at)


def waited(run: Run, thread: Thread) -> None:
    """The moment that a Wait state waits for has come."""
    leave(run, thread, effective(run, thread, run.node(thread)).input)


def _succeed(run: Run, thread: Thread, node: Node, _work: Succeed) -> None:
    leave(run, thread, effective(run, thread, node).input)


def _fail(run: Run, thread: Thread, node: Node, work: Fail) -> None:
    frame = run.frame(thread)
    raise Failure(text(work.error, frame), text(work.cause, frame))


def text(words: Expression | None, frame: Frame) -> str | None:
    """The Error or Cause that a Fail state gives, if it gives any."""
    value = words(frame) if words else None
    return value if value is None or isinstance(value, str) else values.write(value)


def _parallel(run: Run, thread: Thread, node: Node, work: Parallel) -> None:
    given = run.write(node.flow.arguments(effective(run, thread, node)))
    run.journal.add(thread, "ParallelStateStarted")
    count = len(work.branches)
    fork(run, thread, Fork([given] * count, [None] * count))


def _map(run: Run, thread: Thread, node: Node, work: Map) -> None:
    frame = effective(run, thread, node)
    if work.distribution:
        _distribute(run, thread, node, work, work.distribution, frame)
        return
    items = items_of(work, node, frame)
    inputs = items if work.selector is None else list(map(work.selector, _on_items(frame, items)))
    concurrency = _concurrency(work, frame)
    run.journal.add(thread, "MapStateStarted", {"length": len(items)})
    fork(
        run,
        thread,
        Fork(
            items=[run.write(value) for value in inputs],
            outputs=[None] * len(items),
            values=[run.write(item) for item in items],
            concurrency=concurrency,
            failures_max=tolerated(work, frame, len(items)),
        ),
    )


def _concurrency(work: Map, frame: Frame) -> int:
    """How many iterations may run at once; 0 for no limit. Raises Failure, which is the first that a Map can have."""
    return work.concurrency(frame) if work.concurrency else 0


def items_of(work: Map, node: Node, frame: Frame) -> list[Json]:
    """What a Map state runs over. Raises Failure."""
    items = work.items(frame)
    if not isinstance(items, list):
        words = errors.NOT_AN_ARRAY.format(value=values.write(items))
        raise Unevaluated(words) if node.language == "JSONata" else Failure(errors.RUNTIME, words, here=True)
    return items


def _distribute(run: Run, thread: Thread, node: Node, work: Map, share: Distribution, frame: Frame) -> None:
    items = [] if share.reader else items_of(work, node, frame)
    _concurrency(work, frame)
    if thread.map_run is None:  # a redriven one has started before
        run.journal.add(thread, "MapStateStarted", {"length": len(items)})
    mapruns.ask(run, thread, node, work, share, frame, items)


def _on_items(frame: Frame, items: list[Json]) -> Iterator[Frame]:
    """What ItemSelector sees for each item."""
    around = frame.context()
    for index, item in enumerate(items):
        seen = frame.of(frame.input, frame.text)
        seen.context = partial(dict, around, Map={"Item": {"Index": index, "Value": item}})
        yield seen


def tolerated(work: Map, frame: Frame, length: int) -> float | None:
    """How many iterations may fail, or None where the state says nothing of it."""
    count = work.failures_max(frame) if work.failures_max else None
    percent = work.failures_percent_max(frame) if work.failures_percent_max else None
    limits = [limit for limit in (count, None if percent is None else percent * length / 100) if limit is not None]
    return min(limits) if limits else None


STEPS: dict[type, Callable[..., None]] = {
    Pass: _pass,
    Task: _task,
    Choice: _choice,
    Wait: _wait,
    Succeed: _succeed,
    Fail: _fail,
    Parallel: _parallel,
    Map: _map,
}
