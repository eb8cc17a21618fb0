"""Delivery policies: how often and at what intervals an HTTP endpoint is asked again, and how fast it is told at all.

One idea: a policy becomes the list of its pauses, phase by phase, before anything is sent. It may not know HTTP.

AWS names four functions for the third phase and draws their curves, but gives no formulas; here each leads from the
shortest pause to the longest, and between the two they stand as AWS draws them: linear highest, exponential lowest.

https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate
from typing import Any

from freehold.services.sns.errors import InvalidParameter

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


def check_topic(document: Mapping[str, Any], context: str) -> None:
    """Raise InvalidParameter unless a topic may have this DeliveryPolicy."""
    _only(document, {"http"}, context)
    http = document.get("http") or {}
    _only(http, TOPIC_MEMBERS, context)
    _check_retries(http.get("defaultHealthyRetryPolicy"), f"{context}http.defaultHealthyRetryPolicy")
    _check_throttle(http.get("defaultThrottlePolicy"), f"{context}http.defaultThrottlePolicy")


def check(document: Mapping[str, Any], context: str) -> None:
    """Raise InvalidParameter unless a subscription may have this DeliveryPolicy."""
    _only(document, MEMBERS, context)
    _check_retries(document.get("healthyRetryPolicy"), f"{context}healthyRetryPolicy")
    _check_throttle(document.get("throttlePolicy"), f"{context}throttlePolicy")


def _only(document: Any, known: set[str], context: str) -> None:
    if not isinstance(document, dict):
        raise InvalidParameter(reason=f"{context}Unexpected JSON value")
    for strange in document.keys() - known:
        raise InvalidParameter(reason=f"{context}Unexpected JSON member: {strange}")


def _check_retries(policy: Any, place: str) -> None:
    if policy is None:
        return
    _only(policy, RETRY_MEMBERS, f"{place}: ")
    for name in REQUIRED:
        if name not in policy:
            raise InvalidParameter(reason=f"{place}.{name} must be specified")
    for name, lowest in LOWEST.items():
        _between(policy.get(name, lowest), lowest, HIGHEST.get(name), f"{place}.{name}")
    if policy["minDelayTarget"] > policy["maxDelayTarget"]:
        raise InvalidParameter(reason=f"{place}.maxDelayTarget must be greater than or equal to minDelayTarget")
    if sum(policy.get(name, 0) for name in PHASES) > policy["numRetries"]:
        parts = ", ".join(PHASES)
        raise InvalidParameter(reason=f"{place}.numRetries must be greater than or equal to the sum of {parts}")
    if str(policy.get("backoffFunction", "linear")).lower() not in CURVES:
        raise InvalidParameter(reason=f"{place}.backoffFunction must be one of {', '.join(CURVES)}")


def _check_throttle(policy: Any, place: str) -> None:
    if policy is not None:
        _only(policy, {"maxReceivesPerSecond"}, f"{place}: ")
        if policy.get("maxReceivesPerSecond") is not None:
            _between(policy["maxReceivesPerSecond"], 1, None, f"{place}.maxReceivesPerSecond")


def _between(value: Any, lowest: int, highest: int | None, place: str) -> None:
    if not isinstance(value, int) or value < lowest:
        raise InvalidParameter(reason=f"{place} must be greater than or equal to {lowest}")
    if highest is not None and value > highest:
        raise InvalidParameter(reason=f"{place} must be less than or equal to {highest}")
