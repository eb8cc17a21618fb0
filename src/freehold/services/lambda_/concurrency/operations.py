"""How many requests of a function may run at once: set, shown and taken away. It may not know how functions run."""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.lambda_ import errors, functions
from freehold.services.lambda_.catalogue import lambda_, named, whole_function_arn
from freehold.services.lambda_.functions import Function
from freehold.services.lambda_.invocation.floor import ACCOUNT_CONCURRENCY, UNRESERVED_MIN
from freehold.services.lambda_.names import LATEST


@lambda_.operation(needs={"lambda:PutFunctionConcurrency": whole_function_arn})
def put_function_concurrency(call: Call, tx: Tx, request: Request) -> Response:
    seat, ref = named(tx, request)
    if ref.qualifier:
        raise errors.QualifierGiven()
    function = seat.get(Function, ref.name)
    if function is None:
        raise errors.FunctionNotFound(arn=functions.arn(seat, ref.name, LATEST))
    wanted = request["ReservedConcurrentExecutions"]
    others = functions.reserved_sum(seat) - (function.reserved or 0)
    if ACCOUNT_CONCURRENCY - others - wanted < UNRESERVED_MIN:
        raise errors.ReservedTooMany()
    function.reserved = wanted
    seat.put(function)
    return {"ReservedConcurrentExecutions": wanted}


@lambda_.operation(needs={"lambda:GetFunctionConcurrency": whole_function_arn})
def get_function_concurrency(call: Call, tx: Tx, request: Request) -> Response:
    seat, ref = named(tx, request)
    reserved = functions.find(seat, ref.name).reserved
    return {} if reserved is None else {"ReservedConcurrentExecutions": reserved}


@lambda_.operation(needs={"lambda:DeleteFunctionConcurrency": whole_function_arn})
def delete_function_concurrency(call: Call, tx: Tx, request: Request) -> None:
    seat, ref = named(tx, request)
    function = functions.find(seat, ref.name)
    function.reserved = None
    seat.put(function)
