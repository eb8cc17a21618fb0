"""State machines: CreateStateMachine and its kin, and ValidateStateMachineDefinition.

It may not know executions beyond whether one still runs.
"""

from typing import Any

from freehold.engines import asl
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.states import definitions, executions, machines, names, pages
from freehold.services.states.catalogue import ANY, member, named, states
from freehold.services.states.configuration import settings
from freehold.services.states.definitions import STANDARD
from freehold.services.states.errors import MissingRequiredParameter, StateMachineDoesNotExist, ValidationException
from freehold.services.states.machines import Settings, StateMachine
from freehold.services.states.tags import from_pairs

DIAGNOSTICS, WARNING = 100, "WARNING"
SETTINGS = ("definition", "roleArn", "loggingConfiguration", "tracingConfiguration", "encryptionConfiguration")

machine_arn = member("stateMachineArn")


@states.operation(needs={"states:CreateStateMachine": named(names.MACHINE), "iam:PassRole": member("roleArn")})
async def create_state_machine(call: Call, request: Request) -> Response:
    """The same request again finds the machine that it made; role and tags do not count."""
    acting = await settings.assume(call, request["roleArn"])
    await settings.check_delivery(acting, settings.logging(request.get("loggingConfiguration", {})))
    return await call.transact(_create, request)


def _create(tx: Tx, request: Request) -> Response:
    name, kind = names.check(request["name"]), request.get("type", STANDARD)
    wanted = Settings(
        role_arn=request["roleArn"],
        logging=settings.logging(request.get("loggingConfiguration", {})),
        tracing=settings.TRACING | request.get("tracingConfiguration", {}),
        encryption=_encryption(request, {}),
        digest=definitions.keep(tx, request["definition"], kind),
    )
    machine = machines.create(tx, name, kind, wanted, from_pairs(request.get("tags", []), name))
    answer = {"stateMachineArn": names.arn(tx, names.MACHINE, name), "creationDate": machine.created_at}
    return answer | _published(tx, machine, request)


def _encryption(request: Request, known: dict[str, Any]) -> dict[str, Any]:
    given = request.get("encryptionConfiguration")
    return settings.encryption(given) if given else known


def _published(tx: Tx, machine: StateMachine, request: Request) -> Response:
    """The version that a request wants made of what it left, if it wants one. Raises ValidationException."""
    description = request.get("versionDescription", "")
    if request.get("publish"):
        return {"stateMachineVersionArn": version_arn(tx, machines.publish(tx, machine, description))}
    if description:
        raise ValidationException(message="Version description can only be set when publish is true")
    return {}


def version_arn(tx: Tx, version: machines.Version) -> str:
    return names.arn(tx, names.MACHINE, version.machine, str(version.number))


def _update_needs(call: Call, request: Request) -> list[tuple[str, str]]:
    passed = [("iam:PassRole", request["roleArn"])] if "roleArn" in request else []
    return [("states:UpdateStateMachine", request["stateMachineArn"]), *passed]


@states.operation(needs=_update_needs)
async def update_state_machine(call: Call, request: Request) -> Response:
    """Executions that run go on with the definition and role that they began with."""
    arn, named = request["stateMachineArn"], request.get("roleArn")
    role_arn: str = named if named is not None else await call.transact(_role_of, arn)
    if "roleArn" in request or "loggingConfiguration" in request:
        acting = await settings.assume(call, role_arn)
        await settings.check_delivery(acting, settings.logging(request.get("loggingConfiguration", {})))
    return await call.transact(_update, request)


def _role_of(tx: Tx, arn: str) -> str:
    return machines.living(tx, arn).settings.role_arn


def _update(tx: Tx, request: Request) -> Response:
    machine = machines.living(tx, request["stateMachineArn"])
    if not request.get("publish") and not any(name in request for name in SETTINGS):
        raise MissingRequiredParameter()
    known, text = machine.settings, request.get("definition")
    logging = request.get("loggingConfiguration")
    wanted = Settings(
        digest=definitions.keep(tx, text, machine.kind) if text is not None else known.digest,
        role_arn=request.get("roleArn", known.role_arn),
        logging=known.logging if logging is None else settings.logging(logging),
        tracing=known.tracing | request.get("tracingConfiguration", {}),
        encryption=_encryption(request, known.encryption),
    )
    machines.update(tx, machine, wanted)
    revision = {"revisionId": machine.revision} if machine.revision else {}
    return {"updateDate": machine.updated_at, **revision, **_published(tx, machine, request)}


@states.operation(needs={"states:DescribeStateMachine": machine_arn})
def describe_state_machine(call: Call, tx: Tx, request: Request) -> Response:
    arn = request["stateMachineArn"]
    machine, own, version, alias = machines.resolve(tx, arn)
    if alias:
        raise StateMachineDoesNotExist(arn=arn)
    answer = {
        "stateMachineArn": arn,
        "name": machine.name,
        "status": machine.status,
        "type": machine.kind,
        "creationDate": version.created_at if version else machine.created_at,
        **shown(tx, own, request),
    }
    optional = {"revisionId": (version or machine).revision, "description": version.description if version else ""}
    return answer | {name: value for name, value in optional.items() if value}


def shown(tx: Tx, own: Settings, request: Request) -> Response:
    """Settings as they are described; the definition is data, which METADATA_ONLY leaves out."""
    whole = request.get("includedData") != "METADATA_ONLY"
    told = {
        "definition": definitions.text(tx, own.digest) if whole else "{}",
        "roleArn": own.role_arn,
        "loggingConfiguration": own.logging,
        "tracingConfiguration": own.tracing,
    }
    references = dict(definitions.compiled(tx, own.digest).references) if whole else {}
    optional = {"encryptionConfiguration": own.encryption, "variableReferences": references}
    return told | {name: value for name, value in optional.items() if value}


@states.operation(needs={"states:DescribeStateMachineForExecution": member("executionArn")})
def describe_state_machine_for_execution(call: Call, tx: Tx, request: Request) -> Response:
    """The machine as it was when the execution began."""
    execution = executions.opened(tx, request["executionArn"])
    machine = tx.get(StateMachine, execution.machine)
    answer = {
        "stateMachineArn": names.arn(tx, names.MACHINE, execution.machine),
        "name": execution.machine,
        "updateDate": machine.updated_at if machine else execution.started_at,
        **shown(tx, execution.settings, request),
    }
    if execution.map_run:
        label = execution.machine.partition("/")[2]
        answer |= {"mapRunArn": executions.map_run_arn(tx, execution), "label": label}
    return answer | ({"revisionId": execution.revision} if execution.revision else {})


@states.operation(needs={"states:ListStateMachines": ANY})
def list_state_machines(call: Call, tx: Tx, request: Request) -> Response:
    page = pages.asked(request)
    found = tx.range(StateMachine, after=page.after, limit=page.size + 1)
    return pages.shown(page, found, lambda one: (one.name,), "stateMachines", lambda one: _row(tx, one))


def _row(tx: Tx, machine: StateMachine) -> Response:
    return {
        "stateMachineArn": names.arn(tx, names.MACHINE, machine.name),
        "name": machine.name,
        "type": machine.kind,
        "creationDate": machine.created_at,
    }


@states.operation(needs={"states:DeleteStateMachine": machine_arn})
def delete_state_machine(call: Call, tx: Tx, request: Request) -> None:
    """A machine whose executions still run is DELETING until the last of them has ended."""
    named = names.read(request["stateMachineArn"], names.MACHINE)
    machine = tx.get(StateMachine, named.name)
    if machine is None or named.rest:
        return
    if executions.running(tx, machine):
        machine.status = machines.DELETING
        tx.put(machine)
    else:
        machines.remove(tx, machine)


@states.operation(needs={"states:ValidateStateMachineDefinition": ANY})
def validate_state_machine_definition(call: Call, tx: Tx, request: Request) -> Response:
    """What is wrong with a definition, and if asked for, what is doubtful in one that is right."""
    try:
        machine = definitions.check(request["definition"], request.get("type", STANDARD))
        found = machine.warnings if request.get("severity") == WARNING else ()
        result, severity = "OK", WARNING
    except asl.InvalidDefinition as invalid:
        found, result, severity = invalid.problems, "FAIL", "ERROR"
    limit = request.get("maxResults") or DIAGNOSTICS
    return {
        "result": result,
        "diagnostics": [_diagnostic(problem, severity) for problem in found[:limit]],
        "truncated": len(found) > limit,
    }


def _diagnostic(problem: asl.Problem, severity: str) -> Response:
    where = {"location": problem.location} if problem.location else {}
    return {"severity": severity, "code": problem.code, "message": problem.message, **where}
