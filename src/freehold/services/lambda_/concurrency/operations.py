"""How many requests of a function may run at once, and how many environments wait for them: set, shown, taken away.

It may not know how functions run.
"""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.lambda_ import aliases, functions
from freehold.services.lambda_.access.reach import named
from freehold.services.lambda_.catalogue import function_arn, lambda_, whole_function_arn
from freehold.services.lambda_.concurrency import errors, provisioned
from freehold.services.lambda_.concurrency.provisioned import Provisioned
from freehold.services.lambda_.errors import FunctionNotFound, QualifierGiven
from freehold.services.lambda_.functions import Function
from freehold.services.lambda_.invocation.floor import ACCOUNT_CONCURRENCY, UNRESERVED_MIN
from freehold.services.lambda_.names import LATEST
from freehold.services.lambda_.pages import page

PAGE_MAX = 50


@lambda_.operation(needs={"lambda:PutFunctionConcurrency": whole_function_arn})
def put_function_concurrency(call: Call, tx: Tx, request: Request) -> Response:
    seat, ref = named(tx, request, "PutFunctionConcurrency")
    if ref.qualifier:
        raise QualifierGiven()
    function = seat.get(Function, ref.name)
    if function is None:
        raise FunctionNotFound(arn=functions.arn(seat, ref.name, LATEST))
    wanted, kept = request["ReservedConcurrentExecutions"], provisioned.total(seat, ref.name)
    others = functions.reserved_sum(seat) - (function.reserved or 0)
    if wanted and ACCOUNT_CONCURRENCY - others - wanted < UNRESERVED_MIN:
        raise errors.ReservedTooMany(least=UNRESERVED_MIN)
    if wanted < kept:
        raise errors.ReservedTooFew(wanted=wanted, provisioned=kept)
    function.reserved = wanted
    seat.put(function)
    return {"ReservedConcurrentExecutions": wanted}


@lambda_.operation(needs={"lambda:GetFunctionConcurrency": whole_function_arn})
def get_function_concurrency(call: Call, tx: Tx, request: Request) -> Response:
    seat, ref = named(tx, request, "GetFunctionConcurrency")
    reserved = functions.find(seat, ref.name).reserved
    return {} if reserved is None else {"ReservedConcurrentExecutions": reserved}


@lambda_.operation(needs={"lambda:DeleteFunctionConcurrency": whole_function_arn})
def delete_function_concurrency(call: Call, tx: Tx, request: Request) -> None:
    seat, ref = named(tx, request, "DeleteFunctionConcurrency")
    function = functions.find(seat, ref.name)
    function.reserved = None
    seat.put(function)


def _place(tx: Tx, request: Request, operation: str) -> tuple[Tx, str, str]:
    """The function and the qualifier, of which AWS asks a version's number or an alias."""
    seat, ref = named(tx, request, operation)
    if ref.qualifier in ("", LATEST):
        raise errors.Unpublished() if operation.startswith("Put") else errors.NoVersion()
    aliases.pointed(seat, ref.name, ref.qualifier)
    return seat, ref.name, ref.qualifier


@lambda_.operation(needs={"lambda:PutProvisionedConcurrencyConfig": function_arn})
def put_provisioned_concurrency_config(call: Call, tx: Tx, request: Request) -> Response:
    """Wish for environments; they are there when the status is READY."""
    seat, name, qualifier = _place(tx, request, "PutProvisionedConcurrencyConfig")
    shared = ACCOUNT_CONCURRENCY - functions.reserved_sum(seat)
    wanted, function = request["ProvisionedConcurrentExecutions"], functions.find(seat, name)
    return provisioned.shape(provisioned.put(seat, function, qualifier, wanted, shared, UNRESERVED_MIN))


@lambda_.operation(needs={"lambda:GetProvisionedConcurrencyConfig": function_arn})
def get_provisioned_concurrency_config(call: Call, tx: Tx, request: Request) -> Response:
    seat, name, qualifier = _place(tx, request, "GetProvisionedConcurrencyConfig")
    return provisioned.shape(provisioned.find(seat, name, qualifier))


@lambda_.operation(needs={"lambda:DeleteProvisionedConcurrencyConfig": function_arn})
def delete_provisioned_concurrency_config(call: Call, tx: Tx, request: Request) -> None:
    """Without a configuration nothing is wrong: nothing is kept ready."""
    provisioned.delete(*_place(tx, request, "DeleteProvisionedConcurrencyConfig"))


@lambda_.operation(needs={"lambda:ListProvisionedConcurrencyConfigs": whole_function_arn})
def list_provisioned_concurrency_configs(call: Call, tx: Tx, request: Request) -> Response:
    seat, ref = named(tx, request, "ListProvisionedConcurrencyConfigs")
    functions.find(seat, ref.name)
    found = seat.range(Provisioned, ref.name)
    shown, marker = page(found, lambda one: one.qualifier, request, PAGE_MAX)
    told = [{"FunctionArn": functions.arn(seat, ref.name, one.qualifier)} | provisioned.shape(one) for one in shown]
    return {"ProvisionedConcurrencyConfigs": told} | marker
