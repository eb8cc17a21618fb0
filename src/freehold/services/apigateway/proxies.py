"""Proxies: the event a function is given (format 1.0), and what its answer means.

One idea: an event is a picture of the exchange, an answer a picture of the HTTP response; nothing is mapped. It may not
know how functions run.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

import base64
import json
from typing import Any

from freehold.services.apigateway.exchanges import Exchange
from freehold.services.apigateway.mapping import JSON, Answer
from freehold.services.apigateway.responses import INTERNAL, Declined

MEMBERS = {"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"}
REMAPPED = {
    *("authorization", "connection", "content-length", "content-md5", "date", "expect", "host", "max-forwards"),
    *("proxy-authenticate", "server", "te", "trailer", "upgrade", "user-agent", "www-authenticate"),
    *("x-amzn-requestid", "x-amz-apigw-id"),
}
DROPPED = {"transfer-encoding", "keep-alive"}
CONTEXT = (
    *("resourceId", "resourcePath", "httpMethod", "extendedRequestId", "requestTime", "path", "accountId", "protocol"),
    *("stage", "domainPrefix", "requestTimeEpoch", "requestId", "identity", "domainName", "deploymentId", "apiId"),
    "authorizer",
)


def request_context(exchange: Exchange) -> dict[str, Any]:
    return {name: exchange.context[name] for name in CONTEXT if name in exchange.context}


def event(exchange: Exchange) -> dict[str, Any]:
    """The event of a Lambda proxy integration; what is empty is null."""
    body: str | None = None
    if exchange.body:
        body = base64.b64encode(exchange.body).decode() if exchange.binary else exchange.text
    return pictured(exchange) | {"body": body, "isBase64Encoded": bool(exchange.body) and exchange.binary}


def pictured(exchange: Exchange) -> dict[str, Any]:
    """The event but for its body: what a REQUEST authorizer sees too."""
    return {
        "resource": exchange.resource["path"],
        "path": exchange.path or "/",
        "httpMethod": exchange.http.method,
        "headers": {name: values[-1] for name, values in exchange.headers.items()} or None,
        "multiValueHeaders": exchange.headers or None,
        "queryStringParameters": {name: values[-1] for name, values in exchange.query.items()} or None,
        "multiValueQueryStringParameters": exchange.query or None,
        "pathParameters": exchange.path_parameters or None,
        "stageVariables": exchange.site.variables or None,
        "requestContext": request_context(exchange),
    }


def answer(exchange: Exchange, payload: bytes) -> Answer:
    """What a function's answer tells the caller. Raises Declined (502) if it is malformed."""
    try:
        given = json.loads(payload)
    except (ValueError, RecursionError):
        raise malformed() from None
    given = {} if given is None else given
    if not isinstance(given, dict) or set(given) - MEMBERS:
        raise malformed()
    status, body = _status(given.get("statusCode", 200)), given.get("body")
    if body is not None and not isinstance(body, str):
        raise malformed()
    headers = _headers(given)
    content = (body or "").encode("utf-8", "surrogatepass")
    if given.get("isBase64Encoded") in (True, "true") and exchange.wants_binary:
        try:
            content = base64.b64decode(content)
        except ValueError:
            raise malformed() from None
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", JSON))
    return Answer(status, headers, content)


def malformed() -> Declined:
    return Declined("DEFAULT_5XX", INTERNAL, 502)


def _status(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str) or not str(value).isdecimal():
        raise malformed()
    if not 100 <= int(value) <= 599:
        raise malformed()
    return int(value)


def _headers(given: dict[str, Any]) -> list[tuple[str, str]]:
    """Both kinds of headers together; a name with several values wins over the same name with one."""
    single, multiple = given.get("headers") or {}, given.get("multiValueHeaders") or {}
    if not isinstance(single, dict) or not isinstance(multiple, dict):
        raise malformed()
    if not all(isinstance(values, list) for values in multiple.values()):
        raise malformed()
    several = {name.lower() for name in multiple}
    pairs = [
        (name, _text(value)) for name, value in single.items() if name.lower() not in several and value is not None
    ]
    pairs += [(name, _text(value)) for name, values in multiple.items() for value in values]
    return remapped(pairs)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        raise malformed()
    return str(value)


def remapped(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Headers that only API Gateway may say go by `x-amzn-Remapped-…`."""
    kept = [(name, value) for name, value in pairs if name.lower() not in DROPPED]
    return [(f"x-amzn-Remapped-{name}" if name.lower() in REMAPPED else name, value) for name, value in kept]
