"""Bus policies: whom they let in, and the statements that PutPermission writes.

One idea: within its account a bus is guarded by the caller's own policies, which the door weighs; another account needs
the bus's policy too. It may not know operations beyond their names.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-perms.html
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from freehold.engines import iam
from freehold.kernel import arns, identity
from freehold.kernel.service import Request
from freehold.kernel.store import Tx
from freehold.services.events import errors
from freehold.services.events.buses import EventBus, find_bus, keep
from freehold.services.events.catalogue import events
from freehold.services.events.names import Place, place_of

VERSION = "2012-10-17"
POLICY_MAX = 10_240
EVERYBODY = "*"


@events.guard
def policy_on(tx: Tx, arn: str) -> iam.Policy | None:
    """The policy of a bus of this account; None if there is none."""
    place = arns.parse(arn)
    here = place and (place.account, place.region) == (tx.account, tx.region)
    bus = tx.get(EventBus, place.resource.removeprefix("event-bus/")) if place and here else None
    return iam.resource_policy(bus.policy) if bus else None


def open_bus(tx: Tx, told: str | None, action: str, facts: Mapping[str, str] | None = None) -> tuple[Tx, EventBus]:
    """A bus told by name or ARN, and the transaction as seen from where it is, if the caller may do `action` there."""
    place = place_of(told, tx.account, tx.region)
    here = tx if (place.account, place.region) == (tx.account, tx.region) else tx.within(place.account, place.region)
    if place.account == tx.account:
        return here, find_bus(here, place.bus)
    bus = find_bus(here, place.bus)
    admit(here, bus, action, facts or {})
    return here, bus


def admit(tx: Tx, bus: EventBus, action: str, more: Mapping[str, str]) -> None:
    """Raise AccessDeniedException for a service or principal of another account whom the bus's policy does not
    allow."""
    caller = tx.principal
    if caller.account == tx.account:
        return
    if caller.kind == identity.SERVICE:  # a rule that sends events without a role does so as its account
        caller = identity.root(caller.account)
    arn = Place(tx.account, tx.region, bus.name).arn
    policy = iam.resource_policy(bus.policy)
    verdict = iam.weigh(caller, f"events:{action}", arn, policy, {**iam.facts_of(caller), **more})
    if not verdict.allowed:
        raise errors.AccessDenied(principal=caller.arn, action=f"events:{action}", resource=arn, reason=verdict.ending)


def put(tx: Tx, bus: EventBus, request: Request) -> None:
    """Write a whole policy, or one statement of it: `Action`, `Principal`, `StatementId` and `Condition`."""
    text = request.get("Policy")
    if text:
        document = _checked(text)
    else:
        document = _document(bus)
        statement = _statement(tx, bus, request)
        kept = [each for each in document["Statement"] if each.get("Sid") != statement["Sid"]]
        document["Statement"] = [*kept, statement]
    _keep(tx, bus, document)


def _checked(text: str) -> dict[str, Any]:
    try:
        iam.parse(text, "resource")
        return iam.read(text)
    except (iam.MalformedPolicyDocument, msgspec.DecodeError) as fault:
        reason = getattr(fault, "message", "") or str(fault)
        raise errors.BadParameterBecause(name="Policy", reason=reason) from fault


def _statement(tx: Tx, bus: EventBus, request: Request) -> dict[str, Any]:
    for name in ("Action", "Principal", "StatementId"):
        if not request.get(name):
            raise errors.Invalid(reason=f"Parameter {name} must be specified.")
    who, condition = request["Principal"], request.get("Condition")
    statement = {
        "Sid": request["StatementId"],
        "Effect": "Allow",
        "Principal": who if who == EVERYBODY else {"AWS": f"arn:aws:iam::{who}:root"},
        "Action": request["Action"],
        "Resource": Place(tx.account, tx.region, bus.name).arn,
    }
    if condition:
        statement["Condition"] = {condition["Type"]: {condition["Key"]: condition["Value"]}}
    return statement


def remove(tx: Tx, bus: EventBus, id: str | None, everything: bool) -> None:
    """Raises ResourceNotFoundException where there is no such statement."""
    document = _document(bus)
    left = [each for each in document["Statement"] if each.get("Sid") != id]
    if everything:
        left = []
    elif not bus.policy:
        raise errors.NothingPermitted()
    elif len(left) == len(document["Statement"]):
        raise errors.StatementNotFound()
    _keep(tx, bus, document | {"Statement": left})


def _document(bus: EventBus) -> dict[str, Any]:
    return msgspec.json.decode(bus.policy) if bus.policy else {"Version": VERSION, "Statement": []}


def _keep(tx: Tx, bus: EventBus, document: dict[str, Any]) -> None:
    text = msgspec.json.encode(document).decode() if document["Statement"] else ""
    if len(text) > POLICY_MAX:
        raise errors.PolicyLengthExceededException(most=POLICY_MAX)
    bus.policy = text
    keep(tx, bus)
