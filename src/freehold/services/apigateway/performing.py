"""Performing: an integration asked, whatever its type.

One idea: a table says who carries out which type; each is given the exchange and gives the caller's answer. Services
are asked as the integration's role, and a function without one as API Gateway itself. It may not know how a method was
found.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-integration-types.html
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakKeyDictionary

from freehold.kernel import identity, roles
from freehold.kernel.call import Call
from freehold.kernel.errors import AccessDenied, AwsError
from freehold.kernel.identity import Principal
from freehold.services.apigateway import addresses, buckets, forms, mapping, proxies, targets
from freehold.services.apigateway.exchanges import Exchange
from freehold.services.apigateway.mapping import Answer, Incoming, Outgoing
from freehold.services.apigateway.responses import INTERNAL, Declined
from freehold.services.apigateway.targets import Target

SERVICE = "apigateway.amazonaws.com"
SESSION = "BackplaneAssumeRoleSession"
SESSION_KEPT_S = 300
DENIED_STATUS = {"query": 403, "json": 400}
STATUS_CODE = re.compile(r"""['"]?statusCode['"]?\s*:\s*['"]?(\d+)""")

_sessions: "WeakKeyDictionary[Any, dict[tuple[str, str], tuple[Principal, float]]]" = WeakKeyDictionary()
_left: set[asyncio.Task] = set()


async def perform(call: Call, exchange: Exchange) -> Answer:
    """What the method's integration answers, within its timeout. `call` looks at the API's account."""
    integration = exchange.method.get("methodIntegration")
    if integration is None:
        raise Declined("API_CONFIGURATION_ERROR")
    task = asyncio.ensure_future(TYPES[integration["type"]](call, exchange, integration))
    done, _ = await asyncio.wait({task}, timeout=integration.get("timeoutInMillis", 29_000) / 1000)
    if not done:  # what was begun goes on, as it does behind AWS's gateway; only nobody waits for it
        _left.add(task)
        task.add_done_callback(_forget)
        raise Declined("INTEGRATION_TIMEOUT")
    return task.result()


def _forget(task: asyncio.Task) -> None:
    _left.discard(task)
    if not task.cancelled():
        task.exception()  # seen: nobody else will look


async def acting(call: Call, role: str | None, source_arn: str, exchange: Exchange) -> Call:
    """The call as a role, or, without one, as API Gateway on behalf of a method or authorizer."""
    if not role:
        gateway = Principal(identity.SERVICE, call.account, SERVICE, "", source_arn)
        return call.acting(gateway, call.account, call.region)
    role = mapping.staged(exchange, role)
    kept = _sessions.setdefault(call.door, {})
    principal, until = kept.get((call.account, role), (None, 0.0))
    if principal is None or until <= call.now:
        try:
            principal = (await roles.assume(call, role, SERVICE, SESSION)).call.principal
        except AwsError as refusal:  # the role is not there or does not trust API Gateway
            raise Declined("API_CONFIGURATION_ERROR") from refusal
        kept[call.account, role] = (principal, call.now + SESSION_KEPT_S)
    return call.acting(principal, call.account, call.region)


# Functions


async def invoke(
    call: Call, exchange: Exchange, where: Target, role: str | None, payload: bytes, kind: str
) -> dict[str, Any]:
    """Lambda's answer. Raises AwsErrors."""
    asker = await acting(call, role, exchange.source_arn, exchange)
    request = {"FunctionName": targets.function(where), "InvocationType": kind, "Payload": payload}
    return await asker.ask("lambda", "Invoke", request)


async def _lambda_proxy(call: Call, exchange: Exchange, integration: dict[str, Any]) -> Answer:
    where = targets.target(mapping.staged(exchange, integration["uri"]))
    if where.service != "lambda":
        raise Declined("API_CONFIGURATION_ERROR")
    payload = json.dumps(proxies.event(exchange), separators=(",", ":")).encode()
    try:
        answer = await invoke(call, exchange, where, integration.get("credentials"), payload, "RequestResponse")
    except AwsError as refusal:
        raise Declined("API_CONFIGURATION_ERROR", INTERNAL, 500) from refusal
    if answer.get("FunctionError"):
        raise proxies.malformed()
    given = proxies.answer(exchange, answer.get("Payload", b""))
    given.headers.append(("X-Amzn-Trace-Id", exchange.header("x-amzn-trace-id")))
    return given


async def _lambda(
    call: Call, exchange: Exchange, integration: dict[str, Any], where: Target, out: Outgoing
) -> Incoming:
    kind = "Event" if out.header("x-amz-invocation-type") == "Event" else "RequestResponse"
    headers = [("Content-Type", mapping.JSON)]
    try:
        answer = await invoke(call, exchange, where, integration.get("credentials"), out.body, kind)
    except AwsError as refusal:
        if refusal.shape() != "InvalidRequestContentException":
            raise Declined("API_CONFIGURATION_ERROR", INTERNAL, 500) from refusal
        # The template made no JSON: Lambda's own words are passed on.
        told = {"Type": "User", "message": refusal.message}
        return Incoming(400, headers, targets.written(told), refusal.message)
    payload = answer.get("Payload", b"")
    error = error_message(payload) if answer.get("FunctionError") else None
    return Incoming(200, headers, payload, error)


def error_message(payload: bytes) -> str:
    """What a function that failed said; '' if nothing."""
    try:
        return str(json.loads(payload).get("errorMessage", ""))
    except (ValueError, AttributeError):
        return ""


# Services


async def _aws(call: Call, exchange: Exchange, integration: dict[str, Any]) -> Answer:
    out = mapping.outgoing(exchange, integration)
    where = targets.target(mapping.staged(exchange, integration["uri"]))
    incoming = await _asked(call, exchange, integration, where, out)
    return mapping.answered(exchange, integration, incoming)


async def _asked(call: Call, exchange: Exchange, integration: dict[str, Any], where: Target, out: Outgoing) -> Incoming:
    if where.service == "lambda":
        return await _lambda(call, exchange, integration, where, out)
    if not integration.get("credentials"):
        raise Declined("API_CONFIGURATION_ERROR")
    asker = await acting(call, integration["credentials"], exchange.source_arn, exchange)
    asker.region = where.region
    where = where._replace(rest=targets.filled(where.rest, out))
    if where.service == "s3":
        return await buckets.asked(asker, integration["httpMethod"], where.rest, out)
    return await _asked_service(asker, where, out)


async def _asked_service(asker: Call, where: Target, out: Outgoing) -> Incoming:
    request_id = asker.ids.uuid()
    query = where.service in forms.OPERATIONS and not out.header("x-amz-target")
    try:
        errand = targets.errand(where, out, asker.base_url)
        answer = await asker.ask(errand.service, errand.operation, errand.request)
    except AwsError as refusal:
        return _refused(refusal, query, request_id)
    told = forms.shown(errand.service, errand.operation, answer, request_id) if errand.query else answer
    headers = [("Content-Type", mapping.JSON), ("x-amzn-RequestId", request_id)]
    return Incoming(200, headers, targets.written(told), "200")


def _refused(refusal: AwsError, query: bool, request_id: str) -> Incoming:
    """The service's error as the service would tell it."""
    code, status = refusal.shape(), refusal.status or 400
    if isinstance(refusal, AccessDenied) or code in ("AccessDenied", "AccessDeniedException"):
        code, status = "AccessDeniedException", DENIED_STATUS["query" if query else "json"]
    if query:
        told = forms.refused(code, refusal.message, status, request_id)
    else:
        told = {"__type": code, "message": refusal.message}
    headers = [("Content-Type", mapping.JSON), ("x-amzn-RequestId", request_id), ("x-amzn-ErrorType", code)]
    return Incoming(status, headers, targets.written(told), str(status))


# HTTP and mocks


async def _http(call: Call, exchange: Exchange, integration: dict[str, Any]) -> Answer:
    out = mapping.outgoing(exchange, integration)
    if out.body and not out.header("content-type"):
        out.headers["Content-Type"] = mapping.JSON
    out.headers.setdefault("User-Agent", f"AmazonAPIGateway_{exchange.site.api}")
    incoming = await _fetched(exchange, integration, out)
    return mapping.answered(exchange, integration, incoming)


async def _http_proxy(call: Call, exchange: Exchange, integration: dict[str, Any]) -> Answer:
    out = Outgoing(query=dict(exchange.query), headers=addresses.passed_on(exchange), body=exchange.body)
    mapping.parameters(exchange, integration.get("requestParameters") or {}, out)
    incoming = await _fetched(exchange, integration, out)
    return Answer(incoming.status, proxies.remapped(incoming.headers), incoming.body)


async def _fetched(exchange: Exchange, integration: dict[str, Any], out: Outgoing) -> Incoming:
    if integration.get("connectionType") == "VPC_LINK":
        raise Declined("API_CONFIGURATION_ERROR")
    url = targets.filled(mapping.staged(exchange, integration["uri"]), out)
    verb = integration["httpMethod"]
    secure = not (integration.get("tlsConfig") or {}).get("insecureSkipVerification")
    timeout = integration.get("timeoutInMillis", 29_000) / 1000
    method = exchange.http.method if verb == "ANY" else verb
    return await addresses.fetch(method, url, out, timeout, secure, exchange.site.account)


async def _mock(call: Call, exchange: Exchange, integration: dict[str, Any]) -> Answer:
    """The template's statusCode selects the answer; nothing is asked. Like AWS's, it may be loose JSON."""
    out = mapping.outgoing(exchange, integration)
    found = STATUS_CODE.search(out.body.decode("utf-8", "replace"))
    if found is None:
        raise Declined("API_CONFIGURATION_ERROR")
    return mapping.answered(exchange, integration, Incoming(int(found[1]), [], b"", found[1]))


TYPES: dict[str, Callable[[Call, Exchange, dict[str, Any]], Awaitable[Answer]]] = {
    "AWS": _aws,
    "AWS_PROXY": _lambda_proxy,
    "HTTP": _http,
    "HTTP_PROXY": _http_proxy,
    "MOCK": _mock,
}
