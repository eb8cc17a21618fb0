"""Groups and who is in them. It may not know what members may do.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_groups.html
"""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.iam import attachments, views
from freehold.services.iam.entities import Group, User, all_of, enter, find, rename, unique_id
from freehold.services.iam.errors import DeleteConflict
from freehold.services.iam.pages import page
from freehold.services.iam.service.catalogue import a_new, every, operation, the
from freehold.services.iam.service.holders import clear


@operation("CreateGroup", upon=a_new(Group))
def create_group(call: Call, tx: Tx, request: Request) -> Response:
    name = request["GroupName"]
    path = request.get("Path", "/")
    group = Group(fold=name.lower(), name=name, path=path, id=unique_id(tx, Group), created_at=tx.now)
    enter(tx, group)
    return {"Group": views.entity(tx, group)}


@operation("GetGroup", upon=the(Group))
def get_group(call: Call, tx: Tx, request: Request) -> Response:
    group = find(tx, Group, request["GroupName"])
    shown, more = page(request, attachments.members(tx, group), lambda user: user.fold)
    return {"Group": views.entity(tx, group), "Users": [views.entity(tx, user) for user in shown], **more}


@operation("ListGroups", upon=every(Group))
def list_groups(call: Call, tx: Tx, request: Request) -> Response:
    shown, more = page(request, all_of(tx, Group, request.get("PathPrefix", "/")), lambda group: group.fold)
    return {"Groups": [views.entity(tx, group) for group in shown], **more}


@operation("UpdateGroup", upon=the(Group))
def update_group(call: Call, tx: Tx, request: Request) -> None:
    group = find(tx, Group, request["GroupName"])
    old = group.fold
    rename(tx, group, request.get("NewGroupName", group.name), request.get("NewPath", group.path))
    if group.fold != old:
        attachments.carry_over(tx, Group, old, group.fold)


@operation("DeleteGroup", upon=the(Group))
def delete_group(call: Call, tx: Tx, request: Request) -> None:
    group = find(tx, Group, request["GroupName"])
    if attachments.members(tx, group):
        raise DeleteConflict(first="remove users from group")
    clear(tx, group)
    tx.delete(Group, group.fold)


@operation("AddUserToGroup", upon=the(Group))
def add_user_to_group(call: Call, tx: Tx, request: Request) -> None:
    group = find(tx, Group, request["GroupName"])
    attachments.join(tx, find(tx, User, request["UserName"]), group)


@operation("RemoveUserFromGroup", upon=the(Group))
def remove_user_from_group(call: Call, tx: Tx, request: Request) -> None:
    group = find(tx, Group, request["GroupName"])
    attachments.leave(tx, find(tx, User, request["UserName"]), group)


@operation("ListGroupsForUser", upon=the(User))
def list_groups_for_user(call: Call, tx: Tx, request: Request) -> Response:
    user = find(tx, User, request["UserName"])
    shown, more = page(request, attachments.groups(tx, user), lambda group: group.fold)
    return {"Groups": [views.entity(tx, group) for group in shown], **more}
