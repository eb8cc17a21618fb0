"""Roles. It may not know who acts as them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html
"""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.iam import attachments, views
from freehold.services.iam.documents import check_trust
from freehold.services.iam.entities import Profile, Role, all_of, enter, find, find_open, unique_id
from freehold.services.iam.errors import DeleteConflict
from freehold.services.iam.pages import page
from freehold.services.iam.service.catalogue import a_new, every, operation, tags_of, the
from freehold.services.iam.service.holders import check_boundary, clear


@operation("CreateRole", upon=a_new(Role))
def create_role(call: Call, tx: Tx, request: Request) -> Response:
    name = request["RoleName"]
    role = Role(
        fold=name.lower(), name=name, path=request.get("Path", "/"), id=unique_id(tx, Role), created_at=tx.now,
        tags=tags_of(request), trust=check_trust(request["AssumeRolePolicyDocument"]),
        description=request.get("Description"), session_max_s=request.get("MaxSessionDuration", 3_600),
    )  # fmt: skip
    limit = check_boundary(tx, request)
    enter(tx, role)
    attachments.bound(tx, role, limit)
    return {"Role": views.in_full(tx, role)}


@operation("GetRole", upon=the(Role))
def get_role(call: Call, tx: Tx, request: Request) -> Response:
    return {"Role": views.in_full(tx, find(tx, Role, request["RoleName"])) | {"RoleLastUsed": {}}}


@operation("ListRoles", upon=every(Role))
def list_roles(call: Call, tx: Tx, request: Request) -> Response:
    shown, more = page(request, all_of(tx, Role, request.get("PathPrefix", "/")), lambda role: role.fold)
    return {"Roles": [views.role(tx, role) for role in shown], **more}


@operation("UpdateRole", upon=the(Role))
def update_role(call: Call, tx: Tx, request: Request) -> Response:
    """Members that are absent leave what they are about as it is."""
    role = find_open(tx, Role, request["RoleName"])
    role.description = request.get("Description", role.description)
    role.session_max_s = request.get("MaxSessionDuration", role.session_max_s)
    tx.put(role)
    return {}


@operation("UpdateAssumeRolePolicy", upon=the(Role))
def update_assume_role_policy(call: Call, tx: Tx, request: Request) -> None:
    role = find_open(tx, Role, request["RoleName"])
    role.trust = check_trust(request["PolicyDocument"])
    tx.put(role)


@operation("DeleteRole", upon=the(Role))
def delete_role(call: Call, tx: Tx, request: Request) -> None:
    role = find_open(tx, Role, request["RoleName"])
    if any(role.fold in profile.roles for profile in tx.range(Profile)):
        raise DeleteConflict(first="remove roles from instance profile")
    clear(tx, role)
    tx.delete(Role, role.fold)
