"""Tasks: what a phase has to do to one resource, and what its row says afterwards.

One idea: a task compares what is wanted with what the row has and begins a step, or finds that nothing is to be done.
It may not know which phase follows; its answer is one word.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
"""

import json
from typing import Any, NamedTuple

from freehold.engines import cfn
from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.identity import Principal
from freehold.kernel.ids import UPPER
from freehold.kernel.resources import Made
from freehold.kernel.store import Tx
from freehold.services.cloudformation import blueprints, errors, rows, stacks, steps, types
from freehold.services.cloudformation.rows import Incarnation, Resource
from freehold.services.cloudformation.stacks import Stack
from freehold.services.cloudformation.steps import Failure, Outcome, Step

DOING, DONE, FAILED = "doing", "done", "failed"
SUFFIX_LENGTH = 12
RETAINED = ("Retain", "RetainExceptOnCreate")
REPLACING = "Requested update requires the creation of a new physical resource; hence creating one."
INITIATED = "Resource creation Initiated"
CANCELLED = "Resource {action} cancelled"

# The prefix of the statuses of a step's action.
STATUS = {"create": "CREATE", "update": "UPDATE", "replace": "UPDATE", "restore": "UPDATE", "delete": "DELETE"}


class Work(NamedTuple):
    """Where a task is done: whose stack, as whom, towards which blueprint, in which phase."""

    call: Call
    tx: Tx
    stack: Stack
    principal: Principal
    blueprint: str
    phase: str
    token: str = ""
    retain: tuple[str, ...] = ()


def make(work: Work, id: str) -> str:
    """Bring a resource to what the blueprint says: create, update, replace or leave it."""
    tx, row = work.tx, work.tx.get(Resource, work.stack.id, id)
    resource = blueprints.compiled(tx, work.blueprint).template.resources[id]
    half_made = row is not None and row.status == "CREATE_FAILED"
    if row is None or not row.exists or half_made:
        left = [*row.left, row.now] if row and half_made and row.exists else []
        row = Resource(
            stack=work.stack.id, logical_id=id, type=resource.type, status="", at=tx.now, fresh=True, left=left
        )
    try:
        wanted = _describe(work, row, resource)
    except (AwsError, cfn.NotYet) as refusal:
        return _refuse(work, row, "create" if row.fresh and not row.status else "update", str(refusal))
    if not row.status:
        return _begin(work, row, "create", wanted)
    if _same(row, wanted):
        tx.put(row)
        return DONE
    row.before = row.before or row.now
    kind = types.named(work.call, row.type)
    if types.replaces(kind, row.now, wanted):
        wanted.suffix = tx.ids.text(SUFFIX_LENGTH, UPPER)
        return _begin(work, row, "replace", wanted)
    wanted.id, wanted.attributes = row.now.id, row.now.attributes
    return _begin(work, row, "update", wanted)


def _describe(work: Work, row: Resource, resource: cfn.Resource) -> Incarnation:
    """The incarnation wanted, with its policies noted in the row. Raises InvalidTemplate."""
    found = blueprints.compiled(work.tx, work.blueprint)
    env = blueprints.environment(work.tx, work.blueprint)
    properties = cfn.evaluate(resource.properties, env)
    policies = [
        cfn.evaluate(each or "Delete", env) for each in (resource.deletion_policy, resource.update_replace_policy)
    ]
    row.policy, row.replaced = policies
    row.needs = sorted(found.graph.needs[resource.id])
    row.metadata = json.dumps(cfn.evaluate(resource.metadata, env)) if resource.metadata else ""
    suffix = row.now.suffix or work.tx.ids.text(SUFFIX_LENGTH, UPPER)
    return Incarnation(type=resource.type, properties=properties, tags=found.tags, suffix=suffix)


def _same(row: Resource, wanted: Incarnation) -> bool:
    """Whether nothing is to be done. A nested stack's template may have changed behind its URL."""
    alike = row.now.properties == wanted.properties and row.now.tags == wanted.tags
    return alike and not row.status.endswith("FAILED") and row.type != stacks.TYPE


def restore(work: Work, id: str) -> str:
    """Take a resource back to what it was before the operation."""
    row = work.tx.get(Resource, work.stack.id, id)
    if row is None or row.before is None:
        return DONE
    before = row.before
    if before.id == row.now.id:
        return _begin(work, row, "restore", before)
    rows.set_status(work.tx, work.stack, row, "UPDATE_IN_PROGRESS")
    row.left = [one for one in row.left if one.id != before.id] + [row.now]
    row.become(before)
    row.before = None
    rows.set_status(work.tx, work.stack, row, "UPDATE_COMPLETE")
    return DONE


def remove(work: Work, id: str) -> str:
    """Delete what is left of a resource, and the resource itself where it is to go; one after the other."""
    tx, stack = work.tx, work.stack
    row = tx.get(Resource, stack.id, id)
    while row and row.left:
        if row.replaced not in RETAINED or work.phase == "sweep":
            return _begin(work, row, "delete", row.left[0])
        rows.note(tx, stack, row, "DELETE_SKIPPED", id=row.left.pop(0).id)
        tx.put(row)
    if row is None or not (row.doomed or work.phase in ("undo", "delete")):
        return DONE
    if row.exists and not _retained(work, row):
        return _begin(work, row, "delete", row.now)
    rows.set_status(tx, stack, row, "DELETE_SKIPPED" if row.exists else "DELETE_COMPLETE", token=work.token)
    _forget(work, row)
    return DONE


def _retained(work: Work, row: Resource) -> bool:
    undoing = work.phase in ("undo", "sweep")
    spared = work.stack.retain_except_on_create or row.policy == "RetainExceptOnCreate"
    return row.logical_id in work.retain or (row.policy in RETAINED and not (undoing and spared))


def _forget(work: Work, row: Resource) -> None:
    """A resource that leaves a stack which lives on leaves no row."""
    if work.phase in ("cleanup", "sweep"):
        work.tx.delete(Resource, row.stack, row.logical_id)


def _begin(work: Work, row: Resource, action: str, target: Incarnation) -> str:
    tx = work.tx
    old = Incarnation() if action == "replace" else row.now  # a replacement was nothing before
    if action == "create":
        row.now = target
    elif action in ("update", "restore"):
        row.become(Incarnation(**{name: getattr(target, name) for name in target.__struct_fields__}))
    doing = f"{STATUS[action]}_IN_PROGRESS"
    if action == "delete" and target.id != row.physical_id:
        rows.note(tx, work.stack, row, doing, token=work.token, id=target.id)
    else:
        reason = REPLACING if action == "replace" else ""
        rows.set_status(tx, work.stack, row, doing, reason, work.token)
    step = Step(
        stack=row.stack, logical_id=row.logical_id, id=tx.ids.uuid(), action=action, target=target,
        old=old.properties, old_tags=old.tags,
    )  # fmt: skip
    return settle(work, row, step, steps.begin(work.call, tx, work.principal, step))


def settle(work: Work, row: Resource, step: Step, outcome: Outcome) -> str:
    """Note in the row what has become of its step."""
    if step.announced and step.action == "create" and row.physical_id != step.announced:
        row.physical_id = row.now.id = step.announced
        rows.set_status(work.tx, work.stack, row, "CREATE_IN_PROGRESS", INITIATED, work.token)
    if outcome is None:
        return DOING
    if isinstance(outcome, Made) and step.action == "replace" and outcome.id == row.now.id:
        outcome = Failure(errors.CustomNamed(id=outcome.id).message)
    if isinstance(outcome, Failure):
        return _failed(work, row, step, outcome.reason)
    return SETTLED[step.action](work, row, step, outcome)


def _failed(work: Work, row: Resource, step: Step, reason: str) -> str:
    if step.action == "replace" and step.announced:
        step.target.id = step.announced
        row.left.append(step.target)
    if step.action == "delete" and step.target.id != row.physical_id:
        row.left = row.left[1:]
        work.tx.put(row)
        rows.note(work.tx, work.stack, row, "DELETE_FAILED", reason, work.token, id=step.target.id)
    else:
        rows.set_status(work.tx, work.stack, row, f"{STATUS[step.action]}_FAILED", reason, work.token)
    return FAILED


def _refuse(work: Work, row: Resource, action: str, reason: str) -> str:
    """Fail a task that could not even begin."""
    rows.set_status(work.tx, work.stack, row, f"{STATUS[action]}_FAILED", reason, work.token)
    return FAILED


def interrupt(work: Work, id: str) -> bool:
    """Give up a task that only waits; whether it did."""
    step, row = work.tx.get(Step, work.stack.id, id), work.tx.get(Resource, work.stack.id, id)
    if step is None or row is None or step.action == "delete" or not steps.interrupt(work.tx, step):
        return False
    action = "creation" if step.action == "create" else "update"
    _failed(work, row, step, CANCELLED.format(action=action))
    return True


def _created(work: Work, row: Resource, step: Step, made: Made) -> str:
    row.now.attributes = dict(made.attributes)
    row.now.id = made.id
    if row.physical_id != made.id:
        row.physical_id = made.id
        rows.note(work.tx, work.stack, row, "CREATE_IN_PROGRESS", INITIATED, work.token)
    rows.set_status(work.tx, work.stack, row, "CREATE_COMPLETE", token=work.token)
    return DONE


def _updated(work: Work, row: Resource, step: Step, made: Made) -> str:
    """An update done; where the type made another resource of it (custom ones may), the old one is left over."""
    if made.id != step.target.id:
        row.left.append(row.before or step.target)
        rows.note(work.tx, work.stack, row, "UPDATE_IN_PROGRESS", REPLACING, work.token)
    _become(row, step.target, made)
    if step.action == "restore":
        row.before = None
    rows.set_status(work.tx, work.stack, row, "UPDATE_COMPLETE", token=work.token)
    return DONE


def _replaced(work: Work, row: Resource, step: Step, made: Made) -> str:
    row.left.append(row.now)
    _become(row, step.target, made)
    rows.note(work.tx, work.stack, row, "UPDATE_IN_PROGRESS", INITIATED, work.token)
    rows.set_status(work.tx, work.stack, row, "UPDATE_COMPLETE", token=work.token)
    return DONE


def _become(row: Resource, target: Incarnation, made: Made) -> None:
    target.id, target.attributes = made.id, dict(made.attributes) or target.attributes
    row.become(target)


def _deleted(work: Work, row: Resource, step: Step, made: Made) -> str:
    """One incarnation gone; go on with what else there is to delete of this resource."""
    if step.target.id != row.physical_id:
        row.left = row.left[1:]
        work.tx.put(row)
        rows.note(work.tx, work.stack, row, "DELETE_COMPLETE", token=work.token, id=step.target.id)
        return remove(work, row.logical_id)
    rows.set_status(work.tx, work.stack, row, "DELETE_COMPLETE", token=work.token)
    _forget(work, row)
    return DONE


SETTLED: dict[str, Any] = {
    "create": _created, "update": _updated, "replace": _replaced, "restore": _updated, "delete": _deleted,
}  # fmt: skip
