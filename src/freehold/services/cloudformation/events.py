"""Events: what happened to a stack and its resources, in order.

One idea: the moments of a stack's events strictly increase, by a millisecond at least, so that those who follow them by
time miss none. It may not know what the statuses mean.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackEvent.html
"""

from typing import Any

from freehold.engines import moments
from freehold.kernel.announcements import announce
from freehold.kernel.store import Record, Tx

TICK_S = 0.001
SOURCE = "aws.cloudformation"


class Event(Record, table="cfn_events", key="stack at"):
    """One change of status. `at` in epoch seconds; `properties` is JSON text."""

    stack: str
    at: float
    id: str
    stack_name: str
    logical_id: str
    physical_id: str
    type: str
    status: str
    reason: str = ""
    properties: str = ""
    token: str = ""


def note(tx: Tx, event: Event) -> None:
    """Write the event down behind all others of its stack; its `at` and `id` are given here."""
    last = tx.range(Event, event.stack, reverse=True, limit=1)
    event.at = max(tx.now, last[0].at + TICK_S) if last else tx.now
    moment = moments.iso_ms(event.at)
    is_stack = event.physical_id == event.stack
    event.id = tx.ids.uuid() if is_stack else f"{event.logical_id}-{event.status}-{moment}"
    tx.put(event)
    name = "Stack" if is_stack else "Resource"
    announce(tx, SOURCE, f"CloudFormation {name} Status Change", [event.stack], lambda: _announced(event, is_stack))


def _announced(event: Event, is_stack: bool) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/eventbridge-ref-cloudformation.html"""
    told = {
        "stack-id": event.stack,
        "status-details": {"status": event.status, "status-reason": event.reason},
        "client-request-token": event.token,
    }
    if is_stack:
        return told
    own = {"logical-resource-id": event.logical_id, "physical-resource-id": event.physical_id}
    return told | own | {"resource-type": event.type}


def page(tx: Tx, stack: str, after: float | None, limit: int) -> list[Event]:
    """Events of a stack, newest first, those before `after` only."""
    return tx.range(Event, stack, after=None if after is None else (after,), reverse=True, limit=limit)


def printed(event: Event) -> dict[str, Any]:
    """A StackEvent."""
    shown = {
        "StackId": event.stack, "EventId": event.id, "StackName": event.stack_name,
        "LogicalResourceId": event.logical_id, "PhysicalResourceId": event.physical_id, "ResourceType": event.type,
        "Timestamp": event.at, "ResourceStatus": event.status,
    }  # fmt: skip
    optional = {
        "ResourceStatusReason": event.reason,
        "ResourceProperties": event.properties,
        "ClientRequestToken": event.token,
    }
    return shown | {key: value for key, value in optional.items() if value}
