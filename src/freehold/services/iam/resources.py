"""IAM's CloudFormation types.

One idea: templates say what shall be held, operations add and take away; `relate` turns the difference of the two into
calls, for every list that these types have. It may not know how stacks work.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_IAM.html
"""

from collections.abc import Callable, Generator, Mapping
from typing import Any

import msgspec

from freehold.engines.coerce import tag_list
from freehold.kernel.resources import Ask, Ending, Made, Pause, Properties, Refused, Steps, Want
from freehold.services.iam.service import iam

Asks = Generator[Ask | Pause, Any, Any]
HOLDERS = {"Roles": "Role", "Users": "User", "Groups": "Group"}
NAME_MAX, POLICY_NAME_MAX = 64, 128


def ask(operation: str, **request: Any) -> Ask:
    """A call of IAM without the members that are absent."""
    return Ask("iam", operation, {name: value for name, value in request.items() if value is not None})


def unless_gone(asked: Ask) -> Asks:
    """Ask to remove what may be gone already."""
    try:
        yield asked
    except Refused as refusal:
        if refusal.code != "NoSuchEntity":
            raise


def text(document: Any) -> str | None:
    """A policy document as IAM takes it; templates have it as an object."""
    return document if document is None or isinstance(document, str) else msgspec.json.encode(document).decode()


def relate(
    before: Mapping[str, Any], now: Mapping[str, Any], put: Callable[[str, Any], Ask], drop: Callable[[str], Ask]
) -> Asks:
    """Put what is new or changed, then drop what is no longer there."""
    for key, value in now.items():
        if key not in before or before[key] != value:
            yield put(key, value)
    for key in before.keys() - now.keys():
        yield from unless_gone(drop(key))


def retag(want: Want, suffix: str, **named: str) -> Asks:
    gone, new = want.retagged()
    if new:
        yield ask(f"Tag{suffix}", Tags=tag_list(new), **named)
    if gone:
        yield ask(f"Untag{suffix}", TagKeys=gone, **named)


# Roles, users and groups: what they hold besides themselves.


def hold(word: str, name: str, old: Properties, new: Properties) -> Asks:
    """Bring inline policies, attached policies and groups from what they were to what they shall be."""
    named = {f"{word}Name": name}
    yield from relate(
        dict.fromkeys(old.get("ManagedPolicyArns", ())),
        dict.fromkeys(new.get("ManagedPolicyArns", ())),
        lambda arn, _: ask(f"Attach{word}Policy", PolicyArn=arn, **named),
        lambda arn: ask(f"Detach{word}Policy", PolicyArn=arn, **named),
    )
    yield from relate(
        _inline(old),
        _inline(new),
        lambda policy, document: ask(f"Put{word}Policy", PolicyName=policy, PolicyDocument=document, **named),
        lambda policy: ask(f"Delete{word}Policy", PolicyName=policy, **named),
    )
    yield from relate(
        dict.fromkeys(old.get("Groups", ())),
        dict.fromkeys(new.get("Groups", ())),
        lambda group, _: ask("AddUserToGroup", GroupName=group, UserName=name),
        lambda group: ask("RemoveUserFromGroup", GroupName=group, UserName=name),
    )


def _inline(properties: Properties) -> dict[str, str | None]:
    return {policy["PolicyName"]: text(policy["PolicyDocument"]) for policy in properties.get("Policies", ())}


def _bound(word: str, want: Want) -> Asks:
    if want.changed("PermissionsBoundary"):
        limit, named = want.properties.get("PermissionsBoundary"), {f"{word}Name": want.id}
        if limit:
            yield ask(f"Put{word}PermissionsBoundary", PermissionsBoundary=limit, **named)
        else:
            yield ask(f"Delete{word}PermissionsBoundary", **named)


def _remove(word: str, want: Want) -> Ending:
    yield from hold(word, want.id, want.properties, {})
    yield from unless_gone(ask(f"Delete{word}", **{f"{word}Name": want.id}))


role = iam.resource("AWS::IAM::Role", replaces=("RoleName", "Path"), attributes=("Arn", "RoleId"))


@role.create
def create_role(want: Want) -> Steps:
    given, name = want.properties, want.name(want.properties.get("RoleName"), NAME_MAX)
    made = yield ask(
        "CreateRole", RoleName=name, Path=given.get("Path"), Description=given.get("Description"),
        AssumeRolePolicyDocument=text(given.get("AssumeRolePolicyDocument")),
        MaxSessionDuration=given.get("MaxSessionDuration"), PermissionsBoundary=given.get("PermissionsBoundary"),
        Tags=tag_list(want.tagged(given)) or None,
    )  # fmt: skip
    yield from hold("Role", name, {}, given)
    return Made(name, {"Arn": made["Role"]["Arn"], "RoleId": made["Role"]["RoleId"]})


@role.update
def update_role(want: Want) -> Steps:
    given = want.properties
    if want.changed("AssumeRolePolicyDocument"):
        document = text(given["AssumeRolePolicyDocument"])
        yield ask("UpdateAssumeRolePolicy", RoleName=want.id, PolicyDocument=document)
    if want.changed("Description", "MaxSessionDuration"):
        longest = given.get("MaxSessionDuration", 3_600)
        yield ask("UpdateRole", RoleName=want.id, Description=given.get("Description", ""), MaxSessionDuration=longest)
    yield from _bound("Role", want)
    yield from hold("Role", want.id, want.old, given)
    yield from retag(want, "Role", RoleName=want.id)
    return Made(want.id)


@role.delete
def delete_role(want: Want) -> Ending:
    return _remove("Role", want)


user = iam.resource("AWS::IAM::User", replaces=("UserName",), attributes=("Arn",))


@user.create
def create_user(want: Want) -> Steps:
    given, name = want.properties, want.name(want.properties.get("UserName"), NAME_MAX)
    made = yield ask(
        "CreateUser", UserName=name, Path=given.get("Path"), PermissionsBoundary=given.get("PermissionsBoundary"),
        Tags=tag_list(want.tagged(given)) or None,
    )  # fmt: skip
    yield from hold("User", name, {}, given)
    return Made(name, {"Arn": made["User"]["Arn"]})


@user.update
def update_user(want: Want) -> Steps:
    if want.changed("Path"):
        yield ask("UpdateUser", UserName=want.id, NewPath=want.properties.get("Path", "/"))
    yield from _bound("User", want)
    yield from hold("User", want.id, want.old, want.properties)
    yield from retag(want, "User", UserName=want.id)
    return Made(want.id)


@user.delete
def delete_user(want: Want) -> Ending:
    return _remove("User", want)


group = iam.resource("AWS::IAM::Group", replaces=("GroupName",), attributes=("Arn",))


@group.create
def create_group(want: Want) -> Steps:
    name = want.name(want.properties.get("GroupName"), NAME_MAX)
    made = yield ask("CreateGroup", GroupName=name, Path=want.properties.get("Path"))
    yield from hold("Group", name, {}, want.properties)
    return Made(name, {"Arn": made["Group"]["Arn"]})


@group.update
def update_group(want: Want) -> Steps:
    if want.changed("Path"):
        yield ask("UpdateGroup", GroupName=want.id, NewPath=want.properties.get("Path", "/"))
    yield from hold("Group", want.id, want.old, want.properties)
    return Made(want.id)


@group.delete
def delete_group(want: Want) -> Ending:
    return _remove("Group", want)


# Policies of their own: inline ones put into holders, and managed ones attached to them.


def _held_by(properties: Properties) -> dict[str, str]:
    """`Role/name` and so on of every holder that a policy names, with the operations' word for its kind."""
    return {f"{word}/{name}": word for list_, word in HOLDERS.items() for name in properties.get(list_, ())}


def _to_holders(verb: str, **request: Any) -> Callable[..., Ask]:
    """What makes a call upon one holder of the policy."""

    def made(key: str, _: Any = None) -> Ask:
        word, _, name = key.partition("/")
        return ask(f"{verb}{word}Policy", **{f"{word}Name": name}, **request)

    return made


policy = iam.resource("AWS::IAM::Policy", replaces=("PolicyName",))


def _put_everywhere(want: Want, old: Properties) -> Asks:
    name, document = want.properties["PolicyName"], text(want.properties["PolicyDocument"])
    before = {} if want.changed("PolicyDocument") else _held_by(old)
    put = _to_holders("Put", PolicyName=name, PolicyDocument=document)
    drop = _to_holders("Delete", PolicyName=name)
    now = _held_by(want.properties)
    yield from relate(before, now, put, drop)
    if not before:
        yield from relate({key: word for key, word in _held_by(old).items() if key not in now}, {}, put, drop)


@policy.create
def create_policy(want: Want) -> Steps:
    yield from _put_everywhere(want, {})
    return Made(want.name(longest=POLICY_NAME_MAX))


@policy.update
def update_policy(want: Want) -> Steps:
    yield from _put_everywhere(want, want.old)
    return Made(want.id)


@policy.delete
def delete_policy(want: Want) -> Ending:
    for key in _held_by(want.properties):
        yield from unless_gone(_to_holders("Delete", PolicyName=want.properties["PolicyName"])(key))


managed = iam.resource(
    "AWS::IAM::ManagedPolicy",
    replaces=("ManagedPolicyName", "Path", "Description"),
    attributes=("PolicyArn", "PolicyId", "DefaultVersionId", "IsAttachable"),
)


def _attach(want: Want, arn: str, old: Properties, new: Properties) -> Asks:
    attach, detach = (_to_holders(verb, PolicyArn=arn) for verb in ("Attach", "Detach"))
    yield from relate(_held_by(old), _held_by(new), attach, detach)


@managed.create
def create_managed_policy(want: Want) -> Steps:
    given = want.properties
    made = yield ask(
        "CreatePolicy", PolicyName=want.name(given.get("ManagedPolicyName"), POLICY_NAME_MAX), Path=given.get("Path"),
        Description=given.get("Description"), PolicyDocument=text(given["PolicyDocument"]),
        Tags=tag_list(want.tagged(given)) or None,
    )  # fmt: skip
    arn, shown = made["Policy"]["Arn"], ("PolicyId", "DefaultVersionId", "IsAttachable")
    yield from _attach(want, arn, {}, given)
    return Made(arn, {"PolicyArn": arn, **{name: made["Policy"][name] for name in shown}})


@managed.update
def update_managed_policy(want: Want) -> Steps:
    """A changed document becomes the default version; the oldest makes room for it."""
    if want.changed("PolicyDocument"):
        listed = yield ask("ListPolicyVersions", PolicyArn=want.id)
        spare = [version["VersionId"] for version in listed["Versions"] if not version["IsDefaultVersion"]]
        if len(spare) >= 4:
            yield ask("DeletePolicyVersion", PolicyArn=want.id, VersionId=spare[-1])
        document = text(want.properties["PolicyDocument"])
        yield ask("CreatePolicyVersion", PolicyArn=want.id, PolicyDocument=document, SetAsDefault=True)
    yield from _attach(want, want.id, want.old, want.properties)
    yield from retag(want, "Policy", PolicyArn=want.id)
    return Made(want.id)


@managed.delete
def delete_managed_policy(want: Want) -> Ending:
    yield from _attach(want, want.id, want.properties, {})
    listed = yield ask("ListPolicyVersions", PolicyArn=want.id)
    for version in listed["Versions"]:
        if not version["IsDefaultVersion"]:
            yield ask("DeletePolicyVersion", PolicyArn=want.id, VersionId=version["VersionId"])
    yield ask("DeletePolicy", PolicyArn=want.id)


# Keys, instance profiles and memberships.

key = iam.resource("AWS::IAM::AccessKey", replaces=("UserName", "Serial"), attributes=("SecretAccessKey",))


@key.create
def create_access_key(want: Want) -> Steps:
    made = (yield ask("CreateAccessKey", UserName=want.properties["UserName"]))["AccessKey"]
    if want.properties.get("Status", "Active") != "Active":
        yield from _set_status(want, made["AccessKeyId"])
    return Made(made["AccessKeyId"], {"SecretAccessKey": made["SecretAccessKey"]})


@key.update
def update_access_key(want: Want) -> Steps:
    yield from _set_status(want, want.id)
    return Made(want.id)


def _set_status(want: Want, id: str) -> Asks:
    status = want.properties.get("Status", "Active")
    yield ask("UpdateAccessKey", UserName=want.properties["UserName"], AccessKeyId=id, Status=status)


@key.delete
def delete_access_key(want: Want) -> Ending:
    yield ask("DeleteAccessKey", UserName=want.properties["UserName"], AccessKeyId=want.id)


profile = iam.resource(
    "AWS::IAM::InstanceProfile", replaces=("InstanceProfileName", "Path"), attributes=("Arn", "InstanceProfileId")
)


def _fill(name: str, old: Properties, new: Properties) -> Asks:
    """The old role goes before the new one comes: there is room for one."""
    named = {"InstanceProfileName": name}
    for gone in set(old.get("Roles", ())) - set(new.get("Roles", ())):
        yield from unless_gone(ask("RemoveRoleFromInstanceProfile", RoleName=gone, **named))
    for come in set(new.get("Roles", ())) - set(old.get("Roles", ())):
        yield ask("AddRoleToInstanceProfile", RoleName=come, **named)


@profile.create
def create_instance_profile(want: Want) -> Steps:
    name = want.name(want.properties.get("InstanceProfileName"), POLICY_NAME_MAX)
    made = yield ask("CreateInstanceProfile", InstanceProfileName=name, Path=want.properties.get("Path"))
    yield from _fill(name, {}, want.properties)
    return Made(name, {attribute: made["InstanceProfile"][attribute] for attribute in ("Arn", "InstanceProfileId")})


@profile.update
def update_instance_profile(want: Want) -> Steps:
    yield from _fill(want.id, want.old, want.properties)
    return Made(want.id)


@profile.delete
def delete_instance_profile(want: Want) -> Ending:
    yield from _fill(want.id, want.properties, {})
    yield ask("DeleteInstanceProfile", InstanceProfileName=want.id)


addition = iam.resource("AWS::IAM::UserToGroupAddition", replaces=("GroupName",))


def _enlist(group_name: str, old: Properties, new: Properties) -> Asks:
    yield from relate(
        dict.fromkeys(old.get("Users", ())),
        dict.fromkeys(new.get("Users", ())),
        lambda name, _: ask("AddUserToGroup", GroupName=group_name, UserName=name),
        lambda name: ask("RemoveUserFromGroup", GroupName=group_name, UserName=name),
    )


@addition.create
def create_addition(want: Want) -> Steps:
    yield from _enlist(want.properties["GroupName"], {}, want.properties)
    return Made(want.name())


@addition.update
def update_addition(want: Want) -> Steps:
    yield from _enlist(want.properties["GroupName"], want.old, want.properties)
    return Made(want.id)


@addition.delete
def delete_addition(want: Want) -> Ending:
    return _enlist(want.properties["GroupName"], want.properties, {})
