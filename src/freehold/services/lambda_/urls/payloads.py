"""Function URLs: a function's own web address, and how web requests and results are told in each other's terms.

One idea: an address is an id that leads to one function or alias; the event and the response are payload format 2.0.
It may not know who may call.

https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
"""

import base64
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import msgspec

from freehold.kernel.call import Call
from freehold.kernel.identity import ANONYMOUS
from freehold.sandbox import Result, Stream
from freehold.web import HttpRequest, HttpResponse

JSON = "application/json"
TEXT = "text/plain"
DESCRIBED = "application/vnd.awslambda.http-integration-response"
ZEROS = bytes(8)
HEAD_BYTES_MAX = 1 << 20  # a description that does not end is none
TEXTUAL = ("text/", JSON, "application/xml", "application/javascript")
# Of the connection, not of the request (RFC 9110, 7.6.1).
HOPS = frozenset({"connection", "keep-alive", "proxy-connection", "transfer-encoding", "te", "upgrade", "cookie"})
# AWS has its functions' addresses spoken to by TLS alone, and tells how; what came without is told the same.
TLS = {"x-amzn-tls-version": "TLSv1.3", "x-amzn-tls-cipher-suite": "TLS_AES_128_GCM_SHA256"}
PORTS = {"http": "80", "https": "443"}


def event(call: Call, http: HttpRequest, id: str, path: str, body: bytes) -> dict[str, Any]:
    """The event of a web request."""
    path = f"/{unquote(path).lstrip('/')}"
    content_type = http.headers.get("content-type")
    textual = not body or content_type.startswith(TEXTUAL) or "+json" in content_type
    told: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": http.query,
        "headers": _headers(call, http),
        "requestContext": _context(call, http, id, path),
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


def _headers(call: Call, http: HttpRequest) -> dict[str, str]:
    """The headers as sent, and what AWS's own front adds to them."""
    scheme, _, place = call.base_url.partition("://")
    port = place.rpartition(":")[2] if ":" in place else PORTS.get(scheme, "")
    before = http.headers.get("x-forwarded-for")
    told = {
        "x-amzn-trace-id": http.headers.get("x-amzn-trace-id") or call.trace,
        "x-forwarded-for": f"{before}, {http.source_ip}" if before else http.source_ip,
        "x-forwarded-port": port,
        "x-forwarded-proto": scheme,
    }
    return {name: value for name, value in http.headers if name not in HOPS} | TLS | told


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
        return HttpResponse(502, [("content-type", TEXT)], b"Internal Server Error")
    answer = msgspec.json.decode(result.payload or b"null")
    if not isinstance(answer, dict) or "statusCode" not in answer:
        return HttpResponse(200, [("content-type", JSON)], b"" if answer is None else _text(answer))
    body = answer.get("body") or ""
    content = _text(body)
    if answer.get("isBase64Encoded"):
        content = base64.b64decode(content)
    return HttpResponse(int(answer["statusCode"]), _head(answer), content)


async def streamed(answer: Stream) -> HttpResponse:
    """The response whose body arrives: described by what stands before eight zero bytes, or the answer as it comes."""
    if not answer.content_type:
        return reply(await answer.ended())
    if answer.content_type != DESCRIBED:
        return HttpResponse(200, [("content-type", answer.content_type)], _rest(b"", answer))
    head = b""
    async for chunk in answer:
        head += chunk
        if ZEROS in head or len(head) > HEAD_BYTES_MAX:
            break
    told, _, rest = head.partition(ZEROS)
    description = msgspec.json.decode(told) if ZEROS in head else {}
    return HttpResponse(int(description.get("statusCode", 200)), _head(description), _rest(rest, answer))


async def _rest(first: bytes, answer: Stream) -> AsyncIterator[bytes]:
    try:
        if first:
            yield first
        async for chunk in answer:
            yield chunk
    finally:
        answer.close()


def _head(description: dict[str, Any]) -> list[tuple[str, str]]:
    """The headers and cookies of a description."""
    headers = [(str(name), str(value)) for name, value in (description.get("headers") or {}).items()]
    headers += [("set-cookie", cookie) for cookie in description.get("cookies") or ()]
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("content-type", JSON))
    return headers


def _text(value: Any) -> bytes:
    return value.encode() if isinstance(value, str) else msgspec.json.encode(value)


def refused(status: int, message: str | None, kind: str) -> HttpResponse:
    """A refusal of the address itself, of which no function heard."""
    headers = [("content-type", JSON), ("x-amzn-errortype", kind)]
    return HttpResponse(status, headers, msgspec.json.encode({"Message": message}))
