"""Function URLs: configured, shown and taken away. It may not know payload formats."""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.lambda_ import errors, functions
from freehold.services.lambda_.access.reach import named
from freehold.services.lambda_.aliases import Alias
from freehold.services.lambda_.catalogue import function_arn, lambda_, whole_function_arn
from freehold.services.lambda_.functions import Function
from freehold.services.lambda_.names import LATEST
from freehold.services.lambda_.pages import page
from freehold.services.lambda_.urls import configs
from freehold.services.lambda_.urls.configs import UrlConfig
from freehold.services.lambda_.urls.errors import NoFunction, UrlExists

ID_LENGTH = 32
BUFFERED = "BUFFERED"
PAGE_MAX = 50
ALIAS = r"((?!^\d+$)^[0-9a-zA-Z-_]+$)"


def _seat(tx: Tx, request: Request, operation: str) -> tuple[Tx, str, str]:
    """The function or alias that is to have an address, or has one."""
    seat, ref = named(tx, request, operation)
    if ref.qualifier.isdigit() or ref.qualifier == LATEST:
        raise errors.NotOfPattern(value=ref.qualifier, member="qualifier", pattern=ALIAS)
    if not seat.get(Function, ref.name) or (ref.qualifier and not seat.get(Alias, ref.name, ref.qualifier)):
        raise NoFunction()
    return seat, ref.name, ref.qualifier or LATEST


def _find(tx: Tx, request: Request, operation: str) -> tuple[Tx, UrlConfig]:
    seat, ref = named(tx, request, operation)
    config = seat.get(UrlConfig, ref.name, ref.qualifier or LATEST)
    if config is None:
        raise errors.NotThere()
    return seat, config


def _shape(call: Call, tx: Tx, config: UrlConfig) -> Response:
    """An address as its changes are answered: with the invoke mode only where one was asked for."""
    shape: Response = {
        "FunctionUrl": configs.address(call, tx.region, config.id),
        "FunctionArn": functions.arn(tx, config.function, configs.label(config.qualifier)),
        "AuthType": config.auth,
        "CreationTime": functions.moment(config.created_at),
        "LastModifiedTime": functions.moment(config.modified_at),
    }
    optional = {"Cors": config.cors, "InvokeMode": config.invoke_mode}
    return shape | {name: value for name, value in optional.items() if value}


def _looked_at(call: Call, tx: Tx, config: UrlConfig) -> Response:
    return {"InvokeMode": BUFFERED} | _shape(call, tx, config)


@lambda_.operation(needs={"lambda:CreateFunctionUrlConfig": function_arn})
def create_function_url_config(call: Call, tx: Tx, request: Request) -> Response:
    seat, name, qualifier = _seat(tx, request, "CreateFunctionUrlConfig")
    if seat.get(UrlConfig, name, qualifier):
        raise UrlExists(arn=functions.arn(seat, name, configs.label(qualifier)))
    made = UrlConfig(
        function=name, qualifier=qualifier, id=tx.ids.text(ID_LENGTH), auth=request["AuthType"], created_at=tx.now,
        modified_at=tx.now, cors=request.get("Cors", {}), invoke_mode=request.get("InvokeMode", ""),
    )  # fmt: skip
    return _shape(call, seat, configs.put(seat, made))


@lambda_.operation(needs={"lambda:UpdateFunctionUrlConfig": function_arn})
def update_function_url_config(call: Call, tx: Tx, request: Request) -> Response:
    _seat(tx, request, "UpdateFunctionUrlConfig")
    seat, config = _find(tx, request, "UpdateFunctionUrlConfig")
    config.auth = request.get("AuthType", config.auth)
    config.cors = request.get("Cors", config.cors)
    config.invoke_mode = request.get("InvokeMode", config.invoke_mode)
    return _shape(call, seat, configs.put(seat, config))


@lambda_.operation(needs={"lambda:GetFunctionUrlConfig": function_arn})
def get_function_url_config(call: Call, tx: Tx, request: Request) -> Response:
    return _looked_at(call, *_find(tx, request, "GetFunctionUrlConfig"))


@lambda_.operation(needs={"lambda:DeleteFunctionUrlConfig": function_arn})
def delete_function_url_config(call: Call, tx: Tx, request: Request) -> None:
    configs.delete(*_find(tx, request, "DeleteFunctionUrlConfig"))


@lambda_.operation(needs={"lambda:ListFunctionUrlConfigs": whole_function_arn})
def list_function_url_configs(call: Call, tx: Tx, request: Request) -> Response:
    seat, ref = named(tx, request, "ListFunctionUrlConfigs")
    if not seat.get(Function, ref.name):
        raise NoFunction()
    shown, marker = page(seat.range(UrlConfig, ref.name), lambda config: config.qualifier, request, PAGE_MAX)
    return {"FunctionUrlConfigs": [_looked_at(call, seat, config) for config in shown]} | marker
