"""What each type of state does when a thread comes to it: one function a type, in a table.

One idea: a step ends in a move, or leaves the thread waiting. It may raise Failure. Nothing here knows how threads move
or what becomes of a failure.
"""

from collections.abc import Callable

from freehold.engines.jsonpath import Json

from . import errors, values
from .errors import Failure
from .machine import Choice, Fail, Map, Node, Parallel, Pass, Succeed, Task, Wait
from .moves import depart, fork, leave
from .payload import Expression, Frame, number
from .run import Run
from .state import Fork, Thread
from .tasks import schedule


def step(run: Run, thread: Thread) -> None:
    """Do the state that the thread is in. Raises Failure."""
    node = run.node(thread)
    STEPS[type(node.work)](run, thread, node, node.work)


def _effective(run: Run, thread: Thread, node: Node) -> Frame:
    """What the state's expressions see once InputPath has done its part."""
    frame = run.frame(thread)
    value = node.flow.enter(frame)
    return frame if value is frame.input else frame.of(value)


def _pass(run: Run, thread: Thread, node: Node, work: Pass) -> None:
    frame = _effective(run, thread, node)
    arguments = node.flow.arguments(frame)
    leave(run, thread, arguments if work.result is None else work.result(frame))


def _task(run: Run, thread: Thread, node: Node, work: Task) -> None:
    schedule(run, thread, node, work, _effective(run, thread, node))


def _choice(run: Run, thread: Thread, node: Node, work: Choice) -> None:
    frame = _effective(run, thread, node)
    rule = next((rule for rule in work.rules if rule.holds(frame)), None)
    to = rule.next if rule else work.default
    if to is None:
        raise errors.broken(errors.NO_NEXT)
    assigned = (rule.flow if rule else node.flow).assign(frame)
    depart(run, thread, node.flow.leave(run.frame(thread), frame.input), to, assigned)


def _wait(run: Run, thread: Thread, node: Node, work: Wait) -> None:
    at = work.until(_effective(run, thread, node), run.now)
    if at <= run.now:
        waited(run, thread)
        return
    run.wait(thread, "moment")
    run.alarm(thread, "wait", at)


def waited(run: Run, thread: Thread) -> None:
    """The moment that a Wait state waits for has come."""
    leave(run, thread, _effective(run, thread, run.node(thread)).input)


def _succeed(run: Run, thread: Thread, node: Node, _work: Succeed) -> None:
    leave(run, thread, _effective(run, thread, node).input)


def _fail(run: Run, thread: Thread, node: Node, work: Fail) -> None:
    frame = run.frame(thread)
    raise Failure(_text(work.error, frame), _text(work.cause, frame))


def _text(words: Expression | None, frame: Frame) -> str | None:
    value = words(frame) if words else None
    return value if value is None or isinstance(value, str) else values.write(value)


def _parallel(run: Run, thread: Thread, node: Node, work: Parallel) -> None:
    text = run.write(node.flow.arguments(_effective(run, thread, node)))
    run.journal.add(thread, "ParallelStateStarted")
    count = len(work.branches)
    fork(run, thread, Fork([text] * count, [None] * count))


def _map(run: Run, thread: Thread, node: Node, work: Map) -> None:
    frame = _effective(run, thread, node)
    items = work.items(frame)
    if not isinstance(items, list):
        raise errors.broken(errors.NOT_AN_ARRAY, value=values.write(items))
    inputs = (
        items
        if work.selector is None
        else [work.selector(_on_item(run, thread, frame, index, item)) for index, item in enumerate(items)]
    )
    run.journal.add(thread, "MapStateStarted", {"length": len(items)})
    fork(
        run,
        thread,
        Fork(
            items=[run.write(value) for value in inputs],
            outputs=[None] * len(items),
            values=[run.write(item) for item in items],
            concurrency=_concurrency(work, frame),
            failures_max=_tolerated(work, frame, len(items)),
        ),
    )


def _on_item(run: Run, thread: Thread, frame: Frame, index: int, item: Json) -> Frame:
    """What ItemSelector sees for one item."""
    seen = frame.of(frame.input, frame.text)
    seen.context = lambda: run.context(thread, {"Index": index, "Value": item})
    return seen


def _concurrency(work: Map, frame: Frame) -> int:
    """How many iterations may run at once; 0 for no limit."""
    count: int = number(work.concurrency, frame, "MaxConcurrency", work.paths) or 0
    if count < 0:
        raise errors.broken(errors.NEGATIVE, field="MaxConcurrency")
    return count


def _tolerated(work: Map, frame: Frame, length: int) -> float | None:
    """How many iterations may fail, or None where the state says nothing of it."""
    count = number(work.failures_max, frame, "ToleratedFailureCount", work.paths)
    percent = number(work.failures_percent_max, frame, "ToleratedFailurePercentage", work.paths, whole=False)
    if count is not None and count < 0:
        raise errors.broken(errors.NEGATIVE, field="ToleratedFailureCount")
    if percent is not None and not 0 <= percent <= 100:
        raise errors.broken(errors.NOT_A_PERCENTAGE)
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
