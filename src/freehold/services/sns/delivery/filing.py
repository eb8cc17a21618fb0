"""Filing: which of a topic's subscriptions may want a message, found without asking all of them.

One idea: most filter policies ask for one of some texts in some place, so such a subscription is filed under the place
where it finds itself in the least company, a row for each text; a message looks up only what it holds. What is found
may want it; whoever delivers makes sure. It may not know what is delivered.
"""

import msgspec

from freehold.engines import patterns
from freehold.kernel.store import Record, Tx
from freehold.services.sns.notices import Notice
from freehold.services.sns.subscriptions import CONFIRMED, SCOPES, Subscription, scope
from freehold.services.sns.topics import Topic


class Filed(Record, table="sns_filed", key="topic place text id"):
    """That a subscription asks for a text in a place: a JSON array of the scope and the names on the way."""

    topic: str
    place: str
    text: str
    id: str


def file(tx: Tx, topic: Topic, subscription: Subscription) -> None:
    """Enter a subscription that is new, or whose filter is."""
    if subscription.filed:
        _take_out(tx, topic, subscription)
    policy = subscription.attributes.get("FilterPolicy")
    places = patterns.places(policy) if policy else {}
    if places:
        named = {msgspec.json.encode([scope(subscription), *path]).decode(): texts for path, texts in places.items()}
        place = min(named, key=lambda place: sum(tx.count(Filed, topic.name, place, text) for text in named[place]))
        subscription.filed, subscription.asks_for = place, sorted(named[place])
        topic.filed[place] = topic.filed.get(place, 0) + 1
        for text in subscription.asks_for:
            tx.put(Filed(topic=topic.name, place=place, text=text, id=subscription.id))
        tx.put(topic)
    tx.put(subscription)


def _take_out(tx: Tx, topic: Topic, subscription: Subscription) -> None:
    place = subscription.filed
    for text in subscription.asks_for:
        tx.delete(Filed, topic.name, place, text, subscription.id)
    topic.filed[place] -= 1
    if not topic.filed[place]:
        del topic.filed[place]
    subscription.filed, subscription.asks_for = "", []
    tx.put(topic)


def remove(tx: Tx, topic: Topic, subscription: Subscription) -> None:
    """End a subscription."""
    if subscription.filed:
        _take_out(tx, topic, subscription)
    tx.delete(Subscription, topic.name, subscription.id)
    topic.deleted += 1
    tx.put(topic)


def drop(tx: Tx, topic: str) -> None:
    """End all subscriptions of a topic that is gone."""
    for subscription in tx.range(Subscription, topic):
        tx.delete(Subscription, topic, subscription.id)
    for filed in tx.range(Filed, topic):
        tx.delete(Filed, topic, filed.place, filed.text, filed.id)


def hearing(tx: Tx, topic: Topic, notice: Notice) -> list[Subscription]:
    """The confirmed subscriptions that may want a message."""
    found = tx.range(Subscription, topic.name, CONFIRMED, "", index="topic pending filed")
    if not topic.filed:
        return found
    known = (tx.get(Subscription, topic.name, id) for id in sorted(_asking(tx, topic, notice)))
    return found + [one for one in known if one and one.pending == CONFIRMED]


def _asking(tx: Tx, topic: Topic, notice: Notice) -> set[str]:
    """The ids of those filed under what a message holds."""
    told = {"MessageAttributes": notice.attributes, "MessageBody": notice.texts["default"]}
    read = {name: dialect.read(told[name]) for name, dialect in SCOPES.items()}
    ids: set[str] = set()
    for place in topic.filed:
        within, *path = msgspec.json.decode(place)
        for text in patterns.held(read[within], tuple(path)):
            ids.update(filed.id for filed in tx.range(Filed, topic.name, place, text))
    return ids
