"""Policies of the account. Of the kinds that AWS has, those of data protection are done. It may not know events.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutAccountPolicy.html
"""

from freehold.kernel.call import Call
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.logs import errors, findings, guards
from freehold.services.logs.accounts import PROTECTION, AccountPolicy
from freehold.services.logs.pages import read_token
from freehold.services.logs.service.catalogue import logs
from freehold.services.logs.service.protection import check_destination, delivery_needs

RESERVED = "aws/"


def _put_needs(call: Call, request: Request) -> list[tuple[str, str]]:
    own = [("logs:PutAccountPolicy", "*"), ("logs:PutDataProtectionPolicy", "*")]
    return own + delivery_needs(call, request["policyDocument"])


@logs.operation(needs=_put_needs)
def put_account_policy(call: Call, tx: Tx, request: Request) -> Response:
    _check(request)
    if request["policyName"].startswith(RESERVED):
        raise errors.NameReserved()
    if request.get("selectionCriteria"):
        raise errors.SelectionNotAllowed(kind=PROTECTION)
    check_destination(call, tx, request["policyDocument"])
    findings.prepare(call, guards.read(request["policyDocument"]))
    policy = guards.guard_all(tx, request["policyName"], request["policyDocument"])
    return {"accountPolicy": _told(tx, policy)}


@logs.operation(needs={"logs:DescribeAccountPolicies": "*", "logs:GetDataProtectionPolicy": "*"})
def describe_account_policies(call: Call, tx: Tx, request: Request) -> Response:
    if request.get("accountIdentifiers"):
        raise NotImplementedHere(service="logs", operation="DescribeAccountPolicies of linked accounts")
    if "nextToken" in request:  # all are told at once
        read_token(request["nextToken"], str)
    name = request.get("policyName")
    found = tx.range(AccountPolicy, request["policyType"])
    return {"accountPolicies": [_told(tx, policy) for policy in found if name in (None, policy.name)]}


@logs.operation(needs={"logs:DeleteAccountPolicy": "*", "logs:DeleteDataProtectionPolicy": "*"})
def delete_account_policy(call: Call, tx: Tx, request: Request) -> None:
    _check(request)
    guards.unguard_all(tx, request["policyName"])


def _check(request: Request) -> None:
    """Refuse what is not done, and what is only done to other kinds."""
    if request["policyType"] != PROTECTION:
        raise NotImplementedHere(service="logs", operation=f"account policies of the type {request['policyType']}")
    if request.get("dryRun"):
        raise errors.DryRunNotAllowed(kind=PROTECTION)


def _told(tx: Tx, policy: AccountPolicy) -> Response:
    return {
        "policyName": policy.name,
        "policyDocument": policy.document,
        "lastUpdatedTime": policy.updated_at,
        "policyType": policy.kind,
        "scope": "ALL",
        "accountId": tx.account,
    }
