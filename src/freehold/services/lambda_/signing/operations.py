"""Code signing configurations: made, changed, attached to functions, listed and deleted.

It may not know code.
"""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.lambda_ import errors, functions, tagging
from freehold.services.lambda_.access.reach import named
from freehold.services.lambda_.catalogue import lambda_, whole_function_arn
from freehold.services.lambda_.functions import Function
from freehold.services.lambda_.pages import page
from freehold.services.lambda_.signing import configs
from freehold.services.lambda_.signing.configs import SigningConfig

ID_LENGTH = 17
PAGE_MAX = 10_000
OF_IMAGES = "CodeSigningConfigArn is not supported for functions with PackageType Image."


def config_arn(call: Call, request: Request) -> str:
    return request["CodeSigningConfigArn"]


def _attached(call: Call, request: Request) -> list[tuple[str, str]]:
    action, config = "lambda:PutFunctionCodeSigningConfig", request["CodeSigningConfigArn"]
    return [(action, whole_function_arn(call, request)), (action, config)]


@lambda_.operation(needs={"lambda:CreateCodeSigningConfig": "*"})
def create_code_signing_config(call: Call, tx: Tx, request: Request) -> Response:
    made = SigningConfig(
        id=f"csc-{tx.ids.hex(ID_LENGTH)}", profiles=request["AllowedPublishers"]["SigningProfileVersionArns"],
        modified_at=tx.now, untrusted=_untrusted(request) or configs.WARN, description=request.get("Description", ""),
        tags=tagging.check(request.get("Tags", {})),
    )  # fmt: skip
    tx.put(made)
    return {"CodeSigningConfig": configs.shape(tx, made)}


def _untrusted(request: Request) -> str:
    return request.get("CodeSigningPolicies", {}).get("UntrustedArtifactOnDeployment", "")


@lambda_.operation(needs={"lambda:UpdateCodeSigningConfig": config_arn})
def update_code_signing_config(call: Call, tx: Tx, request: Request) -> Response:
    config = configs.find(tx, request["CodeSigningConfigArn"])
    if "AllowedPublishers" in request:
        config.profiles = request["AllowedPublishers"]["SigningProfileVersionArns"]
    config.untrusted = _untrusted(request) or config.untrusted
    config.description = request.get("Description", config.description)
    config.modified_at = tx.now
    tx.put(config)
    return {"CodeSigningConfig": configs.shape(tx, config)}


@lambda_.operation(needs={"lambda:GetCodeSigningConfig": config_arn})
def get_code_signing_config(call: Call, tx: Tx, request: Request) -> Response:
    return {"CodeSigningConfig": configs.shape(tx, configs.find(tx, request["CodeSigningConfigArn"]))}


@lambda_.operation(needs={"lambda:ListCodeSigningConfigs": "*"})
def list_code_signing_configs(call: Call, tx: Tx, request: Request) -> Response:
    shown, marker = page(tx.range(SigningConfig), lambda config: config.id, request, PAGE_MAX)
    return {"CodeSigningConfigs": [configs.shape(tx, config) for config in shown]} | marker


@lambda_.operation(needs={"lambda:DeleteCodeSigningConfig": config_arn})
def delete_code_signing_config(call: Call, tx: Tx, request: Request) -> Response:
    config = configs.find(tx, request["CodeSigningConfigArn"])
    if _users(tx, request["CodeSigningConfigArn"]):
        raise configs.ConfigInUse()
    tx.delete(SigningConfig, config.id)
    return {}


def _users(tx: Tx, arn: str) -> list[Function]:
    return [function for function in tx.range(Function) if function.signing == arn]


@lambda_.operation(needs={"lambda:ListFunctionsByCodeSigningConfig": config_arn})
def list_functions_by_code_signing_config(call: Call, tx: Tx, request: Request) -> Response:
    configs.find(tx, request["CodeSigningConfigArn"])
    users = _users(tx, request["CodeSigningConfigArn"])
    shown, marker = page(users, lambda function: function.name, request, PAGE_MAX)
    return {"FunctionArns": [functions.arn(tx, function.name) for function in shown]} | marker


@lambda_.operation(needs=_attached)
def put_function_code_signing_config(call: Call, tx: Tx, request: Request) -> Response:
    """Code that is there already stays; the configuration is asked when other code comes."""
    arn = request["CodeSigningConfigArn"]
    configs.attachable(tx, arn)
    seat, ref = named(tx, request, "PutFunctionCodeSigningConfig")
    function = functions.find(seat, ref.name)
    if functions.latest(seat, ref.name).image:
        raise errors.InvalidParameterValueException(message=OF_IMAGES)
    function.signing = arn
    seat.put(function)
    return {"CodeSigningConfigArn": arn, "FunctionName": ref.name}


@lambda_.operation(needs={"lambda:GetFunctionCodeSigningConfig": whole_function_arn})
def get_function_code_signing_config(call: Call, tx: Tx, request: Request) -> Response:
    seat, ref = named(tx, request, "GetFunctionCodeSigningConfig")
    signing = functions.find(seat, ref.name).signing
    return {"CodeSigningConfigArn": signing, "FunctionName": ref.name} if signing else {}


@lambda_.operation(needs={"lambda:DeleteFunctionCodeSigningConfig": whole_function_arn})
def delete_function_code_signing_config(call: Call, tx: Tx, request: Request) -> None:
    seat, ref = named(tx, request, "DeleteFunctionCodeSigningConfig")
    function = functions.find(seat, ref.name)
    function.signing = ""
    seat.put(function)
