"""Handing out: an event's shares become promises.

One idea: whoever wants an event is promised it in this transaction, in the name of the target's role or of the rule. It
may not know where events come from.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
"""

from typing import Any, NamedTuple

from freehold.kernel import arns, roles
from freehold.kernel.deliveries import promise
from freehold.kernel.store import Tx
from freehold.services.events import names, rules
from freehold.services.events.buses import EventBus
from freehold.services.events.delivery import inputs
from freehold.services.events.delivery.boards import board_of
from freehold.services.events.delivery.events import Event, written
from freehold.services.events.delivery.parcels import Share, parcel, queue_url
from freehold.services.events.destinations.destinations import slot
from freehold.services.events.errors import UnfitInput
from freehold.services.events.rules import Rule
from freehold.services.events.targets import Target

WIDTH = 100
RETRIES, AGE_S = 185, 86_400


class Letter(NamedTuple):
    """What goes to a target's dead-letter queue if it cannot be told, and why."""

    queue: str
    body: str
    rule_arn: str
    target_arn: str


def hand_out(
    tx: Tx, bus: EventBus, event: Event, *, forwarded: bool = False, only: frozenset[str] = frozenset()
) -> int:
    """Promise an event to every target of every rule that it matches; how many rules these are.

    An event that came from another bus is not passed on to a third. `only`: the ARNs of rules, if not all are meant.
    """
    matching = board_of(tx, bus).matching(event)
    if only:
        matching = [ready for ready in matching if rules.arn(tx, ready.rule) in only]
    for ready in matching:
        for target in ready.targets:
            if not (forwarded and ":event-bus/" in target.arn):
                promise_to(tx, ready.rule, target, event)
    return len(matching)


def promise_to(tx: Tx, rule: Rule, target: Target, event: Event) -> None:
    """Promise one target its share of an event."""
    place, members = arns.parse(target.arn), target.members
    assert place, "checked when it was put"
    rule_arn = rules.arn(tx, rule)
    queue = members.get("DeadLetterConfig", {}).get("Arn", "")
    letter = Letter(queue, written(event), rule_arn, target.arn) if queue else None
    try:
        text = inputs.told(members, event, rule_arn, rule.name, tx.now)
    except UnfitInput as unfit:
        if letter:
            bury(tx, letter, {"code": unfit.shape(), "message": unfit.message})
        return
    share = Share(members, place, event, text, tx.now, tx.ids.uuid())
    to, operation, request = parcel(share)
    policy = members.get("RetryPolicy", {})
    named = request["name"] if operation == "call_destination" else ""
    promise(
        _seat(tx, members, place, rule_arn), to, operation, request, due_at=slot(tx, named) if named else None,
        lane=f"events:{target.arn}", width=WIDTH,
        attempts=1 + policy.get("MaximumRetryAttempts", RETRIES),
        until=tx.now + policy.get("MaximumEventAgeInSeconds", AGE_S),
        then=("events", "settle") if letter else None, about=letter._asdict() if letter else None,
    )  # fmt: skip


def _seat(tx: Tx, members: dict[str, Any], place: arns.Arn, rule_arn: str) -> Tx:
    """Where the target is, as the target's role, or as EventBridge for the rule."""
    role = members.get("RoleArn")
    principal = roles.session(role, tx.ids.hex(32)) if role else names.speaker(tx.account, rule_arn)
    return tx.within(place.account or tx.account, place.region or tx.region).acting(principal)


# What dead-letter queues are told of errors, by what their codes contain.
CODES = {
    "AccessDenied": "NO_PERMISSIONS",
    "AuthorizationError": "NO_PERMISSIONS",
    "NotFound": "NO_RESOURCE",
    "NonExistent": "NO_RESOURCE",
    "DoesNotExist": "NO_RESOURCE",
    "Throttl": "THROTTLING",
    "TooManyRequests": "THROTTLING",
    "INVALID_JSON": "INVALID_JSON",
}
CONDITIONS = {"attempts": "MaximumRetryAttempts", "time": "MaximumEventAgeInSeconds"}


def bury(tx: Tx, letter: Letter, error: dict[str, Any]) -> None:
    """Send an event that could not be told to the target's dead-letter queue, with AWS's attributes.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
    """
    queue, rule = arns.parse(letter.queue), arns.parse(letter.rule_arn)
    if queue is None or rule is None:
        return
    told = {
        "RULE_ARN": letter.rule_arn,
        "TARGET_ARN": letter.target_arn,
        "ERROR_CODE": next((told for part, told in CODES.items() if part in error["code"]), "SDK_CLIENT_ERROR"),
        "ERROR_MESSAGE": error["message"],
        "EXHAUSTED_RETRY_CONDITION": CONDITIONS.get(error.get("spent", ""), ""),
        "RETRY_ATTEMPTS": str(error["retries"]) if error.get("retries") else "",
    }
    attributes = {name: {"DataType": "String", "StringValue": value} for name, value in told.items() if value}
    request = {"QueueUrl": queue_url(queue), "MessageBody": letter.body, "MessageAttributes": attributes}
    seat = tx.within(queue.account, queue.region).acting(names.speaker(rule.account, letter.rule_arn))
    promise(seat, "sqs", "SendMessage", request)
