"""Users and their access keys. It may not know what they sign.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_users.html
"""

from freehold.kernel.call import Call
from freehold.kernel.identity import ROOT
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.iam import attachments, keys, views
from freehold.services.iam.entities import User, all_of, enter, find, rename, unique_id
from freehold.services.iam.errors import DeleteConflict, NoSuchKey
from freehold.services.iam.pages import page
from freehold.services.iam.service.catalogue import (
    Object,
    a_new,
    anything,
    every,
    known,
    operation,
    tags_of,
    the,
    user_of,
)
from freehold.services.iam.service.holders import check_boundary, clear


@operation("CreateUser", upon=a_new(User))
def create_user(call: Call, tx: Tx, request: Request) -> Response:
    name = request["UserName"]
    user = User(
        fold=name.lower(), name=name, path=request.get("Path", "/"), id=unique_id(tx, User), created_at=tx.now,
        tags=tags_of(request),
    )  # fmt: skip
    limit = check_boundary(tx, request)
    enter(tx, user)
    attachments.bound(tx, user, limit)
    return {"User": views.in_full(tx, user)}


@operation("GetUser", upon=the(User))
def get_user(call: Call, tx: Tx, request: Request) -> Response:
    """Without a name, who asks; an account's root is shown as IAM shows it."""
    if "UserName" not in request and call.principal.kind == ROOT:
        return {"User": {"UserId": tx.account, "Arn": call.principal.arn, "CreateDate": 0}}
    return {"User": views.in_full(tx, find(tx, User, user_of(call, request)))}


@operation("ListUsers", upon=every(User))
def list_users(call: Call, tx: Tx, request: Request) -> Response:
    shown, more = page(request, all_of(tx, User, request.get("PathPrefix", "/")), lambda user: user.fold)
    return {"Users": [views.entity(tx, user) for user in shown], **more}


@operation("UpdateUser", upon=the(User))
def update_user(call: Call, tx: Tx, request: Request) -> None:
    user = find(tx, User, request["UserName"])
    old = user.fold
    rename(tx, user, request.get("NewUserName", user.name), request.get("NewPath", user.path))
    if user.fold != old:
        attachments.carry_over(tx, User, old, user.fold)
        keys.carry_over(tx, old, user.fold)


@operation("DeleteUser", upon=the(User))
def delete_user(call: Call, tx: Tx, request: Request) -> None:
    user = find(tx, User, request["UserName"])
    if keys.of_user(tx, user):
        raise DeleteConflict(first="delete access keys")
    if attachments.groups(tx, user):
        raise DeleteConflict(first="remove users from group")
    clear(tx, user)
    tx.delete(User, user.fold)


@operation("CreateAccessKey", upon=the(User))
def create_access_key(call: Call, tx: Tx, request: Request) -> Response:
    user = find(tx, User, user_of(call, request))
    key, secret = keys.create(tx, user)
    return {"AccessKey": views.access_key(key, user) | {"SecretAccessKey": secret}}


@operation("ListAccessKeys", upon=the(User))
def list_access_keys(call: Call, tx: Tx, request: Request) -> Response:
    user = find(tx, User, user_of(call, request))
    shown, more = page(request, keys.of_user(tx, user), lambda key: key.id)
    return {"AccessKeyMetadata": [views.access_key(key, user) for key in shown], **more}


@operation("UpdateAccessKey", upon=the(User))
def update_access_key(call: Call, tx: Tx, request: Request) -> None:
    key = keys.find(tx, request["AccessKeyId"], find(tx, User, user_of(call, request)))
    key.status = request["Status"]
    tx.put(key)


@operation("DeleteAccessKey", upon=the(User))
def delete_access_key(call: Call, tx: Tx, request: Request) -> None:
    key = keys.find(tx, request["AccessKeyId"], find(tx, User, user_of(call, request)))
    tx.delete(keys.AccessKey, key.id)


def owner(call: Call, tx: Tx, request: Request) -> Object:
    """The user whose key a request names."""
    found = keys.with_owner(tx, request["AccessKeyId"])
    return known(tx, found[1]) if found else anything(call, tx, request)


@operation("GetAccessKeyLastUsed", upon=owner)
def get_access_key_last_used(call: Call, tx: Tx, request: Request) -> Response:
    found = keys.with_owner(tx, request["AccessKeyId"])
    if found is None:
        raise NoSuchKey(id=request["AccessKeyId"])
    key, user = found
    used = {"ServiceName": "N/A", "Region": key.used_in or "N/A"}
    noted = {} if key.used_at is None else {"LastUsedDate": key.used_at}
    return {"UserName": user.name, "AccessKeyLastUsed": used | noted}
