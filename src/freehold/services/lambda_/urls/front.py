"""Requests to function URLs: let in or refused, run, and answered.

One idea: whoever signs is weighed by what he holds and by the function's policy, whoever does not by the policy alone.
It may not know payload formats.

https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
"""

import msgspec

from freehold.engines import lineage
from freehold.kernel.call import Call
from freehold.kernel.errors import AccessDenied
from freehold.kernel.identity import ANONYMOUS, ANYONE
from freehold.kernel.service import Operation
from freehold.kernel.store import Tx
from freehold.services.lambda_ import errors
from freehold.services.lambda_.access import policies
from freehold.services.lambda_.catalogue import lambda_
from freehold.services.lambda_.invocation import running
from freehold.services.lambda_.invocation.running import Payload, Target
from freehold.services.lambda_.urls import configs, cors, payloads
from freehold.services.lambda_.urls.configs import Address, UrlConfig
from freehold.web import HttpRequest, HttpResponse

BODY_MAX = 6_291_556
NONE, STREAM = "NONE", "RESPONSE_STREAM"
INVOKE_URL = "lambda:InvokeFunctionUrl"
FORBIDDEN = (
    "Forbidden. For troubleshooting Function URL authorization issues, "
    "see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"
)
DENIED, THROTTLED = "AccessDeniedException", "TooManyRequestsException"


@lambda_.front(host=r"[a-z0-9]+\.lambda-url\.[a-z0-9-]+\..+")
async def answer_host(call: Call, http: HttpRequest) -> HttpResponse:
    """A request to an address of its own."""
    return await _answer(call, http, http.host.partition(".")[0], http.path)


@lambda_.front(path=rf"{configs.PATH}/[a-z0-9]+(?:/.*)?")
async def answer_path(call: Call, http: HttpRequest) -> HttpResponse:
    """A request to an address below this cloud's own."""
    id, _, rest = http.path.removeprefix(configs.PATH + "/").partition("/")
    return await _answer(call, http, id, f"/{rest}")


async def _answer(call: Call, http: HttpRequest, id: str, path: str) -> HttpResponse:
    call.trace = call.trace or lineage.begun(call.now, call.ids.hex(40))
    place = await call.transact(lambda tx: tx.get(Address, id))
    response = await _at(call, http, place, path) if place else payloads.refused(403, None, DENIED)
    told = (("x-amzn-requestid", call.request_id), ("x-amzn-trace-id", call.trace))
    response.headers += [(name, value) for name, value in told if not response.header(name)]
    return response


async def _at(call: Call, http: HttpRequest, place: Address, path: str) -> HttpResponse:
    """Answer a request to an address that there is."""
    home = call.within(place.account, place.region)
    config, target = await home.transact(_led_to, place)
    asked = cors.preflight(config.cors, http)
    if asked:
        return asked
    if not await _may(home, config, target):
        return payloads.refused(403, FORBIDDEN, DENIED)
    body = await http.read(BODY_MAX)
    told = payloads.event(home, http, place.id, path, body)
    try:
        asked_for = Payload(call.request_id, msgspec.json.encode(told), trace_id=told["headers"]["x-amzn-trace-id"])
        response = await _run(home, config, target, asked_for)
    except errors.TooManyRequestsException:
        return payloads.refused(429, "Too Many Requests", THROTTLED)
    return cors.allow(config.cors, http, response)


async def _run(home: Call, config: UrlConfig, target: Target, payload: Payload) -> HttpResponse:
    """The response, whole or while it arrives."""
    if config.invoke_mode == STREAM:
        return await payloads.streamed(await running.stream(home, target, payload))
    result = await running.run(home, target, payload)
    return payloads.reply(result)


def _led_to(tx: Tx, place: Address) -> tuple[UrlConfig, Target]:
    config = tx.get(UrlConfig, place.function, place.qualifier)
    if config is None:
        raise errors.NotThere()
    return config, running.target(tx, place.function, configs.label(place.qualifier))


async def _may(call: Call, config: UrlConfig, target: Target) -> bool:
    """NONE: whether the function's policy lets everyone in. AWS_IAM: whether the signer may."""
    facts = {"lambda:FunctionUrlAuthType": config.auth}
    if config.auth == NONE:
        verdict = await call.transact(policies.weigh, ANYONE, INVOKE_URL, target.arn, facts)
        return verdict.allowed
    if call.principal.kind == ANONYMOUS:
        return False
    asked = Operation(lambda_, INVOKE_URL, _answer, True, lambda call, request: [(INVOKE_URL, target.arn, facts)])
    try:
        if not call.principal.trusted:
            await call.transact(call.door.authorize, call, asked, {})
        await call.transact(policies.admit, INVOKE_URL, target.arn, facts)
    except (AccessDenied, errors.NotAllowed):
        return False
    return True
