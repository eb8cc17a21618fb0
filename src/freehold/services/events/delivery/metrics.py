"""Metrics of EventBridge: what was taken, what matched, and what became of it.

One idea: a rule is measured by its name alone on the default bus, by its bus's and its own on others. It may not know
promises.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
"""

from collections.abc import Mapping
from functools import lru_cache

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.services.events.names import DEFAULT, rule_of

NAMESPACE = "AWS/Events"
MATCHED, TRIGGERED = "MatchedEvents", "TriggeredRules"
INVOKED, FAILED, SUCCEEDED = "Invocations", "FailedInvocations", "SuccessfulInvocationAttempts"
BURIED, UNBURIED = "InvocationsSentToDlq", "InvocationsFailedToBeSentToDlq"


def of_requests(call: Call, entries: int, failed: int, size: int) -> None:
    """Note a PutEvents request: its entries, how many of them failed, and the size of all in bytes."""
    figures = [
        ("PutEventsApproximateCallCount", 1.0, "Count"),
        ("PutEventsApproximateSuccessCount", 1.0, "Count"),
        ("PutEventsEntriesCount", float(entries), "Count"),
        ("PutEventsRequestSize", float(size), "Bytes"),
    ]
    if failed:
        figures.append(("PutEventsFailedEntriesCount", float(failed), "Count"))
    call.measure_all(NAMESPACE, figures)


def of_rule(call: Call, rule_arn: str, counts: Mapping[str, int]) -> None:
    """Note counts of a rule, where it is."""
    account, region, dimensions = _place(rule_arn)
    figures = [(metric, float(count), "Count") for metric, count in counts.items()]
    call.door.journal.measure(account, region, NAMESPACE, figures, call.now, dimensions)


@lru_cache(maxsize=4_096)
def _place(rule_arn: str) -> tuple[str, str, dict[str, str]]:
    """Account, Region and dimensions of a rule."""
    place = arns.parse(rule_arn)
    assert place, "rules have such ARNs"
    bus, name = rule_of(rule_arn)
    dimensions = {"RuleName": name} if bus == DEFAULT else {"EventBusName": bus, "RuleName": name}
    return place.account, place.region, dimensions
