"""Inbound: a message before its topic takes it.

One idea: it is audited as it came, and what may not pass is refused whatever would have been left of it; then it goes
on without what is to be hidden. A refusal is returned, not raised: its audit stays. It may not know subscriptions.

https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-operations.html
"""

from collections.abc import Iterable
from functools import partial

from freehold.engines.protection import Audit, Statement, names_of, record
from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.store import Tx
from freehold.services.sns import permissions, topics
from freehold.services.sns.errors import InvalidParameter, MessageProhibited
from freehold.services.sns.notices import Notice
from freehold.services.sns.protection import audits, policies
from freehold.services.sns.protection.reading import Reading
from freehold.services.sns.topics import Topic

NAMESPACE = "AWS/SNS"
FOUND, NOT_FOUND = "MessagesWithFindings", "MessagesWithNoFindings"
ALL_HIDDEN = "Message Reason: The topic's data protection policy leaves nothing of this message"


def read(call: Call, tx: Tx, topic: Topic, some: Iterable[Notice]) -> Reading:
    """What stands in notices that come together. If it takes long, all that will be asked is scanned here, as the
    transaction may begin anew for it: what is told to others later is told once."""
    ready = policies.ready(topic.protection)
    reading = Reading(partial(ready.search.find, call))
    texts = [text for notice in some for text in notice.texts.values()]
    if ready.search.heavy(texts):
        reading.know(texts)
        statements = _concerning(tx, topic)
        reading.know(reading.deidentified(text, statements) for text in texts if ready.outbound)
    return reading


def inspect(call: Call, tx: Tx, topic: Topic, notice: Notice, reading: Reading) -> Notice | AwsError:
    """The notice as the topic takes it from its publisher, or why it does not."""
    statements = _concerning(tx, topic)
    for one in statements:
        if isinstance(one.operation, Audit):
            _audit(call, tx, topic, notice, reading, one.identifiers, one.operation)
    if any(reading.denied(text, statements) for text in notice.texts.values()):
        return MessageProhibited(topic=topics.arn(tx, topic.name))
    return _deidentified(notice, statements, reading)


def _concerning(tx: Tx, topic: Topic) -> list[Statement]:
    names = names_of(tx.principal.arn, permissions.lasting_arn(tx.principal))
    return [one for one in policies.ready(topic.protection).inbound if one.concerns(names)]


def _deidentified(notice: Notice, statements: Iterable[Statement], reading: Reading) -> Notice | AwsError:
    texts = {protocol: reading.deidentified(text, statements) for protocol, text in notice.texts.items()}
    if texts == notice.texts:
        return notice
    if any(notice.texts[protocol] and not left for protocol, left in texts.items()):
        return InvalidParameter(reason=ALL_HIDDEN)
    return notice._replace(texts=texts)


def _audit(
    call: Call, tx: Tx, topic: Topic, notice: Notice, reading: Reading, identifiers: frozenset[str], audit: Audit
) -> None:
    """Tell and count what was found, in a sample of all messages."""
    if tx.ids.random() * 100 >= audit.percent:
        return
    found = [one for text in notice.texts.values() for one in reading.find(text, identifiers)]
    place, metric = (audit.findings, FOUND) if found else (audit.no_findings, NOT_FOUND)
    if not any(place):
        return
    caller = permissions.lasting_arn(tx.principal)
    arn = topics.arn(tx, topic.name)
    audits.tell(tx, topic, place, record(arn, notice.at, found, notice.id, caller))
    here = call.within(tx.account, tx.region)
    here.measure(NAMESPACE, metric, 1, "Count", TopicName=topic.name)
    for name in {one.name for one in found}:
        here.measure(NAMESPACE, metric, 1, "Count", TopicName=topic.name, DataIdentifier=name)
