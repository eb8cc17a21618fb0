"""Managed policies: the account's own with their versions, and AWS's. It may not know what they decide.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
"""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.iam import aws_managed, documents, views
from freehold.services.iam.attachments import BOUNDARY, PERMISSIONS, holders
from freehold.services.iam.entities import Entity, Group, Policy, Role, User, all_of, enter, tag, untag
from freehold.services.iam.errors import PolicyHasVersions, PolicyInUse
from freehold.services.iam.pages import page
from freehold.services.iam.service.catalogue import a_new, every, names, operation, tags_of, the_policy

SCOPES = {"AWS": ("aws",), "Local": ("own",), "All": ("aws", "own")}
USES = (PERMISSIONS, BOUNDARY)
FILTERS = {"Role": (Role,), "User": (User,), "Group": (Group,)}  # the other values name policies: nobody holds by them
COUNTS = {PERMISSIONS: "AttachmentCount", BOUNDARY: "PermissionsBoundaryUsageCount"}


@operation("CreatePolicy", upon=a_new(Policy))
def create_policy(call: Call, tx: Tx, request: Request) -> Response:
    policy = documents.new_policy(
        tx, request["PolicyName"], request.get("Path", "/"), request["PolicyDocument"],
        request.get("Description"), tags_of(request),
    )  # fmt: skip
    enter(tx, policy)
    return {"Policy": views.policy_in_full(tx, policy)}


@operation("GetPolicy", upon=the_policy)
def get_policy(call: Call, tx: Tx, request: Request) -> Response:
    return {"Policy": views.policy_in_full(tx, documents.managed(tx, request["PolicyArn"]))}


@operation("ListPolicies", upon=every(Policy))
def list_policies(call: Call, tx: Tx, request: Request) -> Response:
    prefix, use = request.get("PathPrefix", "/"), request.get("PolicyUsageFilter")
    sources = {"aws": list(aws_managed.policies().values()), "own": all_of(tx, Policy)}
    found = [policy for scope in SCOPES[request.get("Scope", "All")] for policy in sources[scope]]
    shapes = [views.policy(tx, policy) for policy in found if policy.path.startswith(prefix)]
    if request.get("OnlyAttached") or use:
        counts = [COUNTS[each] for each in USES if use in (None, each)]
        shapes = [shape for shape in shapes if any(shape[count] for count in counts)]
    shown, more = page(request, shapes, lambda shape: shape["Arn"])
    return {"Policies": shown, **more}


@operation("DeletePolicy", upon=the_policy)
def delete_policy(call: Call, tx: Tx, request: Request) -> None:
    arn = request["PolicyArn"]
    policy = documents.own(tx, arn)
    if any(holders(tx, arn, use) for use in USES):
        raise PolicyInUse
    if len(policy.documents) > 1:
        raise PolicyHasVersions
    tx.delete(Policy, policy.fold)


@operation("ListEntitiesForPolicy", upon=the_policy)
def list_entities_for_policy(call: Call, tx: Tx, request: Request) -> Response:
    arn, wanted = request["PolicyArn"], request.get("PolicyUsageFilter")
    documents.managed(tx, arn)
    held = {(each.noun, each.fold): each for use in USES if wanted in (None, use) for each in holders(tx, arn, use)}
    chosen = request.get("EntityFilter")
    kinds: tuple[type[Entity], ...] = FILTERS.get(chosen, ()) if chosen else (Role, User, Group)
    prefix = request.get("PathPrefix", "/")
    found = [each for each in held.values() if type(each) in kinds and each.path.startswith(prefix)]
    shown, more = page(request, found, lambda each: f"{each.noun}/{each.fold}")
    listed = {
        f"Policy{kind.word}s": names(each for each in shown if type(each) is kind) for kind in (Group, User, Role)
    }
    return listed | more


@operation("CreatePolicyVersion", upon=the_policy)
def create_policy_version(call: Call, tx: Tx, request: Request) -> Response:
    policy = documents.own(tx, request["PolicyArn"])
    number = documents.add_version(tx, policy, request["PolicyDocument"], request.get("SetAsDefault", False))
    return {"PolicyVersion": views.version(policy, number)}


@operation("GetPolicyVersion", upon=the_policy)
def get_policy_version(call: Call, tx: Tx, request: Request) -> Response:
    policy = documents.managed(tx, request["PolicyArn"])
    number = documents.version(policy, request["PolicyArn"], request["VersionId"])
    return {"PolicyVersion": views.version(policy, number, with_document=True)}


@operation("ListPolicyVersions", upon=the_policy)
def list_policy_versions(call: Call, tx: Tx, request: Request) -> Response:
    policy = documents.managed(tx, request["PolicyArn"])
    newest_first = sorted(policy.documents, reverse=True)
    shown, more = page(request, enumerate(newest_first), lambda each: f"{each[0]:06d}")
    return {"Versions": [views.version(policy, number) for _, number in shown], **more}


@operation("SetDefaultPolicyVersion", upon=the_policy)
def set_default_policy_version(call: Call, tx: Tx, request: Request) -> None:
    policy = documents.own(tx, request["PolicyArn"])
    policy.default = documents.version(policy, request["PolicyArn"], request["VersionId"])
    policy.updated_at = tx.now
    tx.put(policy)


@operation("DeletePolicyVersion", upon=the_policy)
def delete_policy_version(call: Call, tx: Tx, request: Request) -> None:
    policy = documents.own(tx, request["PolicyArn"])
    documents.delete_version(tx, policy, documents.version(policy, request["PolicyArn"], request["VersionId"]))


@operation("TagPolicy", upon=the_policy)
def tag_policy(call: Call, tx: Tx, request: Request) -> None:
    tag(tx, documents.own(tx, request["PolicyArn"]), tags_of(request))


@operation("UntagPolicy", upon=the_policy)
def untag_policy(call: Call, tx: Tx, request: Request) -> None:
    untag(tx, documents.own(tx, request["PolicyArn"]), request["TagKeys"])


@operation("ListPolicyTags", upon=the_policy)
def list_policy_tags(call: Call, tx: Tx, request: Request) -> Response:
    policy = documents.managed(tx, request["PolicyArn"])
    shown, more = page(request, views.tags(policy), lambda each: each["Key"])
    return {"Tags": shown, **more}
