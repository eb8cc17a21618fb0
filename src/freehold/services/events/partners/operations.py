"""The operations of partners and of those they have sources for. They may not know how events travel.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPartnerEvents.html
"""

from typing import Any

from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.events import errors
from freehold.services.events.buses import EventBus
from freehold.services.events.catalogue import events, named
from freehold.services.events.delivery.operations import SIZE_MAX, check_whole, detail_of, size_of, take
from freehold.services.events.event import event
from freehold.services.events.pages import page
from freehold.services.events.partners import sources
from freehold.services.events.partners.sources import ACTIVE, DELETED, PENDING, Source, find_source

source_arn = named("event-source", "Name")


@events.operation(needs={"events:CreatePartnerEventSource": source_arn})
def create_partner_event_source(call: Call, tx: Tx, request: Request) -> Response:
    return {"EventSourceArn": sources.arn(sources.create_source(tx, request["Name"], request["Account"]))}


@events.operation(needs={"events:DescribePartnerEventSource": source_arn})
def describe_partner_event_source(call: Call, tx: Tx, request: Request) -> Response:
    own = tx.range(Source, tx.account, request["Name"], index="partner name", limit=1)
    if not own:
        raise errors.ResourceNotFound(kind="Event source", name=request["Name"])
    return {"Arn": sources.arn(own[0]), "Name": own[0].name}


@events.operation(needs={"events:DeletePartnerEventSource": source_arn})
def delete_partner_event_source(call: Call, tx: Tx, request: Request) -> None:
    """A source that a bus takes events of is seen as deleted; one that nobody took is gone."""
    source = tx.get(Source, request["Name"], request["Account"])
    if source is None or source.partner != tx.account:
        return
    if tx.within(source.account).get(EventBus, source.name):
        source.state = DELETED
        tx.put(source)
    else:
        tx.delete(Source, source.name, source.account)


@events.operation(needs={"events:ListPartnerEventSources": "*"})
def list_partner_event_sources(call: Call, tx: Tx, request: Request) -> Response:
    def show(source: Source) -> dict[str, Any]:
        return {"Arn": sources.arn(source), "Name": source.name}

    return page(
        tx, Source, request, "PartnerEventSources", show, tx.account, index="partner name",
        key=lambda source: (source.name, source.account), wanted=lambda source: source.region == tx.region,
    )  # fmt: skip


@events.operation(needs={"events:ListPartnerEventSourceAccounts": named("event-source", "EventSourceName")})
def list_partner_event_source_accounts(call: Call, tx: Tx, request: Request) -> Response:
    def show(source: Source) -> dict[str, Any]:
        told = sources.described(source)
        return {"Account": source.account} | {
            name: told[name] for name in ("CreationTime", "ExpirationTime", "State") if name in told
        }

    return page(
        tx, Source, request, "PartnerEventSourceAccounts", show, request["EventSourceName"],
        key=lambda source: (source.account,), wanted=lambda source: source.partner == tx.account,
    )  # fmt: skip


@events.operation(needs={"events:DescribeEventSource": source_arn})
def describe_event_source(call: Call, tx: Tx, request: Request) -> Response:
    return sources.described(find_source(tx, request["Name"], tx.account))


@events.operation(needs={"events:ListEventSources": "*"})
def list_event_sources(call: Call, tx: Tx, request: Request) -> Response:
    return page(
        tx, Source, request, "EventSources", sources.described, tx.account, index="account name",
        wanted=lambda source: source.region == tx.region,
    )  # fmt: skip


@events.operation(needs={"events:ActivateEventSource": source_arn})
def activate_event_source(call: Call, tx: Tx, request: Request) -> None:
    sources.switch(tx, request["Name"], ACTIVE)


@events.operation(needs={"events:DeactivateEventSource": source_arn})
def deactivate_event_source(call: Call, tx: Tx, request: Request) -> None:
    sources.switch(tx, request["Name"], PENDING)


@events.operation(needs={"events:PutPartnerEvents": "*"})
def put_partner_events(call: Call, tx: Tx, request: Request) -> Response:
    if sum(map(size_of, request["Entries"])) > SIZE_MAX:
        raise errors.TooLarge()
    told = [_put(call, tx, entry) for entry in request["Entries"]]
    return {"FailedEntryCount": sum("ErrorCode" in one for one in told), "Entries": told}


def _put(call: Call, tx: Tx, entry: dict[str, Any]) -> dict[str, str]:
    """An entry's id, or what is wrong with it. Its source sends it to every account that has a bus for it."""
    try:
        check_whole(entry)
        detail, id = detail_of(entry["Detail"]), tx.ids.uuid()
        found = [one for one in tx.range(Source, entry["Source"]) if one.partner == tx.account]
        if not found:
            raise errors.ResourceNotFound(kind="Event source", name=entry["Source"])
    except AwsError as refusal:
        return {"ErrorCode": refusal.shape(), "ErrorMessage": refusal.message}
    for source in found:
        seat = tx.within(source.account, source.region)
        bus = seat.get(EventBus, source.name) if source.state == ACTIVE else None
        if bus:
            at, resources = entry.get("Time", tx.now), entry.get("Resources") or ()
            made = event(
                id, source.name, entry["DetailType"], source.account, source.region, at, resources, detail
            )  # fmt: skip
            take(call, seat, bus, made)
    return {"EventId": id}
