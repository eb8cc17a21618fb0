"""What is set beside a function: concurrency, tags, how asynchronous invocations end; and the account's limits.

It may not know how functions run.
"""

from typing import Any

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.lambda_ import aliases, asynchronous, code, errors, functions, mappings, names
from freehold.services.lambda_.asynchronous import EventInvokeConfig
from freehold.services.lambda_.catalogue import function_arn, lambda_, tagged_arn, whole_function_arn
from freehold.services.lambda_.floor import ACCOUNT_CONCURRENCY, UNRESERVED_MIN
from freehold.services.lambda_.functions import Function, Version
from freehold.services.lambda_.mappings import Mapping
from freehold.services.lambda_.names import LATEST
from freehold.services.lambda_.pages import page
from freehold.services.lambda_.service.functions import named

PAGE_MAX = 50
GB = 1 << 30
STORAGE_MAX, UNZIPPED_MAX = 75 * GB, 262_144_000


@lambda_.operation(needs={"lambda:PutFunctionConcurrency": whole_function_arn})
def put_function_concurrency(call: Call, tx: Tx, request: Request) -> Response:
    seat, ref = named(tx, request)
    if ref.qualifier:
        raise errors.QualifierGiven()
    function = seat.get(Function, ref.name)
    if function is None:
        raise errors.FunctionNotFound(arn=functions.arn(seat, ref.name, LATEST))
    wanted = request["ReservedConcurrentExecutions"]
    others = functions.reserved_sum(seat) - (function.reserved or 0)
    if ACCOUNT_CONCURRENCY - others - wanted < UNRESERVED_MIN:
        raise errors.ReservedTooMany()
    function.reserved = wanted
    seat.put(function)
    return {"ReservedConcurrentExecutions": wanted}


@lambda_.operation(needs={"lambda:GetFunctionConcurrency": whole_function_arn})
def get_function_concurrency(call: Call, tx: Tx, request: Request) -> Response:
    seat, ref = named(tx, request)
    reserved = functions.find(seat, ref.name).reserved
    return {} if reserved is None else {"ReservedConcurrentExecutions": reserved}


@lambda_.operation(needs={"lambda:DeleteFunctionConcurrency": whole_function_arn})
def delete_function_concurrency(call: Call, tx: Tx, request: Request) -> None:
    seat, ref = named(tx, request)
    function = functions.find(seat, ref.name)
    function.reserved = None
    seat.put(function)


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


def _qualified(tx: Tx, request: Request) -> tuple[Tx, str, str]:
    """The function and qualifier that a configuration is put to."""
    seat, ref = named(tx, request)
    try:
        aliases.route(seat, ref.name, ref.qualifier)
    except errors.FunctionNotFound as missing:
        raise errors.FunctionMissing() from missing
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
    services = {arns.Arn(*arn.split(":", 5)[1:]).service for arn in targets.values() if arn}
    if not services <= asynchronous.TAKERS:
        success, failure = (f"{name}(destination={arn})" if arn else "null" for name, arn in targets.items())
        raise errors.BadDestination(success=success, failure=failure)


def _destination(tx: Tx, config: EventInvokeConfig, given: dict[str, str]) -> str:
    arn = given.get("Destination", "")
    if arn:
        asynchronous.message(arn, "", {})
    if arn == functions.arn(tx, config.function):
        raise errors.OwnDestination()
    return arn


@lambda_.operation(needs={"lambda:PutFunctionEventInvokeConfig": function_arn})
def put_function_event_invoke_config(call: Call, tx: Tx, request: Request) -> Response:
    if not any(name in request for name in ("MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig")):
        raise errors.NothingConfigured()
    seat, name, qualifier = _qualified(tx, request)
    return _configured(seat, EventInvokeConfig(function=name, qualifier=qualifier, modified_at=tx.now), request)


def _found(tx: Tx, request: Request) -> tuple[Tx, EventInvokeConfig]:
    seat, ref = named(tx, request)
    config = seat.get(EventInvokeConfig, ref.name, ref.qualifier or LATEST)
    if config is None:
        raise errors.NoEventInvokeConfig(arn=functions.arn(seat, ref.name, ref.qualifier or LATEST))
    return seat, config


@lambda_.operation(needs={"lambda:UpdateFunctionEventInvokeConfig": function_arn})
def update_function_event_invoke_config(call: Call, tx: Tx, request: Request) -> Response:
    _qualified(tx, request)
    seat, config = _found(tx, request)
    return _configured(seat, config, request)


@lambda_.operation(needs={"lambda:GetFunctionEventInvokeConfig": function_arn})
def get_function_event_invoke_config(call: Call, tx: Tx, request: Request) -> Response:
    return _config_shape(*_found(tx, request))


@lambda_.operation(needs={"lambda:DeleteFunctionEventInvokeConfig": function_arn})
def delete_function_event_invoke_config(call: Call, tx: Tx, request: Request) -> None:
    seat, config = _found(tx, request)
    seat.delete(EventInvokeConfig, config.function, config.qualifier)


@lambda_.operation(needs={"lambda:ListFunctionEventInvokeConfigs": whole_function_arn})
def list_function_event_invoke_configs(call: Call, tx: Tx, request: Request) -> Response:
    seat, name, _ = _qualified(tx, request)
    found = seat.range(EventInvokeConfig, name)
    shown, marker = page(found, lambda config: config.qualifier, request, PAGE_MAX)
    return {"FunctionEventInvokeConfigs": [_config_shape(seat, config) for config in shown]} | marker


def _tagged(tx: Tx, arn: str) -> Function | Mapping:
    """What is tagged: a function, or an event source mapping."""
    place = arns.parse(arn)
    if place and place.resource.startswith("event-source-mapping:"):
        return mappings.find(tx, place.resource.partition(":")[2])
    ref = names.read(arn)
    if ref.qualifier:
        raise errors.TagsOfFunctionsOnly()
    return functions.find(functions.own(tx, ref), ref.name)


@lambda_.operation(needs={"lambda:TagResource": tagged_arn})
def tag_resource(call: Call, tx: Tx, request: Request) -> None:
    thing = _tagged(tx, request["Resource"])
    thing.tags = thing.tags | request["Tags"]
    tx.put(thing)


@lambda_.operation(needs={"lambda:UntagResource": tagged_arn})
def untag_resource(call: Call, tx: Tx, request: Request) -> None:
    thing = _tagged(tx, request["Resource"])
    thing.tags = {key: value for key, value in thing.tags.items() if key not in request["TagKeys"]}
    tx.put(thing)


@lambda_.operation(needs={"lambda:ListTags": tagged_arn})
def list_tags(call: Call, tx: Tx, request: Request) -> Response:
    return {"Tags": _tagged(tx, request["Resource"]).tags}


@lambda_.operation(needs={"lambda:GetAccountSettings": "*"})
def get_account_settings(call: Call, tx: Tx, request: Request) -> Response:
    versions = tx.range(Version)
    limit = {
        "TotalCodeSize": STORAGE_MAX,
        "CodeSizeUnzipped": UNZIPPED_MAX,
        "CodeSizeZipped": code.ZIPPED_MAX,
        "ConcurrentExecutions": ACCOUNT_CONCURRENCY,
        "UnreservedConcurrentExecutions": ACCOUNT_CONCURRENCY - functions.reserved_sum(tx),
    }
    usage = {"TotalCodeSize": sum(one.size for one in versions), "FunctionCount": tx.count(Function)}
    return {"AccountLimit": limit, "AccountUsage": usage}
