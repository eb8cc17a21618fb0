"""Outbound: a message before one subscription hears of it.

One idea: what may not go to one who subscribed is not delivered to that subscription, and what is to be hidden from it
is hidden there alone. It may not know how messages travel.

https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-operations.html
"""

from freehold.engines.protection import Statement, names_of
from freehold.services.sns.notices import Notice
from freehold.services.sns.protection import policies
from freehold.services.sns.protection.reading import Reading
from freehold.services.sns.subscriptions import Subscription
from freehold.services.sns.topics import Topic


class Guard:
    """The outbound statements of a topic, and what stands in its notices."""

    def __init__(self, topic: Topic, reading: Reading):
        self.statements = policies.ready(topic.protection).outbound
        self.reading = reading

    def let_out(self, notice: Notice, subscription: Subscription, kind: str) -> Notice | None:
        """The notice as a subscription may hear it, which is told the text for this kind of endpoint; None if it may
        not hear it, or nothing would be left of it. Its filter sees no more: what is hidden could be guessed."""
        statements = self._concerning(subscription)
        text, default = notice.text(kind), notice.texts["default"]
        if not statements or not text:
            return notice
        told, seen = self._left(text, statements), self._left(default, statements)
        if (told, seen) == (text, default):
            return notice
        return notice._replace(texts={**notice.texts, "default": seen, kind: told}) if told else None

    def _left(self, text: str, statements: list[Statement]) -> str:
        return "" if self.reading.denied(text, statements) else self.reading.deidentified(text, statements)

    def _concerning(self, subscription: Subscription) -> list[Statement]:
        if not self.statements:
            return []
        names = names_of(subscription.principal)
        return [one for one in self.statements if one.concerns(names)]
