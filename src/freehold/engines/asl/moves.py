"""How threads move: into a state, out of it, into failure, and back together.

One idea: every end of a state is either `leave` or `fail`, and each of them takes care of what the thread that waits
for this one does next. No Failure escapes from a move. What states do is not known here.
"""

from freehold.engines.jsonpath import Json

from . import errors, values
from .errors import Failure, Unevaluated
from .machine import Catcher, Map, Node, Parallel, Retrier
from .run import Run
from .state import Fork, Item, Thread


def enter(run: Run, thread: Thread, state: str, text: str) -> None:
    """Bring the thread into a state, to be done when its turn comes."""
    thread.state, thread.input = state, text
    thread.retries, thread.token, thread.map_run = [], None, None
    thread.wreck, thread.lost = None, []
    run.journal.entered(thread, run.node(thread).type)
    run.ready.append(thread.id)


def leave(run: Run, thread: Thread, result: Json) -> None:
    """Finish the thread's state with the result of its work."""
    node = run.node(thread)
    try:
        frame = run.frame(thread)
        assigned = node.flow.assign(frame, result)
        depart(run, thread, node.flow.leave(frame, result), node.next, assigned)
    except Failure as failure:
        fail(run, thread, failure)


def depart(run: Run, thread: Thread, output: Json, to: str | None, assigned: dict[str, Json]) -> None:
    """Leave the state with its output, for the next one or the end of the thread. Raises Failure if it is too large."""
    node = run.node(thread)
    text = run.write(output)
    variables = {name: run.write(value) for name, value in assigned.items()}
    if values.oversize(text) or (variables and values.oversize("".join(variables.values()))):
        raise Failure(errors.DATA_LIMIT, errors.TOO_LARGE.format(name=node.name), fatal=True)
    run.journal.exited(thread, node.type, text, variables)
    if variables:
        run.assign(thread, variables)
    if to is not None:
        enter(run, thread, to, text)
    elif thread.parent is None:
        run.succeed(thread, text)
    else:
        _join(run, thread, text)


# Failing


def fail(run: Run, thread: Thread, failure: Failure) -> None:
    """A failure in the thread's state: end the execution, try again, catch it, or let the thread fail."""
    node = run.node(thread)
    if failure.here:
        place = {"state": node.name, "entered": thread.entered_id, "reason": failure.cause}
        failure.cause, failure.here = errors.WHERE.format(**place), False
    if isinstance(failure, Unevaluated):
        run.journal.unevaluated(thread, failure)
    if failure.fatal:
        run.end("FAILED", thread.last_id, failure.error, failure.cause)
        return
    names = failure.names()
    retrier = next((at for at, each in enumerate(node.retriers) if names & each.errors), None)
    if retrier is not None and _try_again(run, thread, node, retrier):
        return
    if isinstance(node.work, (Parallel, Map)):
        run.journal.add(thread, f"{node.type}StateFailed")
    catcher = next((each for each in node.catchers if names & each.errors), None)
    if catcher is not None:
        _catch(run, thread, catcher, failure)
    elif thread.parent is None:
        run.end("FAILED", thread.last_id, failure.error, failure.cause)
    else:
        _break(run, thread, failure)


def _try_again(run: Run, thread: Thread, node: Node, index: int) -> bool:
    retrier: Retrier = node.retriers[index]
    counts = thread.retries or [0] * len(node.retriers)
    if counts[index] >= retrier.attempts_max:
        return False
    delay = retrier.delay_s(counts[index], run.chance.random)
    thread.retries = [count + (at == index) for at, count in enumerate(counts)]
    thread.map_run, thread.wreck, thread.lost = None, None, []  # a retry begins anew
    run.wait(thread, "retry")
    run.alarm(thread, "retry", run.now + delay)
    return True


def _catch(run: Run, thread: Thread, catcher: Catcher, failure: Failure) -> None:
    try:
        frame, output = run.frame(thread), failure.output()
        assigned = catcher.flow.assign(frame, output)
        depart(run, thread, catcher.flow.leave(frame, output), catcher.next, assigned)
    except Failure as again:
        again.fatal = True  # a catcher that fails is not caught again
        fail(run, thread, again)


# Threads that wait for threads


def fork(run: Run, thread: Thread, work: Fork) -> None:
    """Let the thread wait for a thread per item of the fork; start as many as may run at once."""
    thread.fork = work
    run.wait(thread, "threads")
    if not work.items:
        _rejoin(run, thread, work)
        return
    together = work.concurrency or len(work.items)
    children = [_spawn(run, thread, work, thread.last_id) for _ in range(min(together, len(work.items)))]
    for child in children:
        enter(run, child, child.state, child.input)


def _spawn(run: Run, parent: Thread, work: Fork, after: int) -> Thread:
    """Make the thread of the fork's next item; its first event follows the event `after`."""
    index = work.started
    work.started += 1
    scope = _inner_scope(run.node(parent), index)
    child = Thread(
        id=f"{parent.ticket}.{index}",
        parent=parent.id,
        scope=scope,
        state=run.machine.scopes[scope].start,
        input=work.items[index],
        index=index,
        item=Item(index, work.values[index]) if work.values is not None else parent.item,
        last_id=after,
    )
    run.state.threads[child.id] = child
    if work.values is not None:
        run.journal.add(child, "MapIterationStarted", {"name": parent.state, "index": index})
    return child


def _inner_scope(node: Node, index: int) -> str:
    """The location of the scope that a fork's thread runs in."""
    if isinstance(node.work, Parallel):
        return node.work.branches[index]
    assert isinstance(node.work, Map), "only Parallel and Map states fork"
    return node.work.processor


def _join(run: Run, child: Thread, output: str) -> None:
    """A branch or iteration is done."""
    parent, work = _parent(run, child)
    run.forget(child)
    before = child.last_id
    if work.values is not None:
        run.journal.add(child, "MapIterationSucceeded", {"name": parent.state, "index": child.index})
    work.outputs[child.index] = output
    _proceed(run, parent, work, before, child.last_id)


def _proceed(run: Run, parent: Thread, work: Fork, before: int, last: int) -> None:
    """One thread of the fork has ended: start another, or go on once all have ended."""
    work.ended += 1
    if work.started < len(work.items):
        child = _spawn(run, parent, work, before)
        enter(run, child, child.state, child.input)
    elif work.ended == len(work.items):
        parent.last_id = last
        _rejoin(run, parent, work)


def _rejoin(run: Run, parent: Thread, work: Fork) -> None:
    run.wake(parent)
    parent.fork = None
    run.journal.note(f"{run.node(parent).type}StateSucceeded", parent.last_id)
    leave(run, parent, run.read("[" + ",".join(output for output in work.outputs if output is not None) + "]"))


def _break(run: Run, child: Thread, failure: Failure) -> None:
    """A branch or iteration failed: its siblings end with it, unless the Map tolerates that."""
    parent, work = _parent(run, child)
    run.forget(child)
    last = child.last_id
    if work.values is not None:
        run.journal.note("MapIterationFailed", last, {"name": parent.state, "index": child.index})
    if run.node(child).type == "Task":
        run.journal.note("TaskStateAborted", last)
    parent.lost.append(child)
    if work.failures_max is not None:
        work.failures += 1
        if work.failures <= work.failures_max:
            _proceed(run, parent, work, last, last)
            return
        work.failures -= 1  # this one has not ended as the tolerated ones have
        failure = Failure(errors.TOLERANCE, errors.TOLERANCE_EXCEEDED)
    for sibling in run.state.children(parent):
        _abort(run, sibling, parent, work, last)
    parent.last_id = last
    parent.wreck, parent.fork = work, None
    run.wake(parent)
    fail(run, parent, failure)


def _abort(run: Run, thread: Thread, parent: Thread, work: Fork, last: int) -> None:
    """End a thread, and those that it waits for, because another failed."""
    if work.values is not None:
        run.journal.note("MapIterationAborted", last, {"name": parent.state, "index": thread.index})
    if thread.fork is not None:
        for child in run.state.children(thread):
            _abort(run, child, thread, thread.fork, last)
    kind = run.node(thread).type
    if kind in ("Task", "Wait", "Parallel", "Map"):
        run.journal.note(f"{kind}StateAborted", last)
    run.drop(thread)
    parent.lost.append(thread)


def _parent(run: Run, child: Thread) -> tuple[Thread, Fork]:
    parent = run.state.threads[child.parent or ""]
    assert parent.fork is not None, "only a thread that forked has children"
    return parent, parent.fork
