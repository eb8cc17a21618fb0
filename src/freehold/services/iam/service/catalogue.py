"""IAM's catalogue, and how its operations ask for permission.

One idea: an operation's action is its own name, so it only says upon what it acts; the permission is asked for inside
the transaction, where names have become entities with paths and tags. What changes identities begins an epoch here, so
no operation can forget it. It may not know what operations do.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from freehold.kernel.call import Call
from freehold.kernel.errors import AccessDenied
from freehold.kernel.identity import ANONYMOUS
from freehold.kernel.service import OPEN, Request, Response, Service, snake
from freehold.kernel.store import Tx
from freehold.services.iam import attachments, standing
from freehold.services.iam.entities import NAMED_BY, Entity, Policy, arn, arn_of
from freehold.services.iam.errors import MissingAuthenticationToken, NotUserCredentials
from freehold.services.iam.standing import Facts

iam = Service("iam")

READING = ("Get", "List", "Simulate", "Generate")

# Condition keys that follow from a member of the request.
KEYS = {
    "PolicyArn": "iam:PolicyARN",
    "PermissionsBoundary": "iam:PermissionsBoundary",
    "AWSServiceName": "iam:AWSServiceName",
}


class Object(NamedTuple):
    """What an operation acts upon: its ARN, and the condition keys that it brings."""

    arn: str
    facts: Facts = {}


Upon = Callable[[Call, Tx, Request], Object]
Run = Callable[[Call, Tx, Request], Response | None]


def operation(name: str, upon: Upon) -> Callable[[Run], Run]:
    """Answer the operation `name` for those who may do `iam:<name>` to what `upon` finds."""
    changing = not name.startswith(READING)

    def enter(run: Run) -> Run:
        def answer(call: Call, tx: Tx, request: Request) -> Response | None:
            if not call.principal.trusted:
                _permit(call, tx, f"iam:{name}", upon(call, tx, request), request)
            response = run(call, tx, request)
            if changing:
                standing.begin_epoch(tx)
            return response

        answer.__name__, answer.__doc__ = snake(name), run.__doc__
        iam.operation(needs=OPEN)(answer)
        return run

    return enter


def _permit(call: Call, tx: Tx, action: str, object: Object, request: Request) -> None:
    principal = call.principal
    if principal.kind == ANONYMOUS:
        raise MissingAuthenticationToken
    own = standing.standing(call, standing.gather(tx, principal))
    verdict = own.weigh(action, object.arn, lambda: object.facts | _request_facts(request))
    if not verdict.allowed:
        raise AccessDenied(principal=principal.arn, action=action, resource=object.arn, reason=verdict.ending)


def _request_facts(request: Request) -> Facts:
    found: Facts = {key: request[member] for member, key in KEYS.items() if member in request}
    tags = tags_of(request)
    keys = [*tags, *request.get("TagKeys", ())]
    if keys:
        found["aws:TagKeys"] = keys
    return found | {f"aws:RequestTag/{key}": value for key, value in tags.items()}


def tags_of(request: Request) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in request.get("Tags", ())}


def the(kind: type[Entity]) -> Upon:
    """The entity that the request names; where there is none, what it would be called."""

    def upon(call: Call, tx: Tx, request: Request) -> Object:
        name = request.get(NAMED_BY[kind]) or own_name(call)
        found = tx.get(kind, name.lower())
        return known(tx, found) if found else Object(arn(tx.account, kind, "/", name))

    return upon


def known(tx: Tx, entity: Entity) -> Object:
    """An entity with its tags and its boundary."""
    facts: Facts = {}
    for key, value in entity.tags.items():
        facts |= {f"aws:ResourceTag/{key}": value, f"iam:ResourceTag/{key}": value}
    limit = attachments.boundary(tx, entity)
    return Object(arn_of(tx, entity), facts | ({"iam:PermissionsBoundary": limit} if limit else {}))


def a_new(kind: type[Entity]) -> Upon:
    """The entity that the request is to make."""

    def upon(call: Call, tx: Tx, request: Request) -> Object:
        return Object(arn(tx.account, kind, request.get("Path", "/"), request[NAMED_BY[kind]]))

    return upon


def every(kind: type[Entity]) -> Upon:
    """All entities under a path."""

    def upon(call: Call, tx: Tx, request: Request) -> Object:
        return Object(arn(tx.account, kind, request.get("PathPrefix", "/"), ""))

    return upon


def the_policy(call: Call, tx: Tx, request: Request) -> Object:
    """The managed policy of the request's ARN, with its tags."""
    text = request["PolicyArn"]
    found = tx.get(Policy, text.rpartition("/")[2].lower())
    return known(tx, found) if found and arn_of(tx, found) == text else Object(text)


def anything(call: Call, tx: Tx, request: Request) -> Object:
    return Object("*")


def own_name(call: Call) -> str:
    """The name of the user who asks, for operations upon oneself."""
    principal = call.principal
    if principal.kind != "User":
        raise NotUserCredentials
    return principal.arn.rpartition("/")[2]


def user_of(call: Call, request: Request) -> str:
    """The user that a request names, or who asks."""
    return request.get("UserName") or own_name(call)


def names(entities: Iterable[Entity]) -> list[dict[str, Any]]:
    """Holders as ListEntitiesForPolicy shows them."""
    return [{NAMED_BY[type(each)]: each.name, f"{each.word}Id": each.id} for each in entities]
