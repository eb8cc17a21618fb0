"""Names: how buses, rules and the rest are called, and where they are.

One idea: a bus is told by its name or its ARN, everywhere; rules of the default bus leave it out of theirs. It may not
know what bears the names.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
"""

from typing import NamedTuple

from freehold.kernel import arns
from freehold.kernel.identity import SERVICE, Principal

DEFAULT = "default"
EVENTS = "events.amazonaws.com"
PARTNER = "aws.partner/"


class Place(NamedTuple):
    """Where a bus is."""

    account: str
    region: str
    bus: str

    @property
    def arn(self) -> str:
        return arns.arn("events", self.region, self.account, f"event-bus/{self.bus}")


def place_of(text: str | None, account: str, region: str) -> Place:
    """The place of a bus told by name or ARN, seen from an account and region; the default bus if nothing is told."""
    found = arns.parse(text or DEFAULT)
    if found is None:
        return Place(account, region, text or DEFAULT)
    return Place(found.account, found.region, found.resource.partition("/")[2])


def rule_arn(account: str, region: str, bus: str, name: str) -> str:
    path = name if bus == DEFAULT else f"{bus}/{name}"
    return arns.arn("events", region, account, f"rule/{path}")


def rule_of(arn: str) -> tuple[str, str]:
    """The bus and the name that a rule's ARN tells."""
    bus, slash, name = arn.partition(":rule/")[2].rpartition("/")
    return (bus if slash else DEFAULT), name


def speaker(account: str, source_arn: str) -> Principal:
    """EventBridge acting for a rule or bus; policies see its ARN as aws:SourceArn."""
    return Principal(SERVICE, account, EVENTS, EVENTS, source_arn)
