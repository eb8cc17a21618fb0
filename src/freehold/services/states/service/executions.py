"""Executions: StartExecution and its kin, and GetExecutionHistory.

It may not know how an execution goes on.
"""

from math import inf
from typing import Any

from freehold.engines import asl, jackson
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.states import executions, machines, mapruns, names, pages, rates
from freehold.services.states.catalogue import ANY, member, states
from freehold.services.states.definitions import EXPRESS
from freehold.services.states.errors import (
    ExecutionLimitExceeded,
    ExecutionNotRedrivable,
    InvalidExecutionInput,
    InvalidToken,
    StateMachineTypeNotSupported,
    ValidationException,
)
from freehold.services.states.executions import RUNNING, Execution, Order, Wanted
from freehold.services.states.running import steps

machine_arn, execution_arn = member("stateMachineArn"), member("executionArn")

ONE_ARN = "Must provide exactly one of stateMachineArn or mapRunArn"
BY_MAP_RUN = "Execution can be redriven only by its Map Run"
NOTHING = "Invalid execution input."  # what is said of an empty text


def _order(call: Call | Tx, request: Request, waited_for: bool = False) -> Order:
    """What is asked for. Raises InvalidName, InvalidExecutionInput."""
    text = request.get("input", "{}")
    reason = jackson.fault(text) if text else NOTHING
    if reason:
        raise InvalidExecutionInput(reason=reason)
    name = names.check(request["name"]) if "name" in request else call.ids.uuid()
    return Order(name, text, request.get("traceHeader", ""), waited_for)


@states.operation(needs={"states:StartExecution": machine_arn})
def start_execution(call: Call, tx: Tx, request: Request) -> Response:
    """The same name and input again finds the execution that runs under them. Express executions have no such names."""
    return _start(call, tx, request)


@states.internal
def start_child(call: Call, tx: Tx, request: Request) -> Response:
    """StartExecution for a task that waits for the end, as the task's role: an Express execution is kept for it."""
    operation = states.find("StartExecution")
    call.door.validate(states, "StartExecution", request)
    call.door.authorize(tx, call, operation, request)
    return _start(call, tx, request, waited_for=True)


def _start(call: Call, tx: Tx, request: Request, waited_for: bool = False) -> Response:
    target = machines.resolve(tx, request["stateMachineArn"])
    machines.living(tx, names.arn(tx, names.MACHINE, target.machine.name))
    if call.door.buckets and target.machine.kind != EXPRESS and executions.open_count(tx) >= rates.OPEN_MAX:
        raise ExecutionLimitExceeded()
    execution = steps.start(call, tx, target, _order(tx, request, waited_for))
    return {"executionArn": executions.arn(tx, execution), "startDate": execution.started_at}


@states.operation(needs={"states:StartSyncExecution": machine_arn})
async def start_sync_execution(call: Call, request: Request) -> Response:
    """Run an Express execution to its end, which comes after at most five minutes."""
    execution = await call.transact(_start_waited_for, call, request)
    with call.listen("states-ended", execution.machine, execution.name) as bell:
        while execution.status == RUNNING:
            execution = await call.transact(_again, execution)
            if execution.status == RUNNING:
                await bell.wait(until=inf)
    return await call.transact(_settled, execution, request)


def _start_waited_for(tx: Tx, call: Call, request: Request) -> Execution:
    target = machines.resolve(tx, request["stateMachineArn"])
    if target.machine.kind != EXPRESS:
        raise StateMachineTypeNotSupported()
    machines.living(tx, names.arn(tx, names.MACHINE, target.machine.name))
    return steps.start(call, tx, target, _order(tx, request, waited_for=True), held=True)


def _again(tx: Tx, execution: Execution) -> Execution:
    return executions.awaited(tx, execution.machine, execution.name)


def _settled(tx: Tx, execution: Execution, request: Request) -> Response:
    return _data(executions.ended(tx, execution), request)


_DATA = {"input", "output", "error", "cause"}


def _data(told: Response, request: Request) -> Response:
    """An execution's description, with or without its data, as `includedData` asks."""
    if request.get("includedData") != "METADATA_ONLY":
        return told
    bare = {name: value for name, value in told.items() if name not in _DATA}
    return {name: {"included": False} if name.endswith("Details") else value for name, value in bare.items()}


@states.operation(needs={"states:DescribeExecution": execution_arn})
def describe_execution(call: Call, tx: Tx, request: Request) -> Response:
    execution = executions.opened(tx, request["executionArn"])
    return _data(executions.described(tx, execution), request) | executions.redriving(tx, execution)


@states.operation(needs={"states:StopExecution": execution_arn})
def stop_execution(call: Call, tx: Tx, request: Request) -> Response:
    """An execution that has ended already stays as it ended."""
    execution = executions.opened(tx, request["executionArn"])
    if execution.status == RUNNING:
        steps.proceed(call, tx, execution, asl.Stop(request.get("error"), request.get("cause")))
    return {"stopDate": execution.stopped_at}


@states.operation(needs={"states:RedriveExecution": execution_arn})
def redrive_execution(call: Call, tx: Tx, request: Request) -> Response:
    """The same client token again finds the redrive that it led to. Raises ExecutionNotRedrivable."""
    execution, token = executions.opened(tx, request["executionArn"]), request.get("clientToken", "")
    known = {key: at for key, at in execution.redrive_tokens.items() if at > tx.now - executions.TOKEN_S}
    if token in known:
        return {"redriveDate": known[token]}
    reason = BY_MAP_RUN if execution.map_run else executions.unredrivable(tx, execution)
    if reason:
        raise ExecutionNotRedrivable(reason=reason)
    kept = list(known.items())[1 - executions.TOKENS_MAX :]
    execution.redrive_tokens = dict(kept) | ({token: tx.now} if token else {})
    steps.redrive(call, tx, execution)
    return {"redriveDate": tx.now}


def _list_needs(call: Call, request: Request) -> list[tuple[str, str]]:
    return [("states:ListExecutions", request.get("stateMachineArn") or request.get("mapRunArn") or ANY)]


@states.operation(needs=_list_needs)
def list_executions(call: Call, tx: Tx, request: Request) -> Response:
    """The executions of a machine, a version, an alias or a Map Run, the newest first."""
    page = pages.asked(request)
    if ("stateMachineArn" in request) == ("mapRunArn" in request):
        raise ValidationException(message=ONE_ARN)
    wanted = _wanted_of_run(tx, request) if "mapRunArn" in request else _wanted_of_machine(tx, request)
    found = executions.listed(tx, wanted, page.after, page.size + 1)
    return pages.shown(page, found, executions.place, "executions", lambda one: _row(tx, one))


def _wanted_of_run(tx: Tx, request: Request) -> Wanted:
    run = mapruns.opened(tx, request["mapRunArn"])
    return Wanted(run.id, request.get("statusFilter", ""), redriven=_redriven(request))


def _redriven(request: Request) -> bool | None:
    wanted = request.get("redriveFilter")
    return None if wanted is None else wanted == "REDRIVEN"


def _wanted_of_machine(tx: Tx, request: Request) -> Wanted:
    target = machines.resolve(tx, request["stateMachineArn"])
    if target.machine.kind == EXPRESS:
        raise StateMachineTypeNotSupported()
    alias = target.alias.name if target.alias else ""
    version = target.version.number if target.version and not alias else 0
    return Wanted(target.machine.id, request.get("statusFilter", ""), version, alias, _redriven(request))


def _row(tx: Tx, execution: Execution) -> Response:
    row: dict[str, Any] = {
        "executionArn": executions.arn(tx, execution),
        "stateMachineArn": names.arn(tx, names.MACHINE, execution.machine),
        "name": execution.name,
        "status": execution.status,
        "startDate": execution.started_at,
        "redriveCount": execution.state.redrives,
        **executions.qualified(tx, execution),
    }
    if execution.redrive_at is not None:
        row["redriveDate"] = execution.redrive_at
    if execution.map_run:
        row |= {"mapRunArn": executions.map_run_arn(tx, execution), "itemCount": execution.items}
    return row | ({"stopDate": execution.stopped_at} if execution.stopped_at is not None else {})


@states.operation(needs={"states:GetExecutionHistory": execution_arn})
def get_execution_history(call: Call, tx: Tx, request: Request) -> Response:
    page, execution = pages.asked(request), executions.opened(tx, request["executionArn"])
    after = page.after[0] if page.after else 0
    if not isinstance(after, int):
        raise InvalidToken()
    found = executions.history(tx, execution, after, page.size + 1, request.get("reverseOrder", False))
    if not request.get("includeExecutionData", True):
        found = executions.without_data(found)
    return pages.shown(page, found, lambda event: (event["id"],), "events", lambda event: event)
