"""Tallies: whatever is added in whatever way, the statistics are those of all values."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freehold.services.cloudwatch.tallies import statistic, tally_of, together

VALUES = st.lists(st.floats(0.001, 1e6), min_size=1, max_size=300)
FEW = st.lists(st.sampled_from([number * 1.7 for number in range(90)]), min_size=1)
PERCENTS = st.sampled_from([1, 50, 90, 99.9, 100])


def tally(values):
    return tally_of(Counter(values))


def ranked(values, percent):
    """The least value that so many percent of all do not exceed."""
    return next(one for one in sorted(values) if sum(value <= one for value in values) >= len(values) * percent / 100)


@given(VALUES, st.integers(0, 300))
def test_tallies_add_up(values, cut):
    both = together([tally(values[:cut]), tally(values[cut:])])
    assert both.count == len(values) == sum(both.values.values())
    assert both.total == pytest.approx(sum(values))
    assert (both.low, both.high) == (min(values), max(values))


@given(FEW, PERCENTS)
def test_percentiles_of_few_different_values_are_exact(values, percent):
    assert statistic(f"p{percent}")(tally(values)) == ranked(values, percent)


@given(VALUES, PERCENTS)
def test_percentiles_of_many_are_right_to_two_digits(values, percent):
    assert statistic(f"p{percent}")(tally(values)) == pytest.approx(ranked(values, percent), rel=0.051)


@pytest.mark.parametrize("name", ["p", "p101", "tm90", "average"])
def test_other_statistics_are_not_known(name):
    assert statistic(name) is None
