"""Handing out: an event's shares become promises.

One idea: whoever wants an event is promised it in this transaction, in the name of the target's role or of the rule;
what one target gets of several events is one promise where it takes several. It may not know where events come from.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
"""

from collections import Counter
from typing import Any, NamedTuple

from freehold.engines.addresses import queue_url
from freehold.engines.templates import written
from freehold.kernel import arns, roles
from freehold.kernel.call import Call
from freehold.kernel.deliveries import promise
from freehold.kernel.store import Tx
from freehold.services.events import names, rules
from freehold.services.events.buses import EventBus
from freehold.services.events.delivery import inputs, metrics
from freehold.services.events.delivery.boards import board_of
from freehold.services.events.delivery.parcels import Parcel, Share, packed
from freehold.services.events.destinations.destinations import slot
from freehold.services.events.errors import UnfitInput
from freehold.services.events.event import Event
from freehold.services.events.rules import Rule
from freehold.services.events.targets import Target

WIDTH = 100
RETRIES, AGE_S = 185, 86_400


class Letter(NamedTuple):
    """Of which events (`number` of them) a target is to be told, and what goes to its dead-letter queue (an ARN, or
    empty) if it cannot be: `bodies` are the events then, in order."""

    queue: str
    bodies: list[str]
    rule_arn: str
    target_arn: str
    number: int = 1


class Group(NamedTuple):
    """The shares of one target, seen from where its rule is."""

    tx: Tx
    rule: Rule
    target: Target
    place: arns.Arn
    shares: list[Share]


class Outing:
    """What one transaction hands out. The shares of a target are gathered, for some targets take several at once."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.groups: dict[tuple[str, ...], Group] = {}
        self.matched: Counter[str] = Counter()  # by the rule's ARN

    def hand_out(
        self, tx: Tx, bus: EventBus, event: Event, forwarded: bool = False, only: frozenset[str] = frozenset()
    ) -> None:
        """Give an event to every target of every rule that it matches.

        An event that came from another bus is not passed on to a third. `only`: the ARNs of rules, if not all are
        meant.
        """
        for ready in board_of(tx, bus).matching(event):
            rule_arn = rules.arn(tx, ready.rule)
            if only and rule_arn not in only:
                continue
            self.matched[rule_arn] += 1
            for target in ready.targets:
                if not (forwarded and ":event-bus/" in target.arn):
                    self.give(tx, ready.rule, target, event)

    def give(self, tx: Tx, rule: Rule, target: Target, event: Event) -> None:
        """Give one target its share of an event."""
        key = (tx.account, tx.region, tx.trace, rule.bus, rule.name, target.id)
        group = self.groups.get(key)
        if group is None:
            place = arns.parse(target.arn)
            assert place, "checked when it was put"
            group = self.groups[key] = Group(tx, rule, target, place, [])
        rule_arn = rules.arn(tx, rule)
        try:
            text = inputs.told(target.members, event, rule_arn, rule.name, tx.now)
        except UnfitInput as unfit:
            queue = _dead_letters(target)
            if queue:
                letter = Letter(queue, [written(event)], rule_arn, target.arn)
                bury(tx, letter, {"code": unfit.shape(), "message": unfit.message})
            return
        group.shares.append(Share(target.members, group.place, event, text, tx.now, tx.ids.uuid))

    def promise(self) -> None:
        """Promise everything that was given."""
        for rule_arn, count in self.matched.items():
            metrics.of_rule(self.call, rule_arn, {metrics.MATCHED: count, metrics.TRIGGERED: count})
        for group in self.groups.values():
            if group.shares:
                seat = _seat(group)
                for parcel in packed(group.shares):
                    _promise(group, seat, parcel)


def _promise(group: Group, seat: Tx, parcel: Parcel) -> None:
    tx, target = group.tx, group.target
    queue, policy = _dead_letters(target), target.members.get("RetryPolicy", {})
    bodies = [written(share.event) for share in parcel.shares] if queue else []
    letter = Letter(queue, bodies, rules.arn(tx, group.rule), target.arn, len(parcel.shares))
    named = parcel.request["resource"].split("/")[1] if parcel.operation == "call_destination" else ""
    promise(
        seat, parcel.to, parcel.operation, parcel.request, lane=f"events:{tx.account}:{target.arn}", width=WIDTH,
        due_at=slot(tx, named) if named else None,
        attempts=1 + policy.get("MaximumRetryAttempts", RETRIES),
        until=tx.now + policy.get("MaximumEventAgeInSeconds", AGE_S),
        then=("events", "settle"), about=letter._asdict(),
    )  # fmt: skip


def _dead_letters(target: Target) -> str:
    """The ARN of the target's dead-letter queue, if it has one."""
    return str(target.members.get("DeadLetterConfig", {}).get("Arn", ""))


def _seat(group: Group) -> Tx:
    """Where the target is, as the target's role, or as EventBridge for the rule."""
    tx, place = group.tx, group.place
    role = group.target.members.get("RoleArn")
    own = names.speaker(tx.account, rules.arn(tx, group.rule))
    principal = roles.session(role, tx.ids.hex(32)) if role else own
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
    """Send events that could not be told to the target's dead-letter queue, with AWS's attributes.

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
    seat = tx.within(queue.account, queue.region).acting(names.speaker(rule.account, letter.rule_arn))
    for body in letter.bodies:
        request = {"QueueUrl": queue_url(letter.queue), "MessageBody": body, "MessageAttributes": attributes}
        promise(seat, "sqs", "SendMessage", request, then=("events", "buried"), about={"rule_arn": letter.rule_arn})
