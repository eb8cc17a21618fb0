"""Access control lists: who is granted what, as requests ask for it and as answers show it.

One idea: a list is kept as AWS writes it, grantee beside permission; the short forms (a canned name, grants by header)
are written out when they are put. It may not know buckets, nor who asks.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
"""

import re
from collections.abc import Iterable
from typing import Any

from freehold.services.s3.access import errors
from freehold.services.s3.buckets import canonical_id
from freehold.services.s3.errors import InvalidArgument, InvalidRequest

Grant = dict[str, Any]  # {"Grantee": {"Type", "ID" or "URI"}, "Permission"}
Request = dict[str, Any]

READ, WRITE, READ_ACP, WRITE_ACP, FULL = "READ", "WRITE", "READ_ACP", "WRITE_ACP", "FULL_CONTROL"
PERMISSIONS = {FULL, READ, WRITE, READ_ACP, WRITE_ACP}

ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"
AUTHENTICATED_USERS = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
LOG_DELIVERY = "http://acs.amazonaws.com/groups/s3/LogDelivery"
PUBLIC = {ALL_USERS, AUTHENTICATED_USERS}
GROUPS = {*PUBLIC, LOG_DELIVERY}
MACHINE_IMAGES = "6aa5a366c34c1cbe25dc49211496e913e0351eb0e8c37aa3477e40942ec6b97c"  # EC2, which fetches AMI bundles

# A canned list, besides the owner's FULL_CONTROL: groups with their permissions, and what the bucket's owner gets.
CANNED: dict[str, tuple[tuple[str, str], ...]] = {
    "private": (),
    "public-read": ((ALL_USERS, READ),),
    "public-read-write": ((ALL_USERS, READ), (ALL_USERS, WRITE)),
    "authenticated-read": ((AUTHENTICATED_USERS, READ),),
    "aws-exec-read": ((MACHINE_IMAGES, READ),),
    "log-delivery-write": ((LOG_DELIVERY, WRITE), (LOG_DELIVERY, READ_ACP)),
    "bucket-owner-read": (("", READ),),
    "bucket-owner-full-control": (("", FULL),),
}

# Grants by header: member, header and permission.
HEADERS = (
    ("GrantFullControl", "x-amz-grant-full-control", FULL),
    ("GrantRead", "x-amz-grant-read", READ),
    ("GrantReadACP", "x-amz-grant-read-acp", READ_ACP),
    ("GrantWrite", "x-amz-grant-write", WRITE),
    ("GrantWriteACP", "x-amz-grant-write-acp", WRITE_ACP),
)
ASKING = ("ACL", *(member for member, _, _ in HEADERS))
SAYING = frozenset((*ASKING, "AccessControlPolicy"))
NAMED = re.compile(r"""\s*(id|uri|emailAddress)\s*=\s*["']?([^"']*)["']?\s*""")
CANONICAL = re.compile(r"[0-9a-f]{64}|[0-9a-f]{32}")


def own(account: str) -> list[Grant]:
    """The list of what nobody has granted anything on: its owner's FULL_CONTROL."""
    return [_to(canonical_id(account), FULL)]


def asked(request: Request, owner: str, bucket_owner: str) -> list[Grant] | None:
    """The list that a request asks for, for a thing of the account `owner`; None if it asks for none.

    Raises InvalidArgument, InvalidRequest, MalformedACLError, UnexpectedContent, UnresolvableGrantByEmailAddress.
    """
    if SAYING.isdisjoint(request):
        return None
    canned, body = request.get("ACL"), request.get("AccessControlPolicy")
    headers = [(request[member], header, permission) for member, header, permission in HEADERS if request.get(member)]
    if canned is not None and canned not in CANNED:
        raise errors.InvalidAcl(Message="", ArgumentName="x-amz-acl", ArgumentValue=canned)
    if canned is not None and headers:
        raise InvalidRequest(reason="Specifying both Canned ACLs and Header Grants is not allowed")
    if body is not None and (canned is not None or headers):
        raise errors.UnexpectedContent()
    if canned is not None:
        return _written_out(canned, owner, bucket_owner)
    if headers:
        return [_to(who, permission) for text, header, permission in headers for who in _grantees(text, header)]
    return None if body is None else _of_body(body)


def _written_out(canned: str, owner: str, bucket_owner: str) -> list[Grant]:
    theirs = canonical_id(bucket_owner)
    more = [(who or theirs, permission) for who, permission in CANNED[canned]]
    return own(owner) + [_to(who, permission) for who, permission in more if (who, owner) != (theirs, bucket_owner)]


def _to(who: str, permission: str) -> Grant:
    """A grant to a group by its URI, or to an account by its canonical id."""
    group = who in GROUPS
    grantee = {"Type": "Group", "URI": who} if group else {"Type": "CanonicalUser", "ID": who}
    return {"Grantee": grantee, "Permission": permission}


def _grantees(text: str, header: str) -> list[str]:
    found = []
    for each in text.split(","):
        named = NAMED.fullmatch(each)
        if not named:
            raise InvalidArgument(
                reason="Argument format not recognized", ArgumentName=header, ArgumentValue=each.strip()
            )
        found.append(_known(named[1], named[2], named[1]))
    return found


def _known(kind: str, value: str, argument: str) -> str:
    """A group's URI or an account's id, if there can be such."""
    if kind == "emailAddress":
        raise errors.UnresolvableGrantByEmailAddress()
    if kind == "uri" and value not in GROUPS:
        raise InvalidArgument(reason="Invalid group uri", ArgumentName=argument, ArgumentValue=value)
    if kind == "id" and not CANONICAL.fullmatch(value):
        raise InvalidArgument(reason="Invalid id", ArgumentName=argument, ArgumentValue=value)
    return value


def _of_body(body: dict[str, Any]) -> list[Grant]:
    if "ID" not in body.get("Owner", {}) or "Grants" not in body:
        raise errors.MalformedACLError()
    _known("id", body["Owner"]["ID"], "CanonicalUser/ID")
    return [_of_grant(each) for each in body["Grants"]]


def _of_grant(grant: Grant) -> Grant:
    grantee = grant.get("Grantee", {})
    kinds = {
        "CanonicalUser": ("id", "ID", "CanonicalUser/ID"),
        "Group": ("uri", "URI", "Group/URI"),
        "AmazonCustomerByEmail": ("emailAddress", "EmailAddress", ""),
    }
    kind, member, argument = kinds.get(grantee.get("Type", ""), ("", "", ""))
    if grant.get("Permission") not in PERMISSIONS or member not in grantee:
        raise errors.MalformedACLError()
    return _to(_known(kind, grantee[member], argument), grant["Permission"])


def is_public(grants: Iterable[Grant]) -> bool:
    """Whether everybody, or everybody with an account, is granted anything."""
    return any(each["Grantee"].get("URI") in PUBLIC for each in grants)


def allows(grants: Iterable[Grant], permission: str, account: str, *, public: bool) -> bool:
    """Whether an account ("": nobody known) is granted it; groups count where what is `public` does."""
    groups = ({ALL_USERS, AUTHENTICATED_USERS} if account else {ALL_USERS}) if public else set()
    id = canonical_id(account) if account else ""
    return any(
        each["Permission"] in (permission, FULL)
        and ((id and each["Grantee"].get("ID") == id) or each["Grantee"].get("URI") in groups)
        for each in grants
    )
