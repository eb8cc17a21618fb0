"""PutResourcePolicy, GetResourcePolicy and DeleteResourcePolicy.

One idea: a policy is written and read under its revision, so that nobody takes back what he has not seen. It may not
know whom policies let in.
"""

from freehold.engines import iam
from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.dynamodb.changes import Stream
from freehold.services.dynamodb.errors import TableNotFound
from freehold.services.dynamodb.policies import documents, errors
from freehold.services.dynamodb.service.catalogue import dynamodb, resource_arn
from freehold.services.dynamodb.tables import CREATING, Table, name_of, put_table

NO_POLICY = "NO_POLICY"


@dynamodb.operation(needs={"dynamodb:PutResourcePolicy": resource_arn})
def put_resource_policy(call: Call, tx: Tx, request: Request) -> Response:
    found = owned(tx, request["ResourceArn"])
    _check_revision(found, request.get("ExpectedRevisionId"))
    put(call, tx, found, request["ResourceArn"], request["Policy"], request.get("ConfirmRemoveSelfResourceAccess"))
    _put(tx, found)
    return {"RevisionId": found.policy_revision}


@dynamodb.operation(needs={"dynamodb:GetResourcePolicy": resource_arn})
def get_resource_policy(call: Call, tx: Tx, request: Request) -> Response:
    found = owned(tx, request["ResourceArn"])
    if not found.policy:
        raise errors.PolicyNotFoundException(arn=request["ResourceArn"])
    return {"Policy": found.policy, "RevisionId": found.policy_revision}


@dynamodb.operation(needs={"dynamodb:DeleteResourcePolicy": resource_arn})
def delete_resource_policy(call: Call, tx: Tx, request: Request) -> Response:
    """It may be asked for again: the answer then has the revision of the deletion, or none."""
    found = owned(tx, request["ResourceArn"])
    _check_revision(found, request.get("ExpectedRevisionId"))
    if found.policy:
        found.policy, found.policy_revision = "", documents.revised(tx, found.policy_revision)
        _put(tx, found)
    return {"RevisionId": found.policy_revision} if found.policy_revision else {}


def put(call: Call, tx: Tx, found: Table | Stream, arn: str, text: str, confirmed: bool | None) -> None:
    """Give a table or stream a policy; it has to be put. Raises LocksOut if its author could not change it again."""
    policy = documents.written(text)
    own, action = iam.resource_policy(policy), "dynamodb:PutResourcePolicy"
    verdict = iam.weigh(call.principal, action, arn, own, call.facts(), same_account=True)
    if not confirmed and call.principal.account and not verdict.allowed:
        raise errors.LocksOut()
    if policy != found.policy:
        found.policy, found.policy_revision = policy, documents.revised(tx, found.policy_revision)


def _put(tx: Tx, found: Table | Stream) -> None:
    put_table(tx, found) if isinstance(found, Table) else tx.put(found)


def owned(tx: Tx, arn: str) -> Table | Stream:
    """The table or stream of an ARN, of this account and region. Raises ValidationException, TableNotFound."""
    place = arns.parse(arn)
    if place is None:
        raise errors.NoArn(arn=arn)
    parts = place.resource.split("/")
    if place.service != "dynamodb" or parts[0] != "table" or "backup" in parts[2:3]:
        raise errors.ArnOfOthers(arn=arn)
    if len(parts) != 2 and not (len(parts) == 4 and parts[2] == "stream"):
        raise errors.ArnOfOtherKind(arn=arn)
    if place.account != tx.account:
        raise errors.NotTheOwner()
    if place.region != tx.region:
        raise errors.ArnElsewhere(arn=arn)
    found = documents.standing_on(tx, place.resource)
    if found is None or getattr(found, "state", "") == CREATING:
        raise TableNotFound(name=name_of(arn))
    return found


def _check_revision(found: Table | Stream, expected: str | None) -> None:
    name = found.name if isinstance(found, Table) else found.table
    if expected == NO_POLICY and found.policy:
        raise errors.PolicyNotExpected(table=name, revision=found.policy_revision)
    if expected not in (None, NO_POLICY) and expected != (found.policy_revision if found.policy else None):
        raise errors.PolicyRevised(expected=expected, table=name, revision=found.policy_revision)
