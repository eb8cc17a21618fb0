"""Partner event sources: made by a partner for an account, and the bus that takes their events.

One idea: a source is one record that both sides may find: by its name and the account it is for. It may not know
events.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-saas.html
"""

from typing import Any

from freehold.kernel import arns
from freehold.kernel.store import Record, Tx
from freehold.services.events import errors

PENDING, ACTIVE, DELETED = "PENDING", "ACTIVE", "DELETED"
EXPIRES_S = 14 * 86_400.0
NOT_PENDING = "Event source {name} is not in the PENDING state."
NAMES = "The event bus must have the name of its event source."


class Source(
    Record, table="events_sources", key="name account", index=("partner name", "account name"), scope="global"
):
    """A source that `partner` (an account) made for an `account`, both in a region."""

    name: str
    account: str
    partner: str
    region: str
    state: str = PENDING
    made_at: float = 0.0


def arn(source: Source) -> str:
    return arns.arn("events", source.region, "", f"event-source/{source.name}")


def find_source(tx: Tx, name: str, account: str) -> Source:
    """Raises ResourceNotFoundException."""
    source = tx.get(Source, name, account)
    if source is None or source.region != tx.region:
        raise errors.ResourceNotFound(kind="Event source", name=name)
    return source


def create_source(tx: Tx, name: str, account: str) -> Source:
    if tx.get(Source, name, account):
        raise errors.AlreadyExists(kind="PartnerEventSource", name=name)
    source = Source(name=name, account=account, partner=tx.account, region=tx.region, made_at=tx.now)
    tx.put(source)
    return source


def associate(tx: Tx, name: str, bus: str) -> None:
    """A bus is made that takes a source's events. Raises what keeps it from that."""
    source = find_source(tx, name, tx.account)
    if bus != name:
        raise errors.Invalid(reason=NAMES)
    source.state = ACTIVE
    tx.put(source)


def dissociate(tx: Tx, bus: str) -> None:
    """A bus is gone; its source waits for another."""
    source = tx.get(Source, bus, tx.account)
    if source:
        source.state = PENDING
        tx.put(source)


def switch(tx: Tx, name: str, state: str) -> None:
    source = find_source(tx, name, tx.account)
    if source.state == DELETED:
        raise errors.InvalidStateException(reason=f"Event source {name} was deleted by its partner.")
    source.state = state
    tx.put(source)


def described(source: Source) -> dict[str, Any]:
    told = {
        "Arn": arn(source),
        "Name": source.name,
        "CreatedBy": source.name.split("/")[1],
        "State": source.state,
        "CreationTime": source.made_at,
    }
    return told | ({"ExpirationTime": source.made_at + EXPIRES_S} if source.state == PENDING else {})
