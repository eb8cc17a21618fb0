"""Delivery policies: how often and at what intervals an HTTP endpoint is asked again, and how fast it is told at all.

One idea: a policy becomes the list of its pauses, phase by phase, before anything is sent; and its faults a list of
which the first is told, for those behind it suppose that it is not there. It may not know HTTP.

AWS names four functions for the third phase and draws their curves, but gives no formulas; here each leads from the
shortest pause to the longest, and between the two they stand as AWS draws them: linear highest, exponential lowest.

https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate
from typing import Any

TOTAL_MAX_S = 3_600
BENT = 10  # how much the exponential curve is bent
REQUIRED = ("numRetries", "minDelayTarget", "maxDelayTarget")
PHASES = ("numNoDelayRetries", "numMinDelayRetries", "numMaxDelayRetries")
LOWEST = {"minDelayTarget": 1, "maxDelayTarget": 1, "numRetries": 0, **dict.fromkeys(PHASES, 0)}
HIGHEST = {"minDelayTarget": 3_600, "maxDelayTarget": 3_600, "numRetries": 100}
RETRY_MEMBERS = {*LOWEST, "backoffFunction"}
MEMBERS = {"healthyRetryPolicy", "sicklyRetryPolicy", "throttlePolicy", "requestPolicy", "guaranteed"}
TOPIC_MEMBERS = {
    *("defaultHealthyRetryPolicy", "defaultSicklyRetryPolicy", "defaultThrottlePolicy", "defaultRequestPolicy"),
    "disableSubscriptionOverrides",
}

# From how far the phase has come (0 to 1) to how far the pause has grown, given the quotient of longest and shortest.
CURVES: dict[str, Callable[[float, float], float]] = {
    "linear": lambda way, quotient: way,
    "arithmetic": lambda way, quotient: way * (1 + way) / 2,
    "geometric": lambda way, quotient: (quotient**way - 1) / (quotient - 1) if quotient > 1 else way,
    "exponential": lambda way, quotient: (2 ** (way * BENT) - 1) / (2**BENT - 1),
}


def pauses(policy: Mapping[str, Any]) -> list[float]:
    """The seconds before each further attempt by a whole retry policy, as many as fit into an hour."""
    every = list(_phases(policy))
    return [pause for pause, since in zip(every, accumulate(every), strict=True) if since <= TOTAL_MAX_S]


def _phases(policy: Mapping[str, Any]) -> Iterator[float]:
    low, high = float(policy["minDelayTarget"]), float(policy["maxDelayTarget"])
    none, least, most = (policy[name] for name in PHASES)
    growing = policy["numRetries"] - none - least - most
    curve = CURVES[policy["backoffFunction"].lower()]
    yield from [0.0] * none
    yield from [low] * least
    for step in range(growing):
        yield low + (high - low) * curve(step / (growing - 1) if growing > 1 else 0.0, high / low)
    yield from [high] * most


def faults_of_topic(document: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the DeliveryPolicy of a topic."""
    yield from _strange(document, {"http"})
    http = document.get("http") or {}
    yield from _strange(http, TOPIC_MEMBERS)
    yield from _of_retries(http.get("defaultHealthyRetryPolicy"), "http.defaultHealthyRetryPolicy")
    yield from _of_throttle(http.get("defaultThrottlePolicy"), "http.defaultThrottlePolicy")


def faults(document: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the DeliveryPolicy of a subscription."""
    yield from _strange(document, MEMBERS)
    yield from _of_retries(document.get("healthyRetryPolicy"), "healthyRetryPolicy")
    yield from _of_throttle(document.get("throttlePolicy"), "throttlePolicy")


def _strange(document: Any, known: set[str]) -> Iterator[str]:
    if isinstance(document, dict):
        yield from (f"Unexpected JSON member: {name}" for name in document.keys() - known)
    else:
        yield "Unexpected JSON value"


def _of_retries(policy: Any, place: str) -> Iterator[str]:
    if policy is None:
        return
    yield from _strange(policy, RETRY_MEMBERS)
    yield from (f"{place}.{name} must be specified" for name in REQUIRED if name not in policy)
    for name, lowest in LOWEST.items():
        yield from _of_number(policy.get(name, lowest), lowest, HIGHEST.get(name), f"{place}.{name}")
    if policy["minDelayTarget"] > policy["maxDelayTarget"]:
        yield f"{place}.maxDelayTarget must be greater than or equal to minDelayTarget"
    if sum(policy.get(name, 0) for name in PHASES) > policy["numRetries"]:
        yield f"{place}.numRetries must be greater than or equal to the sum of {', '.join(PHASES)}"
    if str(policy.get("backoffFunction", "linear")).lower() not in CURVES:
        yield f"{place}.backoffFunction must be one of {', '.join(CURVES)}"


def _of_throttle(policy: Any, place: str) -> Iterator[str]:
    if policy is None:
        return
    yield from _strange(policy, {"maxReceivesPerSecond"})
    if policy.get("maxReceivesPerSecond") is not None:
        yield from _of_number(policy["maxReceivesPerSecond"], 1, None, f"{place}.maxReceivesPerSecond")


def _of_number(value: Any, lowest: int, highest: int | None, place: str) -> Iterator[str]:
    if not isinstance(value, int) or value < lowest:
        yield f"{place} must be greater than or equal to {lowest}"
    elif highest is not None and value > highest:
        yield f"{place} must be less than or equal to {highest}"
