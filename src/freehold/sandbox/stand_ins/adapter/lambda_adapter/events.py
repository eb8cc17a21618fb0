"""Events as web requests, and web responses as the answers to events. Pure: no connection, no clock.

One idea: one table, the kind of event → how to know it, how it tells a request, how it wants its answer. What is no web
request is handed on as it is, and the response's JSON is its answer.

https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
"""

from __future__ import annotations

import json
from binascii import a2b_base64, b2a_base64
from collections import namedtuple

from .settings import Settings
from .text import PATH, decoded, escaped, pairs

# Headers that speak of one connection, or of a body's length on it.
OF_A_CONNECTION = frozenset(
    ("connection", "content-length", "expect", "keep-alive", "proxy-connection", "te", "transfer-encoding", "upgrade")
)
OF_A_RESPONSE = OF_A_CONNECTION - {"content-length"}
REASONS = {
    200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 206: "Partial Content", 301: "Moved Permanently",
    302: "Found", 303: "See Other", 304: "Not Modified", 307: "Temporary Redirect", 308: "Permanent Redirect",
    400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    406: "Not Acceptable", 409: "Conflict", 410: "Gone", 413: "Payload Too Large", 415: "Unsupported Media Type",
    422: "Unprocessable Entity", 429: "Too Many Requests", 500: "Internal Server Error", 501: "Not Implemented",
    502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
}  # fmt: skip

Request = namedtuple("Request", "method path query headers body")
Request.__doc__ = "A web request: `headers` as (lower-case name, value) in order, `body` bytes, `query` without its ?."

Headers = list  # of (lower-case name, value)


# How events tell requests.


def _of_http_api(event: dict) -> Request:
    """Payload format 2.0: HTTP APIs and function URLs."""
    headers = [(name.lower(), value) for name, value in (event.get("headers") or {}).items()]
    if event.get("cookies"):
        headers = [pair for pair in headers if pair[0] != "cookie"] + [("cookie", "; ".join(event["cookies"]))]
    query = event.get("rawQueryString")
    if query is None:
        query = pairs(list((event.get("queryStringParameters") or {}).items()))
    return Request(event["requestContext"]["http"]["method"], event.get("rawPath") or "/", query, headers, _body(event))


def _of_rest_api(event: dict) -> Request:
    """Payload format 1.0: REST APIs, and HTTP APIs that ask for it. Query values come decoded."""
    query = pairs(_several(event, "multiValueQueryStringParameters", "queryStringParameters"))
    return Request(event["httpMethod"], event.get("path") or "/", query, _headers(event), _body(event))


def _of_load_balancer(event: dict) -> Request:
    """A target group's event. Query values come as the client wrote them."""
    arguments = _several(event, "multiValueQueryStringParameters", "queryStringParameters")
    query = "&".join(f"{name}={value}" for name, value in arguments)
    return Request(event["httpMethod"], event.get("path") or "/", query, _headers(event), _body(event))


def _headers(event: dict) -> Headers:
    """All values of `multiValueHeaders`, and what stands in `headers` alone."""
    return [(name.lower(), value) for name, value in _several(event, "multiValueHeaders", "headers")]


def _several(event: dict, multiple: str, single: str) -> list[tuple[str, str]]:
    many = event.get(multiple) or {}
    known = {name.lower() for name in many}
    told = [(name, value) for name, values in many.items() for value in values or ()]
    return told + [(name, value) for name, value in (event.get(single) or {}).items() if name.lower() not in known]


def _body(event: dict) -> bytes:
    body = event.get("body") or ""
    return a2b_base64(body) if event.get("isBase64Encoded") else body.encode("utf-8", "surrogatepass")


# How events want their answers.


def _to_http_api(status: int, headers: Headers, body: dict) -> dict:
    cookies = [value for name, value in headers if name == "set-cookie"]
    told = joined([pair for pair in headers if pair[0] != "set-cookie"])
    return {"statusCode": status, "headers": told, "cookies": cookies, **body}


def _to_rest_api(status: int, headers: Headers, body: dict) -> dict:
    """In `multiValueHeaders` alone: API Gateway merges both, and would send every header twice."""
    return {"statusCode": status, "headers": {}, "multiValueHeaders": _listed(headers), **body}


def _to_load_balancer(status: int, headers: Headers, body: dict) -> dict:
    """Both forms: which one counts is the target group's setting."""
    described = f"{status} {REASONS.get(status, '')}".strip()
    both = {"headers": dict(reversed(headers)), "multiValueHeaders": _listed(headers)}
    return {"statusCode": status, "statusDescription": described, **both, **body}


def joined(headers: Headers) -> dict[str, str]:
    """One value a header, several parted by commas."""
    return {name: ",".join(values) for name, values in _listed(headers).items()}


def _listed(headers: Headers) -> dict[str, list[str]]:
    listed: dict[str, list[str]] = {}
    for name, value in headers:
        listed.setdefault(name, []).append(value)
    return listed


Kind = namedtuple("Kind", "read write")
LOAD_BALANCER = Kind(_of_load_balancer, _to_load_balancer)
HTTP_API = Kind(_of_http_api, _to_http_api)
REST_API = Kind(_of_rest_api, _to_rest_api)


def kind_of(event: object) -> Kind | None:
    """The kind of an event, None where it is no web request."""
    context = event.get("requestContext") if isinstance(event, dict) else None
    if not isinstance(event, dict) or not isinstance(context, dict):
        return None
    if isinstance(context.get("http"), dict) and context["http"].get("method"):
        return HTTP_API
    if isinstance(event.get("httpMethod"), str):
        return LOAD_BALANCER if "elb" in context else REST_API
    return None


def request_of(event: object, raw: bytes, settings: Settings) -> Request:
    """The request an event stands for, as it goes to the web server."""
    kind = kind_of(event)
    if kind is None:
        return Request("POST", settings.pass_through_path, "", [("content-type", "application/json")], raw)
    request = kind.read(event)
    path = _without(settings.base_path, request.path)
    headers = _authorized([pair for pair in request.headers if pair[0] not in OF_A_CONNECTION], settings)
    return request._replace(path=escaped(path if path[:1] == "/" else "/" + path, PATH), headers=headers)


def _without(base: str, path: str) -> str:
    return path[len(base) :] if base and (path + "/").startswith(base + "/") else path


def _authorized(headers: Headers, settings: Settings) -> Headers:
    """The headers with Authorization taken from the header that the owner named for it."""
    source = settings.authorization_source.lower()
    given = [value for name, value in headers if name == source] if source else []
    if not given:
        return headers
    return [pair for pair in headers if pair[0] not in (source, "authorization")] + [("authorization", given[0])]


def answer_to(event: object, status: int, headers: Headers, content: bytes) -> bytes:
    """A whole response as the answer to an event: JSON text."""
    kind, told = kind_of(event), dict(reversed(headers))
    text = decoded(
        content, told.get("content-type"), told.get("content-encoding"), told.get("x-lambda-http-content-encoding")
    )
    if kind is None:
        return content if text and _is_json(text) else b"null"
    body: dict = {"isBase64Encoded": bool(content) and text is None}
    if content:
        body["body"] = b2a_base64(content, newline=False).decode() if text is None else text
    return json.dumps(kind.write(status, of_the_response(headers), body)).encode()


def prelude(status: int, headers: Headers) -> bytes:
    """What stands before a streamed body."""
    answer = _to_http_api(status, of_the_response(headers), {})
    answer["headers"].setdefault("content-type", "application/octet-stream")
    return json.dumps(answer).encode() + b"\0" * 8


def of_the_response(headers: Headers) -> Headers:
    """The headers that are the response's, not its connection's."""
    return [pair for pair in headers if pair[0] not in OF_A_RESPONSE]


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
