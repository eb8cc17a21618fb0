"""Operations: TestState.

One idea: nothing of a test is kept: the state is done by the engine, its task's call made as the role, and all that is
left is the answer.

https://docs.aws.amazon.com/step-functions/latest/dg/test-state-isolation.html
"""

from typing import Any

from freehold.engines import asl, jackson, moments
from freehold.engines.asl import values
from freehold.engines.asl.machine import Map, Node, Parallel, Task
from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.service import Request, Response
from freehold.services.states import definitions, names
from freehold.services.states.catalogue import ANY, states
from freehold.services.states.configuration import settings
from freehold.services.states.errors import (
    InvalidExecutionInput,
    MockRequired,
    StateNotFound,
    ValidationException,
)
from freehold.services.states.integrations import answers, calls, refusals
from freehold.services.states.testing import contexts, mocks

ALONE = "StateName"  # what a state is called that is tested without its machine
INFO = "INFO"
UNMOCKED = "TestState does not support {name} when a mock is not specified."
NO_SECRETS = "TestState does not support RevealSecrets when a mock is specified."
NOT_AWAITED = "TestState does not support the '.{pattern}' service integration pattern when a mock is not specified."
NO_ACTIVITY = "TestState does not support Activity tasks when a mock is not specified."
NO_ROLE = "A role must be specified to test a Task state without a mock."


def _needs(call: Call, request: Request) -> list[tuple[str, str]]:
    passed = [("iam:PassRole", request["roleArn"])] if "roleArn" in request else []
    return [("states:TestState", ANY), *passed]


@states.operation(needs=_needs)
async def test_state(call: Call, request: Request) -> Response:
    """Do one state. Raises InvalidDefinition, InvalidExecutionInput, ValidationException."""
    name, text = request.get("stateName", ALONE), request.get("input", "{}")
    reason = jackson.fault(text)
    if reason:
        raise InvalidExecutionInput(reason=reason)
    machine = asl.compile(request["definition"], None if "stateName" in request else ALONE)
    definitions.check_known(machine)
    try:
        node = machine.scopes[asl.where(machine, name)].nodes[name]
    except KeyError:
        raise StateNotFound() from None
    _check(node, request)
    context = contexts.read(request["context"], node) if "context" in request else _context(call, node, text, request)
    variables = {key: values.write(value) for key, value in values.read(request.get("variables", "{}")).items()}
    trial = asl.Trial(
        machine, name, text, context, variables, call.now, call.ids, _configuration(request), _mock(request.get("mock"))
    )
    try:
        return _told(await _run(call, trial, request), request)
    except asl.WrongMock as wrong:
        raise ValidationException(message=str(wrong)) from wrong


def _check(node: Node, request: Request) -> None:
    """Raise unless the state may be tested so."""
    mock, work = request.get("mock"), node.work
    if mock is not None:
        if request.get("revealSecrets"):
            raise ValidationException(message=NO_SECRETS)
        mocks.check(node, mock)
        return
    for name in request.get("stateConfiguration", {}):
        raise ValidationException(message=UNMOCKED.format(name=name[:1].upper() + name[1:]))
    if isinstance(work, (Map, Parallel)):
        raise MockRequired()
    if isinstance(work, Task):
        if work.service.pattern:
            raise ValidationException(message=NOT_AWAITED.format(pattern=work.service.pattern))
        if work.service.family == "Activity":
            raise ValidationException(message=NO_ACTIVITY)
        if "roleArn" not in request:
            raise ValidationException(message=NO_ROLE)


def _context(call: Call, node: Node, text: str, request: Request) -> dict[str, Any]:
    """The context object of an execution that there never was."""
    machine, execution = call.ids.uuid(), call.ids.uuid()
    moment = moments.iso_ms(call.now)
    state: dict[str, Any] = {"Name": ALONE, "EnteredTime": moment}
    if isinstance(node.work, (Task, Map, Parallel)):
        state["RetryCount"] = 0
    own = {
        "Id": arns.arn("states", call.region, call.account, f"{names.EXPRESS}:{machine}:{execution}"),
        "Input": values.read(text),
        "Name": execution,
        "RoleArn": request.get("roleArn"),
        "StartTime": moment,
    }
    whole = arns.arn("states", call.region, call.account, f"{names.MACHINE}:{machine}")
    return {"Execution": own, "StateMachine": {"Id": whole, "Name": machine}, "State": state}


def _configuration(request: Request) -> asl.Configuration:
    given = request.get("stateConfiguration", {})
    return asl.Configuration(
        given.get("retrierRetryCount", 0), given.get("mapIterationFailureCount"), given.get("mapItemReaderData")
    )


def _mock(given: dict[str, Any] | None) -> asl.Mock | None:
    if given is None:
        return None
    error = given.get("errorOutput", {})
    return asl.Mock(given.get("result"), error.get("error"), error.get("cause"))


async def _run(call: Call, trial: asl.Trial, request: Request) -> asl.Result:
    """Do the state, and the call of its task."""
    begun = trial.begin()
    if isinstance(begun, asl.Result):
        return begun
    event = await _called(call, begun, request["roleArn"])
    if isinstance(event, asl.TaskFailed):
        return trial.failed(asl.Failure(event.error, event.cause))
    assert isinstance(event, asl.TaskSucceeded), "a task that waits for more is not tested without a mock"
    return trial.succeeded(event.output)


async def _called(call: Call, task: asl.RunTask, role_arn: str) -> asl.Event:
    """What came of a task's call, made as the role."""
    rooms = call.door.rooms
    try:
        errand = calls.errand(rooms, task, arns.arn("states", call.region, call.account, f"{names.MACHINE}:*"))
    except calls.Unknown as unknown:
        return asl.TaskFailed(task.id, calls.TASK_FAILED, str(unknown))
    try:
        acting = await settings.assume(call, role_arn)
        result = await acting.ask(*errand.asked)
    except AwsError as refusal:
        error = {"code": refusal.shape(), "message": refusal.message, "status": refusal.status or 400}
        return refusals.refused(rooms, task.id, task.resource, error, call.ids.uuid())
    room = rooms[errand.room]
    return await call.transact(answers.succeeded, room, errand.operation, task.id, task.resource, result)


def _told(result: asl.Result, request: Request) -> Response:
    optional = {
        "output": result.output,
        "error": result.error,
        "cause": result.cause,
        "nextState": result.next,
        "inspectionData": None if request.get("inspectionLevel", INFO) == INFO else result.inspection,
    }
    return {"status": result.status} | {name: value for name, value in optional.items() if value is not None}
