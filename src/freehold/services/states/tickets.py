"""Tickets: what a task's token stands for, and the queue of an activity's tasks.

One idea: a ticket exists exactly as long as its task is open, so there is nothing to expire; while nobody has taken an
activity's task, its ticket names the activity and is found by it. It may not know what a task does.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-activities.html
"""

from typing import Any

from freehold.kernel.store import Record, Tx
from freehold.services.states import names
from freehold.services.states.errors import ActivityDoesNotExist, InvalidToken, TaskTimedOut

TOKEN_LENGTH = 36


class Ticket(Record, table="states_tickets", key="token", index="activity opened_at"):
    """An open task of an execution; `activity` is the name of the one whose workers may still take it."""

    token: str
    machine: str
    name: str
    task: str
    opened_at: float
    activity: str = ""
    input: str = ""


class Activity(Record, table="states_activities", key="name"):
    """An activity: a name under which workers ask for tasks."""

    name: str
    created_at: float
    tags: dict[str, str] = {}
    encryption: dict[str, Any] = {}


def opened(tx: Tx, token: str) -> Ticket:
    """The ticket of a token. Raises InvalidToken if it never was one, TaskTimedOut if its task is over."""
    if len(token) != TOKEN_LENGTH or token.count("-") != 4:
        raise InvalidToken()
    ticket = tx.get(Ticket, token)
    if ticket is None:
        raise TaskTimedOut()
    return ticket


def take(tx: Tx, activity: str) -> Ticket | None:
    """The oldest task of an activity that nobody has taken; it is the caller's now."""
    for ticket in tx.claim(Ticket, activity, index="activity opened_at", limit=1):
        ticket.activity = ""
        tx.put(ticket)
        return ticket
    return None


def activity(tx: Tx, arn: str) -> Activity:
    """The activity of an ARN. Raises InvalidArn, ActivityDoesNotExist."""
    named = names.read(arn, names.ACTIVITY)
    here = (named.account, named.region) == (tx.account, tx.region)
    found = tx.get(Activity, named.name) if here else None
    if found is None:
        raise ActivityDoesNotExist(arn=arn)
    return found
