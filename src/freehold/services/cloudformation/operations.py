"""Operations: what is going on with a stack, phase by phase.

One idea: a phase is a set of tasks and which waits for which; when none is under way and none can begin, the table says
which phase or status follows. All of it is one record per stack, so any node can go on with it. It may not know what a
task does.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
"""

from typing import Any, NamedTuple

from freehold.engines import cfn
from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.identity import Principal
from freehold.kernel.service import Request
from freehold.kernel.store import Record, Tx
from freehold.kernel.timers import at
from freehold.services.cloudformation import blueprints, exports, rows, stacks, steps, tasks
from freehold.services.cloudformation.rows import Resource
from freehold.services.cloudformation.service.catalogue import cloudformation
from freehold.services.cloudformation.stacks import Stack
from freehold.services.cloudformation.tasks import DOING, DONE, FAILED, Work

ROLLBACK, DELETE, DO_NOTHING = "ROLLBACK", "DELETE", "DO_NOTHING"


class Phase(NamedTuple):
    """`status` of the stack while it lasts; what follows when all went `well`, and otherwise where `ILL` is silent;
    `stops`: whether a failure keeps further tasks from beginning."""

    status: str
    task: Any
    well: str
    ill: str = ""
    stops: bool = False


PHASES = {
    "create": Phase("CREATE_IN_PROGRESS", tasks.make, "CREATE_COMPLETE", stops=True),
    "undo": Phase("ROLLBACK_IN_PROGRESS", tasks.remove, "ROLLBACK_COMPLETE", "ROLLBACK_FAILED"),
    "update": Phase("UPDATE_IN_PROGRESS", tasks.make, "cleanup", stops=True),
    "cleanup": Phase("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", tasks.remove, "UPDATE_COMPLETE", "UPDATE_COMPLETE"),
    "restore": Phase("UPDATE_ROLLBACK_IN_PROGRESS", tasks.restore, "sweep", "UPDATE_ROLLBACK_FAILED"),
    "sweep": Phase(
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", tasks.remove, "UPDATE_ROLLBACK_COMPLETE",
        "UPDATE_ROLLBACK_COMPLETE",
    ),
    "delete": Phase("DELETE_IN_PROGRESS", tasks.remove, "DELETE_COMPLETE", "DELETE_FAILED"),
}  # fmt: skip

# What follows a failure, by what was asked for.
ILL = {
    ("create", ROLLBACK): "undo", ("create", DELETE): "delete", ("create", DO_NOTHING): "CREATE_FAILED",
    ("update", ROLLBACK): "restore", ("update", DO_NOTHING): "UPDATE_FAILED",
}  # fmt: skip

VERBS = {"CREATE_FAILED": "create", "UPDATE_FAILED": "update", "DELETE_FAILED": "delete"}
ON_REQUEST = "Rollback requested by user."
TIMED_OUT = "Stack creation time exceeded the specified timeout. " + ON_REQUEST


class Operation(Record, table="cfn_operations", key="stack"):
    """The running operation of a stack, or its last one. `old` and `new` are blueprints; `needs` says which task of the
    phase waits for which; `cause` is a failure that is no resource's."""

    stack: str
    id: str
    phase: str
    principal: Principal
    new: str
    old: str = ""
    token: str = ""
    on_failure: str = ROLLBACK
    retain: list[str] = []
    needs: dict[str, list[str]] = {}
    doing: list[str] = []
    done: list[str] = []
    failed: list[str] = []
    cause: str = ""


def work(call: Call, tx: Tx, stack: Stack, operation: Operation) -> Work:
    return Work(
        call, tx, stack, operation.principal, operation.new, operation.phase, operation.token, tuple(operation.retain)
    )


def begin(call: Call, tx: Tx, stack: Stack, phase: str, principal: Principal, request: Request, **more: Any) -> None:
    """Begin an operation with this phase, for the request that asked for it; `more` are fields of the operation."""
    token = request.get("ClientRequestToken", "")
    id = tx.ids.uuid()
    start(call, tx, stack, Operation(stack=stack.id, id=id, phase=phase, principal=principal, token=token, **more))


def start(call: Call, tx: Tx, stack: Stack, operation: Operation, reason: str = "User Initiated") -> None:
    """Begin an operation whose blueprint is prepared."""
    stack.wanted = operation.new or stack.wanted
    stacks.set_status(tx, stack, PHASES[operation.phase].status, reason, operation.token)
    if operation.phase == "create" and stack.timeout_minutes:
        at(tx, tx.now + 60 * stack.timeout_minutes, steps.ROOM, "timed_out", stack=stack.id, operation=operation.id)
    _enter(call, tx, stack, operation)


def _enter(call: Call, tx: Tx, stack: Stack, operation: Operation) -> None:
    """Begin a phase whose status the stack has."""
    operation.doing, operation.done, operation.failed, operation.cause = [], [], [], ""
    try:
        operation.needs = NEEDS[operation.phase](tx, stack, operation)
    except AwsError as refusal:
        operation.cause = refusal.message
    proceed(call, tx, stack, operation)


def _forward(tx: Tx, stack: Stack, operation: Operation) -> dict[str, list[str]]:
    exports.subscribe(tx, stack.id, stack.name, _imported(tx, operation.new))
    graph = blueprints.compiled(tx, operation.new).graph
    return {id: sorted(needs) for id, needs in graph.needs.items()}


def _imported(tx: Tx, blueprint: str) -> set[str]:
    env = blueprints.environment(tx, blueprint)
    return exports.imported(blueprints.compiled(tx, blueprint).template.document, env)


def _backward(tx: Tx, stack: Stack, operation: Operation) -> dict[str, list[str]]:
    """All that exists or is left, each waiting for those that need it."""
    if operation.phase == "delete":
        exports.check_unused(tx, stack.id)
    present = [row for row in rows.of_stack(tx, stack.id) if row.left or row.status not in rows.GONE]
    return against({row.logical_id: row.needs for row in present})


def against(needs: dict[str, list[str]]) -> dict[str, list[str]]:
    """The order of deletion."""
    turned = cfn.Graph({id: frozenset(each).intersection(needs) for id, each in needs.items()}).reverse()
    return {id: sorted(each) for id, each in turned.needs.items()}


def _cleaning(tx: Tx, stack: Stack, operation: Operation) -> dict[str, list[str]]:
    """What an update left over: rows that are in no template any more, and incarnations that were replaced."""
    kept = blueprints.compiled(tx, operation.new).graph.needs
    for row in rows.of_stack(tx, stack.id):
        row.before, row.fresh, row.doomed = None, False, row.logical_id not in kept
        tx.put(row)
    return _leftovers(tx, stack, operation.old)


def _sweeping(tx: Tx, stack: Stack, operation: Operation) -> dict[str, list[str]]:
    """What a failed update had made."""
    for row in rows.of_stack(tx, stack.id):
        row.before, row.fresh, row.doomed = None, False, row.fresh
        tx.put(row)
    return _leftovers(tx, stack, operation.new)


def _leftovers(tx: Tx, stack: Stack, blueprint: str) -> dict[str, list[str]]:
    """What is to go, in the order of the blueprint that made it: the other one may know of other needs."""
    needs, present = blueprints.compiled(tx, blueprint).graph.needs, rows.of_stack(tx, stack.id)
    return against(
        {row.logical_id: sorted(needs.get(row.logical_id, row.needs)) for row in present if row.left or row.doomed}
    )


def _restoring(tx: Tx, stack: Stack, operation: Operation) -> dict[str, list[str]]:
    touched = {row.logical_id for row in rows.of_stack(tx, stack.id) if row.before is not None}
    needs = blueprints.compiled(tx, operation.old).graph.needs
    return {id: sorted(needs.get(id, frozenset()) & touched) for id in [*needs, *touched] if id in touched}


NEEDS = {
    "create": _forward, "update": _forward, "undo": _backward, "delete": _backward, "cleanup": _cleaning,
    "restore": _restoring, "sweep": _sweeping,
}  # fmt: skip


def proceed(call: Call, tx: Tx, stack: Stack, operation: Operation) -> None:
    """Begin every task that can begin; when none is under way any more, end the phase."""
    phase = PHASES[operation.phase]
    graph = cfn.Graph({id: frozenset(needs) for id, needs in operation.needs.items()})
    while not (phase.stops and (operation.failed or operation.cause)):
        ready = graph.ready(operation.done, [*operation.doing, *operation.failed])
        if not ready or operation.cause:
            break
        for id in ready:
            _place(operation, id, phase.task(work(call, tx, stack, operation), id))
    if phase.stops and (operation.failed or operation.cause):
        for id in list(operation.doing):
            if tasks.interrupt(work(call, tx, stack, operation), id):
                _place(operation, id, FAILED)
    tx.put(operation)
    if not operation.doing:
        _conclude(call, tx, stack, operation)


def _place(operation: Operation, id: str, state: str) -> None:
    """Note in which state a task is."""
    lists = {DOING: operation.doing, DONE: operation.done, FAILED: operation.failed}
    for each in lists.values():
        if id in each:
            each.remove(id)
    lists[state].append(id)


@cloudformation.internal
def answered(call: Call, tx: Tx, request: Request) -> None:
    """The answer to a step's call, or the end of its pause."""
    step = steps.take(tx, request)
    stack, operation = tx.get(Stack, request["stack"]), tx.get(Operation, request["stack"])
    if step is None or stack is None or operation is None:
        return
    row = tx.get(Resource, stack.id, step.logical_id)
    assert row
    outcome = steps.go_on(call, tx, operation.principal, step, request["outcome"])
    state = tasks.settle(work(call, tx, stack, operation), row, step, outcome)
    if state != DOING:
        _place(operation, step.logical_id, state)
        proceed(call, tx, stack, operation)


def _conclude(call: Call, tx: Tx, stack: Stack, operation: Operation) -> None:
    """End a phase: enter the next, or give the stack its last status."""
    phase = PHASES[operation.phase]
    if phase.stops and not (operation.failed or operation.cause):
        try:
            found = blueprints.compiled(tx, operation.new)
            stack.outputs = exports.outputs(tx, stack, found.template, blueprints.environment(tx, operation.new))
        except AwsError as refusal:
            operation.cause = refusal.message
    ill = bool(operation.failed or operation.cause)
    following = ILL.get((operation.phase, operation.on_failure), phase.ill) if ill else phase.well
    reason = reason_of(tx, operation, following) if ill and following != phase.well else ""
    if following in PHASES:
        operation.phase = following
        if following == "cleanup":
            stack.blueprint, stack.updated_at = operation.new, tx.now
        stacks.set_status(tx, stack, PHASES[following].status, reason)
        _enter(call, tx, stack, operation)
        return
    LAST.get(following, _nothing)(tx, stack, operation)
    stacks.set_status(tx, stack, following, reason)


def reason_of(tx: Tx, operation: Operation, following: str) -> str:
    """Which resources failed, and what follows, in CloudFormation's words."""
    if operation.cause:
        return operation.cause
    by_verb: dict[str, list[str]] = {}
    for id in operation.failed:
        row = tx.get(Resource, operation.stack, id)
        by_verb.setdefault(VERBS.get(row.status if row else "", "update"), []).append(id)
    said = [
        f"The following resource(s) failed to {verb}: [{', '.join(ids)}]. " for verb, ids in sorted(by_verb.items())
    ]
    return "".join(said) + (ON_REQUEST if following in ("undo", "delete") else "")


def _nothing(tx: Tx, stack: Stack, operation: Operation) -> None:
    pass


def _deployed(tx: Tx, stack: Stack, operation: Operation) -> None:
    stack.blueprint = operation.new
    for row in rows.of_stack(tx, stack.id):
        if row.fresh:
            row.fresh = False
            tx.put(row)


def _deleted(tx: Tx, stack: Stack, operation: Operation) -> None:
    exports.publish(tx, stack.id, stack.name, [])
    exports.subscribe(tx, stack.id, stack.name, set())
    tx.delete(Operation, stack.id)


def _gone(tx: Tx, stack: Stack, operation: Operation) -> None:
    exports.subscribe(tx, stack.id, stack.name, set())


def _back(tx: Tx, stack: Stack, operation: Operation) -> None:
    exports.subscribe(tx, stack.id, stack.name, _imported(tx, operation.old))


# What else is to be noted with a last status.
LAST = {
    "CREATE_COMPLETE": _deployed, "CREATE_FAILED": _deployed, "ROLLBACK_COMPLETE": _gone,
    "UPDATE_ROLLBACK_COMPLETE": _back, "DELETE_COMPLETE": _deleted,
}  # fmt: skip


@cloudformation.internal
def timed_out(call: Call, tx: Tx, request: Request) -> None:
    """Fail a creation that takes longer than its stack allows."""
    stack, operation = tx.get(Stack, request["stack"]), tx.get(Operation, request["stack"])
    if stack and operation and operation.id == request["operation"] and operation.phase == "create" and stack.busy:
        stop(call, tx, stack, operation, TIMED_OUT)


def stop(call: Call, tx: Tx, stack: Stack, operation: Operation, cause: str) -> None:
    """Begin no more tasks, give up those that only wait, and go back when the others have ended."""
    operation.cause = cause
    proceed(call, tx, stack, operation)


def resume(call: Call, tx: Tx, stack: Stack, operation: Operation, phase: str, reason: str = "User Initiated") -> None:
    """Enter a phase of the stack's last operation once more."""
    operation.phase, operation.id = phase, tx.ids.uuid()
    start(call, tx, stack, operation, reason)


def last(tx: Tx, stack: Stack) -> Operation:
    """The stack's running or last operation."""
    found = tx.get(Operation, stack.id)
    assert found, stack.id
    return found


def skip(tx: Tx, stack: Stack, logical_ids: list[str]) -> None:
    """Leave these resources as they are when going back."""
    for id in logical_ids:
        row = tx.get(Resource, stack.id, id)
        if row:
            row.before = None
            rows.set_status(tx, stack, row, "UPDATE_COMPLETE")
