"""Delivery policies: the pauses that they come to."""

from hypothesis import given
from hypothesis import strategies as st

from freehold.engines import pacing

USUAL = {
    "minDelayTarget": 20, "maxDelayTarget": 20, "numRetries": 3, "numMaxDelayRetries": 0, "numNoDelayRetries": 0,
    "numMinDelayRetries": 0, "backoffFunction": "linear",
}  # fmt: skip


def pauses(**policy):
    return pacing.pauses(USUAL | policy)


def test_the_phases_follow_each_other():
    policy = {"numRetries": 9, "numNoDelayRetries": 2, "numMinDelayRetries": 1, "numMaxDelayRetries": 1}
    told = pauses(**policy, minDelayTarget=10, maxDelayTarget=50, backoffFunction="linear")
    assert told == [0, 0, 10, 10, 20, 30, 40, 50, 50]


def test_no_more_than_an_hour():
    assert pauses(numRetries=100, minDelayTarget=600, maxDelayTarget=600) == [600.0] * 6


@given(st.sampled_from(sorted(pacing.CURVES)), st.integers(2, 30), st.integers(1, 20), st.integers(0, 80))
def test_curves_lead_from_the_shortest_to_the_longest(curve, retries, low, more):
    told = pauses(numRetries=retries, minDelayTarget=low, maxDelayTarget=low + more, backoffFunction=curve)
    assert told == sorted(told)
    assert told[0] == low and all(low <= pause <= low + more + 1e-6 for pause in told)
    linear = pauses(numRetries=retries, minDelayTarget=low, maxDelayTarget=low + more)
    assert all(own <= straight + 1e-6 for own, straight in zip(told, linear, strict=False))
