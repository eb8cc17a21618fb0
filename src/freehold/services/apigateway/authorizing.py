"""Authorizing: whether a request may reach the integration of its method.

One idea: a method says how it is guarded, and a table says who guards so; a guard either returns or declines. What a
Lambda authorizer said is kept as long as it allows. It may not know integrations.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from weakref import WeakKeyDictionary

from freehold.engines import iam, regex
from freehold.kernel import identity
from freehold.kernel.call import Call
from freehold.kernel.errors import AccessDenied, AwsError
from freehold.kernel.service import Operation
from freehold.services.apigateway import mapping, performing, proxies, targets
from freehold.services.apigateway.apis import Document
from freehold.services.apigateway.exchanges import Exchange
from freehold.services.apigateway.responses import Declined
from freehold.services.apigateway.service.catalogue import apigateway

TTL_S = 300
CACHE_MAX = 10_000
INVOKE = "execute-api:Invoke"
EXPLICIT = "User is not authorized to access this resource with an explicit deny"

_cache: "WeakKeyDictionary[Any, dict[tuple, tuple[dict[str, Any], float]]]" = WeakKeyDictionary()
_invocation = Operation(
    apigateway, "invoke_api", lambda *_: None, False, {INVOKE: lambda call, request: request["arn"]}
)


async def admit(call: Call, exchange: Exchange) -> None:
    """Return if the request may pass; raise Declined if not. `call` is the caller's own."""
    await GUARDS[exchange.method.get("authorizationType", "NONE")](call, exchange)
    if exchange.method.get("apiKeyRequired"):
        raise Declined("INVALID_API_KEY")  # No API keys are made here, so none can be right.


async def _open(call: Call, exchange: Exchange) -> None:
    return


async def _signed(call: Call, exchange: Exchange) -> None:
    """AWS_IAM: the caller's policies must allow execute-api:Invoke on the method."""
    if call.principal.kind == identity.ANONYMOUS:
        raise Declined("MISSING_AUTHENTICATION_TOKEN")
    principal = call.principal
    exchange.context["identity"] |= {
        "accountId": principal.account, "caller": principal.id, "user": principal.id, "userArn": principal.arn,
    }  # fmt: skip
    try:
        if principal.account != exchange.site.account:
            raise AccessDenied(principal=principal.arn, action=INVOKE, resource=exchange.arn, reason="")
        if not principal.trusted:
            await call.transact(call.door.authorize, call, _invocation, {"arn": exchange.arn})
    except AwsError as refusal:
        raise Declined("ACCESS_DENIED", refusal.message) from refusal


async def _unknown(call: Call, exchange: Exchange) -> None:
    """COGNITO_USER_POOLS: there are no user pools here, so nobody could have a token of one."""
    raise Declined("AUTHORIZER_CONFIGURATION_ERROR")


async def _custom(call: Call, exchange: Exchange) -> None:
    """TOKEN and REQUEST: a function says who it is and gives a policy, which decides."""
    authorizer = exchange.site.content.authorizers.get(exchange.method.get("authorizerId", ""))
    if authorizer is None:
        raise Declined("AUTHORIZER_CONFIGURATION_ERROR")
    sources = _identity(exchange, authorizer)
    said = await _asked(call, exchange, authorizer, sources)
    _weigh(exchange, said["policyDocument"])
    context = {name: _text(value) for name, value in (said.get("context") or {}).items()}
    exchange.context["authorizer"] = context | {"principalId": str(said["principalId"]), "integrationLatency": 0}


def _identity(exchange: Exchange, authorizer: Document) -> list[str]:
    """The values of the identity sources; one that is missing is a 401 before anything is asked."""
    sources = [each.strip() for each in (authorizer.get("identitySource") or "").split(",") if each.strip()]
    found = [mapping.lookup(exchange, each) for each in sources]
    values = [",".join(each) if isinstance(each, list) else each for each in found]
    if not all(values):
        raise Declined("UNAUTHORIZED")
    pattern = authorizer.get("identityValidationExpression")
    if authorizer["type"] == "TOKEN" and pattern and not _fits(pattern, str(values[0])):
        raise Declined("UNAUTHORIZED")
    return [str(value) for value in values]


def _fits(pattern: str, value: str) -> bool:
    try:
        return mapping.expression(pattern).found_in(value)
    except (regex.InvalidPattern, regex.Spent):
        raise Declined("AUTHORIZER_CONFIGURATION_ERROR") from None


async def _asked(call: Call, exchange: Exchange, authorizer: Document, sources: list[str]) -> dict[str, Any]:
    """What the function says, or said of the same identity not long ago."""
    ttl, site = authorizer.get("authorizerResultTtlInSeconds", TTL_S), exchange.site
    kept = _cache.setdefault(call.door, {})
    key = (site.api, site.name, site.content.deployment, authorizer["id"], *sources)
    said, until = kept.get(key, ({}, 0.0))
    if ttl and sources and until > call.now:
        return said
    said = _checked(await _invoked(call, exchange, authorizer, sources))
    if ttl and sources:
        if len(kept) >= CACHE_MAX:
            kept.clear()
        kept[key] = (said, call.now + ttl)
    return said


async def _invoked(call: Call, exchange: Exchange, authorizer: Document, sources: list[str]) -> bytes:
    site = exchange.site
    event: dict[str, Any] = {"type": authorizer["type"], "methodArn": exchange.arn}
    if authorizer["type"] == "TOKEN":
        event["authorizationToken"] = sources[0]
    else:
        event |= proxies.pictured(exchange)
    where = targets.target(mapping.staged(exchange, authorizer["authorizerUri"]))
    inner = call.within(site.account, site.region)
    source = f"arn:aws:execute-api:{site.region}:{site.account}:{site.api}/authorizers/{authorizer['id']}"
    asker = await performing.acting(inner, authorizer.get("authorizerCredentials"), source, exchange)
    request = {"FunctionName": targets.function(where), "Payload": json.dumps(event).encode()}
    try:
        answer = await asker.ask("lambda", "Invoke", request | {"InvocationType": "RequestResponse"})
    except AwsError as refusal:
        raise Declined("AUTHORIZER_CONFIGURATION_ERROR") from refusal
    if answer.get("FunctionError"):
        unauthorized = performing.error_message(answer["Payload"]) == "Unauthorized"
        raise Declined("UNAUTHORIZED" if unauthorized else "AUTHORIZER_FAILURE")
    return answer.get("Payload", b"")


def _checked(payload: bytes) -> dict[str, Any]:
    """A function's answer, if it is one: who, and a policy."""
    try:
        said = json.loads(payload)
        context = said.get("context") or {}
        whole = "principalId" in said and isinstance(said["policyDocument"], Mapping) and isinstance(context, Mapping)
        if not whole or any(isinstance(value, dict | list) for value in context.values()):
            raise ValueError("context")
        iam.parse(json.dumps(said["policyDocument"]))
    except (ValueError, KeyError, AttributeError, AwsError):
        raise Declined("AUTHORIZER_CONFIGURATION_ERROR") from None
    return said


def _weigh(exchange: Exchange, document: Any) -> None:
    """Hold the request up against the policy that the function gave."""
    facts = {"aws:SourceIp": exchange.http.source_ip, "aws:UserAgent": exchange.header("user-agent")}
    request = iam.Request(INVOKE, exchange.arn, {name: value for name, value in facts.items() if value})
    verdict = iam.evaluate(request, identity=[iam.parse(json.dumps(document))])
    if not verdict.allowed:
        raise Declined("ACCESS_DENIED", EXPLICIT if verdict.explicit else None)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


GUARDS: dict[str, Callable[[Call, Exchange], Awaitable[None]]] = {
    "NONE": _open,
    "AWS_IAM": _signed,
    "CUSTOM": _custom,
    "COGNITO_USER_POOLS": _unknown,
}
