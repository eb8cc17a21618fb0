"""The front: deployed APIs at their own addresses.

One idea: an address says API, stage and path; the stage says which deployment, and that decides everything. Whatever
goes wrong on the way becomes a gateway response. It may not know how an integration is carried out.

https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html
"""

import re
from typing import Any
from weakref import WeakKeyDictionary

from freehold.engines import vtl
from freehold.kernel.call import Call
from freehold.kernel.store import Tx
from freehold.services.apigateway import authorizing, exchanges, mapping, matching, performing, validation
from freehold.services.apigateway.apis import Address, Api, Content, Stage
from freehold.services.apigateway.exchanges import Exchange, Site
from freehold.services.apigateway.mapping import Answer
from freehold.services.apigateway.responses import KINDS, TEMPLATE, Declined, chosen
from freehold.services.apigateway.service.catalogue import apigateway
from freehold.web import HttpRequest, HttpResponse, RequestEntityTooLarge

NAMESPACE = "AWS/ApiGateway"
BODY_MAX = 10 * 1024 * 1024
COPIES_MAX = 256
EXTENDED_ID = 15

HOST = r"(?P<api>[a-z0-9]+)\.execute-api\..+"
BY_PATH = r"/_aws/execute-api/(?P<api>[a-z0-9]+)/(?P<stage>[^/]+)(?P<path>/.*)?"
BY_USER_REQUEST = r"/restapis/(?P<api>[a-z0-9]+)/(?P<stage>[^/]+)/_user_request_(?P<path>/.*)?"

_copies: "WeakKeyDictionary[Any, dict[tuple[str, str], Content]]" = WeakKeyDictionary()


@apigateway.front(host=HOST)
async def by_host(call: Call, http: HttpRequest) -> HttpResponse:
    """`{api}.execute-api.{region}.…/{stage}/{path}`"""
    stage, slash, path = http.path[1:].partition("/")
    return await serve(call, http, http.host.partition(".")[0], stage, slash + path)


@apigateway.front(path=BY_PATH)
async def by_path(call: Call, http: HttpRequest) -> HttpResponse:
    """For those who cannot say a host name."""
    return await _by_pattern(call, http, BY_PATH)


@apigateway.front(path=BY_USER_REQUEST)
async def by_user_request(call: Call, http: HttpRequest) -> HttpResponse:
    """The same, in a form that tools for local clouds use."""
    return await _by_pattern(call, http, BY_USER_REQUEST)


async def _by_pattern(call: Call, http: HttpRequest, pattern: str) -> HttpResponse:
    found = re.fullmatch(pattern, http.path)
    assert found
    return await serve(call, http, found["api"], found["stage"], found["path"] or "")


async def serve(call: Call, http: HttpRequest, api: str, stage: str, path: str) -> HttpResponse:
    """Answer one request of a deployed API; always an answer."""
    began, exchange = call.now, None
    try:
        site = await _site(call, api, stage)
        body = await http.read(BODY_MAX)
        tail = call.ids.text(EXTENDED_ID) + "="
        exchange = exchanges.begin(site, http, path, body, call.request_id, tail, began)
        answer = await _answer(call, exchange)
    except RequestEntityTooLarge:
        answer = _declined(exchange, Declined("REQUEST_TOO_LARGE"))
    except Declined as declined:
        answer = _declined(exchange, declined)
    if exchange:
        _measure(call, exchange, answer.status, (call.now - began) * 1000)
    ids = [("x-amzn-RequestId", call.request_id)]
    if exchange:
        ids.append(("x-amz-apigw-id", exchange.context["extendedRequestId"]))
    return HttpResponse(answer.status, ids + [(name, _line(value)) for name, value in answer.headers], answer.body)


def _line(value: str) -> str:
    """A header's value as one line that HTTP/1.1 may carry."""
    return value.replace("\r", "").replace("\n", "").encode("utf-8").decode("latin-1")


async def _answer(call: Call, exchange: Exchange) -> Answer:
    """Match, authorize, validate, perform."""
    site = exchange.site
    found = matching.match(site.content.resources, exchange.http.method, exchange.path)
    if found is None:
        raise Declined("MISSING_AUTHENTICATION_TOKEN")
    exchange.resource, exchange.method, exchange.path_parameters = found
    exchange.context |= {"resourceId": found.resource["id"], "resourcePath": found.resource["path"]}
    await authorizing.admit(call, exchange)
    validation.check(exchange)
    return await performing.perform(call.within(site.account, site.region), exchange)


async def _site(call: Call, api: str, stage: str) -> Site:
    """What is deployed under an API's id and a stage's name, whoever it belongs to."""
    kept = _copies.setdefault(call.door, {})
    site = await call.transact(_find, api, stage, kept)
    if site is None:
        raise Declined("INVALID_API_KEY")  # AWS tells of an unknown stage with the same words: Forbidden
    if len(kept) >= COPIES_MAX:
        kept.clear()
    kept[api, site.content.deployment] = site.content
    return site


def _find(tx: Tx, id: str, name: str, kept: dict[tuple[str, str], Content]) -> Site | None:
    """Deployed contents never change, so those read before are taken from memory."""
    address = tx.within("*", "*").get(Address, id)
    if address is None:
        return None
    home = tx.within(address.account, address.region)
    api, stage = home.get(Api, id), home.get(Stage, id, name)
    if api is None or stage is None or api.document.get("disableExecuteApiEndpoint"):
        return None
    deployment = stage.document["deploymentId"]
    content = kept.get((id, deployment)) or home.get(Content, id, deployment)
    return Site(address.account, address.region, id, stage.document, content) if content else None


# What API Gateway itself answers


def _declined(exchange: Exchange | None, declined: Declined) -> Answer:
    """The gateway response of a fault: the API's own words for it, or the usual ones."""
    known = KINDS[declined.kind]
    own = chosen(exchange.site.content if exchange else None, declined.kind, declined.status) or {}
    status = int(own.get("statusCode") or declined.status)
    headers = [("x-amzn-ErrorType", known.error_type)]
    if exchange is None:
        return Answer(status, [*headers, ("Content-Type", mapping.JSON)], _rendered(known.template, {}, declined, {}))
    error = exchange.context.setdefault("error", {})
    error |= {"message": declined.message, "messageString": _quoted(declined.message), "responseType": declined.kind}
    for name, expression in (own.get("responseParameters") or {}).items():
        value = mapping.lookup(exchange, expression)
        if value is not None:
            headers.append((name.rpartition(".")[2], value if isinstance(value, str) else ",".join(value)))
    templates = own.get("responseTemplates") or {mapping.JSON: known.template}
    media = next((each for each in templates if each in exchange.header("accept")), None) or next(iter(templates))
    body = _rendered(templates[media], exchange.context, declined, exchange.site.variables)
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", media))
    return Answer(status, headers, body)


def _rendered(template: str, context: dict[str, Any], declined: Declined, variables: dict[str, str]) -> bytes:
    if not context:
        context = {"error": {"message": declined.message, "messageString": _quoted(declined.message)}}
    names = vtl.apigateway.variables("", None, context, variables)
    try:
        return mapping.compiled(template).render(names, vtl.apigateway.DIALECT).encode()
    except vtl.VtlError:
        return mapping.compiled(TEMPLATE).render(names, vtl.apigateway.DIALECT).encode()


def _quoted(message: str | None) -> str:
    """A sentence as a JSON text."""
    return "null" if message is None else '"' + message.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _measure(call: Call, exchange: Exchange, status: int, took_ms: float) -> None:
    """Count the request under the API's name, and under its name and stage."""
    site = exchange.site
    home = call.within(site.account, site.region)
    figures = [("Count", 1.0, "Count"), ("Latency", took_ms, "Milliseconds")]
    figures += [("4XXError", float(400 <= status < 500), "Count"), ("5XXError", float(status >= 500), "Count")]
    named = {"ApiName": site.content.settings.get("name", site.api)}
    for dimensions in (named, named | {"Stage": site.name}):
        home.measure_all(NAMESPACE, figures, **dimensions)
