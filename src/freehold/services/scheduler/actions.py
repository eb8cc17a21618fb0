"""Actions: an operation by the SDK's names as a call of one of this cloud's rooms.

One idea: the service's own model says which members a request has and what is missing, as it does for Step Functions'
tasks; what only reads is refused, as AWS refuses it. It may not know schedules.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from freehold.engines import sdk
from freehold.engines.sdk import shapes
from freehold.engines.sdk.shapes import Model
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.service import Service
from freehold.services.scheduler import errors, targets
from freehold.services.scheduler.targets import Calling

# How the names of operations begin that only read: no schedule may call them.
READING = (
    "get", "describe", "list", "poll", "receive", "search", "scan", "query", "select", "read", "lookup", "discover",
    "validate", "batchGet", "batchDescribe", "batchRead", "transactGet", "adminGet", "adminList", "testMigration",
    "retrieve", "testConnection", "translateDocument", "isAuthorized", "isAuthorizedWithToken", "invokeModel",
)  # fmt: skip
ROOMS = {"stepfunctions": "states"}  # rooms that are not called as their models
MISSING = "Request payload is missing the following field(s): {names}."
NO_OBJECT = "The request payload must be a JSON object."


class Call(NamedTuple):
    """A call to make; `streams` if its bodies are to be read and written on the way."""

    room: str
    operation: str
    request: dict[str, Any]
    streams: bool


def check(rooms: Mapping[str, Service], target: dict[str, Any], region: str) -> None:
    """Raises ValidationException for a target that may not be, NotImplementedHere for one that is not here."""
    named = targets.universal(target["Arn"])
    if not named:
        targets.check_templated(target, region)
        return
    for name in targets.PARAMETERS:
        if name in target:
            raise errors.StrangeParameters(name=name)
    service, action = named
    model, operation = _known(service, action)
    if "Input" not in target:
        raise errors.Invalid(reason=targets.NO_INPUT)
    _check_request(model, operation, target["Input"])
    _room(rooms, service).find(operation)


def _known(service: str, action: str) -> tuple[Model, str]:
    """The model of a service, and the operation that an action is. Raises ValidationException."""
    model = shapes.found(sdk.model_of(service))
    if model is None:
        raise errors.UnknownTarget(service=service)
    operation = model.operation(action)
    if operation is None or action.startswith(READING):
        raise errors.UnknownAction(action=action)
    return model, operation


def _check_request(model: Model, operation: str, text: str) -> None:
    try:
        given = orjson.loads(text)
    except orjson.JSONDecodeError as fault:
        raise errors.BadRequestJson(reason=f"{fault}.") from None
    if not isinstance(given, dict):
        raise errors.BadRequestJson(reason=NO_OBJECT)
    use = model.operations[operation].input
    required = model.shapes[use.shape].required if use else []
    missing = [name for name in map(_capital, required) if given.get(name) is None]
    if missing:
        raise errors.BadRequestJson(reason=MISSING.format(names=", ".join(missing)))
    _fitted(model, operation, given)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _fitted(model: Model, operation: str, given: dict[str, Any]) -> dict[str, Any]:
    try:
        return model.fit(model.operations[operation].input, given) or {}
    except shapes.Unfit as unfit:
        raise errors.BadRequestJson(reason=f"{unfit}.") from None


def _room(rooms: Mapping[str, Service], service: str) -> Service:
    """The room that a service is. Raises NotImplementedHere."""
    name = sdk.model_of(service)
    room = rooms.get(ROOMS.get(name, name))
    if room is None or room.model is None:
        raise NotImplementedHere(service="scheduler", operation=f"targets of the service {service}")
    return room


def call_of(rooms: Mapping[str, Service], calling: Calling) -> Call:
    """The call that a checked target makes. Raises ValidationException where its text has become unfit."""
    model, operation = _known(calling.service, calling.action)
    room = _room(rooms, calling.service)
    return Call(room.name, operation, _fitted(model, operation, calling.request), model.streams(operation))
