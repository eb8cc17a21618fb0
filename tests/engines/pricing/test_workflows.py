"""Prices of workflows: the published examples."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from freehold.engines import charts
from freehold.engines.pricing import recorded, workflows


@pytest.mark.parametrize(
    ("transitions", "dollars"), [(17_000, "0.42"), (8_000, "0.20"), (100_000, "2.50"), (0, "0.00")]
)
def test_standard(transitions, dollars):
    assert f"{workflows.standard(transitions):.2f}" == dollars


def test_free_transitions():
    assert workflows.standard(17_000, workflows.FREE_TRANSITIONS) == Decimal("0.325")
    assert workflows.standard(3_000, workflows.FREE_TRANSITIONS) == 0


@pytest.mark.parametrize(("executions", "ms", "mb", "requests", "duration"), [
    (1_000, 11_300, 50, "0.00", "0.01"),  # the web shop's order, as Express
    (100_000_000, 10_000, 64, "100.00", "382.97"),  # the pricing page, into the third tier
])  # fmt: skip
def test_express(executions, ms, mb, requests, duration):
    price = workflows.express(executions, ms, mb)
    assert (f"{price.requests:.2f}", f"{price.duration:.2f}") == (requests, duration)


def test_the_nested_child_of_the_web_shop():
    assert f"{workflows.express(1_000, 200).duration:.4f}" == "0.0002"


def test_rounding_and_memory():
    assert [workflows.billed_ms(ms) for ms in (0, 1, 100, 100.1)] == [100, 100, 100, 200]
    assert [workflows.billed_mb(mb) for mb in (50, 64, 64.01)] == [64, 64, 128]
    assert round(workflows.held_mb(50 << 10, 32 << 10, 400), 2) == 62.55  # the pricing page says 62.85 of 1,000-byte KB


NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def recording(*states: tuple[str, str, float], limit_s: float = 20) -> recorded.Recorded:
    """An execution of states in a row: (type, resource, seconds)."""
    definition, visits, at = {"StartAt": "s0", "States": {}}, [], NOON
    for number, (type, resource, took_s) in enumerate(states):
        definition["States"][f"s{number}"] = {"Type": type, "Resource": resource} if resource else {"Type": type}
        visits.append(charts.Visit(f"s{number}", type, 0, at, at + timedelta(seconds=took_s)))
        at = visits[-1].ended_at
    return recorded.Recorded(definition, charts.Way(visits), (at - NOON).total_seconds() * 1_000, 100)


QUICK, PUT = ("Pass", "", 0.01), ("Task", "arn:aws:states:::dynamodb:putItem", 0.05)
WAIT = ("Task", "arn:aws:states:::sqs:sendMessage.waitForTaskToken", 3.0)


def test_quick_stretches_are_moved_into_children():
    order = recording(WAIT, QUICK, PUT, PUT, WAIT, QUICK, WAIT, PUT, PUT)
    assert order.way.transitions == 9
    parts = recorded.nested(order)
    assert parts.transitions == 6 and [round(ms) for ms in parts.children_ms] == [110, 100]
    whole = workflows.standard(6_000) + workflows.express(1_000, 110).total + workflows.express(1_000, 100).total
    assert recorded.nested_price(order, 1_000) == whole


def test_children_are_priced_as_they_were_billed():
    children = [recorded.Billed(200, 64), recorded.Billed(100, 128)]
    price = recorded.children_price(children, 1_000)
    assert price.requests == Decimal("0.002")
    assert price.duration == workflows.express(1_000, 200, 64).duration + workflows.express(1_000, 100, 128).duration
    assert recorded.children_price([], 1_000).total == 0


def test_what_cannot_be_express_says_why():
    assert recording(QUICK, PUT).unfit == ""
    assert recording(QUICK, WAIT).unfit == "s1 waits for a job, a callback or an activity"
    assert recording(("Wait", "", 400.0)).unfit == "takes more than 5 minutes"
