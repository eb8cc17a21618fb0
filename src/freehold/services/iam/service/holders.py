"""What roles, users and groups have alike: inline policies, attached policies, boundaries and tags.

One idea: each of these operations exists once for every kind of holder, so it is written once and entered by the table
at the end. It may not know what a holder is besides.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.iam import attachments, documents, views
from freehold.services.iam.entities import NAMED_BY, Entity, Group, Profile, Role, User, find, find_open, tag, untag
from freehold.services.iam.errors import DeleteConflict, NoSuchBoundary, NoSuchPolicy, NotAttachable
from freehold.services.iam.pages import page
from freehold.services.iam.service.catalogue import operation, tags_of, the, user_of

Kind = type[Entity]


def check_boundary(tx: Tx, request: Request) -> str | None:
    """The boundary that a request gives, which must exist."""
    arn = request.get("PermissionsBoundary")
    if arn:
        try:
            documents.managed(tx, arn)
        except NoSuchPolicy:
            raise NoSuchBoundary(arn=arn) from None
    return arn


def clear(tx: Tx, holder: Entity) -> None:
    """Check that a holder that is to go holds no policies, and drop its boundary."""
    if attachments.policies(tx, holder):
        raise DeleteConflict(first="detach all policies")
    if holder.inline:
        raise DeleteConflict(first="delete policies")
    attachments.bound(tx, holder, None)


def put_policy(kind: Kind, call: Call, tx: Tx, request: Request) -> None:
    holder = find_open(tx, kind, request[NAMED_BY[kind]])
    documents.put_inline(tx, holder, request["PolicyName"], request["PolicyDocument"])


def get_policy(kind: Kind, call: Call, tx: Tx, request: Request) -> Response:
    holder, name = find(tx, kind, request[NAMED_BY[kind]]), request["PolicyName"]
    document = views.encoded(documents.inline(holder, name))
    return {NAMED_BY[kind]: holder.name, "PolicyName": name, "PolicyDocument": document}


def list_policies(kind: Kind, call: Call, tx: Tx, request: Request) -> Response:
    shown, more = page(request, find(tx, kind, request[NAMED_BY[kind]]).inline, str)
    return {"PolicyNames": shown, **more}


def delete_policy(kind: Kind, call: Call, tx: Tx, request: Request) -> None:
    documents.delete_inline(tx, find_open(tx, kind, request[NAMED_BY[kind]]), request["PolicyName"])


def attach_policy(kind: Kind, call: Call, tx: Tx, request: Request) -> None:
    holder, arn = find_open(tx, kind, request[NAMED_BY[kind]]), request["PolicyArn"]
    try:
        documents.managed(tx, arn)
    except NoSuchPolicy:
        raise NotAttachable(arn=arn) from None
    attachments.attach(tx, holder, arn)


def detach_policy(kind: Kind, call: Call, tx: Tx, request: Request) -> None:
    attachments.detach(tx, find_open(tx, kind, request[NAMED_BY[kind]]), request["PolicyArn"])


def list_attached(kind: Kind, call: Call, tx: Tx, request: Request) -> Response:
    holder, prefix = find(tx, kind, request[NAMED_BY[kind]]), request.get("PathPrefix", "/")
    held = [arn for arn in attachments.policies(tx, holder) if arn.partition(":policy")[2].startswith(prefix)]
    shown, more = page(request, held, str)
    return {"AttachedPolicies": [{"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn} for arn in shown], **more}


def put_boundary(kind: Kind, call: Call, tx: Tx, request: Request) -> None:
    holder = find_open(tx, kind, request[NAMED_BY[kind]])
    attachments.bound(tx, holder, check_boundary(tx, request))


def delete_boundary(kind: Kind, call: Call, tx: Tx, request: Request) -> None:
    attachments.bound(tx, find_open(tx, kind, request[NAMED_BY[kind]]), None)


def tag_it(kind: Kind, call: Call, tx: Tx, request: Request) -> None:
    tag(tx, find(tx, kind, request[NAMED_BY[kind]]), tags_of(request))


def untag_it(kind: Kind, call: Call, tx: Tx, request: Request) -> None:
    untag(tx, find(tx, kind, request[NAMED_BY[kind]]), request["TagKeys"])


def list_tags(kind: Kind, call: Call, tx: Tx, request: Request) -> Response:
    name = user_of(call, request) if kind is User else request[NAMED_BY[kind]]
    shown, more = page(request, views.tags(find(tx, kind, name)), lambda each: each["Key"])
    return {"Tags": shown, **more}


# By name, `{}` being the holder's kind: what answers, and which kinds have it.
HOLDERS: tuple[Kind, ...] = (Role, User, Group)
OPERATIONS: dict[str, tuple[Callable[..., Any], tuple[Kind, ...]]] = {
    "Put{}Policy": (put_policy, HOLDERS),
    "Get{}Policy": (get_policy, HOLDERS),
    "List{}Policies": (list_policies, HOLDERS),
    "Delete{}Policy": (delete_policy, HOLDERS),
    "Attach{}Policy": (attach_policy, HOLDERS),
    "Detach{}Policy": (detach_policy, HOLDERS),
    "ListAttached{}Policies": (list_attached, HOLDERS),
    "Put{}PermissionsBoundary": (put_boundary, (Role, User)),
    "Delete{}PermissionsBoundary": (delete_boundary, (Role, User)),
    "Tag{}": (tag_it, (Role, User, Profile)),
    "Untag{}": (untag_it, (Role, User, Profile)),
    "List{}Tags": (list_tags, (Role, User, Profile)),
}

for _name, (_answer, _kinds) in OPERATIONS.items():
    for _kind in _kinds:
        operation(_name.format(_kind.word), upon=the(_kind))(partial(_answer, _kind))
