"""Function URLs: configured, and answered. It may not know payload formats.

https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
"""

import msgspec

from freehold.kernel.call import Call
from freehold.kernel.errors import AccessDenied, NotImplementedHere
from freehold.kernel.identity import ANONYMOUS, ANYONE
from freehold.kernel.service import Operation, Request, Response
from freehold.kernel.store import Tx
from freehold.services.lambda_ import aliases, errors, functions, policies
from freehold.services.lambda_.catalogue import function_arn, lambda_, named, whole_function_arn
from freehold.services.lambda_.invocation import running
from freehold.services.lambda_.invocation.running import Payload, Target
from freehold.services.lambda_.names import LATEST
from freehold.services.lambda_.pages import page
from freehold.services.lambda_.urls import configs, payloads
from freehold.services.lambda_.urls.configs import Address, UrlConfig
from freehold.web import HttpRequest, HttpResponse

ID_LENGTH = 32
PAGE_MAX = 50
BODY_MAX = 6_291_556
NONE = "NONE"
INVOKE_URL = "lambda:InvokeFunctionUrl"
ALIAS = r"((?!^\d+$)^[0-9a-zA-Z-_]+$)"


def _seat(tx: Tx, request: Request) -> tuple[Tx, str, str]:
    seat, ref = named(tx, request)
    functions.find(seat, ref.name)
    if ref.qualifier.isdigit() or ref.qualifier == LATEST:
        raise errors.NotOfPattern(value=ref.qualifier, member="qualifier", pattern=ALIAS)
    if ref.qualifier:
        aliases.find(seat, ref.name, ref.qualifier)
    return seat, ref.name, ref.qualifier or LATEST


def _find(tx: Tx, request: Request) -> tuple[Tx, UrlConfig]:
    seat, ref = named(tx, request)
    config = seat.get(UrlConfig, ref.name, ref.qualifier or LATEST)
    if config is None:
        raise errors.NotThere()
    return seat, config


def _shape(call: Call, tx: Tx, config: UrlConfig) -> Response:
    shape: Response = {
        "FunctionUrl": configs.address(call, tx.region, config.id),
        "FunctionArn": functions.arn(tx, config.function, configs.label(config.qualifier)),
        "AuthType": config.auth,
        "CreationTime": functions.moment(config.created_at),
        "LastModifiedTime": functions.moment(config.modified_at),
        "InvokeMode": config.invoke_mode,
    }
    return shape | ({"Cors": config.cors} if config.cors else {})


def _check_mode(request: Request) -> None:
    if request.get("InvokeMode", "BUFFERED") != "BUFFERED":
        raise NotImplementedHere(service="lambda", operation="function URLs that stream responses")


@lambda_.operation(needs={"lambda:CreateFunctionUrlConfig": function_arn})
def create_function_url_config(call: Call, tx: Tx, request: Request) -> Response:
    _check_mode(request)
    seat, name, qualifier = _seat(tx, request)
    if seat.get(UrlConfig, name, qualifier):
        raise errors.UrlExists(arn=functions.arn(seat, name, configs.label(qualifier)))
    made = UrlConfig(
        function=name, qualifier=qualifier, id=tx.ids.text(ID_LENGTH), auth=request["AuthType"], created_at=tx.now,
        modified_at=tx.now, cors=request.get("Cors", {}),
    )  # fmt: skip
    return _shape(call, seat, configs.put(seat, made))


@lambda_.operation(needs={"lambda:UpdateFunctionUrlConfig": function_arn})
def update_function_url_config(call: Call, tx: Tx, request: Request) -> Response:
    _check_mode(request)
    seat, config = _find(tx, request)
    config.auth = request.get("AuthType", config.auth)
    config.cors = request.get("Cors", config.cors)
    return _shape(call, seat, configs.put(seat, config))


@lambda_.operation(needs={"lambda:GetFunctionUrlConfig": function_arn})
def get_function_url_config(call: Call, tx: Tx, request: Request) -> Response:
    return _shape(call, *_find(tx, request))


@lambda_.operation(needs={"lambda:DeleteFunctionUrlConfig": function_arn})
def delete_function_url_config(call: Call, tx: Tx, request: Request) -> None:
    configs.delete(*_find(tx, request))


@lambda_.operation(needs={"lambda:ListFunctionUrlConfigs": whole_function_arn})
def list_function_url_configs(call: Call, tx: Tx, request: Request) -> Response:
    seat, ref = named(tx, request)
    functions.find(seat, ref.name)
    shown, marker = page(seat.range(UrlConfig, ref.name), lambda config: config.qualifier, request, PAGE_MAX)
    return {"FunctionUrlConfigs": [_shape(call, seat, config) for config in shown]} | marker


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
    place = await call.transact(lambda tx: tx.get(Address, id))
    if place is None:
        return payloads.plain(404, "Not Found")
    home = call.within(place.account, place.region)
    home.request_id = call.request_id
    config, target = await home.transact(_led_to, place)
    if not await _may(home, config, target):
        return payloads.plain(403, "Forbidden")
    body = await http.read(BODY_MAX)
    told = payloads.event(home, http, id, path, body)
    try:
        result = await running.run(home, target, Payload(call.request_id, msgspec.json.encode(told)))
    except errors.TooManyRequestsException:
        return payloads.plain(429, "Too Many Requests")
    await home.transact(lambda tx: running.write_log(tx, target.version, result))
    response = payloads.reply(result)
    response.headers += configs.allowed_origin(config, http)
    return response


def _led_to(tx: Tx, place: Address) -> tuple[UrlConfig, Target]:
    config = tx.get(UrlConfig, place.function, place.qualifier)
    if config is None:
        raise errors.NotThere()
    return config, running.target(tx, place.function, configs.label(place.qualifier))


async def _may(call: Call, config: UrlConfig, target: Target) -> bool:
    """NONE: whether the function's policy lets everyone in. AWS_IAM: whether the signer may."""
    if config.auth == NONE:
        facts = {"lambda:FunctionUrlAuthType": NONE}
        verdict = await call.transact(policies.weigh, ANYONE, INVOKE_URL, target.arn, facts)
        return verdict.allowed
    if call.principal.kind == ANONYMOUS:
        return False
    if call.principal.trusted:
        return call.principal.account == call.account
    asked = Operation(lambda_, INVOKE_URL, _answer, True, {INVOKE_URL: target.arn})
    try:
        await call.transact(call.door.authorize, call, asked, {})
        await call.transact(policies.admit, INVOKE_URL, target.arn, {"lambda:FunctionUrlAuthType": config.auth})
    except (AccessDenied, errors.NotAllowed):
        return False
    return True
