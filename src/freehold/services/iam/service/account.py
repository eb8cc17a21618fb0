"""The account as a whole: what it holds, and what its principals could do. It may not change anything.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

from collections.abc import Iterator
from typing import Any

from freehold.engines import iam as engine
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.iam import attachments, documents, keys
from freehold.services.iam.entities import Entity, Group, Policy, Profile, Role, User, arn_of
from freehold.services.iam.errors import InvalidInput, NoSuchEntity
from freehold.services.iam.pages import page
from freehold.services.iam.service.catalogue import Object, anything, known, operation

COUNTED = {"Users": User, "Groups": Group, "Roles": Role, "Policies": Policy, "InstanceProfiles": Profile}
QUOTAS = {
    "UsersQuota": 5_000,
    "GroupsQuota": 300,
    "RolesQuota": 1_000,
    "PoliciesQuota": 1_500,
    "InstanceProfilesQuota": 1_000,
    "AccessKeysPerUserQuota": keys.KEYS_MAX,
    "AttachedPoliciesPerGroupQuota": attachments.POLICIES_MAX,
    "AttachedPoliciesPerRoleQuota": attachments.POLICIES_MAX,
    "AttachedPoliciesPerUserQuota": attachments.POLICIES_MAX,
    "GroupsPerUserQuota": attachments.GROUPS_MAX,
    "AssumeRolePolicySizeQuota": documents.TRUST_MAX,
    "PolicySizeQuota": documents.MANAGED_MAX,
    "VersionsPerPolicyQuota": documents.VERSIONS_MAX,
    "UserPolicySizeQuota": documents.INLINE_MAX[User],
    "GroupPolicySizeQuota": documents.INLINE_MAX[Group],
    "RolePolicySizeQuota": documents.INLINE_MAX[Role],
    "MFADevices": 0,
    "AccountMFAEnabled": 0,
    "AccountAccessKeysPresent": 0,
}


@operation("GetAccountSummary", upon=anything)
def get_account_summary(call: Call, tx: Tx, request: Request) -> Response:
    return {"SummaryMap": QUOTAS | {name: tx.count(kind) for name, kind in COUNTED.items()}}


def source(tx: Tx, arn: str) -> Entity:
    """The user, group or role of an ARN."""
    noun = arn.rpartition(":")[2].partition("/")[0]
    kind = attachments.HOLDERS.get(noun)
    if kind is None:
        raise InvalidInput(arn=arn)
    found = tx.get(kind, arn.rpartition("/")[2].lower())
    if found is None or arn_of(tx, found) != arn:
        raise NoSuchEntity(what=noun, name=arn.rpartition("/")[2])
    return found


def the_source(call: Call, tx: Tx, request: Request) -> Object:
    return known(tx, source(tx, request["PolicySourceArn"]))


@operation("SimulatePrincipalPolicy", upon=the_source)
def simulate_principal_policy(call: Call, tx: Tx, request: Request) -> Response:
    """What the engine would say to each action on each resource."""
    holder = source(tx, request["PolicySourceArn"])
    limit = attachments.boundary(tx, holder)
    texts = [*_texts(tx, holder), *request.get("PolicyInputList", ())]
    limits = request.get("PermissionsBoundaryPolicyInputList") or ([documents.in_force(tx, limit)] if limit else [])
    return _simulated(request, texts, limits)


def _texts(tx: Tx, holder: Entity) -> Iterator[str]:
    """The documents that a holder and its groups have."""
    for each in [holder, *(attachments.groups(tx, holder) if isinstance(holder, User) else [])]:
        yield from each.inline.values()
        yield from filter(None, (documents.in_force(tx, arn) for arn in attachments.policies(tx, each)))


def _simulated(request: Request, texts: list[str], limits: list[str]) -> Response:
    identity = [documents.compiled(text) for text in texts]
    boundary = documents.compiled(limits[0]) if limits else None
    context = {entry["ContextKeyName"]: entry["ContextKeyValues"] for entry in request.get("ContextEntries", ())}
    pairs = [(action, arn) for action in request["ActionNames"] for arn in request.get("ResourceArns", ["*"])]
    results = [
        _result(
            action, arn, engine.evaluate(engine.Request(action, arn, context), identity=identity, boundary=boundary)
        )
        for action, arn in pairs
    ]
    shown, more = page(request, enumerate(results), lambda each: f"{each[0]:09d}")
    return {"EvaluationResults": [result for _, result in shown], **more}


def _result(action: str, arn: str, verdict: engine.Verdict) -> dict[str, Any]:
    decision = "allowed" if verdict.allowed else "explicitDeny" if verdict.explicit else "implicitDeny"
    return {
        "EvalActionName": action,
        "EvalResourceName": arn,
        "EvalDecision": decision,
        "MatchedStatements": [],
        "MissingContextValues": [],
    }
