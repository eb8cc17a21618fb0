"""What is sensitive in events: found as they come in, hidden from then on, and told of.

One idea: what is found is kept as places beside the events, so that reading searches for nothing. Each policy looks for
itself, and readers miss what any of them found. It may not know how events lie, nor where reports go.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/mask-sensitive-log-data-audit-findings.html
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from freehold import scans
from freehold.engines import pii, protection
from freehold.engines.pii import Finding
from freehold.engines.protection import Policy
from freehold.kernel.call import Call

Place = tuple[int, int]  # where something is hidden: the first code point, and the one behind the last
Hidden = Mapping[int, list[Place]]  # by the number of an event among others


class Sight(NamedTuple):
    """What a policy finds, by the numbers of events."""

    policy: Policy
    found: dict[int, list[Finding]]


def prepare(call: Call, policy: Policy) -> None:
    """Have made ready what a policy looks for. To be asked as `look`."""
    scans.search(policy.managed, policy.custom).prepare(call)


def look(call: Call, messages: list[str], policies: list[Policy]) -> list[Sight]:
    """What each policy finds in the messages. To be asked first: see `freehold.scans`."""
    return [Sight(policy, _found(call, policy, messages)) for policy in policies]


def _found(call: Call, policy: Policy, messages: list[str]) -> dict[int, list[Finding]]:
    found = scans.search(policy.managed, policy.custom).find(call, messages)
    return {number: findings for number, findings in enumerate(found) if findings}


def hidden(sights: list[Sight]) -> Hidden:
    """What no reader may see."""
    places: dict[int, set[Place]] = defaultdict(set)
    for sight in sights:
        for number, findings in sight.found.items():
            places[number] |= {(finding.start, finding.end) for finding in findings}
    return {number: sorted(some) for number, some in places.items()}


def masked(message: str, places: Iterable[Place]) -> str:
    """The message as readers see it; its length stays."""
    return pii.masked(message, (Finding("", start, end) for start, end in places), protection.LOGS_MASK)


def report(found: list[Finding], group_arn: str, now: float) -> str:
    """What is told of one event."""
    return msgspec.json.encode(protection.record(f"{group_arn}:*", now, found)).decode()
