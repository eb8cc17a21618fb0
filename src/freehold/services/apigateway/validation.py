"""Validation: what a method requires of a request before its integration is asked.

One idea: required parameters are looked up like any mapping; a body is held against the JSON schema of its model. It
may not know integrations.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
"""

import json
from typing import Any

from freehold.services.apigateway.apis import Document
from freehold.services.apigateway.exchanges import Exchange
from freehold.services.apigateway.mapping import JSON, lookup
from freehold.services.apigateway.responses import Declined

MODEL_URL = "https://apigateway.amazonaws.com/restapis/"


def check(exchange: Exchange) -> None:
    """Raise Declined if the method's validator finds a fault."""
    validator = exchange.site.content.validators.get(exchange.method.get("requestValidatorId", ""))
    if validator is None:
        return
    if validator.get("validateRequestParameters"):
        _check_parameters(exchange)
    if validator.get("validateRequestBody"):
        _check_body(exchange)


def _check_parameters(exchange: Exchange) -> None:
    required = [name for name, must in (exchange.method.get("requestParameters") or {}).items() if must]
    missing = [name.split(".", 3)[3] for name in required if not lookup(exchange, name)]
    if missing:
        raise Declined("BAD_REQUEST_PARAMETERS", missing=", ".join(missing))


def _check_body(exchange: Exchange) -> None:
    models = exchange.method.get("requestModels") or {}
    media = (exchange.header("content-type") or JSON).partition(";")[0].strip().lower()
    name = models.get(media) or models.get("$default")
    if name is None:
        return
    model = exchange.site.content.models.get(name)
    if model is None:
        raise Declined("API_CONFIGURATION_ERROR")
    try:
        body = json.loads(exchange.body or b"{}")
    except (ValueError, RecursionError):
        raise Declined("BAD_REQUEST_BODY") from None
    faults = _faults(json.loads(model.get("schema") or "{}"), body, exchange.site.content.models)
    if faults:
        exchange.context.setdefault("error", {})["validationErrorString"] = "[" + ", ".join(faults) + "]"
        raise Declined("BAD_REQUEST_BODY")


def _faults(schema: Any, body: Any, models: dict[str, Document]) -> list[str]:
    """What is wrong with a body, in sentences."""
    from jsonschema import Draft4Validator  # heavy, and wanted by few APIs
    from referencing import Registry
    from referencing.jsonschema import DRAFT4

    def retrieve(uri: str) -> Any:
        model = models.get(uri.rpartition("/")[2]) if uri.startswith(MODEL_URL) else None
        if model is None:
            raise LookupError(uri)
        return DRAFT4.create_resource(json.loads(model.get("schema") or "{}"))

    registry: Any = Registry(retrieve=retrieve)  # type: ignore[call-arg]  # an attrs alias that mypy does not follow
    validator = Draft4Validator(schema, registry=registry)
    return [fault.message for fault in validator.iter_errors(body)]
