"""Instance profiles: roles as machines are given them. It may not know machines.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html
"""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.iam import views
from freehold.services.iam.entities import Profile, Role, all_of, enter, find, unique_id
from freehold.services.iam.errors import DeleteConflict, LimitExceeded, NotInProfile
from freehold.services.iam.pages import page
from freehold.services.iam.service.catalogue import a_new, every, operation, tags_of, the


@operation("CreateInstanceProfile", upon=a_new(Profile))
def create_instance_profile(call: Call, tx: Tx, request: Request) -> Response:
    name = request["InstanceProfileName"]
    profile = Profile(
        fold=name.lower(), name=name, path=request.get("Path", "/"), id=unique_id(tx, Profile), created_at=tx.now,
        tags=tags_of(request),
    )  # fmt: skip
    enter(tx, profile)
    return {"InstanceProfile": views.profile(tx, profile)}


@operation("GetInstanceProfile", upon=the(Profile))
def get_instance_profile(call: Call, tx: Tx, request: Request) -> Response:
    return {"InstanceProfile": views.profile(tx, find(tx, Profile, request["InstanceProfileName"]))}


@operation("ListInstanceProfiles", upon=every(Profile))
def list_instance_profiles(call: Call, tx: Tx, request: Request) -> Response:
    found = all_of(tx, Profile, request.get("PathPrefix", "/"))
    shown, more = page(request, found, lambda profile: profile.fold)
    return {"InstanceProfiles": [views.profile(tx, profile) for profile in shown], **more}


@operation("ListInstanceProfilesForRole", upon=the(Role))
def list_instance_profiles_for_role(call: Call, tx: Tx, request: Request) -> Response:
    role = find(tx, Role, request["RoleName"])
    found = [profile for profile in tx.range(Profile) if role.fold in profile.roles]
    shown, more = page(request, found, lambda profile: profile.fold)
    return {"InstanceProfiles": [views.profile(tx, profile) for profile in shown], **more}


@operation("AddRoleToInstanceProfile", upon=the(Profile))
def add_role_to_instance_profile(call: Call, tx: Tx, request: Request) -> None:
    profile, role = find(tx, Profile, request["InstanceProfileName"]), find(tx, Role, request["RoleName"])
    if profile.roles:
        raise LimitExceeded(quota="InstanceSessionsPerInstanceProfile", limit=1)
    profile.roles = [role.fold]
    tx.put(profile)


@operation("RemoveRoleFromInstanceProfile", upon=the(Profile))
def remove_role_from_instance_profile(call: Call, tx: Tx, request: Request) -> None:
    profile, role = find(tx, Profile, request["InstanceProfileName"]), find(tx, Role, request["RoleName"])
    if role.fold not in profile.roles:
        raise NotInProfile(name=role.name, profile=profile.name)
    profile.roles = []
    tx.put(profile)


@operation("DeleteInstanceProfile", upon=the(Profile))
def delete_instance_profile(call: Call, tx: Tx, request: Request) -> None:
    profile = find(tx, Profile, request["InstanceProfileName"])
    if profile.roles:
        raise DeleteConflict(first="remove roles from instance profile")
    tx.delete(Profile, profile.fold)
