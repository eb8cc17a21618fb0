"""Tallies: whatever is added in whatever way, the statistics are those of all values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freehold.services.cloudwatch.tallies import VALUES_MAX, Tally, statistic, together

VALUES = st.lists(st.integers(-1_000, 1_000).map(float), min_size=1, max_size=300)


def tally_of(values):
    tally = Tally()
    for value in values:
        tally.add(value)
    return tally


@given(VALUES, st.integers(0, 300))
def test_tallies_add_up(values, cut):
    parts = [tally_of(values[:cut]), tally_of(values[cut:])]
    both = together(parts)
    assert (both.count, both.total) == (len(values), sum(values))
    assert (both.low, both.high) == (min(values), max(values))
    assert len(both.values) <= VALUES_MAX and sum(both.values.values()) == len(values)


@given(VALUES.map(lambda values: [value % 90 for value in values]), st.sampled_from([1, 50, 90, 99.9, 100]))
def test_percentiles_of_few_different_values_are_exact(values, percent):
    found = statistic(f"p{percent}")(tally_of(values))
    assert sum(value <= found for value in values) >= len(values) * percent / 100
    assert sum(value < found for value in values) < len(values) * percent / 100


@pytest.mark.parametrize("name", ["p", "p101", "tm90", "average"])
def test_other_statistics_are_not_known(name):
    assert statistic(name) is None
