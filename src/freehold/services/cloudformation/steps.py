"""Steps: one task on one resource, done call by call.

One idea: a type's steps are a generator that is run from its beginning over the answers written down so far; the answer
to the call it then yields is written down in the transaction that received it. So a call that was answered is never
made again, whenever the node dies. It may not know why the task is done.

A call to an operation that waits may be made twice when the node dies in the middle of it. Where such a call creates
something by a name that ends in the step's own suffix, "already exists" can only mean that the first attempt got
through: its answer is then asked for in another way (`RECALLED`).
"""

import logging
from collections.abc import Generator
from typing import Any

import msgspec

from freehold.engines import cfn
from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.deliveries import WIDTH, cancel, promise
from freehold.kernel.errors import AwsError, InternalFailure
from freehold.kernel.identity import Principal
from freehold.kernel.resources import Ask, Made, Pause, Refused, Want
from freehold.kernel.store import Record, Tx
from freehold.kernel.timers import at
from freehold.services.cloudformation import types
from freehold.services.cloudformation.rows import Incarnation

log = logging.getLogger("freehold.cloudformation")

ROOM = "cloudformation"
ATTEMPTS_MAX = 5
WAITS_MAX = 1_000_000
PAUSED: dict[str, Any] = {"result": {}}
WAITS = ("stack_settled", "custom_settled", "signals_settled")  # our own internals that take as long as they take

# Creating operations that wait, and how the answer of one that was lost is had: an operation and members to ask with.
RECALLED = {("lambda", "CreateFunction"): ("GetFunctionConfiguration", ("FunctionName",))}


class Step(Record, table="cfn_steps", key="stack logical_id"):
    """A task under way. `target` is what the resource shall be (its id: what is updated or deleted), `old` and
    `old_tags` what its properties and the stack's tags were; `id` the request token; `waits` whether the promise is one
    of our own waits; `announced` the physical id that was told before the end; `named` what a lost answer would be
    asked for with."""

    stack: str
    logical_id: str
    id: str
    action: str
    target: Incarnation
    old: dict[str, Any] = {}
    old_tags: dict[str, str] = {}
    answers: list[dict[str, Any]] = []
    asked: tuple[str, str] = ("", "")
    promise: str = ""
    waits: bool = False
    announced: str = ""
    named: dict[str, str] = {}
    recalling: bool = False


class Failure(msgspec.Struct):
    """Why a step failed, in the words of its event."""

    reason: str


Outcome = Made | Failure | None  # None: under way


def begin(call: Call, tx: Tx, principal: Principal, step: Step) -> Outcome:
    """Start a step, and do as much of it as can be done without waiting."""
    tx.put(step)
    return _run(call, tx, principal, step)


def take(tx: Tx, request: dict[str, Any]) -> Step | None:
    """The step that an answer is for; None if it is not waited for any more."""
    step = tx.get(Step, request["stack"], request["logical_id"])
    return step if step and step.id == request["step"] and len(step.answers) == request["turn"] else None


def go_on(call: Call, tx: Tx, principal: Principal, step: Step, outcome: dict[str, Any]) -> Outcome:
    """Write an answer down and do what follows from it."""
    if not step.recalling and _lost(step, outcome):
        _recall(tx, principal, step)
        return None
    step.recalling = False
    step.answers.append({"error": outcome["error"]} if "error" in outcome else {"result": outcome["result"]})
    return _run(call, tx, principal, step)


def interrupt(tx: Tx, step: Step) -> bool:
    """Give up a step that only waits; whether it did."""
    if step.waits:
        cancel(tx, step.promise)
        tx.delete(Step, step.stack, step.logical_id)
    return step.waits


def _run(call: Call, tx: Tx, principal: Principal, step: Step) -> Outcome:
    steps = _steps(call, step)
    try:
        wish = _announced(steps, next(steps), step)
        for answer in step.answers:
            wish = _announced(steps, _give(steps, answer, step), step)
        _ask(tx, principal, step, wish)
        return None
    except StopIteration as end:
        made = end.value or Made(step.announced or step.target.id)
    except AwsError as refusal:
        gone = step.action == "delete" and handler_code(refusal.shape(), refusal.status or 400) == "NotFound"
        made = Made(step.target.id) if gone else Failure(reason(tx, step, refusal))
    except Exception:  # a bug in a type's steps fails its resource; the stack goes on to say so
        log.exception("steps of %s to %s it failed", step.target.type, step.action)
        made = Failure(reason(tx, step, InternalFailure()))
    tx.delete(Step, step.stack, step.logical_id)
    return made


def _give(steps: Generator[Any, Any, Any], answer: dict[str, Any], step: Step) -> Any:
    if "error" in answer:
        error = answer["error"]
        return steps.throw(Refused(error["code"], error["message"], error["status"]))
    return steps.send(answer["result"])


def _announced(steps: Generator[Any, Any, Any], wish: Any, step: Step) -> Ask | Pause:
    """Past a `Made` that steps yield to say what the resource is called while it is still being made."""
    while isinstance(wish, Made):
        step.announced = wish.id
        wish = steps.send(None)
    return wish


def _ask(tx: Tx, principal: Principal, step: Step, wish: Ask | Pause) -> None:
    step.waits = isinstance(wish, Ask) and wish.operation in WAITS
    if isinstance(wish, Pause):
        step.promise = at(tx, tx.now + wish.seconds, ROOM, "answered", outcome=PAUSED, **_about(step))
    else:
        step.asked = (wish.service, wish.operation)
        members = RECALLED[step.asked][1] if step.asked in RECALLED else ()
        step.named = {member: wish.request[member] for member in members}
        step.promise = promise(
            tx.acting(principal), *wish, then=(ROOM, "answered"), about=_about(step), attempts=ATTEMPTS_MAX,
            lane=f"{ROOM}-waits" if step.waits else "", width=WAITS_MAX if step.waits else WIDTH,
        )  # fmt: skip
    tx.put(step)


def _about(step: Step) -> dict[str, Any]:
    return {"stack": step.stack, "logical_id": step.logical_id, "step": step.id, "turn": len(step.answers)}


def _lost(step: Step, outcome: dict[str, Any]) -> bool:
    """Whether a creation was refused only because an earlier attempt of it got through."""
    error = outcome.get("error")
    taken = error is not None and handler_code(error["code"], error["status"]) == "AlreadyExists"
    suffix = step.target.suffix.lower()
    return taken and any(name.lower().endswith(suffix) for name in step.named.values())


def _recall(tx: Tx, principal: Principal, step: Step) -> None:
    """Ask for the answer that was lost."""
    service, operation = step.asked
    step.recalling = True
    again = RECALLED[service, operation][0]
    step.promise = promise(
        tx.acting(principal), service, again, step.named, then=(ROOM, "answered"), about=_about(step),
        attempts=ATTEMPTS_MAX,
    )  # fmt: skip
    tx.put(step)


def _steps(call: Call, step: Step) -> Generator[Any, Any, Made | None]:
    """The type's generator, after the secrets and stored values that its properties refer to were asked for."""
    action = "create" if step.action == "replace" else step.action
    run = types.named(call, step.target.type).steps.get("update" if action == "restore" else action)
    want = _want(step)
    filled: dict[cfn.Dynamic, str] = {}
    if action != "delete":
        for reference in dict.fromkeys(cfn.dynamic_references(want.properties)):
            filled[reference] = yield from _resolved(reference)
        want = want._replace(
            properties=cfn.filled(want.properties, filled.__getitem__),
            old=cfn.filled(want.old, lambda reference: filled.get(reference, "")),
        )
    return (yield from run(want)) if run else None


def _want(step: Step) -> Want:
    place = arns.parse(step.stack)
    assert place
    target = step.target
    return Want(
        account=place.account, region=place.region, stack_id=step.stack, stack_name=place.resource.split("/")[1],
        logical_id=step.logical_id, suffix=target.suffix, properties=target.properties, old=step.old, id=target.id,
        tags=target.tags, old_tags=step.old_tags,
    )  # fmt: skip


def _resolved(reference: cfn.Dynamic) -> Generator[Ask, Any, str]:
    """The value of a dynamic reference, asked for as the deploying principal."""
    if isinstance(reference, cfn.Stored):
        name = f"{reference.name}:{reference.version}" if reference.version else reference.name
        answer = yield Ask("ssm", "GetParameter", {"Name": name, "WithDecryption": reference.secure})
        return answer["Parameter"]["Value"]
    choice = {"VersionStage": reference.stage, "VersionId": reference.version}
    request = {"SecretId": reference.id} | {key: value for key, value in choice.items() if value}
    answer = yield Ask("secretsmanager", "GetSecretValue", request)
    return _member(answer["SecretString"], reference)


def _member(text: str, secret: cfn.Secret) -> str:
    if secret.key is None:
        return text
    try:
        return cfn.coerce.text(msgspec.json.decode(text)[secret.key])
    except (msgspec.DecodeError, KeyError, TypeError):
        raise cfn.InvalidTemplate(
            message=f"Could not find a value associated with JSONKey in SecretString: {secret.key}"
        ) from None


# What the code of a refusal has in it, and what CloudFormation calls it.
HANDLER_CODES = {
    "AlreadyExist": "AlreadyExists", "AlreadyOwned": "AlreadyExists", "NameExists": "AlreadyExists",
    "ResourceConflict": "AlreadyExists", "ResourceInUse": "AlreadyExists", "Conflict": "ResourceConflict",
    "DoesNotExist": "NotFound", "NonExistent": "NotFound", "NoSuch": "NotFound", "NotFound": "NotFound",
    "AccessDenied": "AccessDenied", "Authoriz": "AccessDenied", "LimitExceeded": "ServiceLimitExceeded",
    "Throttl": "Throttling", "TooMany": "Throttling", "Validation": "InvalidRequest", "Invalid": "InvalidRequest",
    "Malformed": "InvalidRequest", "BadRequest": "InvalidRequest",
}  # fmt: skip


def handler_code(code: str, status: int) -> str:
    """The HandlerErrorCode of a service's error.

    https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html
    """
    if status >= 500:
        return "ServiceInternalError"
    return next((name for part, name in HANDLER_CODES.items() if part in code), "GeneralServiceException")


def reason(tx: Tx, step: Step, refusal: AwsError) -> str:
    """The reason of a failure's event: a service's refusal in the words of a resource handler, our own as they are."""
    service = step.asked[0]
    if service in ("", ROOM) or isinstance(refusal, cfn.InvalidTemplate):
        return refusal.message
    status = refusal.status or 400
    words = f"{refusal.message} (Service: {service.capitalize()}, Status Code: {status}, Request ID: {tx.ids.uuid()})"
    code = handler_code(refusal.shape(), status)
    return f'Resource handler returned message: "{words}" (RequestToken: {step.id}, HandlerErrorCode: {code})'
