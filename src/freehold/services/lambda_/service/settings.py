"""What is set beside a function's configuration: what becomes of loops, and how its runtime is kept current.

It may not know how functions run.
"""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.lambda_ import describe, errors, functions
from freehold.services.lambda_.access.reach import named
from freehold.services.lambda_.catalogue import function_arn, lambda_, whole_function_arn
from freehold.services.lambda_.functions import Function, Version
from freehold.services.lambda_.names import LATEST

AUTO, MANUAL = "Auto", "Manual"
NO_RUNTIME_VERSION = "RuntimeVersionArn is required when UpdateRuntimeOn is Manual."
NO_IMAGE_RUNTIME = "Runtime management is not supported for functions with PackageType Image."


def _whole(tx: Tx, request: Request, operation: str) -> tuple[Tx, Function]:
    """The function of a request that may not name a version or an alias."""
    seat, ref = named(tx, request, operation)
    if ref.qualifier:
        raise errors.QualifierGiven()
    return seat, functions.find(seat, ref.name)


@lambda_.operation(needs={"lambda:PutFunctionRecursionConfig": whole_function_arn})
def put_function_recursion_config(call: Call, tx: Tx, request: Request) -> Response:
    seat, function = _whole(tx, request, "PutFunctionRecursionConfig")
    function.recursion = request["RecursiveLoop"]
    seat.put(function)
    return {"RecursiveLoop": function.recursion}


@lambda_.operation(needs={"lambda:GetFunctionRecursionConfig": whole_function_arn})
def get_function_recursion_config(call: Call, tx: Tx, request: Request) -> Response:
    return {"RecursiveLoop": _whole(tx, request, "GetFunctionRecursionConfig")[1].recursion}


def _version(tx: Tx, request: Request, operation: str) -> tuple[Tx, Version, str]:
    seat, ref = named(tx, request, operation)
    functions.find(seat, ref.name)
    return seat, functions.version(seat, ref.name, ref.qualifier or LATEST), ref.qualifier


def _management(tx: Tx, version: Version, qualifier: str) -> Response:
    kept = version.runtime_update or {"UpdateRuntimeOn": AUTO}
    return kept | {"FunctionArn": functions.arn(tx, version.function, qualifier)}


@lambda_.operation(needs={"lambda:PutRuntimeManagementConfig": function_arn})
def put_runtime_management_config(call: Call, tx: Tx, request: Request) -> Response:
    """There is one version of each runtime here, so whatever is chosen, that one runs."""
    seat, version, qualifier = _version(tx, request, "PutRuntimeManagementConfig")
    if version.image:
        raise errors.InvalidParameterValueException(message=NO_IMAGE_RUNTIME)
    mode, arn = request["UpdateRuntimeOn"], request.get("RuntimeVersionArn", "")
    if mode == MANUAL and not arn:
        raise errors.InvalidParameterValueException(message=NO_RUNTIME_VERSION)
    given = {"RuntimeVersionArn": arn or describe.runtime_arn(seat.region, version.settings["Runtime"])}
    version.runtime_update = {"UpdateRuntimeOn": mode} | (given if mode == MANUAL else {})
    seat.put(version)
    return _management(seat, version, qualifier)


@lambda_.operation(needs={"lambda:GetRuntimeManagementConfig": function_arn})
def get_runtime_management_config(call: Call, tx: Tx, request: Request) -> Response:
    return _management(*_version(tx, request, "GetRuntimeManagementConfig"))
