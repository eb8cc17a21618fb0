"""The account's limits, and what it has of them. It may not know how functions run."""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.lambda_ import code, functions
from freehold.services.lambda_.catalogue import lambda_
from freehold.services.lambda_.functions import Function, Version
from freehold.services.lambda_.invocation.floor import ACCOUNT_CONCURRENCY

GB = 1 << 30
STORAGE_MAX, UNZIPPED_MAX = 75 * GB, 262_144_000


@lambda_.operation(needs={"lambda:GetAccountSettings": "*"})
def get_account_settings(call: Call, tx: Tx, request: Request) -> Response:
    versions = tx.range(Version)
    limit = {
        "TotalCodeSize": STORAGE_MAX,
        "CodeSizeUnzipped": UNZIPPED_MAX,
        "CodeSizeZipped": code.ZIPPED_MAX,
        "ConcurrentExecutions": ACCOUNT_CONCURRENCY,
        "UnreservedConcurrentExecutions": ACCOUNT_CONCURRENCY - functions.reserved_sum(tx),
    }
    usage = {"TotalCodeSize": sum(one.size for one in versions), "FunctionCount": tx.count(Function)}
    return {"AccountLimit": limit, "AccountUsage": usage}
