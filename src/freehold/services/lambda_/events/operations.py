"""How asynchronous invocations end: set, shown and taken away. It may not know how functions run."""

from typing import Any

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.lambda_ import aliases, errors, functions, names
from freehold.services.lambda_.access.reach import named
from freehold.services.lambda_.catalogue import function_arn, lambda_, whole_function_arn
from freehold.services.lambda_.events import destinations
from freehold.services.lambda_.events.configs import EventInvokeConfig
from freehold.services.lambda_.events.errors import (
    BadDestination,
    DestinationMissing,
    FunctionMissing,
    NoEventInvokeConfig,
    NothingConfigured,
    OwnDestination,
)
from freehold.services.lambda_.names import LATEST
from freehold.services.lambda_.pages import page

PAGE_MAX = 50


def _config_shape(tx: Tx, config: EventInvokeConfig) -> Response:
    targets = {"OnSuccess": config.on_success, "OnFailure": config.on_failure}
    destinations = {name: {"Destination": arn} if arn else {} for name, arn in targets.items()}
    shape: Response = {
        "LastModified": config.modified_at,
        "FunctionArn": functions.arn(tx, config.function, config.qualifier),
        "DestinationConfig": destinations,
    }
    if config.retries is not None:
        shape["MaximumRetryAttempts"] = config.retries
    if config.age_max_s is not None:
        shape["MaximumEventAgeInSeconds"] = config.age_max_s
    return shape


def _check_given(request: Request) -> None:
    if not any(name in request for name in ("MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig")):
        raise NothingConfigured()


def _qualified(tx: Tx, request: Request, operation: str) -> tuple[Tx, str, str]:
    """The function and qualifier that a configuration is put to."""
    seat, ref = named(tx, request, operation)
    try:
        aliases.route(seat, ref.name, ref.qualifier)
    except errors.FunctionNotFound as missing:
        raise FunctionMissing() from missing
    return seat, ref.name, ref.qualifier or LATEST


def _configured(tx: Tx, config: EventInvokeConfig, request: Request) -> Response:
    """Take over what the request gives; destinations must be such as results can be sent to."""
    config.retries = request.get("MaximumRetryAttempts", config.retries)
    config.age_max_s = request.get("MaximumEventAgeInSeconds", config.age_max_s)
    given: dict[str, Any] = request.get("DestinationConfig", {})
    _check_services(given)
    if "OnSuccess" in given:
        config.on_success = _destination(tx, config, given["OnSuccess"])
    if "OnFailure" in given:
        config.on_failure = _destination(tx, config, given["OnFailure"])
    config.modified_at = tx.now
    tx.put(config)
    return _config_shape(tx, config)


def _check_services(given: dict[str, Any]) -> None:
    """Refuse ARNs of services that take no results, in AWS's own notation of what was given."""
    targets = {name: given.get(name, {}).get("Destination") for name in ("OnSuccess", "OnFailure")}
    services = {name: arns.Arn(*arn.split(":", 5)[1:]).service for name, arn in targets.items() if arn}
    if not set(services.values()) <= destinations.TAKERS or services.get("OnSuccess") == "s3":
        success, failure = (f"{name}(destination={arn})" if arn else "null" for name, arn in targets.items())
        raise BadDestination(success=success, failure=failure)


def _destination(tx: Tx, config: EventInvokeConfig, given: dict[str, str]) -> str:
    arn = given.get("Destination", "")
    if arn:
        destinations.message(arn, "", {})
    if arn == functions.arn(tx, config.function):
        raise OwnDestination()
    ref = names.read(arn)
    if ref.account == tx.account and ref.region == tx.region and tx.get(functions.Function, ref.name) is None:
        raise DestinationMissing(arn=arn)
    return arn


@lambda_.operation(needs={"lambda:PutFunctionEventInvokeConfig": function_arn})
def put_function_event_invoke_config(call: Call, tx: Tx, request: Request) -> Response:
    _check_given(request)
    seat, name, qualifier = _qualified(tx, request, "PutFunctionEventInvokeConfig")
    return _configured(seat, EventInvokeConfig(function=name, qualifier=qualifier, modified_at=tx.now), request)


def _found(tx: Tx, request: Request, operation: str) -> tuple[Tx, EventInvokeConfig]:
    seat, ref = named(tx, request, operation)
    config = seat.get(EventInvokeConfig, ref.name, ref.qualifier or LATEST)
    if config is None:
        raise NoEventInvokeConfig(arn=functions.arn(seat, ref.name, ref.qualifier or LATEST))
    return seat, config


@lambda_.operation(needs={"lambda:UpdateFunctionEventInvokeConfig": function_arn})
def update_function_event_invoke_config(call: Call, tx: Tx, request: Request) -> Response:
    _check_given(request)
    _qualified(tx, request, "UpdateFunctionEventInvokeConfig")
    seat, config = _found(tx, request, "UpdateFunctionEventInvokeConfig")
    return _configured(seat, config, request)


@lambda_.operation(needs={"lambda:GetFunctionEventInvokeConfig": function_arn})
def get_function_event_invoke_config(call: Call, tx: Tx, request: Request) -> Response:
    return _config_shape(*_found(tx, request, "GetFunctionEventInvokeConfig"))


@lambda_.operation(needs={"lambda:DeleteFunctionEventInvokeConfig": function_arn})
def delete_function_event_invoke_config(call: Call, tx: Tx, request: Request) -> None:
    seat, config = _found(tx, request, "DeleteFunctionEventInvokeConfig")
    seat.delete(EventInvokeConfig, config.function, config.qualifier)


@lambda_.operation(needs={"lambda:ListFunctionEventInvokeConfigs": whole_function_arn})
def list_function_event_invoke_configs(call: Call, tx: Tx, request: Request) -> Response:
    seat, name, _ = _qualified(tx, request, "ListFunctionEventInvokeConfigs")
    found = seat.range(EventInvokeConfig, name)
    shown, marker = page(found, lambda config: config.qualifier, request, PAGE_MAX)
    return {"FunctionEventInvokeConfigs": [_config_shape(seat, config) for config in shown]} | marker
