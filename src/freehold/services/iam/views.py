"""Views: entities as IAM's answers show them.

One idea: one function a shape of the AWS model. Lists show less than single answers, as in IAM: no tags, and no
boundary. It may not change anything.
"""

from typing import Any
from urllib.parse import quote

from freehold.kernel.store import Tx
from freehold.services.iam import aws_managed
from freehold.services.iam.attachments import BOUNDARY, PERMISSIONS, boundary, count
from freehold.services.iam.entities import NAMED_BY, Entity, Policy, Profile, Role, User, arn, arn_of
from freehold.services.iam.keys import AccessKey

Shape = dict[str, Any]


def encoded(document: str) -> str:
    """A policy document as answers carry it: percent-encoded as of RFC 3986."""
    return quote(document, safe="")


def tags(entity: Entity) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in sorted(entity.tags.items())]


def entity(tx: Tx, it: Entity) -> Shape:
    """What roles, users, groups and instance profiles have in common."""
    return {
        "Path": it.path,
        NAMED_BY[type(it)]: it.name,
        f"{it.word}Id": it.id,
        "Arn": arn_of(tx, it),
        "CreateDate": it.created_at,
    }


def in_full(tx: Tx, it: Role | User) -> Shape:
    """A role or user with the tags and the boundary that lists leave out."""
    shape = role(tx, it) if isinstance(it, Role) else entity(tx, it)
    limit = boundary(tx, it)
    if limit:
        shape["PermissionsBoundary"] = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": limit}
    return shape | ({"Tags": tags(it)} if it.tags else {})


def role(tx: Tx, it: Role) -> Shape:
    shape = entity(tx, it) | {"AssumeRolePolicyDocument": encoded(it.trust), "MaxSessionDuration": it.session_max_s}
    return shape | ({"Description": it.description} if it.description is not None else {})


def profile(tx: Tx, it: Profile) -> Shape:
    roles = [found for fold in it.roles if (found := tx.get(Role, fold))]
    shape = entity(tx, it) | {"Roles": [role(tx, each) for each in roles]}
    return shape | ({"Tags": tags(it)} if it.tags else {})


def policy(tx: Tx, it: Policy) -> Shape:
    own = policy_arn(tx, it)
    return {
        "PolicyName": it.name,
        "PolicyId": it.id,
        "Arn": own,
        "Path": it.path,
        "DefaultVersionId": f"v{it.default}",
        "AttachmentCount": count(tx, own, PERMISSIONS),
        "PermissionsBoundaryUsageCount": count(tx, own, BOUNDARY),
        "IsAttachable": True,
        "CreateDate": it.created_at,
        "UpdateDate": it.updated_at,
    }


def policy_in_full(tx: Tx, it: Policy) -> Shape:
    shape = policy(tx, it) | ({"Tags": tags(it)} if it.tags else {})
    return shape | ({"Description": it.description} if it.description is not None else {})


def policy_arn(tx: Tx, it: Policy) -> str:
    """AWS's own policies are of the account `aws`."""
    known = arn("aws", Policy, it.path, it.name)
    return known if aws_managed.find(known) is it else arn_of(tx, it)


def version(it: Policy, number: int, with_document: bool = False) -> Shape:
    shape: Shape = {
        "VersionId": f"v{number}",
        "IsDefaultVersion": number == it.default,
        "CreateDate": it.version_times[number],
    }
    return shape | ({"Document": encoded(it.documents[number])} if with_document else {})


def access_key(it: AccessKey, user: User) -> Shape:
    return {"UserName": user.name, "AccessKeyId": it.id, "Status": it.status, "CreateDate": it.created_at}
