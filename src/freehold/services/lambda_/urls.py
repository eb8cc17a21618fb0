"""Function URLs: a function's own web address, and how web requests and results are told in each other's terms.

One idea: an address is an id that leads to one function or alias; the event and the response are payload format 2.0.
It may not know who may call.

https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
"""

import base64
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec

from freehold.kernel.call import Call
from freehold.kernel.hosts import is_aws
from freehold.kernel.identity import ANONYMOUS
from freehold.kernel.store import Record, Tx
from freehold.sandbox import Result
from freehold.services.lambda_.names import LATEST
from freehold.web import HttpRequest, HttpResponse

PATH = "/_freehold/lambda-url"
JSON = "application/json"
TEXTUAL = ("text/", JSON, "application/xml", "application/javascript", "application/x-www-form-urlencoded")


class UrlConfig(Record, table="lambda_urls", key="function qualifier"):
    """A function's or an alias's address. `auth` is NONE or AWS_IAM."""

    function: str
    qualifier: str
    id: str
    auth: str
    created_at: float
    modified_at: float
    invoke_mode: str = "BUFFERED"
    cors: dict[str, Any] = {}


class Address(Record, table="lambda_url_addresses", key="id", scope="global"):
    """Where an address leads."""

    id: str
    account: str
    region: str
    function: str
    qualifier: str


def put(tx: Tx, config: UrlConfig) -> UrlConfig:
    config.modified_at = tx.now
    tx.put(config)
    place = Address(
        id=config.id, account=tx.account, region=tx.region, function=config.function, qualifier=config.qualifier
    )
    tx.put(place)
    return config


def delete(tx: Tx, config: UrlConfig) -> None:
    tx.delete(UrlConfig, config.function, config.qualifier)
    tx.delete(Address, config.id)


def remove(tx: Tx, function: str) -> None:
    """Take all addresses from a function."""
    for config in tx.range(UrlConfig, function):
        delete(tx, config)


def address(call: Call, region: str, id: str) -> str:
    """The URL: under a host name of its own, or by path where this cloud is reached by a number."""
    parts = urlsplit(call.base_url)
    host = parts.hostname or ""
    if is_aws(host):
        return f"https://{id}.lambda-url.{region}.on.aws/"
    if ":" in host or host.replace(".", "").isdigit():
        return f"{call.base_url}{PATH}/{id}/"
    return f"{parts.scheme}://{id}.lambda-url.{region}.{parts.netloc}/"


def event(call: Call, http: HttpRequest, id: str, path: str, body: bytes) -> dict[str, Any]:
    """The event of a web request."""
    headers = {name: value for name, value in http.headers if name != "cookie"}
    content_type = http.headers.get("content-type")
    textual = not body or content_type.startswith(TEXTUAL) or "+json" in content_type
    told: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": unquote(path) or "/",
        "rawQueryString": http.query,
        "headers": headers,
        "requestContext": _context(call, http, id, unquote(path) or "/"),
        "isBase64Encoded": not textual,
    }
    if http.headers.get("cookie"):
        told["cookies"] = [cookie.strip() for cookie in http.headers.get("cookie").split(";")]
    arguments: dict[str, str] = {}
    for name, value in http.arguments:
        arguments[name] = f"{arguments[name]},{value}" if name in arguments else value
    if arguments:
        told["queryStringParameters"] = arguments
    if body:
        told["body"] = body.decode("utf-8", "replace") if textual else base64.b64encode(body).decode()
    return told


def _context(call: Call, http: HttpRequest, id: str, path: str) -> dict[str, Any]:
    now = datetime.fromtimestamp(call.now, UTC)
    signed = call.principal.kind != ANONYMOUS
    context = {
        "accountId": call.principal.account if signed else ANONYMOUS.lower(),
        "apiId": id,
        "domainName": http.headers.get("host"),
        "domainPrefix": id,
        "http": {
            "method": http.method,
            "path": path,
            "protocol": "HTTP/1.1",
            "sourceIp": http.source_ip,
            "userAgent": http.headers.get("user-agent"),
        },
        "requestId": call.request_id,
        "routeKey": "$default",
        "stage": "$default",
        "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "timeEpoch": int(call.now * 1000),
    }
    if signed:
        caller = call.principal
        who = {"accountId": caller.account, "callerId": caller.id, "userArn": caller.arn, "userId": caller.id}
        context["authorizer"] = {"iam": who}
    return context


def reply(result: Result) -> HttpResponse:
    """The response that a result stands for; one that is no such description is the body itself."""
    if result.status != "ok":
        return plain(502, "Internal Server Error")
    answer = msgspec.json.decode(result.payload or b"null")
    if not isinstance(answer, dict) or "statusCode" not in answer:
        return HttpResponse(200, [("content-type", JSON)], b"" if answer is None else _text(answer))
    body = answer.get("body") or ""
    content = _text(body)
    if answer.get("isBase64Encoded"):
        content = base64.b64decode(content)
    headers = [(str(name), str(value)) for name, value in (answer.get("headers") or {}).items()]
    headers += [("set-cookie", cookie) for cookie in answer.get("cookies") or ()]
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("content-type", JSON))
    return HttpResponse(int(answer["statusCode"]), headers, content)


def _text(value: Any) -> bytes:
    return value.encode() if isinstance(value, str) else msgspec.json.encode(value)


def plain(status: int, message: str) -> HttpResponse:
    return HttpResponse(status, [("content-type", JSON)], msgspec.json.encode({"Message": message}))


def allowed_origin(config: UrlConfig, http: HttpRequest) -> list[tuple[str, str]]:
    """The CORS headers for a request's origin, if the configuration allows it."""
    origin, cors = http.headers.get("origin"), config.cors
    origins = cors.get("AllowOrigins", ())
    if not origin or not ("*" in origins or origin in origins):
        return []
    headers = [("access-control-allow-origin", origin if cors.get("AllowCredentials") or "*" not in origins else "*")]
    if cors.get("AllowCredentials"):
        headers.append(("access-control-allow-credentials", "true"))
    told = {"AllowMethods": "methods", "AllowHeaders": "headers"}
    headers += [(f"access-control-allow-{told[name]}", ",".join(cors[name])) for name in told if cors.get(name)]
    if cors.get("ExposeHeaders"):
        headers.append(("access-control-expose-headers", ",".join(cors["ExposeHeaders"])))
    if "MaxAge" in cors:
        headers.append(("access-control-max-age", str(cors["MaxAge"])))
    return headers


def label(qualifier: str) -> str:
    """An address's qualifier in ARNs: $LATEST is not said."""
    return "" if qualifier == LATEST else qualifier
