"""The account's limits, and what it has of them. It may not know how functions run."""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.lambda_ import code, functions
from freehold.services.lambda_.catalogue import lambda_
from freehold.services.lambda_.functions import Function, Version
from freehold.services.lambda_.invocation.floor import ACCOUNT_CONCURRENCY
from freehold.services.lambda_.layers.published import LayerVersion

GB = 1 << 30
STORAGE_MAX, UNZIPPED_MAX = 75 * GB, 262_144_000


@lambda_.operation(needs={"lambda:GetAccountSettings": "*"})
def get_account_settings(call: Call, tx: Tx, request: Request) -> Response:
    kept = sum(one.size for one in tx.range(Version)) + sum(one.size for one in tx.range(LayerVersion))
    limit = {
        "TotalCodeSize": STORAGE_MAX,
        "CodeSizeUnzipped": UNZIPPED_MAX,
        "CodeSizeZipped": code.ZIPPED_MAX,
        "ConcurrentExecutions": ACCOUNT_CONCURRENCY,
        "UnreservedConcurrentExecutions": ACCOUNT_CONCURRENCY - functions.reserved_sum(tx),
    }
    usage = {"TotalCodeSize": kept, "FunctionCount": tx.count(Function)}
    return {"AccountLimit": limit, "AccountUsage": usage}
