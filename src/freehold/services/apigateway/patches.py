"""Patches: how an Update operation edits a document.

One idea: which paths may be patched is a table for each kind of thing; one function carries a patch out on the members
that AWS shows. A path is written with `*` where any one step may stand. It may not know the store.

https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from freehold.services.apigateway import errors
from freehold.services.apigateway.apis import Document

BOOLEANS = {"true": True, "false": False}
READS: dict[str, Callable[[str], Any]] = {
    "string": str,
    "boolean": lambda text: BOOLEANS[text.lower()],
    "integer": int,
    "number": float,
    "list": str,
    "words": lambda text: [word for word in text.split(",") if word],
}


class Field(NamedTuple):
    """A path that may be patched; `kind` is one of READS; `member` where the value lies, if not where the path says."""

    path: str
    kind: str = "string"
    member: tuple[str, ...] = ()


REST_API = (
    *(Field("/name"), Field("/description"), Field("/apiKeySource"), Field("/policy"), Field("/version")),
    *(Field("/minimumCompressionSize", "integer"), Field("/disableExecuteApiEndpoint", "boolean")),
    *(Field("/binaryMediaTypes/*", "list"), Field("/endpointConfiguration/types/*", "list")),
    Field("/endpointConfiguration/vpcEndpointIds/*", "list"),
    *(Field("/endpointConfiguration/ipAddressType"), Field("/securityPolicy"), Field("/endpointAccessMode")),
)
RESOURCE = (Field("/pathPart"), Field("/parentId"))
METHOD = (
    *(Field("/authorizationType"), Field("/authorizerId"), Field("/apiKeyRequired", "boolean")),
    *(Field("/operationName"), Field("/requestParameters/*", "boolean"), Field("/requestModels/*")),
    *(Field("/requestValidatorId"), Field("/authorizationScopes", "list"), Field("/authorizationScopes/*", "list")),
)
METHOD_RESPONSE = (Field("/responseParameters/*", "boolean"), Field("/responseModels/*"))
INTEGRATION = (
    *(Field("/type"), Field("/httpMethod"), Field("/uri"), Field("/credentials"), Field("/passthroughBehavior")),
    *(Field("/requestParameters/*"), Field("/requestTemplates/*"), Field("/cacheNamespace")),
    *(Field("/cacheKeyParameters/*", "list"), Field("/contentHandling"), Field("/connectionType")),
    *(Field("/connectionId"), Field("/timeoutInMillis", "integer")),
    Field("/tlsConfig/insecureSkipVerification", "boolean"),
)
INTEGRATION_RESPONSE = (
    *(Field("/selectionPattern"), Field("/responseParameters/*"), Field("/responseTemplates/*")),
    Field("/contentHandling"),
)
MODEL = (Field("/description"), Field("/schema"))
VALIDATOR = (
    *(Field("/name"), Field("/validateRequestBody", "boolean"), Field("/validateRequestParameters", "boolean")),
)
AUTHORIZER = (
    *(Field("/name"), Field("/type"), Field("/authType"), Field("/authorizerUri"), Field("/authorizerCredentials")),
    *(Field("/identitySource"), Field("/identityValidationExpression"), Field("/providerARNs/*", "list")),
    Field("/authorizerResultTtlInSeconds", "integer"),
)
GATEWAY_RESPONSE = (Field("/statusCode"), Field("/responseParameters/*"), Field("/responseTemplates/*"))
DEPLOYMENT = (Field("/description"),)
ACCOUNT = (Field("/cloudwatchRoleArn"),)

# A method's settings in a stage: the end of the path, its kind, and the member of MethodSetting.
METHOD_SETTINGS = (
    *(("metrics/enabled", "boolean", "metricsEnabled"), ("logging/loglevel", "string", "loggingLevel")),
    *(("logging/dataTrace", "boolean", "dataTraceEnabled"), ("caching/enabled", "boolean", "cachingEnabled")),
    *(("throttling/burstLimit", "integer", "throttlingBurstLimit"),),
    *(("throttling/rateLimit", "number", "throttlingRateLimit"),),
    *(("caching/ttlInSeconds", "integer", "cacheTtlInSeconds"),),
    *(("caching/dataEncrypted", "boolean", "cacheDataEncrypted"),),
    ("caching/requireAuthorizationForCacheControl", "boolean", "requireAuthorizationForCacheControl"),
    ("caching/unauthorizedCacheControlHeaderStrategy", "string", "unauthorizedCacheControlHeaderStrategy"),
)
STAGE = (
    *(Field("/deploymentId"), Field("/description"), Field("/variables/*"), Field("/clientCertificateId")),
    *(Field("/cacheClusterEnabled", "boolean"), Field("/cacheClusterSize"), Field("/documentationVersion")),
    *(Field("/tracingEnabled", "boolean"), Field("/accessLogSettings/destinationArn")),
    Field("/accessLogSettings/format"),
    *(Field(f"/*/*/{path}", kind, ("methodSettings", "*", member)) for path, kind, member in METHOD_SETTINGS),
)
UNSET_SETTINGS = {
    "metricsEnabled": False, "dataTraceEnabled": False, "throttlingBurstLimit": 5_000, "throttlingRateLimit": 10_000.0,
    "cachingEnabled": False, "cacheTtlInSeconds": 300, "cacheDataEncrypted": False,
    "requireAuthorizationForCacheControl": True,
    "unauthorizedCacheControlHeaderStrategy": "SUCCEED_WITH_RESPONSE_HEADER",
}  # fmt: skip


def apply(document: Document, operations: Sequence[Document], fields: Sequence[Field]) -> None:
    """Edit a document by `patchOperations`. Raises InvalidPatchPath and others; the document is then half done."""
    for operation in operations:
        op, path = operation.get("op", ""), operation.get("path", "")
        steps = [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:]]
        if (
            op == "remove"
            and fields is STAGE
            and len(steps) == 2
            and steps[0] not in ("variables", "accessLogSettings")
        ):
            document["methodSettings"].pop(setting_key(*steps), None)
            continue
        field = next((each for each in fields if _matches(each, steps)), None)
        if field is None:
            allowed = ", ".join(each.path for each in fields)
            raise errors.InvalidPatchPath(path=path, op=op, allowed=allowed)
        place = _place(field, steps)
        if op == "remove":
            _remove(document, place, field)
        elif op in ("add", "replace"):
            _put(document, place, field, _value(operation, field), op)
        else:
            raise errors.InvalidPatchOperation(op=op, path=path)


def setting_key(path: str, http_method: str) -> str:
    """A method's key in `methodSettings`: its path without the first slash, and its verb."""
    return f"{path[1:] if path.startswith('/') else path}/{http_method}"


def _matches(field: Field, steps: list[str]) -> bool:
    wanted = field.path.split("/")[1:]
    return len(wanted) == len(steps) and all(a in ("*", b) for a, b in zip(wanted, steps))


def _place(field: Field, steps: list[str]) -> list[str]:
    if not field.member:
        return steps
    return [setting_key(*steps[:2]) if step == "*" else step for step in field.member]


def _value(operation: Document, field: Field) -> Any:
    text = operation.get("value")
    if text is None:
        return None if field.kind == "list" else ""
    try:
        return READS[field.kind](text)
    except (ValueError, KeyError):
        raise errors.InvalidPatchValue(value=text, op=operation["op"], kind=f"a {field.kind}") from None


def _put(document: Document, place: list[str], field: Field, value: Any, op: str) -> None:
    if field.kind == "list":
        _put_item(document, place, field, value, op)
        return
    for step in place[:-1]:
        fresh = dict(UNSET_SETTINGS) if field.member and step != field.member[0] else {}
        document = document.setdefault(step, fresh)
    document[place[-1]] = value


def _put_item(document: Document, place: list[str], field: Field, value: Any, op: str) -> None:
    """Add an item to a list, or put another in the place of one; the path's last step is the item or its number."""
    *above, last = place if field.path.endswith("*") else [*place, value]
    for step in above[:-1]:
        document = document.setdefault(step, {})
    items = document.setdefault(above[-1], [])
    at = _index(items, last)
    item = value or last
    if op == "replace" and at is not None:
        items[at] = item
    elif item not in items:
        items.append(item)


def _remove(document: Document, place: list[str], field: Field) -> None:
    for step in place[:-1]:
        document = document.get(step, {})
    if isinstance(document, list):
        at = _index(document, place[-1])
        if at is not None:
            del document[at]
    else:
        document.pop(place[-1], None)


def _index(items: list[str], step: str) -> int | None:
    if step in items:
        return items.index(step)
    return int(step) if step.isdecimal() and int(step) < len(items) else None
